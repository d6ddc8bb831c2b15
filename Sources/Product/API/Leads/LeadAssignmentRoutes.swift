import CRM
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Whose lead it is. Managers give any lead to anybody; an agent takes one that is nobody's, and gives back their own.
enum LeadAssignmentRoutes {
    static let routes: [Endpoint] = [
        LeadRoutes.resource.answering(
            .write(
                .post, "\(LeadRoutes.path)/{id}/assign", id: "assignLead", .role(.agent),
                "Gives a lead to a user, or to nobody.", AssignLead.self, JSONValue.self, problems: [409]
            ) { transaction, context, assignment in
                let principal = try context.principal
                let standing = try LeadSight.standing(
                    [assignment.id], for: principal, toChange: true, in: transaction)
                guard let lead = standing[assignment.id] else { throw Problem.notFound }
                let user = try principal.userID(in: transaction)
                try checkRight(of: principal, user, to: assignment.agentID, lead)
                guard lead.agentID != assignment.agentID else { throw Problem.conflict(isThere) }
                if let agent = assignment.agentID { try checkAssignee(agent, in: transaction) }
                try perform([lead], to: assignment.agentID, by: user, transaction, context)
                return .json(try LeadRoutes.resource.row(assignment.id, for: principal, in: transaction))
            }),
        .write(
            .post, "\(LeadRoutes.path)/bulk-assign", id: "assignLeads", .role(.manager),
            "Gives leads to a user, or to nobody: those that can be, whatever becomes of the others.",
            AssignLeads.self, View.BulkAnswer.self
        ) { transaction, context, assignment in
            let principal = try context.principal
            if let agent = assignment.agentID { try checkAssignee(agent, in: transaction) }
            let standing = try LeadSight.standing(
                assignment.ids, for: principal, toChange: true, in: transaction)
            var given: [LeadSight.Standing] = []
            let answer = View.BulkAnswer(of: assignment.ids) { id in
                guard let lead = standing[id] else { return .notFound(id) }
                guard lead.agentID != assignment.agentID else { return .conflict(id, isThere) }
                given.append(lead)
                return .done(id)
            }
            try perform(
                given, to: assignment.agentID, by: try principal.userID(in: transaction), transaction, context)
            return try .value(answer)
        },
    ]

    struct AssignLead: EndpointInput {
        var id: UUID
        var agentID: UUID?
        static let rules: [String: FieldRule] = ["id": .help("The lead's id."), "agent_id": agent]
    }

    struct AssignLeads: EndpointInput {
        var ids: [UUID]
        var agentID: UUID?
        static let rules: [String: FieldRule] = ["ids": .ids(atMost: LeadMoveRoutes.idsMax), "agent_id": agent]
    }

    private static let agent = FieldRule.given("A user's id; null is nobody.")
    private static let isThere = "The lead is theirs already."

    private static func checkRight(
        of principal: APIPrincipal, _ user: UUID?, to agent: UUID?, _ lead: LeadSight.Standing
    ) throws(Problem) {
        guard !principal.role.includes(.manager) else { return }
        let takes = lead.isFree && agent != nil && agent == user
        let givesBack = agent == nil && user != nil && lead.agentID == user
        guard takes || givesBack else {
            throw Problem(
                status: 403, title: "Forbidden",
                detail: "An agent takes a lead that is nobody's, or gives back their own; all else needs a manager.")
        }
    }

    /// Throws 422 for a user who is not there, or not any more.
    static func checkAssignee(_ agent: UUID, in transaction: borrowing Transaction) throws {
        let rows = try transaction.query(
            "select from users where id = $1 and is_active for key share", [.uuid(agent)])
        guard rows.isEmpty else { return }
        throw Problem.unprocessable([Problem.Fault(.pointer("/agent_id"), "`agent_id` names no active user.")])
    }

    private static func perform(
        _ leads: [LeadSight.Standing], to agent: UUID?, by user: UUID?, _ transaction: borrowing Transaction,
        _ context: RequestContext
    ) throws {
        guard !leads.isEmpty else { return }
        try transaction.send(
            "update leads set agent_id = $1::uuid where id = any($2::uuid[])",
            [.uuid(agent), .array(leads.map { .uuid($0.id) })])
        let name = try agent.map { agent in
            try transaction.query("select full_name from users where id = $1", [.uuid(agent)]).first?.text("full_name")
        }
        func id(_ value: UUID?) -> JSONValue { value.map { .text($0.uuidString.lowercased()) } ?? .null }
        let audit = try Audit(context)
        var activities: [BulkRow<LeadActivityColumn>] = []
        for lead in leads {
            let change: JSONValue = ["from": id(lead.agentID), "to": id(agent)]
            activities.append(
                LeadActivity.row(
                    lead.id, .assignment, by: user, (name ?? nil).map { "Assigned to \($0)" } ?? "Assigned to nobody",
                    nil,
                    metadata: change.json, at: context.now))
            try audit.note(
                "leads", before: (["id": id(lead.id), "agent_id": id(lead.agentID)] as JSONValue).json,
                after: (["id": id(lead.id), "agent_id": id(agent)] as JSONValue).json, in: transaction)
        }
        try transaction.send(LeadActivity.statement, activities)
    }
}
