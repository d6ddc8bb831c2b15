import CRM
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// What there is to read of leads besides lists: a lead's timeline, and numbers about all of them.
enum LeadReadingRoutes {
    static let routes: [Endpoint] = [
        .get(
            "\(LeadRoutes.path)/stats", id: "getLeadStats", .role(.agent),
            "How many leads there are and what they are worth, how they move on and how long they stay.",
            StatsAsk.self, View.LeadStats.self
        ) { context, ask in
            let principal = try context.principal
            return try .value(try await context.read { try LeadStatistics(ask, principal).read(in: $0) })
        },
        .get(
            "\(LeadRoutes.path)/{id}/timeline", id: "getLeadTimeline", .role(.agent),
            "What happened to a lead, newest first: calls, activities, meetings, stage changes, consents.",
            TimelineAsk.self, View.TimelinePage.self
        ) { context, ask in
            let principal = try context.principal
            return .json(
                try await context.read { transaction in
                    try LeadSight.check(ask.id, for: principal, in: transaction)
                    return try LeadTimeline.page(ask, in: transaction)
                })
        },
    ]

    struct StatsAsk: EndpointInput {
        var createdAfter: Date?
        var createdBefore: Date?
        static let rules: [String: FieldRule] = [
            "created_after": .help("Leads made at this time or later."),
            "created_before": .help("Made before this time."),
        ]
    }

    struct TimelineAsk: EndpointInput {
        var id: UUID
        var limit: Int
        var cursor: TimeCursor?
        static let rules: [String: FieldRule] = [
            "id": .help("The lead's id."), "limit": .range(1...200, standard: 50, "Entries a page."),
            "cursor": TimeCursor.field,
        ]
    }
}

/// What happened to a lead, in one order. Each source gives its newest entries beyond the cursor; of all of these a
/// page is cut.
///
/// Messages join when there are any: one more source.
enum LeadTimeline {
    /// Selects `kind`, `id`, `at`, `title`, `text`, `by`, `details` of one lead, which is `l`.
    private struct Source {
        let sql: String
        /// Of ``sql``'s table: what it is sorted by.
        let at: String
        let id: String
    }

    private static let sources = [
        Source(
            sql: """
                select 'call' as kind, c.id, c.call_start_time as at,
                    initcap(c.direction) || ' call' || coalesce(': ' || replace(c.outcome, '_', ' '), '') as title,
                    c.summary as text, c.user_id as by,
                    jsonb_build_object('status', c.status, 'duration_seconds', c.duration, 'sentiment', c.sentiment)
                        as details
                from calls c where c.lead_id = l.id
                """, at: "c.call_start_time", id: "c.id"),
        Source(
            sql: """
                select 'activity', a.id, a.created_at, a.subject, a.description, a.created_by,
                    jsonb_build_object('type', a.activity_type, 'call_id', a.call_id, 'is_automated', a.is_automated)
                        || a.metadata
                from lead_activities a where a.lead_id = l.id and a.activity_type <> 'stage_change'
                """, at: "a.created_at", id: "a.id"),
        Source(
            sql: """
                select 'meeting', m.id, m.starts_at, m.title, m.notes, m.agent_id,
                    jsonb_build_object('status', m.status, 'ends_at', m.ends_at, 'call_id', m.call_id)
                from meetings m where m.lead_id = l.id
                """, at: "m.starts_at", id: "m.id"),
        Source(
            sql: """
                select 'stage_change', s.id, s.changed_at, s.from_stage || ' to ' || s.to_stage, s.reason, null::uuid,
                    jsonb_build_object('from', s.from_stage, 'to', s.to_stage)
                from lead_stage_changes s where s.lead_id = l.id
                """, at: "s.changed_at", id: "s.id"),
        Source(
            sql: """
                select 'consent', k.id, k.at, replace(k.kind, '_', ' ') || case when k.granted then ': yes' else ': no' end,
                    k.words, null::uuid,
                    jsonb_build_object('kind', k.kind, 'granted', k.granted, 'source', k.source, 'call_id', k.call_id)
                from consents k where k.contact_id = l.contact_id
                """, at: "k.at", id: "k.id"),
    ]

