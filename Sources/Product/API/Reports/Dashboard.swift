import CRM
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// How things stand, at a glance: a manager sees all, an agent their own and nobody's.
enum Dashboard {
    struct DashboardView: Codable, Sendable {
        enum Scope: String, Codable, CaseIterable, Sendable { case own, all }
        var scope: Scope
        /// The last seven days.
        var week: [String: JSONValue]
        /// The seven days before.
        var weekBefore: [String: JSONValue]
        /// In percent; null where there was nothing before.
        var growth: DashboardGrowth
        var leadsByStage: [String: Int]
        var followUpsOverdue: Int
        var followUpsToday: Int
        var meetingsAhead: Int
        var unreadNotifications: Int
        var recent: [DashboardActivity]
    }

    struct DashboardGrowth: Codable, Sendable {
        var calls: Double?
        var leads: Double?
        var meetings: Double?
    }

    struct DashboardActivity: Codable, Sendable {
        var leadID: RowID
        var activityType: String
        var subject: String
        var at: Date
    }

    static let route = Endpoint.get(
        "/api/v1/dashboard", id: "dashboard", .role(.agent), "How things stand: counts, growth, what happened last.",
        NoInput.self, DashboardView.self
    ) { context, _ in
        let (principal, now) = (try context.principal, context.now)
        return try .value(try await context.read { try read(at: now, principal, in: $0) })
    }

    private static let week: TimeInterval = 7 * 86_400
    private static let recentMax = 20

    private static func read(
        at now: Date, _ principal: APIPrincipal, in transaction: borrowing Transaction
    ) throws -> DashboardView {
        let isAll = Seen.isAll(principal)
        let figures = Figures.statement(
            seen: isAll ? nil : Seen.unassignedOrOwn("l").replacing("$1", with: "$3"))
        let asker: [SQLValue] = isAll ? [] : [.text(principal.subject)]
        func figure(_ from: Date, _ to: Date, in tx: borrowing Transaction) throws -> [String: JSONValue] {
            let rows = try tx.query(figures, [.timestamp(from), .timestamp(to)] + asker)
            guard let body = try rows.first?.text("body"), case .object(let fields)? = JSONValue(Array(body.utf8))
            else { return [:] }
            return fields
        }
        let (this, before) = (
            try figure(now.addingTimeInterval(-week), now, in: transaction),
            try figure(now.addingTimeInterval(-2 * week), now.addingTimeInterval(-week), in: transaction)
        )
        func growth(_ name: String, _ field: String) -> Double? {
            guard let then = before[name]?[field]?.integer, then > 0, let now = this[name]?[field]?.integer else {
                return nil
            }
            return ((Double(now) / Double(then) - 1) * 1_000).rounded() / 10
        }
        let standing = try standing(principal, now, in: transaction)
        return DashboardView(
            scope: isAll ? .all : .own, week: this, weekBefore: before,
            growth: DashboardGrowth(
                calls: growth("calls", "total"), leads: growth("leads", "created"),
                meetings: growth("meetings", "booked")),
            leadsByStage: try stages(principal, in: transaction), followUpsOverdue: try standing.int("overdue"),
            followUpsToday: try standing.int("today"), meetingsAhead: try standing.int("ahead"),
            unreadNotifications: try standing.int("unread"), recent: try recent(principal, in: transaction))
    }

    private static func rule(_ sight: String?) -> String { sight.map { " and (\($0))" } ?? "" }

    private static func standing(
        _ principal: APIPrincipal, _ now: Date, in transaction: borrowing Transaction
    ) throws -> Row {
        let sight = rule(Seen.ofLead(principal))
        let rows = try transaction.query(
            """
            select (select count(*) from follow_ups t where t.status = 'Pending' and t.due_at < $2\(sight)) as overdue,
                (select count(*) from follow_ups t where t.status = 'Pending' and t.due_at >= $2
                    and t.due_at < $2::timestamptz + interval '1 day'\(sight)) as today,
                (select count(*) from meetings t where t.status = 'scheduled' and t.starts_at > $2\(sight)) as ahead,
                (select count(*) from notifications t where t.user_id::text = lower($1) and t.on_page and not t.is_read)
                    as unread
            """, [.text(principal.subject), .timestamp(now)])
        guard let row = rows.first else { throw Problem.broken }
        return row
    }

    private static func stages(
        _ principal: APIPrincipal, in transaction: borrowing Transaction
    ) throws -> [String: Int] {
        let rows = try transaction.query(
            """
            select stage, count(*) as count from leads t where $1::text is not null\(rule(Seen.own(principal)))
            group by stage
            """, [.text(principal.subject)])
        return try Dictionary(rows.map { (try $0.text("stage"), try $0.int("count")) }) { $1 }
    }

    private static func recent(
        _ principal: APIPrincipal, in transaction: borrowing Transaction
    ) throws -> [DashboardActivity] {
        let sight = Seen.isAll(principal) ? "" : " and (\(Seen.unassignedOrOwn("l")))"
        let rows = try transaction.query(
            """
            select a.lead_id, a.activity_type, a.subject, a.created_at as at from lead_activities a
            where $1::text is not null and exists (select from leads l where l.id = a.lead_id\(sight))
            order by a.created_at desc limit $2
            """, [.text(principal.subject), .int(recentMax)])
        return try rows.map { try $0.decode(DashboardActivity.self) }
    }
}
