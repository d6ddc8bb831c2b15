import CRM
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// From stage to stage, one lead and many.
enum LeadMoveRoutes {
    /// Of one bulk write.
    static let idsMax = 500

    static let routes: [Endpoint] = [
        LeadRoutes.resource.answering(
            .write(
                .post, "\(LeadRoutes.path)/{id}/stage", id: "moveLead", .role(.agent), "Moves a lead to another stage.",
                MoveLead.self, JSONValue.self, problems: [409]
            ) { transaction, context, move in
                try one(transaction, context, move)
            }),
        .write(
            .post, "\(LeadRoutes.path)/bulk-stage", id: "moveLeads", .role(.agent),
            "Moves leads to another stage: those that can be are moved, whatever becomes of the others.",
            MoveLeads.self, View.BulkAnswer.self
        ) { transaction, context, moves in
            try .value(many(moves, transaction, context))
        },
    ]

    struct MoveLead: EndpointInput {
        var id: UUID
        var stage: LeadStage
        var reason: String?
        static let rules: [String: FieldRule] = [
            "id": .help("The lead's id."), "stage": .help("Where to: forward, to LOST, or back from there."),
            "reason": .lengths(1...1_000, "Why; needed to LOST and back."),
        ]
    }

    struct MoveLeads: EndpointInput {
        var ids: [UUID]
        var stage: LeadStage
        var reason: String?
        static let rules: [String: FieldRule] = [
            "ids": .ids(atMost: idsMax), "stage": .help("Where to."), "reason": .lengths(1...1_000, "Why."),
        ]
    }

    private static func one(
        _ transaction: borrowing Transaction, _ context: RequestContext, _ move: MoveLead
    ) throws -> Reply<JSONValue> {
        let principal = try context.principal
        let standing = try LeadSight.standing([move.id], for: principal, toChange: true, in: transaction)
        guard let lead = standing[move.id] else { throw Problem.notFound }
        if let objection = lead.stage.objection(to: move.stage, reason: move.reason) {
            guard lead.stage.moves.contains(move.stage) else { throw Problem.conflict(objection) }
            throw Problem.unprocessable([Problem.Fault(.pointer("/reason"), objection)])
        }
        try perform([lead], to: move.stage, reason: move.reason, transaction, context)
        return .json(try LeadRoutes.resource.row(move.id, for: principal, in: transaction))
    }

    private static func many(
        _ moves: MoveLeads, _ transaction: borrowing Transaction, _ context: RequestContext
    ) throws -> View.BulkAnswer {
        let standing = try LeadSight.standing(
            moves.ids, for: try context.principal, toChange: true, in: transaction)
        var moved: [LeadSight.Standing] = []
        let answer = View.BulkAnswer(of: moves.ids) { id in
            guard let lead = standing[id] else { return .notFound(id) }
            if let objection = lead.stage.objection(to: moves.stage, reason: moves.reason) {
                return .conflict(id, objection)
            }
            moved.append(lead)
            return .done(id)
        }
        try perform(moved, to: moves.stage, reason: moves.reason, transaction, context)
        return answer
    }

    /// The move, an activity for each lead, and the audit.
    private static func perform(
        _ leads: [LeadSight.Standing], to stage: LeadStage, reason: String?, _ transaction: borrowing Transaction,
        _ context: RequestContext
    ) throws {
        guard !leads.isEmpty else { return }
        let principal = try context.principal
        let user = try principal.userID(in: transaction)
        try LeadMove.perform(leads.map(\.id), to: stage, reason: reason, at: context.now, in: transaction)
        let activities = leads.map { lead in
            LeadActivity.row(
                lead.id, .stageChange, by: user, "Stage: \(lead.stage.rawValue) to \(stage.rawValue)", reason,
                metadata: (["from": .text(lead.stage.rawValue), "to": .text(stage.rawValue)] as JSONValue).json,
                at: context.now)
        }
        try transaction.send(LeadActivity.statement, activities)
        let audit = try Audit(context)
        for lead in leads {
            let id = JSONValue.text(lead.id.uuidString.lowercased())
            let before: JSONValue = ["id": id, "stage": .text(lead.stage.rawValue)]
            let after: JSONValue = [
                "id": id, "stage": .text(stage.rawValue), "reason": reason.map { .text($0) } ?? .null,
            ]
            try audit.note("leads", before: before.json, after: after.json, in: transaction)
        }
    }
}

extension View.BulkAnswer {
    /// - Parameter judge: what becomes of an id; asked once for each.
    init(of ids: [UUID], _ judge: (UUID) throws -> View.BulkResult) rethrows {
        var seen: Set<UUID> = []
        results = try ids.filter { seen.insert($0).inserted }.map(judge)
        done = results.count { $0.result == .done }
    }
}

extension View.BulkResult {
    static func done(_ id: UUID) -> Self { Self(id: id, result: .done, detail: nil) }
    static func conflict(_ id: UUID, _ why: String) -> Self { Self(id: id, result: .conflict, detail: why) }
    static func notFound(_ id: UUID) -> Self { Self(id: id, result: .notFound, detail: nil) }
}
