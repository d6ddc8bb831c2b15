package import CallModel
package import Consult

/// Specialists that answer from their own files: full-text search over their sections, quoting the best of them. Nothing
/// found is an empty reply.
package struct KnowledgeAsker: Asker {
    /// The second passage is quoted too when it ranks at least this share of the first.
    private static let shareOfBest = 0.6
    /// A search takes a millisecond; the rest is the wait for a connection.
    private static let timeoutMsMax = 10_000

    private let store: KnowledgeStore
    private let tenant: TenantID

    package init(_ store: KnowledgeStore, tenant: TenantID) {
        self.store = store
        self.tenant = tenant
    }

    package func ask(
        _ specialist: Specialist, _ question: ConsultQuestion, under grant: ConsentGrant, timeout: Duration
    ) async throws -> SpecialistReply {
        let timeoutMs = min(max(1, Int(timeout / .milliseconds(1))), KnowledgeAsker.timeoutMsMax)
        let words = QuestionTerms.content(question.text).joined(separator: " ")
        guard !words.isEmpty else { return SpecialistReply(text: "") }
        try await store.prepare(tenant, timeoutMs: timeoutMs)
        try grant.check(for: question)
        let found = try await store.passages(specialist.id, words, tenant: tenant, timeoutMs: timeoutMs)
        guard let best = found.first else { return SpecialistReply(text: "") }
        let quoted = found.filter { $0.rank >= best.rank * KnowledgeAsker.shareOfBest }
        return SpecialistReply(
            text: quoted.map(\.text).joined(separator: " "), sources: quoted.flatMap(\.sources),
            topic: quoted.map(\.title).joined(separator: " "))
    }
}
