import CallModel
import Encoding
import Testing
import TwilioProtocol

@testable import Dialing

@Suite struct DialProgressTests {
    @Test(arguments: [
        ("completed", nil, DialOutcome.completed), ("busy", nil, .busy), ("no-answer", nil, .noAnswer),
        ("canceled", nil, .cancelled), ("failed", "603", .declined), ("failed", "608", .blockedAnalytics),
        ("failed", "607", .blockedAnalytics),
        ("failed", "404", .invalidNumber), ("failed", "503", .carrierCongestion), ("failed", "486", .busy),
        ("failed", nil, .carrierRefused), ("failed", "480", .noAnswer),
    ])
    func `what the carrier says last is an outcome`(_ status: String, _ sip: String?, _ outcome: DialOutcome) throws {
        var form = [
            ("CallSid", "CA" + String(repeating: "1", count: 32)),
            ("AccountSid", "AC" + String(repeating: "2", count: 32)),
            ("CallStatus", status),
        ]
        if let sip { form.append(("SipResponseCode", sip)) }
        let callback = try CallStatusCallback(form: form.map { .init($0.0, $0.1) })

        #expect(DialProgress.outcome(of: callback.status, sip: callback.sipResponseCode) == outcome)
    }
}
