import CRM
import Database
import Endpoints
package import FoundationEssentials
import WebSocketTransport

/// Calls in numbers: those that a caller may see, in a span of time, by the day of the tenant's zone.
struct CallStatistics {
    struct Ask: EndpointInput {
        var startedAfter: Date?
        var startedBefore: Date?
        static let rules: [String: FieldRule] = [
            "started_after": .help("At this time or later; 30 days ago where it is not given."),
            "started_before": .help("Before this time; now where it is not given. At most 366 days later."),
        ]
    }

    private static let daysStandard = 30.0
    private static let daysMax = 366.0
    private static let daySeconds = 86_400.0

    /// What a call is made for.
    static let successes = ["qualified", "follow_up_agreed", "meeting_booked", "transferred"]

    private let span: Range<Date>
    private let principal: APIPrincipal

    init(_ ask: Ask, _ principal: APIPrincipal, _ now: Date) throws(Problem) {
        let end = ask.startedBefore ?? now
        let start = ask.startedAfter ?? end.addingTimeInterval(-Self.daysStandard * Self.daySeconds)
        guard start < end, end.timeIntervalSince(start) <= Self.daysMax * Self.daySeconds else {
            throw .parameter(
                "started_after", "`started_after` is before `started_before`, by at most \(Int(Self.daysMax)) days.")
        }
        span = start..<end
        self.principal = principal
    }

    /// `$1` who asks, `$2` and `$3` the span, `$4` the outcomes that count as success.
    ///
    /// All of it stands in an index, `calls_in_numbers`. Calls are first counted by the quarter of an hour, which every zone's days
    /// begin with: a hundred times fewer are then asked for their day.
    static func statement(_ sight: String?) -> String {
        """
        select (q.quarter at time zone (select time_zone from tenants))::date::text as day, q.outcome,
            sum(q.calls)::bigint as calls, sum(q.answered)::bigint as answered, sum(q.seconds)::bigint as seconds,
            coalesce(sum(q.calls) filter (where q.outcome = any($4::text[])), 0)::bigint as successes,
            coalesce(sum(q.calls) filter (where q.status in ('completed', 'interrupted', 'failed')), 0)::bigint as ended
        from (
            select date_bin('15 minutes', t.call_start_time, timestamptz 'epoch') as quarter, t.outcome, t.status,
                count(*) as calls, count(t.answered_at) as answered, coalesce(sum(t.duration), 0) as seconds
            from calls t
            where $1::text is not null and t.call_start_time >= $2::timestamptz
                and t.call_start_time < $3::timestamptz\(sight.map { " and \($0)" } ?? "")
            group by 1, 2, 3) q
        group by 1, 2 order by 1, 2
        """
    }

    /// What ``CallRoutes/sight`` says of one call after the other, the other way about: calls of colleagues' leads are taken out at
    /// once. `$1` is who asks.
    static func sight(_ principal: APIPrincipal) -> String? {
        Seen.isAll(principal)
            ? nil : "not exists (select from leads l where l.id = t.lead_id and \(Seen.ofColleagues("l")))"
    }

    func read(in transaction: borrowing Transaction) throws -> View.CallStats {
        let rows = try transaction.query(
            Self.statement(Self.sight(principal)),
            [
                .text(principal.subject), .timestamp(span.lowerBound), .timestamp(span.upperBound),
                .textArray(Self.successes),
            ])
        var stats = View.CallStats(
            startedAfter: span.lowerBound, startedBefore: span.upperBound, total: 0, answered: 0, durationSeconds: 0,
            averageSeconds: nil, outcomes: [:], successes: 0, successRate: nil, byDay: [])
        var ended = 0
        for row in rows {
            let day = try row.text("day")
            let (calls, seconds, successes) = (try row.int("calls"), try row.int("seconds"), try row.int("successes"))
            stats.total += calls
            stats.answered += try row.int("answered")
            stats.durationSeconds += seconds
            stats.successes += successes
            ended += try row.int("ended")
            if let outcome = try row.textOrNil("outcome") { stats.outcomes[outcome, default: 0] += calls }
            if stats.byDay.last?.day != day {
                stats.byDay.append(View.CallDay(day: day, calls: 0, durationSeconds: 0, successes: 0))
            }
            let last = stats.byDay.index(before: stats.byDay.endIndex)
            stats.byDay[last].calls += calls
            stats.byDay[last].durationSeconds += seconds
            stats.byDay[last].successes += successes
        }
        if stats.answered > 0 { stats.averageSeconds = Double(stats.durationSeconds) / Double(stats.answered) }
        if ended > 0 { stats.successRate = Double(stats.successes) / Double(ended) }
        return stats
    }
}

extension View {
    package struct CallDay: Codable, Sendable {
        /// In the tenant's zone; days without calls are left out.
        package var day: String
        package var calls: Int
        package var durationSeconds: Int
        package var successes: Int
    }

    package struct CallStats: Codable, Sendable {
        package var startedAfter: Date
        package var startedBefore: Date
        package var total: Int
        package var answered: Int
        package var durationSeconds: Int
        /// Of an answered call.
        package var averageSeconds: Double?
        package var outcomes: [String: Int]
        package var successes: Int
        /// Of the calls that have ended.
        package var successRate: Double?
        package var byDay: [CallDay]
    }
}
