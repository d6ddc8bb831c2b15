import CallModel
import Database
import Foundation
import Telemetry
import TestSupport
import Testing

@testable import CallReading
@testable import Journal
@testable import PostCall

@Suite struct PostCallWriterTests {
    let directory = JournalDirectory()

    private func writer(
        _ crm: StoreFixture, _ pipeline: PostCallPipeline = .fixed(), journals: JournalStore? = nil,
        database: Database? = nil
    ) throws -> (writer: PostCallWriter, journals: JournalStore) {
        let journals = try journals ?? directory.store()
        let writer = PostCallWriter(
            database: database ?? crm.database, journals: journals, pipeline: pipeline, metrics: Metrics())
        return (writer, journals)
    }

    @Test func `a call leaves its whole record in every table`() async throws {
        let crm = try await StoreFixture.make()
        var insight = CallInsight(extractor: "llm/test", summary: "Wants a phone system.", outcome: .qualified)
        let evidence = Evidence(
            turnNumber: 2, speaker: .caller, words: "this month", startedMs: 3_900, endedMs: 7_000)
        insight.bant.timeline = Finding(.thisMonth, confidence: 0.9, evidence: [evidence])
        insight.bant.budget = Finding(.high, confidence: 0.9, evidence: [evidence])
        insight.bant.budgetAmount = 40_000
        insight.intent = Finding(.salesQualified, confidence: 0.8)
        insight.contact.name = Finding("Joan Doe", confidence: 0.9)
        let (writer, journals) = try writer(crm, .fixed(insight))
        let opening = CallOpening.sample()
        try await journals.record(opening, facts: [.consent(kind: "recording", granted: true, words: "sure")])

        await writer.submit(opening.callID)

        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        let call = try await crm.row("select *, call_end_time - call_start_time as lasted from calls")
        #expect(try call.uuid("id") == opening.callID.uuid)
        #expect(try call.text("status") == "completed")
        #expect(try call.text("outcome") == "qualified")
        #expect(try call.text("disposition") == "completed")
        #expect(try call.text("end_reason") == "caller_hangup")
        #expect(try call.int("duration") == 20)
        #expect(try call.text("lasted") == "00:00:21")
        #expect(try call.text("intent_detected") == "sales_qualified")
        #expect(try call.double("confidence_score") == 0.8)
        #expect(
            try call.text("transcript").hasPrefix("Agent: Hello, this is Clara, the AI assistant.\nCaller: We need"))
        #expect(try call.text("ear").contains(#""pickup_to_first_audio_ms": 210"#))
        #expect(try call.textOrNil("finalized_at") != nil)
        let user = try await crm.row("select id from users where is_ai_agent")
        #expect(try call.uuid("user_id") == user.uuid("id"))
        let lead = try await crm.row(
            """
            select *, qualification_data #>> '{budget,amount}' as amount,
                qualification_data #>> '{timeline,evidence,0,words}' as quote from leads
            """)
        #expect(try lead.text("timeline") == "this_month")
        #expect(try lead.text("budget") == "high")
        #expect(try lead.text("amount") == "40000")
        #expect(try lead.text("quote") == "this month")
        #expect(try lead.text("contact_person") == "Joan Doe")
        #expect(try lead.int("lead_score") == 60)
        #expect(try lead.text("status_bucket") == "P2")
        #expect(try lead.text("expected_close_date") == "2026-11-18")
        #expect(try lead.text("conversation_summary") == "Wants a phone system.")
        let contact = try await crm.row("select * from contacts")
        #expect(try contact.text("contact_name") == "Joan Doe")
        #expect(try contact.text("phone") == "+14155552671")
        let usage = try await crm.rows("select kind, quantity from usage_records")
        let quantities = try Dictionary(
            uniqueKeysWithValues: usage.map { (try $0.text("kind"), try $0.int("quantity")) })
        #expect(
            quantities == ["call": 1, "connected_seconds": 20, "caller_words": 7, "agent_words": 7, "consults": 0])
        let consents = try await crm.rows("select kind from consents order by kind")
        #expect(try consents.map { try $0.text("kind") } == ["ai_disclosure", "recording"])
        #expect(
            try await crm.counts() == [
                "calls": 1, "contacts": 1, "leads": 1, "conversations": 2, "usage_records": 5, "consents": 2,
                "lead_scores": 2, "lead_activities": 2, "follow_ups": 1, "meetings": 0, "contact_interactions": 1,
            ])
        #expect(journals.isWritten(opening.callID))
        #expect(await writer.pending == 0)
    }

    @Test(arguments: MachineEnding.allCases)
    func `whom only a machine was reached of has no follow-up of that`(_ ending: MachineEnding) async throws {
        let crm = try await StoreFixture.make()
        let (writer, journals) = try writer(crm)
        let opening = CallOpening.sample()
        try await journals.record(opening, reason: ending.rawValue)

        await writer.submit(opening.callID)

        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        #expect(try await crm.row("select end_reason from calls").text("end_reason") == ending.rawValue)
        #expect(try await crm.count("follow_ups") == 0)
    }

    @Test func `a call submitted again and to several writers at once is written once`() async throws {
        let crm = try await StoreFixture.make()
        let opening = CallOpening.sample()
        let journals = try directory.store()
        try await journals.record(opening)
        let writers = try (0..<4).map { _ in try writer(crm, journals: try directory.store()).writer }

        await withTaskGroup(of: Void.self) { group in
            for writer in writers {
                group.addTask {
                    await writer.submit(opening.callID)
                    await writer.submit(opening.callID)
                    _ = await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000)
                }
            }
        }

        let counts = try await crm.counts()
        #expect(counts["calls"] == 1)
        #expect(counts["conversations"] == 2)
        #expect(counts["usage_records"] == 5)
        #expect(counts["lead_activities"] == 2)
        #expect(counts["lead_scores"] == 2)
        #expect(counts["follow_ups"] == 1)
    }

    @Test func `many calls of one new number make one contact and one lead`() async throws {
        let crm = try await StoreFixture.make()
        let (writer, journals) = try writer(crm)
        let openings = (0..<12).map { _ in CallOpening.sample() }
        for opening in openings { try await journals.record(opening) }

        for opening in openings { await writer.submit(opening.callID) }
        for opening in openings { #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000)) }

        let counts = try await crm.counts()
        #expect(counts["calls"] == 12)
        #expect(counts["contacts"] == 1)
        #expect(counts["leads"] == 1)
        let pending = try await crm.row("select count(*) as n from follow_ups where status = 'Pending'")
        #expect(try pending.int("n") == 1)
    }

    @Test func `a writer killed before the commit is made up for after a restart`() async throws {
        let crm = try await StoreFixture.make()
        let ended = CallOpening.sample()
        let cut = CallOpening.sample(from: "+14155552672")
        let before = try directory.store()
        try await before.record(ended)
        try await before.record(cut, ends: false)

        let (writer, _) = try writer(crm)
        let recovery = try await writer.recover()

        #expect(recovery == .init(submitted: [ended.callID], unfinished: [cut.callID]))
        #expect(await writer.waitUntilWritten(ended.callID, timeoutMs: 90_000))
        #expect(try await crm.count("calls") == 1)
        await writer.recoverInterrupted(cut.callID, reason: "gateway_lost")
        #expect(await writer.waitUntilWritten(cut.callID, timeoutMs: 90_000))
        let call = try await crm.row("select * from calls where id = $1", [.uuid(cut.callID.uuid)])
        #expect(try call.text("outcome") == "interrupted")
        #expect(try call.text("status") == "interrupted")
        #expect(try call.text("disposition") == "failed")
        #expect(try call.text("end_reason") == "gateway_lost")
        #expect(try call.text("transcript").contains("phone system"))
        #expect(try call.int("duration") == 6)
    }

    @Test func `a writer killed after the commit writes nothing again`() async throws {
        let crm = try await StoreFixture.make()
        let opening = CallOpening.sample()
        let (first, journals) = try writer(crm)
        try await journals.record(opening)
        await first.submit(opening.callID)
        #expect(await first.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        let counts = try await crm.counts()
        let moved = directory.path + "/written/\(opening.callID).journal"
        try FileManager.default.moveItem(atPath: moved, toPath: directory.path + "/\(opening.callID).journal")

        let (second, _) = try writer(crm)
        let recovery = try await second.recover()

        #expect(recovery.submitted == [opening.callID])
        #expect(await second.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        #expect(try await crm.counts() == counts)
    }

    @Test func `a database that is away is waited for and then given every call once`() async throws {
        let crm = try await StoreFixture.make()
        let door = try crm.door(in: directory)
        let (writer, journals) = try writer(crm, database: door.database)
        let openings = (0..<6).map { CallOpening.sample(from: "+1415555267\($0)") }
        for opening in openings {
            try await journals.record(opening)
            await writer.submit(opening.callID)
        }
        #expect(await writer.waitUntilWritten(openings[0].callID, timeoutMs: 300) == false)
        #expect(try await crm.count("calls") == 0)

        try door.open()

        for opening in openings { #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000)) }
        #expect(try await crm.count("calls") == 6)
        #expect(try await crm.count("usage_records") == 30)
    }

    @Test func `connections cut while calls are written cost no call and double none`() async throws {
        let crm = try await StoreFixture.make()
        let (writer, journals) = try writer(crm)
        let openings = (0..<30).map { _ in CallOpening.sample() }
        for opening in openings { try await journals.record(opening) }

        for (index, opening) in openings.enumerated() {
            await writer.submit(opening.callID)
            if index % 5 == 4 {
                _ = try? await crm.rows(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()
                    """)
            }
        }

        for opening in openings { #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000)) }
        let rows = try await crm.rows("select count(*) as n, count(distinct call_id) as calls from usage_records")
        #expect(try rows[0].int("n") == 150)
        #expect(try rows[0].int("calls") == 30)
        #expect(try await crm.count("lead_activities") == 60)
    }

    @Test func `a record the database refuses is set aside with its reason and holds up no other`() async throws {
        let crm = try await StoreFixture.make()
        let (writer, journals) = try writer(crm)
        let refused = CallOpening.sample()
        let other = CallOpening.sample(from: "+14155552672")
        try await journals.recordForged(refused)
        try await journals.record(other)

        await writer.submit(refused.callID)
        await writer.submit(other.callID)

        #expect(await writer.waitUntilWritten(other.callID, timeoutMs: 90_000))
        #expect(await writer.drain(timeoutMs: 90_000))
        #expect(try await crm.row("select count(*) as n from calls where finalized_at is not null").int("n") == 1)
        let reason = try String(contentsOfFile: directory.path + "/failed/\(refused.callID).reason", encoding: .utf8)
        #expect(reason.contains("specialists_only_after_a_yes"))
        #expect(try await self.writer(crm).writer.recover().submitted == [refused.callID])
    }

    @Test func `an opt-out silences the number everywhere in the same transaction`() async throws {
        let crm = try await StoreFixture.make()
        let (writer, journals) = try writer(crm)
        let earlier = CallOpening.sample()
        try await journals.record(earlier)
        await writer.submit(earlier.callID)
        #expect(await writer.waitUntilWritten(earlier.callID, timeoutMs: 90_000))
        _ = try await crm.rows(
            """
            with c as (select id from contacts limit 1)
            insert into tasks (tenant_id, contact_id, title)
            select app.tenant_id(), id, unnest(array['Call back about the offer', 'Send the invoice']) from c
            """)
        _ = try await crm.rows(
            "insert into contacts (tenant_id, phone, contact_name) values (app.tenant_id(), '+14155552671', 'Same house')"
        )
        let opening = CallOpening.sample()
        try await journals.record(opening, facts: [.doNotContact(words: "please never call me again")])

        await writer.submit(opening.callID)

        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        let call = try await crm.row(
            "select outcome, intent_detected from calls where id = $1", [.uuid(opening.callID.uuid)])
        #expect(try call.text("outcome") == "do_not_call")
        #expect(try call.text("intent_detected") == "opt_out")
        let contacts = try await crm.rows("select do_not_contact, opt_in_status from contacts")
        #expect(contacts.count == 2)
        #expect(try contacts.allSatisfy { try $0.bool("do_not_contact") && $0.text("opt_in_status") == "opted_out" })
        let consents = try await crm.rows(
            "select kind, words, granted from consents where kind like 'marketing%' and phone = '+14155552671' order by kind"
        )
        #expect(
            try consents.map { try $0.text("kind") } == ["marketing_email", "marketing_sms", "marketing_voice"])
        #expect(try consents.allSatisfy { try !$0.bool("granted") && $0.text("words") == "please never call me again" })
        let followUps = try await crm.rows("select status from follow_ups")
        #expect(try followUps.map { try $0.text("status") } == ["Cancelled"])
        let tasks = try await crm.rows("select status from tasks order by title")
        #expect(try tasks.map { try $0.text("status") } == ["cancelled", "pending"])
    }

    @Test func `a channel that is refused is a consent that is not given, and the contact may still be called`()
        async throws
    {
        let crm = try await StoreFixture.make()
        var insight = CallInsight(extractor: "rules/1", summary: "Wants no texts.", outcome: .nurture)
        let evidence = Evidence(
            turnNumber: 2, speaker: .caller, words: "stop texting me", startedMs: 3_900, endedMs: 7_000)
        insight.refused = [Finding("marketing_sms", confidence: 0.9, evidence: [evidence])]
        let (writer, journals) = try writer(crm, .fixed(insight))
        let opening = CallOpening.sample()
        try await journals.record(opening)

        await writer.submit(opening.callID)

        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        let consent = try await crm.row(
            "select kind, granted, words, source from consents where kind like 'marketing%'")
        #expect(try consent.text("kind") == "marketing_sms")
        #expect(try !consent.bool("granted"))
        #expect(try consent.text("words") == "stop texting me")
        #expect(try consent.text("source") == "caller")
        #expect(try await !crm.row("select do_not_contact from contacts").bool("do_not_contact"))
    }

    @Test func `a contact who opted out once gets no follow-up from a later call`() async throws {
        let crm = try await StoreFixture.make()
        let (writer, journals) = try writer(crm)
        for facts in [[CallFact.doNotContact(words: "stop")], []] {
            let opening = CallOpening.sample()
            try await journals.record(opening, facts: facts)
            await writer.submit(opening.callID)
            #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        }

        #expect(try await crm.count("follow_ups") == 0)
        #expect(try await crm.count("calls") == 2)
    }

    @Test func `a caller who withheld the number is recorded without contact or lead`() async throws {
        let crm = try await StoreFixture.make()
        let (writer, journals) = try writer(crm)
        let opening = CallOpening.sample(from: nil)
        try await journals.record(opening, facts: [.doNotContact(words: "no more calls")])

        await writer.submit(opening.callID)

        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        let counts = try await crm.counts()
        #expect(counts["calls"] == 1)
        #expect(counts["contacts"] == 0)
        #expect(counts["leads"] == 0)
        #expect(counts["conversations"] == 2)
        #expect(counts["consents"] == 4)
    }

    @Test func `a withheld caller who books a meeting becomes a lead without a number`() async throws {
        let crm = try await StoreFixture.make()
        let (writer, journals) = try writer(crm)
        let opening = CallOpening.sample(from: nil)
        let startsAt = opening.rangAt.addingTimeInterval(86_400)
        try await journals.record(
            opening,
            facts: [
                .contactDetails(name: "Joan Doe", email: "joan@acme.example", company: nil, position: nil),
                .meetingBooked(title: "Demo", startsAt: startsAt, durationMinutes: 30),
            ])

        await writer.submit(opening.callID)

        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        let row = try await crm.row(
            """
            select c.phone, c.contact_email, m.starts_at, k.outcome from meetings m
            join leads l on l.id = m.lead_id join contacts c on c.id = l.contact_id
            join calls k on k.lead_id = l.id and k.contact_id = c.id
            """)
        #expect(try row.textOrNil("phone") == nil)
        #expect(try row.text("contact_email") == "joan@acme.example")
        #expect(try row.timestamp("starts_at") == startsAt)
        #expect(try row.text("outcome") == "meeting_booked")
    }

    @Test func `a later call that says nothing lowers no BANT and books no meeting twice`() async throws {
        let crm = try await StoreFixture.make()
        let (writer, journals) = try writer(crm)
        let startsAt = Date(timeIntervalSince1970: 1_790_200_000)
        let meeting = CallFact.meetingBooked(title: "Demo", startsAt: startsAt, durationMinutes: 30)
        let said = CallFact.qualification(
            budget: nil, budgetAmount: 40_000, authority: "yes", need: "urgent", timeline: "immediate", notes: nil)
        for facts in [[said, meeting], [meeting], []] {
            let opening = CallOpening.sample()
            try await journals.record(opening, facts: facts)
            await writer.submit(opening.callID)
            #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        }

        let lead = try await crm.row(
            "select *, qualification_data #>> '{budget,amount}' as amount from leads")
        #expect(try lead.text("budget") == "high")
        #expect(try lead.text("authority") == "yes")
        #expect(try lead.text("need") == "urgent")
        #expect(try lead.text("timeline") == "immediate")
        #expect(try lead.text("amount") == "40000")
        #expect(try await crm.count("meetings") == 1)
    }

    @Test func `a follow-up ahead gives way to what the caller said, and not to a guess`() async throws {
        let crm = try await StoreFixture.make()
        let named = Date(timeIntervalSince1970: 1_790_000_000 + 5 * 86_400)
        let guess = Date(timeIntervalSince1970: 1_790_000_000 + 14 * 86_400)
        var asked = CallInsight(extractor: "llm/test", summary: "s", outcome: .followUpAgreed)
        asked.followUpNamedAt = Finding(named, confidence: 0.9)
        let vague = CallInsight(extractor: "llm/test", summary: "s", outcome: .nurture)
        let journals = try directory.store()
        for (insight, due) in [(vague, guess), (asked, named), (vague, guess)] {
            let (writer, _) = try writer(crm, .fixed(insight, followUp: due), journals: journals)
            let opening = CallOpening.sample()
            try await journals.record(opening)
            await writer.submit(opening.callID)
            #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        }

        let rows = try await crm.rows("select status, due_at from follow_ups order by due_at")
        #expect(try rows.map { try $0.text("status") } == ["Pending", "Rescheduled"])
        #expect(try rows.map { try $0.timestamp("due_at") } == [named, guess])
    }

    @Test func `the product's own judgement of a qualified call reaches every column`() async throws {
        let crm = try await StoreFixture.make()
        let (writer, journals) = try writer(crm, .standard())
        let opening = CallOpening.sample()
        let journal = journals.open(opening.callID)
        journal.append(.rang(opening))
        journal.append(.answered(streamSid: .sample, at: opening.rangAt))
        let lines: [(Speaker, String)] = [
            (.agent, "Hello, this is Clara, the AI assistant of Parley. How can I help you today?"),
            (.caller, "Hi, this is Joan Doe from Acme Logistics. We urgently need a new phone system."),
            (.agent, "What budget do you have in mind?"),
            (.caller, "We have a budget of forty thousand dollars."),
            (.agent, "Who makes the decision?"),
            (.caller, "I make the decision myself."),
            (.agent, "When do you want it in place?"),
            (.caller, "This month."),
        ]
        for (index, line) in lines.enumerated() {
            journal.append(
                .turn(
                    Turn(
                        number: index + 1, speaker: line.0, startedMs: index * 4_000, endedMs: index * 4_000 + 3_500,
                        text: line.1)))
        }
        journal.append(
            .ended(
                CallEnding(
                    reason: "caller_hangup", endedAt: opening.rangAt.addingTimeInterval(40), ear: EarLedger())))
        try await journal.finish()

        await writer.submit(opening.callID)

        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        let lead = try await crm.row(
            """
            select *, qualification_data #>> '{budget,amount}' as amount,
                qualification_data #>> '{budget,evidence,0,words}' as quote from leads
            """)
        #expect(try lead.text("budget") == "high")
        #expect(try lead.text("amount") == "40000")
        #expect(try lead.text("quote").contains("forty thousand"))
        #expect(try lead.text("authority") == "yes")
        #expect(try lead.text("need") == "urgent")
        #expect(try lead.text("timeline") == "this_month")
        #expect(try lead.int("lead_score") >= 70)
        #expect(try lead.text("stage") != "LEAD")
        #expect(try lead.text("previous_stage") == "LEAD")
        #expect(try lead.text("contact_person").contains("Joan"))
        let call = try await crm.row("select outcome, extractor from calls")
        #expect(try call.text("outcome") == "qualified")
        #expect(try call.text("extractor") == "rules/1")
        #expect(try await crm.count("lead_scores") >= 3)
        #expect(try await crm.count("follow_ups") == 1)
    }

    @Test func `a shutdown waits for what is being written and leaves the rest to the next start`() async throws {
        let crm = try await StoreFixture.make()
        let door = try crm.door(in: directory)
        let (first, journals) = try writer(crm)
        let (second, _) = try writer(crm, journals: journals, database: door.database)
        let written = CallOpening.sample()
        let left = CallOpening.sample()
        for opening in [written, left] { try await journals.record(opening) }

        await first.submit(written.callID)
        await second.submit(left.callID)

        #expect(await first.drain(timeoutMs: 90_000))
        #expect(await second.drain(timeoutMs: 100) == false)
        await door.database.close()
        #expect(await second.drain(timeoutMs: 90_000))
        #expect(try directory.store().left().unwritten == [left.callID])
        #expect(try await crm.count("calls") == 1)
    }

    @Test func `what the tenant names, and a card typed on the keys, is in no row`() async throws {
        let crm = try await StoreFixture.make()
        _ = try await crm.rows(
            #"update tenants set settings = '{"redaction_patterns": ["phone\\s+system"]}' returning id"#)
        let (writer, journals) = try writer(crm)
        let opening = CallOpening.sample()
        let journal = journals.open(opening.callID)
        journal.append(.rang(opening))
        for digit in "4111111111111111" { journal.append(.dtmf(digit: String(digit), atMs: 1)) }
        try await journals.record(opening)

        await writer.submit(opening.callID)

        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        let call = try await crm.row("select transcript, dtmf from calls")
        #expect(try call.text("transcript").contains("We need a [redacted]"))
        #expect(try call.text("dtmf") == "[redacted]")
        let turns = try await crm.rows("select text from conversations where text like '%phone system%'")
        #expect(turns.isEmpty)
    }

    @Test func `a caller who hangs up without a word abandoned the call`() async throws {
        let crm = try await StoreFixture.make()
        let silent = CallInsight(extractor: "llm/test", summary: "Nobody spoke.", outcome: .noSpeech)
        let (writer, journals) = try writer(crm, .fixed(silent))
        let opening = CallOpening.sample()
        try await journals.record(opening, turns: false)

        await writer.submit(opening.callID)

        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        let call = try await crm.row("select disposition, outcome from calls")
        #expect(try call.text("disposition") == "abandoned")
        #expect(try call.text("outcome") == "no_speech")
    }
}
