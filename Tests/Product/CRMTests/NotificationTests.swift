import CallModel
import Database
import Foundation
import TestSupport
import Testing

@testable import CRM

@Suite struct NotificationTests {
    let temporary: TemporaryDatabase

    init() async throws { temporary = try await TemporaryDatabase.make() }

    func user(_ name: String, role: String = "agent") async throws -> String {
        try #require(
            try await temporary.rows(
                "insert into users (tenant_id, email, full_name, role) values ($1, $2, $2, $3) returning id",
                [.uuid(TenantID.initial.uuid), .text(name), .text(role)]
            ).first
        ).text("id")
    }

    /// A lead with an overdue follow-up and a meeting to come, both of the voice assistant.
    @discardableResult func lead(of agent: String?, score: Int = 0) async throws -> String {
        let rows = try await temporary.rows(
            """
            with lead as (insert into leads (tenant_id, agent_id, company_name, lead_score)
                    values ($1, $2::uuid, 'Acme', $3) returning id),
                clara as (select id from users where is_ai_agent and tenant_id = $1),
                follow_ups as (insert into follow_ups (tenant_id, lead_id, agent_id, due_at, reason)
                    select $1, lead.id, clara.id, now() - interval '1 hour', 'Send the offer' from lead, clara),
                meetings as (insert into meetings (tenant_id, lead_id, agent_id, title, starts_at, ends_at)
                    select $1, lead.id, clara.id, 'Demo', now() + interval '1 day', now() + interval '25 hours'
                    from lead, clara)
            select id from lead
            """, [.uuid(TenantID.initial.uuid), .text(agent), .int(score)])
        return try #require(rows.first).text("id")
    }

    func run() async throws {
        try await temporary.database.transaction(tenant: .initial) { try NotifyUsers.write(in: $0) }
    }

    func told(_ user: String) async throws -> [String] {
        try await temporary.rows(
            "select kind from notifications where user_id = $1::uuid order by kind", [.text(user)]
        ).map { try $0.text("kind") }
    }

    @Test func `whose lead it is is told of each thing once, however often it is looked for`() async throws {
        let (ann, bob, boss) = (try await user("ann"), try await user("bob"), try await user("boss", role: "manager"))
        try await lead(of: ann, score: 85)
        try await lead(of: bob, score: 79)

        for _ in 0..<3 { try await run() }

        #expect(try await told(ann) == ["follow_up_overdue", "lead_hot", "meeting_booked"])
        #expect(try await told(bob) == ["follow_up_overdue", "meeting_booked"], "79 is not hot")
        #expect(try await told(boss) == [])
        let title = try await temporary.rows("select title, body from notifications where kind = 'lead_hot'").first
        #expect(try title?.text("title") == "Hot lead: Acme")
    }

    @Test func `what is nobody's is told to all managers`() async throws {
        let (ann, boss) = (try await user("ann"), try await user("boss", role: "manager"))
        let admin = try await user("admin", role: "admin")
        try await lead(of: nil, score: 90)

        try await run()

        #expect(try await told(ann) == [])
        for person in [boss, admin] {
            #expect(try await told(person) == ["follow_up_overdue", "lead_hot", "meeting_booked"])
        }
    }

    @Test func `who does not want to be told is not, and who wants a mail is to get one`() async throws {
        let ann = try await user("ann")
        _ = try await temporary.rows(
            """
            insert into notification_preferences (tenant_id, user_id, kind, on_page, by_email)
            values ($1, $2::uuid, 'lead_hot', false, false), ($1, $2::uuid, 'meeting_booked', false, true)
            """, [.uuid(TenantID.initial.uuid), .text(ann)])
        try await lead(of: ann, score: 90)

        try await run()

        #expect(try await told(ann) == ["follow_up_overdue", "meeting_booked"])
        let mailed = try await temporary.rows("select kind, on_page from notifications where by_email")
        #expect(try mailed.map { try $0.text("kind") } == ["meeting_booked"])
        #expect(try mailed.first?.bool("on_page") == false)
    }

    @Test func `what was done, called off or long ago is no news, and another tenant's is none of ours`() async throws {
        let ann = try await user("ann")
        try await lead(of: ann)
        _ = try await temporary.rows("update follow_ups set status = 'Completed'")
        _ = try await temporary.rows("update meetings set status = 'cancelled'")
        try await run()
        #expect(try await told(ann) == [])

        _ = try await temporary.rows("update follow_ups set status = 'Pending', due_at = now() - interval '8 days'")
        try await run()
        #expect(try await told(ann) == [])
        let theirs = try await temporary.secondTenant()
        _ = try await temporary.rows("update follow_ups set due_at = now() - interval '1 hour'")
        try await temporary.database.transaction(tenant: theirs) { try NotifyUsers.write(in: $0) }
        #expect(try await told(ann) == [])
    }

    @Test func `a report of yesterday is written in the tenant's morning, once, of what was within that day there`()
        async throws
    {
        _ = try await temporary.rows(
            "update tenants set time_zone = 'America/New_York' where id = $1", [.uuid(TenantID.initial.uuid)])
        // 2026-03-04 in New York is from 05:00Z to 05:00Z.
        _ = try await temporary.rows(
            """
            insert into calls (tenant_id, call_start_time, duration, outcome)
            select $1, moment::timestamptz, 60, 'qualified' from unnest(array['2026-03-04 04:59Z', '2026-03-04 05:00Z',
                '2026-03-05 04:59Z', '2026-03-05 05:00Z']) as moment
            """, [.uuid(TenantID.initial.uuid)])
        func write(_ moment: String) async throws {
            let date = try Date(moment, strategy: .iso8601)
            try await temporary.database.transaction(tenant: .initial) { try WriteDailyReport.write(at: date, in: $0) }
        }

        try await write("2026-03-05T11:59:00Z")
        #expect(try await temporary.rows("select from daily_reports").isEmpty, "6:59 there")
        try await write("2026-03-05T12:00:00Z")
        try await write("2026-03-05T12:30:00Z")

        let reports = try await temporary.rows(
            """
            select report_date::text as day, report #>> '{calls,total}' as calls,
                report #>> '{calls,by_outcome,qualified}' as qualified, report #>> '{calls,connected_seconds}' as seconds
            from daily_reports
            """)
        #expect(reports.count == 1)
        let row = try #require(reports.first)
        #expect(try row.text("day") == "2026-03-04" && row.text("calls") == "2")
        #expect(try row.text("qualified") == "2" && row.text("seconds") == "120")
        try await write("2026-03-06T12:00:00Z")
        #expect(try await temporary.rows("select from daily_reports").count == 2)
    }

    @Test func `managers are told once of webhooks that were switched off, and not of those a person switched off`()
        async throws
    {
        let (ann, boss) = (try await user("ann"), try await user("boss", role: "admin"))
        _ = try await temporary.rows(
            """
            insert into webhook_endpoints (tenant_id, url, secret, is_active, disabled_reason) values
                ($1, 'https://a.test/', 'x', false, 'It answered 410.'), ($1, 'https://b.test/', 'x', false, null),
                ($1, 'https://c.test/', 'x', true, null)
            """, [.uuid(TenantID.initial.uuid)])

        for _ in 0..<2 { try await run() }

        #expect(try await told(ann) == [])
        #expect(try await told(boss) == ["webhook_disabled"])
        let row = try #require(try await temporary.rows("select title, body from notifications").first)
        #expect(try row.text("title").hasSuffix("https://a.test/") && row.text("body") == "It answered 410.")
    }

    @Test func `the statements speak of what the database has`() async throws {
        try await SchemaCheck.prepare(NotifyUsers.statements + WriteDailyReport.statements, in: temporary)
        let tables: [any TableColumn.Type] = [
            CustomFieldColumn.self, ClientColumn.self, TodoColumn.self, NotificationColumn.self,
            PhoneNumberColumn.self, ProfileColumn.self, DailyReportColumn.self, AuditColumn.self, MeetingColumn.self,
            ContactColumn.self,
        ]
        #expect(try await SchemaCheck.faults(tables, in: temporary) == [])
    }
}
