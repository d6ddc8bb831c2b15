import CallModel
import Consult
import Database
import Foundation
import TestSupport
import Testing

@testable import CRM
@testable import Journal

@Suite struct StoreTests {
    let directory = JournalDirectory()

    @Test func `a call in progress is written once however often it begins`() async throws {
        let crm = try await StoreFixture.make()
        let calls = CallStore(database: crm.database)
        let opening = CallOpening.sample()

        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { try await calls.begin(opening: opening, answeredAt: .now, sessionID: "node-1") }
            }
            try await group.waitForAll()
        }

        let call = try await crm.row("select * from calls")
        #expect(try call.text("status") == "in_progress")
        #expect(try call.text("call_type") == "ai_voice")
        #expect(try call.text("session_id") == "node-1")
        #expect(try call.timestamp("call_start_time") == opening.rangAt)
        let lead = try await crm.row("select * from leads")
        #expect(try lead.text("lead_source") == "voice_assistant")
        #expect(try lead.text("utm_medium") == "voice")
        #expect(try lead.text("stage") == "LEAD")
        #expect(try lead.textOrNil("pipeline_stage_id") != nil)
        #expect(try call.uuid("lead_id") == lead.uuid("id"))
        let counts = try await crm.counts()
        #expect(counts["calls"] == 1)
        #expect(counts["contacts"] == 1)
        #expect(counts["lead_activities"] == 1)
    }

    @Test func `calls that begin together are linked as if they began one by one`() async throws {
        let crm = try await StoreFixture.make()
        let calls = CallStore(database: crm.database, timeoutMs: 60_000)
        let taken = CallOpening.sample()
        try await calls.begin(opening: taken, answeredAt: nil, sessionID: "node-1")
        var again = CallOpening.sample(from: "+14155552999")
        again.callSid = taken.callSid
        let impostor = again
        // Twenty numbers, two calls of each at the same time, and ten that withhold theirs.
        let openings =
            (0..<40).map { CallOpening.sample(from: "+1415555\(3_000 + $0 / 2)") }
            + (0..<10).map { _ in .sample(from: nil) }

        await withTaskGroup(of: Void.self) { group in
            for opening in openings {
                group.addTask {
                    await #expect(throws: Never.self) {
                        try await calls.begin(opening: opening, answeredAt: .now, sessionID: "node-1")
                    }
                }
            }
            group.addTask {
                await #expect(throws: CallStore.Failure.carrierCallTaken(taken.callSid, by: taken.callID)) {
                    try await calls.begin(opening: impostor, answeredAt: .now, sessionID: "node-1")
                }
            }
        }

        let counts = try await crm.counts()
        #expect(counts["calls"] == 51)
        #expect(counts["contacts"] == 21)
        #expect(counts["leads"] == 21)
        #expect(counts["lead_activities"] == 41)
        let linked = try await crm.rows(
            """
            select from calls k join contacts c on c.id = k.contact_id and c.phone = k.from_number
            join leads l on l.id = k.lead_id and l.contact_id = c.id
            """)
        #expect(linked.count == 41)
    }

    @Test func `a number that somebody holds keeps no other call from beginning`() async throws {
        let crm = try await StoreFixture.make()
        let calls = CallStore(database: crm.database, timeoutMs: 1_000)
        let held = CallOpening.sample(from: "+14155552700")
        let others = (0..<5).map { CallOpening.sample(from: "+1415555\(2_701 + $0)") }
        let holder = Task {
            try await crm.database.transaction(tenant: .initial, timeoutMs: 90_000) { tx in
                _ = try tx.query("select app.lock_phone($1)", ["+14155552700"])
                _ = try tx.query("select pg_sleep(60)")
            }
        }
        let asleep = "from pg_stat_activity where datname = current_database() and query = 'select pg_sleep(60)'"
        while try await crm.rows("select \(asleep)").isEmpty { try await Task.sleep(for: .milliseconds(10)) }

        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: DatabaseError.self) {
                    try await calls.begin(opening: held, answeredAt: .now, sessionID: "s")
                }
            }
            for opening in others {
                group.addTask { try await calls.begin(opening: opening, answeredAt: .now, sessionID: "s") }
            }
            try await group.waitForAll()
        }

        #expect(try await crm.rows("select \(asleep)").count == 1)
        #expect(try await crm.count("calls") == 5)
        _ = try await crm.rows("select pg_cancel_backend(pid) \(asleep)")
        _ = await holder.result
        try await calls.begin(opening: held, answeredAt: .now, sessionID: "s")
        #expect(try await crm.count("calls") == 6)
    }

    @Test func `a withheld caller begins without contact and lead`() async throws {
        let crm = try await StoreFixture.make()

        try await CallStore(database: crm.database).begin(
            opening: .sample(from: nil), answeredAt: nil, sessionID: "s")

        let counts = try await crm.counts()
        #expect(counts["calls"] == 1)
        #expect(counts["contacts"] == 0)
        #expect(counts["lead_activities"] == 0)
    }

    @Test func `a call that goes on in another session keeps its row and when it was answered`() async throws {
        let crm = try await StoreFixture.make()
        let calls = CallStore(database: crm.database)
        let opening = CallOpening.sample()
        let answered = opening.rangAt.addingTimeInterval(1)
        try await calls.begin(opening: opening, answeredAt: nil, sessionID: "node-1")

        try await calls.begin(opening: opening, answeredAt: answered, sessionID: "node-1")
        try await calls.begin(opening: opening, answeredAt: .now, sessionID: "node-2")

        let call = try await crm.row("select answered_at, session_id from calls")
        #expect(try call.timestamp("answered_at") == answered)
        #expect(try call.text("session_id") == "node-2")
        #expect(try await crm.count("lead_activities") == 1)
    }

    @Test func `two openings for one carrier call are told apart, not merged`() async throws {
        let crm = try await StoreFixture.make()
        let calls = CallStore(database: crm.database)
        let first = CallOpening.sample()
        var second = CallOpening.sample()
        second.callSid = first.callSid
        try await calls.begin(opening: first, answeredAt: nil, sessionID: "s")

        await #expect(throws: CallStore.Failure.carrierCallTaken(first.callSid, by: first.callID)) {
            try await calls.begin(opening: second, answeredAt: nil, sessionID: "s")
        }
        #expect(try await crm.count("calls") == 1)
        #expect(try await crm.count("lead_activities") == 1)
    }

    @Test func `another tenant sees nothing of a call and has contacts of its own`() async throws {
        let crm = try await StoreFixture.make()
        let other = try await crm.temporary.secondTenant()
        let calls = CallStore(database: crm.database)
        try await calls.begin(opening: .sample(), answeredAt: nil, sessionID: "s")

        for table in ["calls", "contacts", "leads", "lead_activities"] {
            #expect(try await crm.count(table, tenant: other) == 0)
        }
        let context = try await CustomerDirectory(database: crm.database).context(
            tenant: other, phone: .sample("+14155552671"), timeoutMs: 30_000)
        #expect(!context.isKnown)
        try await calls.begin(opening: .sample(tenant: other), answeredAt: nil, sessionID: "s")
        #expect(try await crm.count("contacts", tenant: other) == 1)
        #expect(try await crm.count("contacts") == 1)
    }

    @Test func `a number nobody called from is a new caller`() async throws {
        let crm = try await StoreFixture.make()

        let context = try await CustomerDirectory(database: crm.database).context(
            tenant: .initial, phone: .sample("+14155559999"), timeoutMs: 30_000)

        #expect(context == .newCaller(.sample("+14155559999")))
    }

    @Test func `callers who ring together get what is known of each of them`() async throws {
        let crm = try await StoreFixture.make()
        _ = try await crm.rows(
            """
            insert into contacts (tenant_id, phone, contact_name)
            select app.tenant_id(), '+1415555' || n, 'Caller ' || n from generate_series(3000, 3059, 2) n
            """)
        let directory = CustomerDirectory(database: crm.database)

        let found = try await withThrowingTaskGroup(of: (Int, CustomerContext).self) { group in
            for number in 3_000..<3_060 {
                group.addTask {
                    let phone = E164.sample("+1415555\(number)")
                    return (number, try await directory.context(tenant: .initial, phone: phone, timeoutMs: 30_000))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }

        for (number, context) in found {
            #expect(context.phone.text == "+1415555\(number)")
            #expect(context.name == (number.isMultiple(of: 2) ? "Caller \(number)" : nil))
        }
        #expect(found.count == 60)
    }

    @Test func `a known caller comes with everything on record`() async throws {
        let crm = try await StoreFixture.make()
        let phone = E164.sample("+14155552671")
        _ = try await crm.rows(
            """
            with c as (
                insert into contacts (tenant_id, phone, contact_name, contact_email, business_name, contact_role, status,
                    lead_source, notes)
                values (app.tenant_id(), $1, E'Joan\\nDoe', 'joan@acme.example', 'Acme', 'CTO', 'customer', 'web', 'VIP')
                returning id),
            l as (
                insert into leads (tenant_id, contact_id, stage, lead_score)
                select app.tenant_id(), id, 'MQL', 82 from c returning id),
            f as (
                insert into follow_ups (tenant_id, lead_id, due_at, status)
                select app.tenant_id(), l.id, t::timestamptz, s from l,
                    (values ('2026-12-03', 'Pending'), ('2026-12-01', 'Completed'), ('2026-12-09', 'Pending')) v (t, s)),
            d as (
                insert into deals (tenant_id, contact_id, title, value, stage)
                select app.tenant_id(), c.id, t, v, s from c,
                    (values ('Renewal', 9000.50, 'proposal'), ('Old', 1, 'closed_lost')) v (t, v, s)),
            i as (
                insert into contact_interactions (tenant_id, contact_id, interaction_type, interaction_date)
                select app.tenant_id(), c.id, 'email', '2026-11-12' from c)
            insert into tasks (tenant_id, contact_id, title, due_date, priority)
            select app.tenant_id(), c.id, 'Send contract', '2026-11-20', 'high' from c
            """, [.text(phone.text)])

        let context = try await CustomerDirectory(database: crm.database).context(
            tenant: .initial, phone: phone, timeoutMs: 30_000)

        #expect(context.isKnown)
        #expect(context.name == "Joan Doe")
        #expect(context.email == "joan@acme.example")
        #expect(context.company == "Acme")
        #expect(context.position == "CTO")
        #expect(context.leadScore == 82)
        #expect(context.leadStage == "MQL")
        #expect(context.openDeals == [.init(title: "Renewal", value: 9_000.5, currency: "USD", stage: "proposal")])
        #expect(context.pendingTasks.map(\.title) == ["Send contract"])
        #expect(context.pendingTasks.first?.dueDate == Date(timeIntervalSince1970: 1_795_132_800))
        #expect(
            context.summary
                == "Joan Doe, CTO at Acme. Status: customer. Lead score 82, stage MQL. Open deals: 1. Pending tasks: 1. "
                + "Last contact 2026-11-12. Next follow-up 2026-12-03.")
        #expect(!context.doNotContact)
    }

    @Test func `a number finds its profile, and an unknown one only while there is one tenant`() async throws {
        let crm = try await StoreFixture.make()

        try await crm.addNumber("+14155550100")
        let known = try await NumberDirectory(database: crm.database).route(.sample("+14155550100"))
        let unknown = try await NumberDirectory(database: crm.database).route(.sample("+442071838750"))
        _ = try await crm.temporary.secondTenant()
        let refused = try await NumberDirectory(database: crm.database).route(.sample("+442071838750"))

        #expect(known?.tenant == .initial)
        #expect(known?.profile.greetingKnown.contains("{{first_name}}") == true)
        #expect(known?.profile.callSecondsMax == 1_800)
        #expect(unknown == known)
        let still = try await NumberDirectory(database: crm.database).route(.sample("+14155550100"))
        #expect(refused == nil)
        #expect(still == known)
    }

    @Test func `a profile brings its consult settings, which must be an object`() async throws {
        let crm = try await StoreFixture.make()
        try await crm.addNumber("+14155550100")
        let plain = try await NumberDirectory(database: crm.database).route(.sample("+14155550100"))
        #expect(plain?.profile.consult == "{}")

        _ = try await crm.temporary.rows(
            #"update profiles set consult = '{"limits": {"detectionThreshold": 0.9}, "signStyle": "tone"}'"#)
        let profile = try await NumberDirectory(database: crm.database).route(.sample("+14155550100"))?.profile
        let usual = ConsultProfile(
            limits: ConsultLimits(), wording: try ConsultWording(language: "en"), signStyle: .spoken)
        let settings = try usual.applying(try #require(profile?.consult))

        #expect(settings.limits.detectionThreshold == 0.9)
        #expect(settings.signStyle == .tone)
        await #expect(throws: DatabaseError.self) {
            _ = try await crm.temporary.rows("update profiles set consult = '[]'")
        }
    }

    @Test func `calls still find their profile while the database is away`() async throws {
        let crm = try await StoreFixture.make()
        let door = try crm.door(in: directory)
        try door.open()
        let numbers = NumberDirectory(database: door.database, ttlMs: 0)
        let route = try await numbers.route(.sample("+14155550100"))

        try door.close()
        await door.database.close()

        #expect(try await numbers.route(.sample("+14155550100"), timeoutMs: 30_000) == route)
        await #expect(throws: DatabaseError.self) {
            try await numbers.route(.sample("+442071838750"), timeoutMs: 30_000)
        }
    }
}
