import CallModel
import Database
import Foundation
import Jobs
import Mail
import Telemetry
import TestSupport
import Testing

@testable import CRM

/// Notifications that go out as mail, to a server that is not ours.
@Suite(.serialized) struct NotificationMailTests {
    let temporary: TemporaryDatabase

    init() async throws { temporary = try await TemporaryDatabase.make() }

    /// A user who wants mails of hot leads, with a hot lead of theirs.
    private func user(_ name: String, at domain: String, wantsMail: Bool = true) async throws -> UUID {
        let (tenant, id) = (SQLValue.uuid(TenantID.initial.uuid), UUID())
        _ = try await temporary.rows(
            "insert into users (tenant_id, id, email, full_name) values ($1, $2, $3, $4)",
            [tenant, .uuid(id), .text("\(name.lowercased())@\(domain)"), .text(name)])
        _ = try await temporary.rows(
            "insert into leads (tenant_id, agent_id, company_name, lead_score) values ($1, $2, $3, 90)",
            [tenant, .uuid(id), .text("Firm of \(name)\r\nBcc: all@x.test")])
        if wantsMail { try await prefer(id, byEmail: true) }
        return id
    }

    private func prefer(_ user: UUID, byEmail: Bool) async throws {
        _ = try await temporary.rows(
            """
            insert into notification_preferences (tenant_id, user_id, kind, by_email) values ($1, $2, 'lead_hot', $3)
            on conflict (tenant_id, user_id, kind) do update set by_email = $3
            """, [.uuid(TenantID.initial.uuid), .uuid(user), .bool(byEmail)])
    }

    private func tell(sendsMail: Bool = true) async throws {
        try await temporary.database.transaction(tenant: .initial) {
            try NotifyUsers.write(in: $0, sendsMail: sendsMail)
        }
    }

    private func worker(_ box: Mailbox) throws -> JobWorker {
        let from = try #require(MailAddress("Parley <parley@example.com>"))
        let sender = MailSender(
            MailServer(url: "smtp://127.0.0.1:\(box.port)", from: from, needsTLS: false), metrics: Metrics())
        var settings = JobWorker.Settings()
        settings.pollMs = 10
        let mail = NotificationMail(
            database: temporary.database, sender: sender, publicURL: "https://parley.example.com")
        return JobWorker(
            database: temporary.database, handlers: [mail.handler], settings: settings, metrics: Metrics())
    }

    private func jobs(_ condition: String) async throws -> Int {
        try await temporary.rows("select from jobs where kind = 'notification.mail' and \(condition)").count
    }

    @Test func `who wants mail gets one of each notification, and the database says what became of it`() async throws {
        let ann = try await user("Ann", at: "x.test")
        let gone = try await user("Gus", at: "gone.test")
        _ = try await user("Bea", at: "busy.test")
        _ = try await user("Nell", at: "quiet.test", wantsMail: false)
        let box = try await Mailbox.open(meetings: 4)
        let worker = try worker(box)

        for _ in 0..<2 { try await tell() }
        #expect(try await jobs("true") == 3, "one each, however often it is looked for")
        await worker.start()
        while try await jobs("state in ('waiting', 'running') and attempts = 0 or state = 'running'") > 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        // Its next run is half a minute away.
        #expect(try await jobs("state = 'waiting' and last_error like '%451%'") == 1)
        _ = try await temporary.rows("update jobs set due_at = now() where state = 'waiting'")
        while try await jobs("state in ('waiting', 'running')") > 0 { try await Task.sleep(for: .milliseconds(10)) }
        await worker.stop(timeoutMs: 10_000)

        let meetings = try await box.meetings()
        let rows = try await temporary.rows(
            "select user_id, mailed_at is not null as mailed, mail_failure from notifications where by_email")
        for row in rows {
            let user = try row.uuid("user_id")
            #expect(try row.bool("mailed") == (user != gone), "\(user)")
            #expect(try row.textOrNil("mail_failure")?.contains("550") ?? false == (user == gone))
        }
        #expect(rows.count == 3 && meetings.count == 4)
        let mails = meetings.filter { $0.envelope != nil }
        #expect(Set(mails.compactMap { $0.envelope?.last }) == ["ann@x.test", "bea@busy.test"])
        let first = try #require(mails.first { $0.envelope?.last == "ann@x.test" })
        let id = try await temporary.rows("select id::text from notifications where user_id = $1", [.uuid(ann)])
        #expect(try first.id == "<\(id[0].text("id"))@example.com>", "the same however often it is sent")
        #expect(first.headers?.contains("bcc") == false && first.subject?.hasPrefix("Hot lead: Firm of Ann") == true)
        #expect(first.to == [["Ann", "ann@x.test"]])
        #expect(first.text?.contains("Score 90") == true && first.text?.contains("https://parley.example.com/") == true)
    }

    @Test func `without a mail server there is no mail and no error, and none is made up for later`() async throws {
        _ = try await user("Ann", at: "x.test")

        try await tell(sendsMail: false)
        try await tell(sendsMail: true)

        #expect(try await jobs("true") == 0)
        #expect(try await temporary.rows("select from notifications where by_email").count == 1)
    }

    @Test func `who has turned mail off by the time it would go gets none`() async throws {
        let ann = try await user("Ann", at: "x.test")
        let box = try await Mailbox.open(meetings: 1)
        try await tell()
        try await prefer(ann, byEmail: false)

        let first = try worker(box)
        await first.start()
        while try await jobs("state in ('waiting', 'running')") > 0 { try await Task.sleep(for: .milliseconds(10)) }
        await first.stop(timeoutMs: 10_000)
        let bob = try await user("Bob", at: "x.test")
        try await tell()
        let second = try worker(box)
        await second.start()
        while try await jobs("state in ('waiting', 'running')") > 0 { try await Task.sleep(for: .milliseconds(10)) }
        await second.stop(timeoutMs: 10_000)

        #expect(try await box.meetings().compactMap { $0.envelope?.last } == ["bob@x.test"])
        let mailed = try await temporary.rows("select user_id from notifications where mailed_at is not null")
        #expect(try mailed.map { try $0.uuid("user_id") } == [bob])
    }

    @Test func `a notification that is not committed sends no mail`() async throws {
        struct Undone: Error {}
        _ = try await user("Ann", at: "x.test")

        await #expect(throws: Undone.self) {
            try await temporary.database.transaction(tenant: .initial) { tx in
                try NotifyUsers.write(in: tx, sendsMail: true)
                throw Undone()
            }
        }

        #expect(try await jobs("true") == 0)
    }

    @Test func `the statements of mail speak of what the database has`() async throws {
        try await SchemaCheck.prepare(
            [NotificationMail.reading, NotificationMail.sent, NotificationMail.failed], in: temporary)
    }
}
