import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Leads.
enum LeadRoutes {
    static let routes: [Endpoint] = [
        .get(
            "/api/v1/leads/{id}", id: "getLead", .role(.agent), "One lead with its newest scores and next steps.",
            OneLead.self, View.Lead.self
        ) { context, one in
            guard let lead = try await context.read({ try CallQueries.lead(in: $0, one.id) }) else {
                throw Problem.notFound
            }
            return .json(lead)
        }
    ]

    struct OneLead: EndpointInput {
        var id: UUID
        static let rules: [String: FieldRule] = ["id": .help("The lead's id.")]
    }
}
