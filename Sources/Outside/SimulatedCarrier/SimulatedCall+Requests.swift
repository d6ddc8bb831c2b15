import CallModel
import Encoding
import Foundation
import TwilioProtocol

/// The form fields of §3.1 and §5.4 and their signatures.
extension SimulatedCall {
    nonisolated func callFields(status: String) -> [FormField] {
        var fields = [
            FormField("AccountSid", config.accountSid), FormField("ApiVersion", "2010-04-01"),
            FormField("CallSid", setup.callSid.text), FormField("CallStatus", status), FormField("Called", setup.to),
            FormField("Caller", setup.from), FormField("Direction", setup.direction), FormField("From", setup.from),
            FormField("To", setup.to),
        ]
        for end in ["From", "To", "Caller", "Called"] {
            // Often present and empty: an empty value counts in the signature.
            for part in ["City", "State", "Zip"] { fields.append(FormField(end + part, "")) }
            fields.append(FormField(end + "Country", "US"))
        }
        return fields
    }

    nonisolated func sign(_ url: String, _ fields: [FormField], as kind: CallOptions.Signature) -> String? {
        switch kind {
        case .correct: config.sign(url, fields)
        case .trailingSlash: config.sign(url + "/", fields)
        case .wrong: RequestSignature.sign(url: url, parameters: fields, token: config.authToken + "x")
        case .missing: nil
        }
    }

    /// Tells the status URL, if there is one and it wants this event.
    func callBack(_ event: String, as status: String, isTerminal: Bool = false, durationMs: Int = 0) async {
        guard let url = setup.statusURL, setup.statusEvents.contains(event) else { return }
        var fields = callFields(status: status)
        fields += [
            FormField("CallbackSource", "call-progress-events"),
            FormField("SequenceNumber", String(nextSequenceNumber())),
            FormField("Timestamp", CarrierDate.rfc2822(Date())),
        ]
        if isTerminal {
            let seconds = (durationMs + 999) / 1_000
            fields += [
                FormField("CallDuration", String(seconds)), FormField("Duration", String((seconds + 59) / 60)),
                FormField("SipResponseCode", sipCode(status)),
            ]
        }
        if setup.detectsMachines, isTerminal { fields.append(FormField("AnsweredBy", setup.callee.answeredBy)) }
        await callbacks.send(url, fields, isTerminal: isTerminal)
    }

    func callBackStream(_ url: String?, name: String?, streamSid: String, event: String, error: String? = nil) async {
        guard let url else { return }
        var fields = [
            FormField("AccountSid", config.accountSid), FormField("CallSid", setup.callSid.text),
            FormField("StreamSid", streamSid), FormField("StreamName", name ?? streamSid),
            FormField("StreamEvent", event), FormField("Timestamp", CarrierDate.iso8601(Date())),
        ]
        if let error { fields.append(FormField("StreamError", error)) }
        await callbacks.send(url, fields)
    }

    private nonisolated func sipCode(_ status: String) -> String {
        switch status {
        case "failed" where setup.callee.isDeclining: "603"
        case "busy": "486"
        case "no-answer", "canceled": "487"
        case "failed": "500"
        default: "200"
        }
    }
}

extension CarrierConfig {
    func sign(_ url: String, _ fields: [FormField]) -> String {
        if let sharedKey {
            RequestSignature.sign(url: url, parameters: fields, token: sharedKey.secret, algorithm: .hmacSHA256)
        } else {
            RequestSignature.sign(url: url, parameters: fields, token: authToken)
        }
    }

    /// The header that names what signed; nil where it is the token.
    var signatureSettings: (name: String, value: String)? {
        sharedKey.map {
            (
                name: "X-Twilio-Webhooks-Signature-Settings",
                value: "key=\($0.id),algorithm=\(RequestSignature.Algorithm.hmacSHA256.rawValue)"
            )
        }
    }
}

/// Dates as the carrier writes them.
enum CarrierDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Fri, 02 Jan 2026 03:04:05 +0000`.
    static func rfc2822(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
        let day = days[((parts.weekday ?? 1) - 1) % 7]
        let month = months[((parts.month ?? 1) - 1) % 12]
        func two(_ number: Int?) -> String { number.map { ($0 < 10 ? "0" : "") + String($0) } ?? "00" }
        return "\(day), \(two(parts.day)) \(month) \(parts.year ?? 0) \(two(parts.hour)):\(two(parts.minute)):"
            + "\(two(parts.second)) +0000"
    }

    /// `2026-01-02T03:04:05.678Z`.
    static func iso8601(_ date: Date) -> String {
        date.formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
    }
}
