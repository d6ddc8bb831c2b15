import CallModel
import CallReading
import Database
import FoundationEssentials
import Telemetry
import TestSupport
import Testing

@testable import CRM
@testable import Journal
@testable import PostCall

/// Callers whose number says nothing, or not the truth, and those who live elsewhere.
@Suite struct OddCallerTests {
    private let directory = JournalDirectory()

    /// Writes a call with these lines and the product's own judgement.
    private func write(
        _ script: String, _ crm: StoreFixture, from: String? = "+14155550100", to: DialledAddress? = nil,
        doubt: String? = nil, facts: [CallFact] = []
    ) async throws {
        let journals = try directory.store()
        let writer = PostCallWriter(
            database: crm.database, journals: journals, pipeline: .standard(), metrics: Metrics())
        var record = Conversation.record(script)
        let sid = "CA" + UUID().uuidString.filter { $0 != "-" }.lowercased()
        record.opening.callSid = try #require(CallSid(sid))
        record.opening.from = from.flatMap { E164($0) }
        record.opening.callerDoubt = doubt
        if let to { record.opening.to = to }
        let journal = journals.open(record.opening.callID)
        journal.append(.rang(record.opening))
        journal.append(.answered(streamSid: .sample, at: record.opening.rangAt))
        for turn in record.transcript.turns { journal.append(.turn(turn)) }
        for fact in facts { journal.append(.fact(fact, atMs: record.lastEntryMs)) }
        if let ending = record.ending { journal.append(.ended(ending)) }
        try await journal.finish()
        await writer.submit(record.opening.callID)
        #expect(await writer.waitUntilWritten(record.opening.callID, timeoutMs: 90_000))
    }

    // MARK: A number that was withheld

    private static let callBack = """
        A Hello, how can I help you?
        C my name is David Miller, call me back on Thursday at two
        A What is the best number to reach you on?
        C my number is 212 555 0177
        """

    @Test func `a caller who withheld the number is on record under the one they gave`() async throws {
        let crm = try await StoreFixture.make()

        try await write(Self.callBack, crm, from: nil)

        let lead = try await crm.row(
            """
            select l.phone, l.contact_person, c.phone as contact_phone, f.notes from leads l
            join contacts c on c.id = l.contact_id join follow_ups f on f.lead_id = l.id
            """)
        #expect(try lead.text("phone") == "+12125550177")
        #expect(try lead.text("contact_phone") == "+12125550177")
        #expect(try lead.text("contact_person") == "David Miller")
        #expect(try lead.text("notes").contains("+12125550177"))
        let call = try await crm.row("select from_number, lead_id, contact_id from calls")
        #expect(try call.textOrNil("from_number") == nil)
        #expect(try call.uuidOrNil("lead_id") != nil && call.uuidOrNil("contact_id") != nil)
    }

    @Test func `a number that was given finds its contact, and changes nothing there`() async throws {
        let crm = try await StoreFixture.make()
        _ = try await crm.rows(
            """
            insert into contacts (tenant_id, phone, contact_name) values (app.tenant_id(), '+12125550177', 'Jane Doe')
            returning id
            """)

        try await write(Self.callBack, crm, from: nil)

        #expect(try await crm.count("contacts") == 1)
        let contact = try await crm.row("select contact_name from contacts")
        #expect(try contact.text("contact_name") == "Jane Doe")
        let lead = try await crm.row("select extracted_info -> 'contact' ->> 'unverified_name' as name from leads")
        #expect(try lead.text("name").contains("David Miller"))
    }

