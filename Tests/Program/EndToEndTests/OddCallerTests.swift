import CallModel
import Database
import Encoding
import Foundation
import Gateway
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing
import TwilioProtocol

/// Callers as the carrier may bring them: without a number, by SIP, under somebody else's number, keying their card.
@Suite(.staged) struct OddCallerTests {
    /// A voice webhook with these fields changed.
    private func fields(_ sid: String, _ scene: Scene, _ changed: [String: String]) -> [FormField] {
        var fields = HandCarrier.fields(sid, to: scene.number).filter { changed[$0.name] == nil }
        for (name, value) in changed { fields.append(FormField(name, value)) }
        return fields
    }

    @Test(arguments: [
        ["From": "", "Caller": ""], ["From": "anonymous"], ["From": "sip:alice@example.com;user=phone"],
        ["From": "sip:+14155550199@gw.example.com", "To": "sip:clara@acme.sip.twilio.com"],
    ])
    func `a call without a number, or by SIP, is a call`(_ changed: [String: String]) async throws {
        let theatre = try await Theatre.open()
        let hand = try HandCarrier(theatre.stage.gateway.publicURL)
        let scene = try await theatre.scene([ScriptedAgent.Part()])
        let sid = HandCarrier.callSid()

        let document = try await hand.document("/twilio/voice", fields(sid, scene, changed))

        let stream = try #require(HandCarrier.stream(in: document))
        let socket = try await hand.talk(stream, callSid: sid)
        if changed["To"] == nil { #expect(await socket.waits { $0.mediaCount > 0 }, "the agent does not talk") }
        #expect(
            try await hand.post(
                "/twilio/status", fields(sid, scene, changed.merging(["CallStatus": "completed"]) { $1 })
            )
            .status == 204)
        let call = try #require(try await theatre.stage.finalizedCall(sid))
        #expect(try call.text("to_number") == changed["To"] ?? scene.number)
        let known = changed["From"]?.contains("+14155550199") == true
        #expect(try call.textOrNil("from_number") == (known ? "+14155550199" : nil))
        await hand.shutdown()
    }

    @Test(arguments: [
        ("TN-Validation-Failed-C", false), ("TN-Validation-Passed-C", false), ("TN-Validation-Passed-A", true),
    ])
    func `a caller the carrier doubts is not greeted as the customer`(_ verstat: String, _ isTrusted: Bool) async throws
    {
        let theatre = try await Theatre.open()
        let phone = "+1415555\(Int.random(in: 2_000...9_999))"
        _ = try await theatre.stage.database.rows(
            "insert into contacts (tenant_id, phone, contact_name, contact_email) values ($1, $2, 'Jane Doe', 'jane@acme.example')",
            [.uuid(TenantID.initial.uuid), .text(phone)])
        var part = ScriptedAgent.Part()
        part.onReady = { leg, settings in
            leg.speak(settings.agentGreeting ?? "")
            leg.call("lookup_customer", id: "lookup")
        }
        let scene = try await theatre.scene([part])
        var options = CallOptions()
        options.voiceFields = [("StirVerstat", verstat)]

        let report = try await theatre.call(scene, from: phone, options: options, until: Theatre.greeted)

        let call = try await theatre.record(of: report)
        let settings = try #require(scene.settings.first)
        let told = "\(settings) \(scene.messages)"
        #expect(told.contains("Jane") == isTrusted)
        #expect(told.contains("jane@acme.example") == isTrusted)
        #expect(try call.text("notes").contains("unverified") == !isTrusted)
    }

    @Test func `a card number keyed in a call stays nowhere`() async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene([ScriptedAgent.Part()])
        let keys = "4111111111111111123".map { CallerScript.Step.press($0) }

        let report = try await theatre.call(scene, [.staySilent(ms: 500)] + keys + [.staySilent(ms: 500), .hangUp])

        let call = try await theatre.record(of: report)
        #expect(try call.text("dtmf") == "[redacted]")
        let journal = try await theatre.stage.journal(of: call)
        #expect(journal.contains("[redacted]"))
        #expect(!journal.contains(#""digit":"4""#) && !journal.contains(#""digit":"1""#), "\(journal)")
    }

    @Test(arguments: [true, false]) func `webhooks signed by a shared key are taken, and no others in its name`(
        _ isRight: Bool
    ) async throws {
        let secret = isRight ? "shk_secret_0123456789" : "shk_secret_9876543210"
        let stage = try await Stage.build(
            settings: ["PARLEY_TWILIO_SHARED_KEYS": "KW01=shk_secret_0123456789"],
            carrier: { $0.sharedKey = (id: "KW01", secret: secret) })

        let report = try await stage.carrier.placeCall(
            script: try Stage.caller("short", [.staySilent(ms: 2_000), .hangUp]))

        #expect((report.status == "completed" && !report.streamSids.isEmpty) == isRight, "\(report.status)")
    }
}