    /// `$1` the lead, `$2` and `$3` the cursor, `$4` how many.
    static let statement: String = {
        let parts = sources.map { source in
            """
            (\(source.sql)
                and ($2::bigint is null or (\(source.at), \(source.id))
                    < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid))
            order by \(source.at) desc, \(source.id) desc limit $4::bigint)
            """
        }
        return """
            select e.id, (extract(epoch from e.at) * 1000000)::bigint as micros, jsonb_build_object(
                'kind', e.kind, 'id', e.id, 'at', e.at, 'title', e.title, 'text', e.text, 'by', e.by,
                'details', e.details)::text as body
            from leads l cross join lateral (\(parts.joined(separator: "\nunion all\n"))) e
            where l.id = $1::uuid order by e.at desc, e.id desc limit $4::bigint
            """
    }()

    static func page(
        _ ask: LeadReadingRoutes.TimelineAsk, in transaction: borrowing Transaction
    ) throws -> String {
        let rows = try transaction.query(
            statement, [.uuid(ask.id), .int(ask.cursor?.micros), .uuid(ask.cursor?.id), .int(ask.limit + 1)])
        var next = "null"
        if rows.count > ask.limit, let last = rows.dropLast().last {
            next = JSONText.quoted(TimeCursor(micros: try last.int("micros"), id: try last.uuid("id")).text)
        }
        let entries = try rows.prefix(ask.limit).map { try $0.text("body") }
        return "{\"data\":[\(entries.joined(separator: ","))],\"next_cursor\":\(next)}"
    }
}

/// Numbers about the leads that a caller may see.
struct LeadStatistics {
    private let ask: LeadReadingRoutes.StatsAsk
    private let principal: APIPrincipal

    init(_ ask: LeadReadingRoutes.StatsAsk, _ principal: APIPrincipal) {
        self.ask = ask
        self.principal = principal
    }

    /// Of hundreds of thousands of leads there are a few combinations: only these are grouped four ways.
    static let sums = """
        select grouping(l.stage, l.status_bucket, l.lead_source, l.agent_id) as grouped, l.stage, l.status_bucket,
            l.lead_source, l.agent_id::text as agent, l.currency, sum(l.leads)::bigint as leads,
            coalesce(sum(l.value), 0)::double precision as value
        from (
            select stage, status_bucket, lead_source, agent_id, currency, count(*) as leads, sum(deal_value) as value
            from seen group by stage, status_bucket, lead_source, agent_id, currency) l
        group by grouping sets ((l.stage, l.currency), (l.status_bucket, l.currency), (l.lead_source, l.currency),
            (l.agent_id, l.currency))
        order by 1, 2, 3, 4, 5, 6
        """

    /// Leads that have been elsewhere than where they stand: from where their stage puts them to as far as they have ever come. Most
    /// have been nowhere else, and are not looked at for it.
    static let moved = """
        select m.stands, m.reached, count(*) as leads from (
            select \(rank("l.stage")) as stands,
                greatest(\(rank("l.stage")), max(greatest(\(rank("s.from_stage")), \(rank("s.to_stage"))))) as reached
            from seen l join lead_stage_changes s on s.lead_id = l.id group by l.id, l.stage) m
        where m.stands is distinct from m.reached group by 1, 2
        """

    static let stays = """
        select s.from_stage as stage, count(*) as stays,
            avg(extract(epoch from s.changed_at - s.entered_at) / 86400)::double precision as days
        from seen l join lead_stage_changes s on s.lead_id = l.id group by s.from_stage
        """

    /// A stage's place on the way; null for LOST.
    private static func rank(_ stage: String) -> String {
        let places = LeadStage.way.enumerated().map { "when '\($0.element.rawValue)' then \($0.offset)" }
        return "case \(stage) \(places.joined(separator: " ")) end"
    }

