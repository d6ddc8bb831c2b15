package import CallModel

/// A call that is about to be: it rings, or has been dialled.
package struct NewCall: Sendable {
    package var callSid: CallSid
    /// Nil when the number is withheld.
    package var from: E164?
    package var to: DialledAddress
    package var direction: CallOpening.Direction
    /// Why the caller may be somebody else than their number says; nil when nothing speaks for that.
    package var callerDoubt: String?
    /// Which of our attempts it is; nil of a call that rings here.
    package var dialled: DialledCall?

    /// Our side: the number that rings, or that was called from.
    var ownAddress: DialledAddress { direction == .outbound ? from.map { .number($0) } ?? to : to }

    package init(
        callSid: CallSid, from: E164?, to: DialledAddress, direction: CallOpening.Direction, callerDoubt: String? = nil,
        dialled: DialledCall? = nil
    ) {
        self.callSid = callSid
        self.from = from
        self.to = to
        self.direction = direction
        self.callerDoubt = callerDoubt
        self.dialled = dialled
    }
}

/// What becomes of a call that was to be opened, or that the carrier brings back.
package enum Opening: Sendable {
    /// It is on: its agent leg is being opened, and its media stream is to be.
    case on(CallCard)
    case over
    /// The number called is none of ours.
    case notInService
    /// There is no agent for it: a person, where the profile names one, or a sentence.
    case fallback(AgentProfile)
    /// The carrier is to ask again.
    case notYet
}
