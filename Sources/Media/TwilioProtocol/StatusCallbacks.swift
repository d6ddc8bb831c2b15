package import CallModel
package import Encoding
package import FoundationEssentials

/// A call moved on. Delivery is best effort, unordered, possibly repeated: order by ``sequenceNumber``, and never leave a
/// terminal status.
package struct CallStatusCallback: Equatable, Sendable {
    package var callSid: CallSid
    package var accountSid: String
    package var status: CarrierCallStatus
    /// Order of firing, from 0; nil where the carrier sends none.
    package var sequenceNumber: Int?
    package var parentCallSid: CallSid?
    package var from: String?
    package var to: String?
    package var direction: CarrierDirection?
    /// Length of the call, only with a terminal status.
    package var durationSeconds: Int?
    package var sipResponseCode: Int?
    package var answeredBy: AnsweredBy?
    package var machineDetectionMs: Int?
    package var timestamp: Date?

    package var isTerminal: Bool { status.isTerminal }

    package init(form: [FormField]) throws(WebhookError) {
        callSid = try form.callSid("CallSid")
        accountSid = try form.sid("AccountSid", prefix: "AC")
        status = try form.word("CallStatus", CarrierCallStatus.init(word:))
        sequenceNumber = form.whole("SequenceNumber")
        parentCallSid = form["ParentCallSid"].flatMap { CallSid($0) }
        from = try form.text("From")
        to = try form.text("To")
        direction = form["Direction"].map { CarrierDirection(word: $0) }
        durationSeconds = form.whole("CallDuration")
        sipResponseCode = form.whole("SipResponseCode")
        answeredBy = form["AnsweredBy"].map { AnsweredBy(rawValue: $0) ?? .unknown }
        machineDetectionMs = form.whole("MachineDetectionDuration")
        timestamp = form["Timestamp"].flatMap { CarrierTimestamp.rfc2822($0) }
    }
}

/// The asynchronous result of answering machine detection; it may come after the hang-up.
package struct MachineDetectionCallback: Equatable, Sendable {
    package var callSid: CallSid
    package var accountSid: String
    package var answeredBy: AnsweredBy
    package var machineDetectionMs: Int?

    package init(form: [FormField]) throws(WebhookError) {
        callSid = try form.callSid("CallSid")
        accountSid = try form.sid("AccountSid", prefix: "AC")
        guard let word = form["AnsweredBy"] else { throw .missing(field: "AnsweredBy") }
        answeredBy = AnsweredBy(rawValue: word) ?? .unknown
        machineDetectionMs = form.whole("MachineDetectionDuration")
    }
}

/// A media stream began, ended or failed; the only place where the reason of a failure is told.
package struct StreamStatusCallback: Equatable, Sendable {
    package enum Event: String, Sendable {
        case started = "stream-started"
        case stopped = "stream-stopped"
        case error = "stream-error"
    }

    package var callSid: CallSid
    package var accountSid: String
    package var streamSid: StreamSid
    package var streamName: String?
    package var event: Event
    /// The carrier's words, on errors.
    package var error: String?
    package var timestamp: Date?

    package init(form: [FormField]) throws(WebhookError) {
        callSid = try form.callSid("CallSid")
        accountSid = try form.sid("AccountSid", prefix: "AC")
        streamSid = try form.word("StreamSid", { StreamSid($0) })
        streamName = try form.text("StreamName")
        event = try form.word("StreamEvent", Event.init(rawValue:))
        error = try form.text("StreamError")
        timestamp = form["Timestamp"].flatMap { CarrierTimestamp.iso8601($0) }
    }
}