    @Test func `who withheld the number and wants no more calls is left alone on the number given`() async throws {
        let crm = try await StoreFixture.make()

        try await write("A Hello?\nC my number is 212 555 0177 and do not call me again", crm, from: nil)

        let contact = try await crm.row("select phone, do_not_contact from contacts")
        #expect(try contact.text("phone") == "+12125550177")
        #expect(try contact.bool("do_not_contact"))
        #expect(
            try await crm.row("select phone from consents where not granted limit 1").text("phone") == "+12125550177")
    }

    @Test func `another number to be called on is kept beside the one that called`() async throws {
        let crm = try await StoreFixture.make()

        try await write(Self.callBack, crm)

        let lead = try await crm.row(
            "select phone, extracted_info -> 'contact' -> 'phone' ->> 'value' as other from leads")
        #expect(try lead.text("phone") == "+14155550100")
        #expect(try lead.text("other") == "+12125550177")
        #expect(try await crm.row("select notes from follow_ups").text("notes").contains("+12125550177"))
    }

    @Test(
        arguments: [
            ("C my number is two one two double five five oh one double seven", "+12125550177"),
            ("A How can I reach you?\nC 212\nC 555\nC oh one seven seven", "+12125550177"),
            ("C you can reach me on plus four four two oh seven nine four six oh nine five eight", "+442079460958"),
            ("C call me back at 1 212 555 0177 please", "+12125550177"),
            ("A What's the best number?\nC it's 212 uh 555 0177", "+12125550177"),
            ("C my order number is 2125550177", nil), ("C we have 212 555 0177", nil), ("C call me at 3 30", nil),
            ("A What's the best number?\nC 212 555 0177\nA Thanks.\nC sorry my number is 212 555 0178", "+12125550178"),
        ] as [(String, String?)])
    func `a number is understood as people give it`(_ script: String, _ number: String?) {
        #expect(Conversation.insight(script).contact.phone?.value == number)
    }

    // MARK: Addresses

    @Test func `a call to a SIP address is recorded with it`() async throws {
        let crm = try await StoreFixture.make()

        try await write("A Hello?\nC we need a phone system", crm, to: .address("sip:clara@acme.example"))

        let call = try await crm.row("select to_number, from_number, status from calls")
        #expect(try call.text("to_number") == "sip:clara@acme.example")
        #expect(try call.text("from_number") == "+14155550100" && call.text("status") == "completed")
    }

    @Test func `an address without a route of its own reaches the only profile`() async throws {
        let crm = try await StoreFixture.make()

        let route = try await NumberDirectory(database: crm.database).route(.address("sip:clara@acme.example"))

        #expect(route?.tenant == .initial)
    }

    // MARK: Zones

    private static let callBackOnTuesday = """
        A When shall we call you back?
        C call me back on Tuesday at three in the afternoon
        """

    @Test(
        arguments: [
            ("America/Los_Angeles", "2026-11-24 18:00"), ("Europe/Berlin", "2026-11-24 09:00"),
            (nil, "2026-11-24 15:00"), ("Middle Earth", "2026-11-24 15:00"), ("", "2026-11-24 15:00"),
        ] as [(String?, String)])
    func `a time is meant in the contact's own zone`(_ zone: String?, _ inNewYork: String) async throws {
        let crm = try await StoreFixture.make()
        _ = try await crm.rows(
            """
            insert into contacts (tenant_id, phone, contact_name, timezone)
            values (app.tenant_id(), '+14155550100', 'Jane Doe', $1) returning id
            """, [.text(zone)])
        let phone = try #require(E164("+14155550100"))

        try await write(Self.callBackOnTuesday, crm)

        let due = try await crm.row("select due_at from follow_ups").timestamp("due_at")
        #expect(Conversation.moment(due) == inNewYork)
        let context = try await CustomerDirectory(database: crm.database).context(
            tenant: .initial, phone: phone, timeoutMs: 30_000)
        #expect(context.timeZone == (zone?.contains("/") == true ? zone : nil))
    }

    // MARK: Callers who may be somebody else

    private static let impostor = """
        A Hello, what is your name?
        C my name is Eve Stone and my email is eve at example dot com, we need a phone system this month
        A What is your budget?
        C thirty thousand dollars
        """

    @Test func `what an unverified caller changes is marked, and what is on record of the customer stays`() async throws
    {
        let crm = try await StoreFixture.make()
        _ = try await crm.rows(
            """
            insert into contacts (tenant_id, phone, contact_name, timezone)
            values (app.tenant_id(), '+14155550100', 'Jane Doe', 'Asia/Tokyo') returning id
            """)

        try await write(
            Self.impostor, crm, doubt: "the carrier could not verify the caller's number",
            facts: [.consent(kind: "marketing_voice", granted: true, words: "sure")])

        let contact = try await crm.row("select contact_name, contact_email from contacts")
        #expect(try contact.text("contact_name") == "Jane Doe")
        #expect(try contact.textOrNil("contact_email") == nil)
        let lead = try await crm.row(
            """
            select contact_person, email, qualification_data -> 'budget' ->> 'unverified' as budget,
                extracted_info -> 'contact' -> 'unverified_email' ->> 'value' as other from leads
            """)
        #expect(try lead.text("contact_person") == "Jane Doe")
        #expect(try lead.textOrNil("email") == nil)
        #expect(try lead.text("budget") == "true")
        #expect(try lead.text("other") == "eve@example.com")
        #expect(try await crm.row("select notes from follow_ups").text("notes").contains("Unverified"))
        #expect(try await crm.count("lead_activities where metadata ->> 'unverified' = 'true'") == 1)
        #expect(try await crm.count("contact_interactions where metadata ->> 'unverified' = 'true'") == 1)
        #expect(try await crm.count("consents where kind = 'marketing_voice' and granted") == 0)
    }

    @Test func `what was unverified gives way to the first who is`() async throws {
        let crm = try await StoreFixture.make()
        try await write(Self.impostor, crm, doubt: "the call came through a gateway")
        #expect(
            try await crm.row("select extracted_info -> 'contact' -> 'name' ->> 'unverified' as u from leads").text("u")
                == "true")

        try await write("A What is your name?\nC my name is Jane Doe\nA What's the budget?\nC maybe five hundred", crm)

        let lead = try await crm.row(
            "select contact_person, budget, qualification_data -> 'budget' as found from leads")
        #expect(try lead.text("contact_person") == "Jane Doe")
        #expect(try lead.text("budget") == "low")
        #expect(try !lead.text("found").contains("unverified"))
    }

    @Test func `a wish to be left alone counts, whoever utters it`() async throws {
        let crm = try await StoreFixture.make()

        try await write("A Hello?\nC do not call me again", crm, doubt: "the carrier could not verify the number")

        #expect(try await crm.row("select do_not_contact from contacts").bool("do_not_contact"))
        #expect(try await crm.count("consents where source like '%(unverified)' and not granted") == 3)
    }
}