    /// - Parameter sight: who is asked, `$1`; `$2` and `$3` are the times.
    static func among(_ sight: String?, _ statement: String) -> String {
        """
        with seen as (
            select t.id, t.stage, t.status_bucket, t.lead_source, t.agent_id, t.currency, t.deal_value from leads t
            where $1::text is not null and ($2::timestamptz is null or t.created_at >= $2)
                and ($3::timestamptz is null or t.created_at < $3)\(sight.map { " and (\($0))" } ?? ""))
        \(statement)
        """
    }

    func read(in transaction: borrowing Transaction) throws -> View.LeadStats {
        let sight = Seen.own(principal)
        let values: [SQLValue] = [
            .text(principal.subject), .timestamp(ask.createdAfter), .timestamp(ask.createdBefore),
        ]
        let rows = try transaction.queries(
            [Self.sums, Self.moved, Self.stays].map { (Self.among(sight, $0), values) })

        var groups: [Int: [(key: String?, group: View.LeadGroup)]] = [:]
        // Which of the four columns a row is grouped by: PostgreSQL sets the bits of those it is not.
        let columns = [(0b0111, "stage"), (0b1011, "status_bucket"), (0b1101, "lead_source"), (0b1110, "agent")]
        for row in rows[0] {
            let grouped = try row.int("grouped")
            guard let column = columns.first(where: { $0.0 == grouped })?.1 else { continue }
            let key = try row.textOrNil(column)
            let (count, value) = (try row.int("leads"), try row.double("value"))
            let place =
                groups[grouped]?.firstIndex { $0.key == key }
                ?? {
                    groups[grouped, default: []].append((key, View.LeadGroup(key: key, count: 0, value: [:])))
                    return (groups[grouped]?.count ?? 1) - 1
                }()
            groups[grouped]?[place].group.count += count
            groups[grouped]?[place].group.value[try row.text("currency")] = value
        }
        func group(_ place: Int) -> [View.LeadGroup] { (groups[columns[place].0] ?? []).map(\.group) }

        var reached = [Int](repeating: 0, count: LeadStage.way.count)
        func count(_ leads: Int, at rank: Int?) {
            guard let rank, reached.indices.contains(rank) else { return }
            for place in 0...rank { reached[place] += leads }
        }
        for (key, standing) in groups[columns[0].0] ?? [] {
            count(standing.count, at: LeadStage.way.firstIndex { $0.rawValue == key })
        }
        for row in rows[1] {
            let leads = try row.int("leads")
            count(-leads, at: try row.intOrNil("stands"))
            count(leads, at: try row.intOrNil("reached"))
        }
        // A lead that moved between the two questions is in one of them only: nobody has come further without having been here.
        for place in reached.indices {
            reached[place] = max(0, min(reached[place], place > 0 ? reached[place - 1] : .max))
        }
        let stays = try Dictionary(
            rows[2].map { (try $0.text("stage"), (try $0.int("stays"), try $0.doubleOrNil("days"))) }
        ) { $1 }
        let byStage = group(0)
        return View.LeadStats(
            total: byStage.reduce(0) { $0 + $1.count }, byStage: byStage, byBucket: group(1), bySource: group(2),
            byAssignee: group(3),
            conversion: zip(LeadStage.way.indices, LeadStage.way.dropFirst()).map { place, next in
                let (from, to) = (reached[place], reached[place + 1])
                return View.StageConversion(
                    from: LeadStage.way[place].rawValue, to: next.rawValue, reached: from, converted: to,
                    rate: from > 0 ? Double(to) / Double(from) : nil)
            },
            daysInStage: LeadStage.allCases.map { stage in
                let known = stays[stage.rawValue]
                return View.StageStay(stage: stage.rawValue, stays: known?.0 ?? 0, averageDays: known?.1)
            })
    }
}
