import CallModel
import Encoding
import FoundationEssentials
import Testing
import TwilioProtocol

@Suite struct WebhookTests {
    func fields(_ body: String) throws -> [FormField] { try FormURLEncoded.decode(Array(body.utf8)) }

    let voice =
        "AccountSid=AC00000000000000000000000000000001&CallSid=CA00000000000000000000000000000001&CallStatus=ringing"
        + "&Direction=inbound&From=%2B14155552671&FromCity=&To=%2B14155550123&Unheard=of"

    @Test func `a ringing call is read`() throws {
        let webhook = try VoiceWebhook(form: fields(voice + "&StirVerstat=TN-Validation-Passed-B-Diverted"))

        #expect(webhook.callSid.text == "CA00000000000000000000000000000001")
        #expect(webhook.fromNumber?.text == "+14155552671" && webhook.dialled?.text == "+14155550123")
        #expect(webhook.callStatus == .ringing && webhook.direction == .inbound)
        #expect(webhook.attestation == .passed(level: "B"))
        #expect(webhook.answeredBy == nil && webhook.errorCode == nil)
    }

    @Test func `a withheld caller has no number`() throws {
        #expect(try VoiceWebhook(form: fields(voice.replacing("%2B14155552671", with: "anonymous"))).fromNumber == nil)
    }

    @Test func `a caller without any number is one who withheld it`() throws {
        let webhook = try VoiceWebhook(form: fields(voice.replacing("From=%2B14155552671", with: "From=&Caller=")))

        #expect(webhook.from.isEmpty && webhook.fromNumber == nil)
        #expect(webhook.dialled?.text == "+14155550123")
    }

    @Test func `SIP addresses are callers and called alike`() throws {
        let sip = voice.replacing("To=%2B14155550123", with: "To=sip%3AClara%40acme.sip.twilio.com%3Btransport%3Dtls")
        let webhook = try VoiceWebhook(
            form: fields(sip.replacing("From=%2B14155552671", with: "From=sip%3A%2B14155552671%40gw.example.com")))
        let extensionOnly = try VoiceWebhook(
            form: fields(sip.replacing("From=%2B14155552671", with: "From=sip%3Aalice%40gw.example.com")))

        #expect(webhook.dialled == .address("sip:clara@acme.sip.twilio.com"))
        #expect(webhook.fromNumber?.text == "+14155552671")
        #expect(extensionOnly.fromNumber == nil)
    }

    @Test(arguments: [
        ("TN-Validation-Failed", true), ("TN-Validation-Failed-A-Diverted", true), ("TN-Validation-Passed-C", true),
        ("TN-Validation-Passed-C-Diverted", true), ("TN-Validation-Passed-A", false), ("TN-Validation-Passed-B", false),
        ("No-TN-Validation", false), ("", false), ("anything", false),
    ])
    func `a caller is doubted who failed, or whom nobody knows`(verstat: String, isDoubted: Bool) throws {
        let webhook = try VoiceWebhook(form: fields(voice + "&StirVerstat=" + verstat))

        #expect((webhook.attestation?.doubt != nil) == isDoubted)
    }

    @Test(arguments: ["AccountSid", "CallSid", "CallStatus", "Direction", "From", "To"])
    func `a webhook without a field every call has is refused`(name: String) throws {
        let form = try fields(voice).filter { $0.name != name }

        #expect(throws: WebhookError.missing(field: name)) { try VoiceWebhook(form: form) }
    }

    @Test(arguments: ["CallSid=CA1", "AccountSid=CA00000000000000000000000000000001"])
    func `a webhook with an impossible value is refused`(field: String) throws {
        let changed = try #require(try fields(field).first)
        let form = [changed] + (try fields(voice)).filter { $0.name != changed.name }

        #expect(throws: WebhookError.self) { try VoiceWebhook(form: form) }
    }

    @Test(arguments: [
        ("Direction=up", CarrierDirection.inbound, CarrierCallStatus.ringing),
        ("Direction=outbound-conference", .outboundAPI, .ringing), ("CallStatus=here", .inbound, .inProgress),
        ("CallStatus=", .inbound, .inProgress),
    ])
    func `a caller is not turned away for a word the reference has not`(
        field: String, direction: CarrierDirection, status: CarrierCallStatus
    ) throws {
        let changed = try #require(try fields(field).first)
        let form = [changed] + (try fields(voice)).filter { $0.name != changed.name }

        let webhook = try VoiceWebhook(form: form)

        #expect(webhook.direction == direction && webhook.callStatus == status)
        #expect(try CallStatusCallback(form: form).isTerminal == false)
    }

