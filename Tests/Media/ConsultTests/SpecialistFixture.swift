import Foundation
import Synchronization
import TestSupport

@testable import Consult

/// The specialists of the repository, and small made-up ones.
enum SpecialistFixture {
    static var folder: String {
        Checkout.path("specialists")
    }

    static func roster() throws -> SpecialistRoster { try SpecialistRoster.load(folder: folder) }

    static func specialist(_ id: String, when: [String] = ["gizmo"], text: String = "Gizmos are round.") -> Specialist {
        Specialist(
            id: SpecialistID(id) ?? .none, title: "The \(id)", domain: .service, languages: ["en"], when: when,
            prompt: "You know gizmos.",
            sections: [.init(title: "What is a gizmo?", text: text, sources: ["Gizmo Act, section 1"])])
    }

    static func question(_ text: String) -> ConsultQuestion {
        ConsultQuestion(text: text, askedAtMs: 1_000, source: .tool)
    }

    static func granted(_ question: ConsultQuestion) -> (grant: ConsentGrant, ledger: ConsentLedger) {
        var ledger = ConsentLedger()
        let grant = ledger.grant(for: question, words: "yes please", confidence: 0.9, atMs: 2_000, expiresMs: 92_000)
        return (grant, ledger)
    }
}

extension SpecialistID {
    static let none = SpecialistID(checked: "none")
    private init(checked text: String) {
        guard let id = SpecialistID(text) else { preconditionFailure("\(text) is no slug") }
        self = id
    }
}

/// Answers as a test wrote down, by specialist.
final class ScriptedAsker: Asker {
    enum Act: Sendable {
        case says(String)
        case fails
        /// Until cancelled.
        case hangs
        /// Until released, cancelled or not.
        case ignoresCancellation
        case offTopic
    }
    struct Failure: Error {}

    private let acts: [String: Act]
    private let merged: (@Sendable ([AttributedReply]) async throws -> MergedAnswer?)?
    private let log = Mutex<[String]>([])
    private let held = Mutex<[CheckedContinuation<Void, Never>]>([])

    init(
        _ acts: [String: Act], merged: (@Sendable ([AttributedReply]) async throws -> MergedAnswer?)? = nil
    ) {
        self.acts = acts
        self.merged = merged
    }

    var asked: [String] { log.withLock { $0.sorted() } }

    func release() { for one in held.withLock({ $0 }) { one.resume() } }

    func ask(
        _ specialist: Specialist, _ question: ConsultQuestion, under grant: ConsentGrant, timeout: Duration
    ) async throws -> SpecialistReply {
        try grant.check(for: question)
        log.withLock { $0.append(specialist.id.text) }
        switch acts[specialist.id.text] ?? .fails {
        case .says(let text): return SpecialistReply(text: text, sources: ["Source of \(specialist.id)"])
        case .offTopic: return SpecialistReply(text: "Gizmo? Not mine.", isOffTopic: true)
        case .fails: throw Failure()
        case .hangs:
            try await Task.sleep(for: .seconds(3_600))
            return SpecialistReply(text: "")
        case .ignoresCancellation:
            await withCheckedContinuation { continuation in held.withLock { $0.append(continuation) } }
            return SpecialistReply(text: "A gizmo, too late.")
        }
    }

    func merge(
        _ replies: [AttributedReply], of question: ConsultQuestion, under grant: ConsentGrant, timeout: Duration
    ) async throws -> MergedAnswer? { try await merged?(replies) }
}
