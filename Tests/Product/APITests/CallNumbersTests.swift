import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import TestSupport
import Testing

@testable import API

/// Calls in numbers: that they are the plain count of what is there, and what is read for them.
@Suite struct CallNumbersTests {
    let stage: APIStage

    init() async throws { stage = try await APIStage.make() }

    /// Calls over five weeks, in which clocks change, at all sorts of seconds; of nobody, of nobody's leads, and of two people's.
    private func fill(_ ann: APIStage.Person, _ bob: APIStage.Person, count: Int) async throws {
        _ = try await stage.temporary.rows(
            """
            insert into leads (tenant_id, company_name, agent_id)
            select $1, 'l' || n, case n % 3 when 0 then $2::uuid when 1 then $3::uuid end from generate_series(1, 9) n
            """,
            [.uuid(TenantID.initial.uuid), .uuid(UUID(uuidString: ann.subject)), .uuid(UUID(uuidString: bob.subject))])
        _ = try await stage.temporary.rows(
            """
            insert into calls (tenant_id, lead_id, status, call_start_time, answered_at, duration, outcome)
            select $1, (select id from leads where company_name = 'l' || n % 12),
                (array['completed', 'in_progress', 'failed', 'interrupted'])[1 + n % 4],
                c.at, case when n % 5 > 0 then c.at end, case when n % 5 > 0 then n % 600 end,
                (array['qualified', 'nurture', 'meeting_booked', null])[1 + n % 7 % 4]
            from generate_series(1, $2::integer) n,
                lateral (select timestamptz '2026-03-01' + n * 35 * interval '1 day' / $2::integer) c (at)
            """, [.uuid(TenantID.initial.uuid), .int(count)])
    }

    @Test(arguments: ["Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"])
    func `statistics are the plain count of the calls that one sees`(zone: String) async throws {
        let (ann, bob) = (try await stage.user("Ann"), try await stage.user("Bob"))
        try await fill(ann, bob, count: 3_000)
        _ = try await stage.temporary.rows("update tenants set time_zone = $1", [.text(zone)])
        let (start, end) = ("2026-03-03T00:07:11Z", "2026-04-03T22:52:01Z")

        for person in [ann, .stranger, .manager] {
            let sight = person.role == .manager ? "true" : CallRoutes.ownAndUnassigned
            let rows = try await stage.temporary.rows(
                """
                select (t.call_start_time at time zone $2)::date::text as day, count(*) as calls,
                    coalesce(sum(t.duration), 0) as seconds, count(t.answered_at) as answered,
                    count(*) filter (where t.outcome = any($3::text[])) as successes,
                    count(*) filter (where t.status in ('completed', 'interrupted', 'failed')) as ended,
                    count(*) filter (where t.outcome = 'nurture') as nurture
                from calls t where $1::text is not null and t.call_start_time >= '\(start)'
                    and t.call_start_time < '\(end)' and (\(sight)) group by 1 order by 1
                """, [.text(person.subject), .text(zone), .textArray(CallStatistics.successes)])
            let days: [JSONValue] = try rows.map { row in
                [
                    "day": .text(try row.text("day")), "calls": .integer(try row.int("calls")),
                    "duration_seconds": .integer(try row.int("seconds")),
                    "successes": .integer(try row.int("successes")),
                ]
            }
            let sums = try Dictionary(
                uniqueKeysWithValues: ["calls", "answered", "nurture", "successes", "ended"].map { column in
                    (column, try rows.reduce(0) { try $0 + $1.int(column) })
                })

            let stats = try await stage.json(
                "GET", "/api/v1/calls/stats", query: "started_after=\(start)&started_before=\(end)", as: person)

            #expect(days.count > 30 && stats["by_day"]?.list == days, "\(person.role)")
            #expect(stats["total"]?.integer == sums["calls"] && stats["answered"]?.integer == sums["answered"])
            #expect(stats["outcomes"]?["nurture"]?.integer == sums["nurture"])
            guard case .number(let rate)? = stats["success_rate"] else {
                Issue.record("\(stats.json)")
                continue
            }
            #expect(abs(rate - Double(sums["successes"] ?? 0) / Double(sums["ended"] ?? 0)) < 0.000_1)
        }
    }

    /// PostgreSQL's plan under the role of the application, row-level security and all.
    private func plan(_ sql: String, _ values: [SQLValue]) async throws -> String {
        try await stage.temporary.database.transaction(tenant: .initial) { transaction in
            try transaction.query("explain (costs off) " + sql, values, remember: .never).map {
                try $0.text("QUERY PLAN")
            }
        }.joined(separator: "\n")
    }

    @Test func `statistics of calls are read out of an index alone`() async throws {
        let (ann, bob) = (try await stage.user("Ann"), try await stage.user("Bob"))
        try await fill(ann, bob, count: 20_000)
        try await Migrator.runAlone("vacuum (analyze)", url: stage.temporary.ownerURL)

        for role in [APIRole.agent, .manager] {
            let principal = APIPrincipal(subject: ann.subject, tenant: .initial, role: role)
            let plan = try await plan(
                CallStatistics.statement(CallStatistics.sight(principal)),
                [
                    .text(principal.subject), .timestamp(Date(timeIntervalSince1970: 1_772_500_000)),
                    .timestamp(Date(timeIntervalSince1970: 1_774_000_000)), .textArray(CallStatistics.successes),
                ])
            #expect(plan.contains("Index Only Scan using calls_in_numbers"), "\(role)\n\(plan)")
            #expect(!plan.contains("Seq Scan on calls"), "\(role)\n\(plan)")
        }
    }
}
