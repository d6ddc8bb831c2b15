import CRM
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
            .reference(LeadColumn.contactID, to: "contacts", .filter),
            .reference(LeadColumn.agentID, to: "users", .filter),
            .text(LeadColumn.companyName, .search, max: 200),
            .text(LeadColumn.contactPerson, .search, max: 200),
            .text(LeadColumn.email, .search, max: 254), .text(LeadColumn.phone, [.filter, .search], max: 16),
            .choice(
                LeadColumn.stage, ["LEAD", "MQL", "SQL", "OPPORTUNITY", "CUSTOMER", "LOST"], .filter,
                standard: "LEAD"),
            .choice(LeadColumn.statusBucket, ["P1", "P2", "P3"], .filter, standard: "P3"),
            .choice(
                LeadColumn.qualificationStatus,
                ["new", "in_progress", "marketing_qualified", "sales_qualified", "nurture", "disqualified"], .filter,
                standard: "new"),
            .integer(LeadColumn.leadScore, 0...100, [.filter, .sort], filteredAs: "score", standard: 0),
            .text(LeadColumn.leadSource, as: "source", .filter, max: 100, standard: "voice_assistant"),
            .number(LeadColumn.dealValue, 0...999_999_999_999.99, [.filter, .sort], filteredAs: "value"),
            .text(LeadColumn.currency, format: .currency, standard: "USD"),
            .integer(LeadColumn.winProbability, 0...100), .date(LeadColumn.expectedCloseDate, .sort),
            .text(LeadColumn.conversationSummary, as: "summary", max: 10_000),
        ])

    /// What is nobody's is the voice assistant's as well: it hands over whom it talks to. `$1` is who asks.
    private static let ownAndUnassigned = """
        t.agent_id is null or t.agent_id::text = $1
            or exists (select from users u where u.id = t.agent_id and u.is_ai_agent)
        """
}
