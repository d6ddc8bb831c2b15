package import CallModel
package import Encoding

/// Why the form of a webhook was refused. Carries field names, never their content.
package enum WebhookError: Error, Equatable, CustomStringConvertible {
    case missing(field: String)
    case invalid(field: String, expected: String)

    package var description: String {
        switch self {
        case .missing(let field): "Webhook without `\(field)`; answer 400."
        case .invalid(let field, let expected): "Webhook whose `\(field)` is not \(expected); answer 400."
        }
    }
}

/// Where a call is, in both of the carrier's vocabularies: callbacks say `initiated`, the REST resource never does.
package enum CarrierCallStatus: String, Sendable, Codable {
    case queued, initiated, ringing, completed, busy, failed, canceled
    case inProgress = "in-progress"
    case noAnswer = "no-answer"

    /// A word that the reference has not: the call is on, and nobody is refused for it.
    init(word: String) { self = Self(rawValue: word) ?? .inProgress }

    /// The call is over and stays over.
    package var isTerminal: Bool {
        switch self {
        case .completed, .busy, .failed, .noAnswer, .canceled: true
        case .queued, .initiated, .ringing, .inProgress: false
        }
    }
}

package enum CarrierDirection: String, Sendable, Codable {
    case inbound
    case outboundAPI = "outbound-api"
    case outboundDial = "outbound-dial"

    /// A word that the reference has not is read by how it begins; what is not outbound has rung here, and its caller is
    /// doubted like any other.
    init(word: String) { self = Self(rawValue: word) ?? (word.hasPrefix("outbound") ? .outboundAPI : .inbound) }
}

/// Who picked up, by the carrier's answering machine detection.
package enum AnsweredBy: String, Sendable, Codable {
    case human, fax, unknown
    case machineStart = "machine_start"
    case machineEndBeep = "machine_end_beep"
    case machineEndSilence = "machine_end_silence"
    case machineEndOther = "machine_end_other"

    package var isMachine: Bool { rawValue.hasPrefix("machine") }
}

/// `StirVerstat`: a hint for routing, never proof of who calls.
package enum CallerAttestation: Equatable, Sendable {
    /// A: entitled to the number; B: known, number not checked; C: came through a gateway.
    case passed(level: Character)
    case failed
    case unverifiable

    /// Nil when the carrier says nothing, which is normal.
    init?(verstat: String?) {
        guard let verstat else { return nil }
        if verstat.hasPrefix("TN-Validation-Passed-"), let level = verstat.dropFirst(21).first, "ABC".contains(level) {
            self = .passed(level: level)
        } else if verstat.hasPrefix("TN-Validation-Failed") {
            self = .failed
        } else if verstat.hasPrefix("No-TN-Validation") {
            self = .unverifiable
        } else {
            return nil
        }
    }

    /// Why somebody else may be calling from the number; nil when nothing speaks against it.
    package var doubt: String? {
        switch self {
        case .failed: "the carrier could not verify the caller's number (StirVerstat failed)"
        case .passed("C"): "the call came through a gateway that does not know the caller (StirVerstat C)"
        case .passed, .unverifiable: nil
        }
    }
}

/// What the carrier says when it asks what to do with a call: the voice URL, the fallback URL, and every action URL.
package struct VoiceWebhook: Equatable, Sendable {
    package var callSid: CallSid
    package var accountSid: String
    /// As written; withheld numbers come as words, or as nothing at all.
    package var from: String
    /// A number, or the address that a SIP or browser client dialled.
    package var to: String
    package var callStatus: CarrierCallStatus
    package var direction: CarrierDirection
    package var parentCallSid: CallSid?
    package var forwardedFrom: String?
    package var callerName: String?
    package var answeredBy: AnsweredBy?
    package var machineDetectionMs: Int?
    package var attestation: CallerAttestation?
    /// Why a fallback URL is asked.
    package var errorCode: Int?
    package var errorURL: String?
    /// How a `<Dial>` ended, on its action URL.
    package var dialCallStatus: String?
    /// Whether the dialled party was really connected.
    package var dialBridged: Bool?
    package var recordingURL: String?
    package var recordingSeconds: Int?
    package var digits: String?

    /// The caller's number, also as the user of a SIP address; nil when it is withheld, or not a possible number.
    package var fromNumber: E164? { DialledAddress(from)?.number }
    /// Nil when nobody can have dialled that.
    package var dialled: DialledAddress? { DialledAddress(to) }

    /// Reads the decoded form of a request whose signature was checked. Unknown fields are left alone.
    package init(form: [FormField]) throws(WebhookError) {
        callSid = try form.callSid("CallSid")
        accountSid = try form.sid("AccountSid", prefix: "AC")
        guard form["From"] != nil else { throw .missing(field: "From") }
        from = try form.text("From") ?? ""
        to = try form.text("To", required: true) ?? ""
        callStatus = try form.word("CallStatus", CarrierCallStatus.init(word:))
        direction = try form.word("Direction", CarrierDirection.init(word:))
        parentCallSid = form["ParentCallSid"].flatMap { CallSid($0) }
        forwardedFrom = try form.text("ForwardedFrom")
        callerName = try form.text("CallerName")
        answeredBy = form["AnsweredBy"].map { AnsweredBy(rawValue: $0) ?? .unknown }
        machineDetectionMs = form.whole("MachineDetectionDuration")
        attestation = CallerAttestation(verstat: form["StirVerstat"])
        errorCode = form.whole("ErrorCode")
        errorURL = try form.text("ErrorUrl")
        dialCallStatus = try form.text("DialCallStatus")
        dialBridged = form["DialBridged"].map { $0 == "true" }
        recordingURL = try form.text("RecordingUrl")
        recordingSeconds = form.whole("RecordingDuration")
        digits = try form.text("Digits")
    }
}

extension [FormField] {
    static var textBytesMax: Int { 4_096 }

    /// A text, nil when absent or empty.
    func text(_ name: String, required: Bool = false) throws(WebhookError) -> String? {
        guard let value = self[name], !value.isEmpty else {
            if required { throw .missing(field: name) }
            return nil
        }
        guard value.utf8.count <= [FormField].textBytesMax else {
            throw .invalid(field: name, expected: "at most \([FormField].textBytesMax) bytes")
        }
        return value
    }

    func callSid(_ name: String) throws(WebhookError) -> CallSid {
        guard let value = self[name] else { throw .missing(field: name) }
        guard let sid = CallSid(value) else { throw .invalid(field: name, expected: "CA and 32 hex digits") }
        return sid
    }

    func sid(_ name: String, prefix: String) throws(WebhookError) -> String {
        guard let value = self[name] else { throw .missing(field: name) }
        guard value.utf8.count == 34, value.hasPrefix(prefix),
            value.utf8.dropFirst(2).allSatisfy({ $0.hexadecimalValue != nil })
        else { throw .invalid(field: name, expected: "\(prefix) and 32 hex digits") }
        return value
    }

    func word<Word>(_ name: String, _ make: (String) -> Word?) throws(WebhookError) -> Word {
        guard let value = self[name] else { throw .missing(field: name) }
        guard let word = make(value) else { throw .invalid(field: name, expected: "a word of the reference") }
        return word
    }

    /// A whole number of at most nine digits, nil for anything else: it stands beside what a webhook is about, which must
    /// not fail with it.
    func whole(_ name: String) -> Int? {
        guard let value = self[name], (1...9).contains(value.utf8.count),
            value.utf8.allSatisfy(\.isASCIIDigit)
        else { return nil }
        return Int(value, radix: 10)
    }
}
