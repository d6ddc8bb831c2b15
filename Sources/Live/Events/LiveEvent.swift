package import CallModel

/// Something that happens in a call right now, for whoever watches.
package struct LiveEvent: Equatable, Sendable {
    package enum Kind: String, Sendable {
        case rang, answered, turn, dtmf, note, transferred, ended
        /// Something that will stand in the records: `text` says what of, ``LiveEvent/details`` has it.
        case learned
        case speechStarted = "speech_started"
        case bargeIn = "barge_in"
        case toolCalled = "tool_called"
    }

    package var callSid: CallSid
    package var tenant: TenantID
    /// Since the call rang.
    package var atMs: Int
    package var kind: Kind
    package var speaker: Speaker?
    package var text: String?
    /// By the names of the records' fields.
    package var details: [String: String]

    package init(
        callSid: CallSid, tenant: TenantID, atMs: Int, kind: Kind, speaker: Speaker? = nil, text: String? = nil,
        details: [String: String] = [:]
    ) {
        self.callSid = callSid
        self.tenant = tenant
        self.atMs = atMs
        self.kind = kind
        self.speaker = speaker
        self.text = text
        self.details = details
    }
}
