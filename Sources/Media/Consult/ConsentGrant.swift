package import FoundationEssentials
import Synchronization

/// The caller's permission to put one question to specialists.
///
/// It cannot be forged: its initialiser is private to this file, the only function that calls it is
/// ``ConsentLedger/grant(for:on:atMs:expiresMs:)``, which no other module can see, and of this module only
/// ``ConsultGate`` owns a ledger. Asking a specialist takes a grant as a parameter, so that code that asks without one does
/// not compile. There is no `Codable`: a grant read back from a file would be a forged one.
///
/// A grant can be withdrawn after it was handed out. Copies share that fact across threads: whoever holds one calls
/// ``check(for:)`` immediately before each request leaves, and stops what is under way once ``isWithdrawn``.
package struct ConsentGrant: Sendable, Equatable {
    package let questionID: UUID
    /// What the caller said, from which the yes was read.
    package let words: String
    /// 0 … 1.
    package let confidence: Double
    /// When the caller agreed and until when that holds, in ms since the phone rang.
    package let atMs: Int
    package let expiresMs: Int
    private let withdrawal: Withdrawal

    fileprivate init(
        questionID: UUID, words: String, confidence: Double, atMs: Int, expiresMs: Int, withdrawal: Withdrawal
    ) {
        self.questionID = questionID
        self.words = words
        self.confidence = confidence
        self.atMs = atMs
        self.expiresMs = expiresMs
        self.withdrawal = withdrawal
    }

    /// Whether the caller took it back, the call ended, or the consult is over.
    package var isWithdrawn: Bool { withdrawal.hasHappened }

    /// To be called right before anything is sent.
    package func check(for question: ConsultQuestion) throws(ConsentRefusal) {
        guard question.id == questionID else { throw .otherQuestion }
        guard !isWithdrawn else { throw .withdrawn }
    }

    /// The same, where the time of the call is known, in ms since the phone rang.
    package func check(for question: ConsultQuestion, atMs nowMs: Int) throws(ConsentRefusal) {
        try check(for: question)
        guard nowMs < expiresMs else { throw .expired }
    }

    package static func == (one: ConsentGrant, other: ConsentGrant) -> Bool { one.withdrawal === other.withdrawal }
}

/// Why a question must not leave.
package enum ConsentRefusal: String, Error, Equatable, Sendable, CustomStringConvertible {
    case otherQuestion, withdrawn, expired

    package var description: String {
        switch self {
        case .otherQuestion: "the caller agreed to another question; nothing was sent"
        case .withdrawn: "the caller's consent no longer stands; nothing was sent"
        case .expired: "the consult's time is over; nothing was sent"
        }
    }
}

/// The only maker of grants: one call's ledger, owned by its gate.
struct ConsentLedger {
    private var withdrawal: Withdrawal?

    /// Makes the grant for `question`; whatever was granted before is withdrawn. Nil unless the verdict is a yes, and a
    /// verdict can only be had by reading the caller's words.
    mutating func grant(
        for question: ConsultQuestion, on verdict: ConsentVerdict, atMs: Int, expiresMs: Int
    ) -> ConsentGrant? {
        withdraw()
        guard verdict.decision == .yes else { return nil }
        let withdrawal = Withdrawal()
        self.withdrawal = withdrawal
        return ConsentGrant(
            questionID: question.id, words: verdict.basis, confidence: verdict.confidence, atMs: atMs,
            expiresMs: expiresMs, withdrawal: withdrawal)
    }

    /// Takes back what was granted, in every copy of the grant.
    mutating func withdraw() {
        withdrawal?.happen()
        withdrawal = nil
    }
}

/// Set once, by the ledger; read by every copy of a grant on any thread.
private final class Withdrawal: Sendable {
    private let flag = Atomic<Bool>(false)

    var hasHappened: Bool { flag.load(ordering: .acquiring) }
    func happen() { flag.store(true, ordering: .releasing) }
}
