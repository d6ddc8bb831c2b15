import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Leads.
enum LeadRoutes {
    static let routes: [Endpoint] =
        list.endpoints + [
            .get(
                "/api/v1/leads/{id}", id: "getLead", .role(.agent),
                "One lead with its newest scores and next steps.", OneLead.self, View.Lead.self
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

    /// `GET /api/v1/leads`.
    private static let list = Resource(
        "leads", of: "LeadRow", verbs: [.list], seenBy: { $0.role.includes(.manager) ? nil : ownAndUnassigned },
        [
            .reference("contact_id", to: "contacts", .filter),
            .reference("agent_id", to: "users", .filter),
            .text("company_name", .search, max: 200), .text("contact_person", .search, max: 200),
            .text("email", .search, max: 254), .text("phone", [.filter, .search], max: 16),
            .choice("stage", ["LEAD", "MQL", "SQL", "OPPORTUNITY", "CUSTOMER", "LOST"], .filter, standard: "LEAD"),
            .choice("status_bucket", ["P1", "P2", "P3"], .filter, standard: "P3"),
            .choice(
                "qualification_status",
                ["new", "in_progress", "marketing_qualified", "sales_qualified", "nurture", "disqualified"], .filter,
                standard: "new"),
            .integer("lead_score", 0...100, [.filter, .sort], filteredAs: "score", standard: 0),
            .text("lead_source", as: "source", .filter, max: 100, standard: "voice_assistant"),
            .number("deal_value", 0...999_999_999_999.99, [.filter, .sort], filteredAs: "value"),
            .text("currency", format: .currency, standard: "USD"),
            .integer("win_probability", 0...100), .date("expected_close_date", .sort),
            .text("conversation_summary", as: "summary", max: 10_000),
        ])

    /// What is nobody's is the voice assistant's as well: it hands over whom it talks to. `$1` is who asks.
    private static let ownAndUnassigned = """
        t.agent_id is null or t.agent_id::text = $1
            or exists (select from users u where u.id = t.agent_id and u.is_ai_agent)
        """
}
