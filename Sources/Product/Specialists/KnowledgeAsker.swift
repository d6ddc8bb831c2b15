package import CallModel
package import Consult

/// Specialists that answer from what is written of them: the passages that were found for the question, as the tenant has
/// them. Nothing found is an empty reply.
package struct KnowledgeAsker: Asker {
    /// Reading takes a millisecond; the rest is the wait for a connection.
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
        try await store.prepare(tenant, timeoutMs: timeoutMs)
        try grant.check(for: question)
        let sections = try await store.sections(of: specialist.id, tenant: tenant, timeoutMs: timeoutMs)
        return store.knowledge.reply(sections, of: specialist, to: question)
    }
}
