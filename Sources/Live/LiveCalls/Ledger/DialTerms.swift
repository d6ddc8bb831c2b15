package import Answering

/// On what terms a call was placed: who is told what came of it, and what a machine is told.
package struct DialTerms: Sendable {
    package var call: DialledCall
    package var onMachine: MachinePolicy
    /// Left on a mailbox; nil: the words of the language.
    package var message: String?
    /// Pressed where a menu answers.
    package var menuKey: Character?
    /// Why we call, for whoever asks on somebody's behalf.
    package var reason: String?
    /// On whose behalf we call.
    package var company: String

    package init(
        call: DialledCall, onMachine: MachinePolicy, message: String?, menuKey: Character?, reason: String?,
        company: String
    ) {
        self.call = call
        self.onMachine = onMachine
        self.message = message
        self.menuKey = menuKey
        self.reason = reason
        self.company = company
    }
}

/// What became of a call's answer; told more than once as more is known.
package struct AnswerNote: Equatable, Sendable {
    package var kind: Answerer
    /// Since the answer, in ms of the called side's audio.
    package var afterMs: Int
    /// From the end of what the called side said first, or from the answer, to our first word; nil: not a word yet.
    package var firstWordMs: Int?
    package var leftMessage: Bool

    package init(kind: Answerer, afterMs: Int, firstWordMs: Int?, leftMessage: Bool) {
        self.kind = kind
        self.afterMs = afterMs
        self.firstWordMs = firstWordMs
        self.leftMessage = leftMessage
    }
}
