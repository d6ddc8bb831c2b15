import CRM
import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Leads: who they are, where they stand, and lists of them.
enum LeadRoutes {
    static let routes: [Endpoint] =
        resource.endpoints + LeadMoveRoutes.routes + LeadAssignmentRoutes.routes + LeadScoreRoutes.routes
        + LeadReadingRoutes.routes

    static let path = "/api/v1/leads"

    static let resource = Resource(
        "leads", of: "Lead", access: [.delete: .manager], seenBy: Seen.own, inParts: Seen.ownInParts,
        findingBy: TextFinder(
            "app.leads_found",
            words: "app.search_words(t.tenant_id, t.contact_person, t.company_name, t.email, t.phone)"),
        rangesBy: RangeFinder(LeadColumn.dealValue, "app.leads_worth"),
        lists: [
            PresetList(
                "\(path)/by-stage/{stage}", id: "listLeadsByStage", "Leads of a stage.",
                [PresetList.Stand("stage", for: "stage")]),
            PresetList(
                "\(path)/by-assignee/{user}", id: "listLeadsByAssignee", "Leads of one user.",
                [PresetList.Stand("user", for: "agent_id")]),
            PresetList(
                "\(path)/high-value", id: "listHighValueLeads", "Leads that are worth much, the largest first.",
                [PresetList.Stand("min", for: "value_min", standard: 10_000)], sortedBy: "-deal_value"),
            PresetList(
                "\(path)/by-phone/{phone}", id: "listLeadsByPhone", "Leads of a phone number, however it is written.",
                [PresetList.Stand("phone", for: "phone")]),
            PresetList(
                "\(path)/search", id: "searchLeads", "Leads by words of company, name and e-mail, or by phone.",
                isSearch: true),
            PresetList(
                "\(path)/unassigned", id: "listUnassignedLeads", "Leads that are nobody's.", only: "t.agent_id is null"),
        ],
        details: [
            Detail("qualification", [String: JSONValue].self, "t.\(LeadColumn.qualificationData)" as SQL<LeadColumn>),
            Detail("scores", [View.Score].self, LeadQueries.scores(of: "t")),
            Detail("follow_ups", [View.FollowUp].self, LeadQueries.followUps(of: "t")),
            Detail("meetings", [View.Meeting].self, LeadQueries.meetings(of: "t")),
        ],
        completedBy: { transaction, context, given, before in
            before == nil ? try completed(given, context.principal, in: transaction) : given
        }, columns)

    private static let stages = LeadStage.allCases.map(\.rawValue)

    private static let columns: [Column] = [
        .reference(LeadColumn.contactID, to: "contacts", .filter),
        .reference(LeadColumn.clientID, to: "clients", .filter),
        .reference(LeadColumn.agentID, to: "users", [.filter, .once]),
        .text(LeadColumn.companyName, .search, max: 200), .text(LeadColumn.contactPerson, .search, max: 200),
        .text(LeadColumn.email, .search, format: .email), .text(LeadColumn.phone, [.filter, .search], format: .phone),
        .text(LeadColumn.industry, max: 200),
        .choice(LeadColumn.stage, stages, [.filter, .once], standard: "LEAD"),
        .choice(LeadColumn.previousStage, stages, .readOnly), .time(LeadColumn.stageChangedAt, .readOnly),
        .reference(LeadColumn.pipelineStageID, to: "pipeline_stages", .filter),
        .choice(LeadColumn.statusBucket, ["P1", "P2", "P3"], [.filter, .readOnly], standard: "P3"),
        .choice(
            LeadColumn.qualificationStatus,
            ["new", "in_progress", "marketing_qualified", "sales_qualified", "nurture", "disqualified"], .filter,
            standard: "new"),
        .integer(
            LeadColumn.leadScore, 0...100, [.filter, .sort, .readOnly], filteredAs: "score", standard: 0),
        .choice(LeadColumn.budget, ["high", "medium", "low", "unknown"], standard: "unknown"),
        .choice(LeadColumn.authority, ["yes", "no", "influencer", "unknown"], standard: "unknown"),
        .choice(LeadColumn.need, ["urgent", "moderate", "low", "unknown"], standard: "unknown"),
        .choice(
            LeadColumn.timeline, ["immediate", "this_month", "this_quarter", "this_year", "unknown"],
            standard: "unknown"),
        .text(LeadColumn.leadSource, as: "source", .filter, max: 100, standard: "voice_assistant"),
        .text(LeadColumn.utmSource, max: 200), .text(LeadColumn.utmMedium, max: 200),
        .number(LeadColumn.dealValue, 0...999_999_999_999.99, [.filter, .sort], filteredAs: "value"),
        .text(LeadColumn.currency, format: .currency, standard: "USD"),
        .integer(LeadColumn.winProbability, 0...100), .date(LeadColumn.expectedCloseDate, .sort),
        .text(LeadColumn.conversationSummary, as: "summary", max: 10_000), .text(LeadColumn.notes, max: 10_000),
    ]

    /// A new lead begins with what is on record of its contact, in the first column of its stage, as its maker's where
    /// that is an agent.
    private static func completed(
        _ given: [String: JSONValue], _ principal: APIPrincipal, in transaction: borrowing Transaction
    ) throws -> [String: JSONValue] {
        var lead = given
        lead["source"] = lead["source"] ?? "api"
        if principal.role == .agent {
            let user = try principal.userID(in: transaction).map { JSONValue.text($0.uuidString.lowercased()) }
            if let other = lead["agent_id"], other != .null, other.text?.lowercased() != user?.text {
                throw Problem.unprocessable([
                    Problem.Fault(.pointer("/agent_id"), "An agent may give a new lead to nobody else.")
                ])
            }
            lead["agent_id"] = lead["agent_id"] ?? user
        } else if let agent = lead["agent_id"]?.text.flatMap({ UUID(uuidString: $0) }) {
            try LeadAssignmentRoutes.checkAssignee(agent, in: transaction)
        }
        let rows = try transaction.query(
            """
            select business_name as company_name, contact_name as contact_person, contact_email as email, phone, industry,
                (select p.id::text from pipeline_stages p where p.stage = $2 order by p.position limit 1) as board
            from (select) one left join contacts on id = $1::uuid
            """, [.text(lead["contact_id"]?.text), .text(lead["stage"]?.text ?? "LEAD")])
        guard let row = rows.first else { return lead }
        for column in ["company_name", "contact_person", "email", "phone", "industry"] where lead[column] == nil {
            lead[column] = try row.textOrNil(column).map { .text($0) }
        }
        if lead["pipeline_stage_id"] == nil { lead["pipeline_stage_id"] = try row.textOrNil("board").map { .text($0) } }
        return lead
    }
}
