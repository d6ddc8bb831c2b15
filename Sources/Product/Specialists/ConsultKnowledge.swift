package import CallModel
import Consult
package import Database
package import LanguageModel
package import LiveCalls
import Telemetry

/// Who answers for the specialists: what is written of them, through the language model where there is one.
package struct ConsultKnowledge: Sendable {
    /// For the calls.
    package let services: ConsultServices
    private let store: KnowledgeStore

    /// Nil, with one warning, when the folder that is set is not there or nothing in it can be used.
    ///
    /// - Parameter directory: as `PARLEY_SPECIALISTS_DIR` has it.
    package static func load(
        from directory: String, _ options: ConsultOptions, _ database: Database, _ endpoint: LLMEndpoint?
    ) -> ConsultKnowledge? {
        let (roster, findings) = SpecialistsSource.read(directory)
        let errors = findings.filter { $0.severity == .error }
        guard !roster.specialists.isEmpty else {
            Log.warning(
                "no specialists, so no consults; set PARLEY_SPECIALISTS_DIR",
                ["folder": directory, "finding": errors.first?.description ?? "the folder is empty"])
            return nil
        }
        if let first = errors.first {
            Log.warning(
                "specialists left out; see parley specialists --check",
                ["count": errors.count, "finding": first.description])
        }
        return ConsultKnowledge(roster, options, database, endpoint)
    }

    private init(
        _ roster: SpecialistRoster, _ options: ConsultOptions, _ database: Database, _ endpoint: LLMEndpoint?
    ) {
        let store = KnowledgeStore(database: database, roster: roster)
        let chat = endpoint.map { ChatAsker(endpoint: $0) }
        self.store = store
        services = ConsultServices(roster, options, speaksAny: chat != nil) { tenant in
            let written = KnowledgeAsker(store, tenant: tenant)
            return chat.map { $0.asker(fallback: written) } ?? written
        }
    }

    /// Loads the knowledge of a tenant ahead of its first consult.
    package func prepare(_ tenant: TenantID) async {
        do { try await store.prepare(tenant) } catch {
            Log.warning("specialists not loaded; the first consult will", ["tenant.id": tenant, "error": error])
        }
    }
}