    @Test(arguments: ["CallDuration", "SequenceNumber", "SipResponseCode", "MachineDetectionDuration"])
    func `a call's end does not fail with a number beside it`(name: String) throws {
        let form = try fields(
            "CallSid=CA00000000000000000000000000000001&AccountSid=AC00000000000000000000000000000001"
                + "&CallStatus=completed")

        for value in ["1.5", "-1", "x", "", "99999999999999999999", "٣"] {
            let callback = try CallStatusCallback(form: form + [FormField(name, value)])
            #expect(callback.isTerminal)
            #expect(callback.durationSeconds == nil && callback.sequenceNumber == nil)
        }
    }

    @Test func `the final callback of an unanswered call is read`() throws {
        let callback = try CallStatusCallback(
            form: fields(
                "CallSid=CA00000000000000000000000000000009&CallStatus=no-answer&CallbackSource=call-progress-events"
                    + "&SequenceNumber=2&SipResponseCode=487&CallDuration=0&Duration=0&Direction=outbound-api"
                    + "&From=%2B15550002222&To=%2B15550001111&Timestamp=Fri%2C+02+Jan+2026+03%3A04%3A45+%2B0000"
                    + "&AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01"))

        #expect(callback.status == .noAnswer && callback.isTerminal)
        #expect(callback.sequenceNumber == 2 && callback.durationSeconds == 0 && callback.sipResponseCode == 487)
        #expect(callback.timestamp == Date(timeIntervalSince1970: 1_767_323_085))
    }

    @Test(arguments: [
        ("queued", false), ("initiated", false), ("ringing", false), ("in-progress", false), ("completed", true),
        ("busy", true), ("failed", true), ("no-answer", true), ("canceled", true),
    ])
    func `the final statuses, and only they, end a call`(word: String, isTerminal: Bool) {
        #expect(CarrierCallStatus(rawValue: word)?.isTerminal == isTerminal)
    }

    @Test func `a stream that failed says why`() throws {
        let callback = try StreamStatusCallback(
            form: fields(
                "AccountSid=AC00000000000000000000000000000001&CallSid=CA00000000000000000000000000000001"
                    + "&StreamEvent=stream-error&StreamError=31920&StreamName=agent"
                    + "&StreamSid=MZ00000000000000000000000000000001&Timestamp=2026-01-02T03%3A04%3A05.678Z"))

        #expect(callback.event == .error && callback.error == "31920")
        #expect(abs((callback.timestamp?.timeIntervalSince1970 ?? 0) - 1_767_323_045.678) < 0.001)
    }

    @Test func `a late machine is read`() throws {
        let callback = try MachineDetectionCallback(
            form: fields(
                "AccountSid=AC00000000000000000000000000000001&CallSid=CA00000000000000000000000000000001"
                    + "&AnsweredBy=machine_end_beep&MachineDetectionDuration=4200"))

        #expect(callback.answeredBy.isMachine && callback.machineDetectionMs == 4_200)
    }

    @Test func `timestamps survive the round trip, leap days and turns of the year included`() {
        for second in [0, 951_782_399, 951_782_400, 1_709_164_800, 1_767_225_599, 1_767_225_600, 4_102_444_799] {
            let date = Date(timeIntervalSince1970: Double(second))
            #expect(CarrierTimestamp.rfc2822(CarrierTimestamp.rfc2822(date)) == date)
            #expect(CarrierTimestamp.iso8601(CarrierTimestamp.iso8601(date)) == date)
        }
        #expect(
            CarrierTimestamp.rfc2822(Date(timeIntervalSince1970: 1_767_323_045)) == "Fri, 02 Jan 2026 03:04:05 +0000")
        #expect(CarrierTimestamp.rfc2822("Fri, 02 Jan 2026 05:04:05 +0200")?.timeIntervalSince1970 == 1_767_323_045)
        for text in ["", "now", "Fri, 02 Foo 2026 03:04:05 +0000", "Fri, 99 Jan 2026 03:04:05 +0000", "2026-01-02T"] {
            #expect(CarrierTimestamp.rfc2822(text) == nil)
            #expect(CarrierTimestamp.iso8601(text) == nil)
        }
    }
}
