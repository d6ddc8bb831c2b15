import Consult
import Testing

@Suite struct ConsultProfileTests {
    private func usual() throws -> ConsultProfile {
        ConsultProfile(
            limits: ConsultLimits(answerWithinMs: 5_000), wording: try ConsultWording(language: "en"),
            signStyle: .alternating)
    }

    @Test func `a profile that sets nothing has what is usual on the gateway`() throws {
        #expect(try usual().applying("{}") == usual())
    }

    @Test func `what a profile sets stands, and the rest is as usual`() throws {
        let profile = try usual().applying(
            """
            {"signStyle": "tone", "limits": {"signOfLifeMs": 4000, "detectionThreshold": 0.8, "wholeMs": 999999},
             "wording": {"offer": "May I ask? It takes {seconds} seconds.", "hold": ["Moment."]}}
            """)

        #expect(profile.isOn)
        #expect(profile.signStyle == .tone)
        #expect(
            profile.limits == ConsultLimits(signOfLifeMs: 4_000, answerWithinMs: 5_000, detectionThreshold: 0.8))
        #expect(profile.wording.offer == "May I ask? It takes {seconds} seconds.")
        #expect(profile.wording.hold == ["Moment."])
        #expect(try profile.wording.failed == usual().wording.failed)
        #expect(try !usual().applying(#"{"isOn": false}"#).isOn)
    }

    @Test(arguments: [
        ("", "JSON object"), ("[]", "wrong kind"), (#"{"limit": {}}"#, "`limit`"), (#"{"isOn": 1}"#, "isOn"),
        (#"{"limits": {"wholeSeconds": 9}}"#, "limits.wholeSeconds"), (#"{"limits": {"wholeMs": "9"}}"#, "wholeMs"),
        (#"{"signStyle": "music"}"#, "signStyle"), (#"{"wording": {"offer": "Shall I?"}}"#, "{seconds}"),
        (#"{"wording": {"signs": []}}"#, "signs"), (#"{"wording": {"hold": "x"}}"#, "hold"),
    ])
    func `what cannot be meant is refused by its name`(_ json: String, _ named: String) throws {
        let usual = try usual()
        let error = #expect(throws: ConsultProfileError.self) { try usual.applying(json) }
        #expect(error?.description.contains(named) == true, "\(error?.description ?? "")")
    }

    @Test func `a text nobody would listen to, and a file for a column, are refused`() throws {
        let usual = try usual()
        let long = String(repeating: "a", count: 501)
        #expect(throws: ConsultProfileError.self) { try usual.applying(#"{"wording": {"failed": "\#(long)"}}"#) }
        let file = #"{"wording": {"failed": "\#(String(repeating: "a", count: 40_000))"}}"#
        #expect(throws: ConsultProfileError.invalid("it is over 32 KiB")) { try usual.applying(file) }
    }
}
