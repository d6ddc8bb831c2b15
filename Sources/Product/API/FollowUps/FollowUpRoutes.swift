import CRM
import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// When to speak to a lead again.
enum FollowUpRoutes {
    static var routes: [Endpoint] { resource.endpoints + [complete, reschedule, suggest] }

    private static let open = "Pending"

    static let resource = Resource(
        "follow_ups", of: "FollowUp", seenBy: Seen.ofLead,
        lists: [
            PresetList(
                "/api/v1/follow-ups/overdue", id: "listOverdueFollowUps", "Lists what should have been done by now.",
                only: "t.status = 'Pending' and t.due_at < now()", sortedBy: "due_at")
        ],
        completedBy: { transaction, context, given, before in
            var given = given
            if before == nil, given["agent_id"] == nil {
                given["agent_id"] = try context.userID(in: transaction).map { .text($0.uuidString.lowercased()) }
            }
            if let status = given["status"], status != before?["status"] {
                given["completed_at"] = status == "Completed" ? .text(context.now.formatted(.iso8601)) : .null
            }
            return given
        },
        followedBy: { try note(from: $2, to: $3, in: $0, $1) },
        [
            .reference(FollowUpColumn.leadID, to: "leads", [.required, .filter, .once], seenBy: Seen.own),
            .reference(FollowUpColumn.callID, to: "calls", .readOnly),
            .reference(FollowUpColumn.agentID, to: "users", .filter),
            .time(FollowUpColumn.dueAt, [.required, .filter, .sort], filteredAs: "due"),
            .choice(
                FollowUpColumn.status, [open, "Completed", "Rescheduled", "Cancelled"], .filter, standard: open),
            .text(FollowUpColumn.reason, .search, max: 1_000, standard: ""),
            .text(FollowUpColumn.notes, .search, max: 10_000),
            .text(FollowUpColumn.aiRecommendation, .readOnly, max: 2_000),
            .time(FollowUpColumn.completedAt, .readOnly),
            .flag(FollowUpColumn.isAsked, [.readOnly, .filter], standard: false),
        ])

    /// The lead's timeline tells of a new one, and of what became of it.
    private static func note(
        from before: JSONValue?, to after: JSONValue, in transaction: borrowing Transaction, _ context: RequestContext
    ) throws {
        guard let status = after["status"]?.text, status != before?["status"]?.text else { return }
        let subject = before == nil ? "Follow-up planned" : "Follow-up \(status.lowercased())"
        try LeadNote.write(
            of: after["lead_id"], "follow_up", subject, after["reason"]?.text,
            details: ["follow_up_id": after["id"] ?? .null, "due_at": after["due_at"] ?? .null], in: transaction,
            context)
    }

    // MARK: What becomes of one

    struct FollowUpCompletion: EndpointInput {
        var id: UUID
        var notes: String?
        static let rules: [String: FieldRule] = ["notes": .lengths(0...10_000, "In place of those there are.")]
    }

    private static let complete = resource.action(
        "complete", id: "completeFollowUp", "Says that it is done.", FollowUpCompletion.self
    ) { _, _, input, row in
        try checkOpen(row)
        guard let notes = input.notes else { return ["status": "Completed"] }
        return ["status": "Completed", "notes": .text(notes)]
    }

    struct FollowUpReschedule: EndpointInput {
        var id: UUID
        var dueAt: Date
        var reason: String?
        static let rules: [String: FieldRule] = ["reason": .lengths(0...1_000, "That of before, where none is given.")]
    }

    /// The old one stays as it was planned; a new one takes its place.
    private static let reschedule = resource.addition(
        at: "/api/v1/follow-ups/{id}/reschedule", id: "rescheduleFollowUp",
        "Puts it off, or ahead: a new one takes its place.",
        FollowUpReschedule.self
    ) { transaction, context, input in
        let row = try resource.row(input.id, in: transaction, context, toChange: true)
        try checkOpen(row)
        _ = try resource.change(.text(input.id.uuidString), in: transaction, context) { _ in ["status": "Rescheduled"] }
        return [
            "lead_id": row["lead_id"] ?? .null, "agent_id": row["agent_id"] ?? .null,
            "due_at": .text(input.dueAt.formatted(.iso8601)),
            "reason": input.reason.map { .text($0) } ?? row["reason"] ?? "", "notes": row["notes"] ?? .null,
        ]
    }

    private static func checkOpen(_ row: JSONValue) throws(Problem) {
        guard let status = row["status"]?.text, status != open else { return }
        throw .conflict("This follow-up is \(status.lowercased()); only one that is pending can be done or moved.")
    }

    // MARK: A suggestion

    struct FollowUpSuggestionAsk: EndpointInput {
        var callID: UUID
    }

    struct FollowUpSuggested: Codable, Sendable {
        var callID: RowID
        var leadID: RowID?
        var dueAt: Date
        var reason: String
        var recommendation: String
    }

    private static let suggest = Endpoint.act(
        .post, "/api/v1/follow-ups/suggest", id: "suggestFollowUp", .role(.agent),
        "When to speak again, as a call says; nothing is written.", FollowUpSuggestionAsk.self, FollowUpSuggested.self,
        problems: [404, 409]
    ) { context, ask in
        let sight = try Seen.own(context.principal)
        let subject = try context.principal.subject
        let found = try await context.read { transaction -> FollowUpSuggestion? in
            guard let suggestion = try FollowUpSuggestion.read(callID: ask.callID, in: transaction) else { return nil }
            guard let sight, let lead = suggestion.leadID else { return suggestion }
            let seen = try transaction.query(
                "select from leads t where t.id = $2 and (\(sight))", [.text(subject), .uuid(lead)])
            return seen.isEmpty ? nil : suggestion
        }
        guard let found else {
            throw Problem.unprocessable([.of("call_id", "`call_id` names none of calls.")])
        }
        guard let plan = found.plan else {
            throw Problem.conflict(
                "This call leads to no next step: nobody is to be called, or nothing was understood.")
        }
        return try .value(
            FollowUpSuggested(
                callID: RowID(ask.callID), leadID: RowID(found.leadID), dueAt: plan.dueAt, reason: plan.reason,
                recommendation: plan.recommendation))
    }
}
