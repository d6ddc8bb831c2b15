import CallModel
import Database
import Foundation
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import CRM
@testable import Journal
@testable import PostCall

/// What the writer does while the database is away or refuses, and with two parts of one call.
@Suite struct PostCallOutageTests {
    let directory = JournalDirectory()

    private func writer(
        _ crm: StoreFixture, _ journals: JournalStore, database: Database? = nil, metrics: Metrics = Metrics()
    ) -> PostCallWriter {
        PostCallWriter(database: database ?? crm.database, journals: journals, pipeline: .fixed(), metrics: metrics)
    }

    /// How many calls each transaction has committed.
    private func batches(_ crm: StoreFixture) async throws -> [Int] {
        try await crm.rows("select count(*) as n from calls group by finalized_at").map { try $0.int("n") }
    }

    @Test func `after an outage the calls that waited are committed together`() async throws {
        let crm = try await StoreFixture.make()
        let door = try crm.door(in: directory)
        let journals = try directory.store()
        let openings = (0..<96).map { CallOpening.sample(from: "+1415555\(5_000 + $0)") }
        for opening in openings { try await journals.record(opening) }
        try door.open()
        let read = Mutex(0)
        var pipeline = PostCallPipeline.fixed()
        pipeline.insight = { [insight = pipeline.insight] record in
            read.withLock { $0 += 1 }
            return await insight(record)
        }
        let writer = PostCallWriter(
            database: door.database, journals: journals, pipeline: pipeline, transactionTimeoutMs: 90_000)
        let first = CallOpening.sample()
        try await journals.record(first)
        await writer.submit(first.callID)
        #expect(await writer.waitUntilWritten(first.callID, timeoutMs: 90_000))
        try door.close()
        _ = try await crm.temporary.rows(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
                + "and usename = 'parley_app'")

        for opening in openings { await writer.submit(opening.callID) }
        try await Task.sleep(for: .milliseconds(1_500))
        #expect(await writer.pending == 96)
        // Whoever reads faster than the database commits: here the first transactions wait until all else is read.
        let holder = Task {
            try await crm.temporary.owner.unscoped(timeoutMs: 90_000) { tx in
                _ = try tx.query("lock table conversations in exclusive mode")
                _ = try tx.query("select pg_sleep(60)")
            }
        }
        let asleep = "from pg_stat_activity where datname = current_database() and query = 'select pg_sleep(60)'"
        while try await crm.temporary.rows("select \(asleep)").isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        try door.open()
        while read.withLock({ $0 }) < 97 { try await Task.sleep(for: .milliseconds(10)) }
        _ = try await crm.temporary.rows("select pg_cancel_backend(pid) \(asleep)")
        _ = await holder.result

        #expect(await writer.drain(timeoutMs: 90_000))
        let batches = try await batches(crm)
        #expect(batches.reduce(0, +) == 97)
        // The first call's, two that were under way with what had been read until then, and as few as hold the rest.
        #expect(batches.count <= 3 + 96 / 32, "\(batches)")
        #expect(batches.allSatisfy { $0 <= 32 })
    }

    enum Trouble: CaseIterable {
        case standby, promotion, grant, table, corruption

        func begin(_ crm: StoreFixture) async throws {
            switch self {
            case .standby: try await refuse(crm, "25006", "cannot execute INSERT in a read-only transaction")
            case .grant: try await run(crm, "revoke insert on conversations from parley_app")
            case .table: try await run(crm, "alter table conversations rename to conversations_away")
            case .promotion: try await refuse(crm, "0A000", "cannot set transaction read-write mode during recovery")
            case .corruption: try await refuse(crm, "XX000", "could not read block")
            }
        }

        func end(_ crm: StoreFixture) async throws {
            switch self {
            case .grant: try await run(crm, "grant insert on conversations to parley_app")
            case .table: try await run(crm, "alter table conversations_away rename to conversations")
            case .standby, .promotion, .corruption: try await run(crm, "drop trigger refuse on conversations")
            }
        }

        private func refuse(_ crm: StoreFixture, _ code: String, _ message: String) async throws {
            try await run(
                crm,
                """
                create function public.refuse() returns trigger language plpgsql as $$
                begin raise exception '\(message)' using errcode = '\(code)'; end $$
                """)
            try await run(
                crm,
                """
                create trigger refuse before insert on conversations for each statement
                execute function public.refuse()
                """)
        }

        private func run(_ crm: StoreFixture, _ sql: String) async throws { _ = try await crm.temporary.rows(sql) }
    }

    @Test(arguments: Trouble.allCases)
    func `a database in trouble of its own is waited for, and nothing is set aside`(trouble: Trouble) async throws {
        let crm = try await StoreFixture.make()
        let journals = try directory.store()
        let writer = writer(crm, journals)
        let openings = (0..<5).map { CallOpening.sample(from: "+1415555\(6_000 + $0)") }
        for opening in openings { try await journals.record(opening) }
        try await trouble.begin(crm)

        for opening in openings { await writer.submit(opening.callID) }
        #expect(await writer.waitUntilWritten(openings[0].callID, timeoutMs: 1_500) == false)
        #expect(await writer.pending == 5)
        #expect(await writer.isAccepted)
        #expect(try JournalFile.names(in: directory.path + "/failed").isEmpty)
        try await trouble.end(crm)

        for opening in openings { #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000)) }
        #expect(try await crm.count("usage_records") == 25)
    }

    @Test func `what was refused is tried again, is counted, and three new ones in a row are told of`() async throws {
        let crm = try await StoreFixture.make()
        let journals = try directory.store()
        let metrics = Metrics()
        let writer = writer(crm, journals, metrics: metrics)
        let openings = (0..<3).map { CallOpening.sample(from: "+1415555\(7_000 + $0)") }
        _ = try await crm.temporary.rows(
            "alter table calls add constraint nothing_is_right check (outcome is null) not valid")
        for (index, opening) in openings.enumerated() {
            #expect(await writer.isAccepted, "\(index) refused")
            try await journals.record(opening)
            await writer.submit(opening.callID)
            #expect(await writer.drain(timeoutMs: 90_000))
        }
        #expect(await writer.isAccepted == false)
        #expect(metrics.exposition().contains("parley_call_records_failed_pending 3"))

        // One more attempt changes nothing, and a restart with those three has not refused anything new.
        try await writer.retryFailed()
        #expect(await writer.drain(timeoutMs: 90_000))
        #expect(metrics.exposition().contains("parley_call_records_failed_pending 3"))
        let restarted = self.writer(crm, journals)
        _ = try await restarted.recover()
        #expect(await restarted.drain(timeoutMs: 90_000))
        #expect(await restarted.isAccepted)

        _ = try await crm.temporary.rows("alter table calls drop constraint nothing_is_right")
        try await writer.retryFailed()
        for opening in openings { #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000)) }
        #expect(await writer.isAccepted)
        #expect(metrics.exposition().contains("parley_call_records_failed_pending 0"))
        #expect(try JournalFile.names(in: directory.path + "/failed").isEmpty)
    }

    @Test func `a journal that cannot be read is counted, kept, and holds up no other`() async throws {
        let crm = try await StoreFixture.make()
        let journals = try directory.store()
        let metrics = Metrics()
        let writer = writer(crm, journals, metrics: metrics)
        let (bad, good) = (CallOpening.sample(), CallOpening.sample(from: "+14155552672"))
        try await journals.record(bad)
        try await journals.record(good)
        try directory.write(Array("not a journal\n".utf8), to: directory.path + "/\(bad.callID).journal")
        let restarted = try directory.store()
        let reader = self.writer(crm, restarted, metrics: metrics)

        await reader.submit(bad.callID)
        await reader.submit(good.callID)

        #expect(await reader.waitUntilWritten(good.callID, timeoutMs: 90_000))
        #expect(await reader.drain(timeoutMs: 90_000))
        #expect(metrics.exposition().contains("parley_call_records_unreadable_total 1"))
        #expect(try JournalFile.names(in: directory.path + "/quarantine") == ["\(bad.callID).journal"])
        withExtendedLifetime(writer) {}
    }

    // MARK: - Two parts of one call

    private func part(
        _ opening: CallOpening, _ journals: JournalStore, said: [String], digits: String = "",
        ends: Bool = true, facts: [CallFact] = []
    ) async throws {
        let journal = journals.open(opening.callID)
        journal.append(.rang(opening))
        journal.append(.answered(streamSid: .sample, at: opening.rangAt.addingTimeInterval(1)))
        for (index, text) in said.enumerated() {
            journal.append(
                .turn(
                    Turn(
                        number: index + 1, speaker: index % 2 == 0 ? .agent : .caller, startedMs: 1_000 + index * 1_000,
                        endedMs: 1_900 + index * 1_000, text: text)))
        }
        for digit in digits { journal.append(.dtmf(digit: String(digit), atMs: 500)) }
        for fact in facts { journal.append(.fact(fact, atMs: 3_000)) }
        if ends {
            journal.append(
                .ended(
                    CallEnding(
                        reason: "caller_hangup", endedAt: opening.rangAt.addingTimeInterval(30), ear: EarLedger())))
        }
        try await journal.finish()
    }

    private func twins() -> (first: CallOpening, second: CallOpening) {
        let first = CallOpening.sample()
        var second = CallOpening.sample(rangAt: first.rangAt.addingTimeInterval(60))
        second.callSid = first.callSid
        // Its digits would pass for a card's.
        second.callID = CallID("bb91d162-4e9c-40dd-809a-eec5f80246bc") ?? second.callID
        return (first, second)
    }

    @Test(arguments: [false, true])
    func `two parts of one call of the carrier become one record, whichever is written first`(
        laterFirst: Bool
    ) async throws {
        let crm = try await StoreFixture.make()
        let journals = try directory.store()
        let writer = writer(crm, journals)
        let (first, second) = twins()
        try await CallStore(database: crm.database, timeoutMs: 60_000).begin(
            opening: first, answeredAt: first.rangAt.addingTimeInterval(1), sessionID: "one")
        try await part(
            first, journals, said: ["Hello, this is Clara, the AI assistant.", "never call me again"], digits: "12",
            ends: false, facts: [.doNotContact(words: "never call me again")])
        try await part(second, journals, said: ["Where were we?", "at the price"], digits: "3")

        if laterFirst {
            await writer.submit(second.callID)
            #expect(await writer.waitUntilWritten(second.callID, timeoutMs: 90_000))
            await writer.recoverInterrupted(first.callID, reason: "node_shutdown")
            #expect(await writer.waitUntilWritten(first.callID, timeoutMs: 90_000))
        } else {
            await writer.recoverInterrupted(first.callID, reason: "node_shutdown")
            #expect(await writer.waitUntilWritten(first.callID, timeoutMs: 90_000))
            await writer.submit(second.callID)
            #expect(await writer.waitUntilWritten(second.callID, timeoutMs: 90_000))
        }

        let call = try await crm.row("select * from calls")
        #expect(try call.uuid("id") == first.callID.uuid)
        #expect(
            try call.text("transcript") == """
                Agent: Hello, this is Clara, the AI assistant.
                Caller: never call me again
                Agent: Where were we?
                Caller: at the price
                """)
        #expect(try call.text("status") == "completed")
        #expect(try call.text("end_reason") == "caller_hangup")
        #expect(try call.text("outcome") == "do_not_call")
        #expect(try call.text("dtmf") == "123")
        #expect(try call.int("duration") == 89)
        #expect(try call.text("notes").contains(second.callID.description))
        let turns = try await crm.rows("select turn_number, started_ms from conversations order by turn_number")
        #expect(try turns.map { try $0.int("turn_number") } == [1, 2, 3, 4])
        #expect(try turns.map { try $0.int("started_ms") } == [1_000, 2_000, 61_000, 62_000])
        #expect(try await crm.count("contacts where do_not_contact") == 1)
        #expect(try await crm.count("consents where kind = 'ai_disclosure'") == 1)
        #expect(try await crm.count("consents where kind = 'marketing_voice'") == 1)
        #expect(try await crm.count("usage_records where kind = 'call'") == 1)
        #expect(try await crm.count("lead_activities where subject like 'Call finished%'") == 1)
        #expect(try await crm.count("follow_ups where status = 'Pending'") == 0)
        #expect(try JournalFile.names(in: directory.path + "/failed").isEmpty)

        // Submitted again after a writer that was killed before it moved the journals, they change nothing.
        let counts = try await crm.counts()
        for opening in [first, second] {
            let moved = directory.path + "/written/\(opening.callID).journal"
            try FileManager.default.moveItem(atPath: moved, toPath: directory.path + "/\(opening.callID).journal")
        }
        let again = self.writer(crm, try directory.store())
        await again.submit(second.callID)
        await again.recoverInterrupted(first.callID, reason: "node_shutdown")
        #expect(await again.drain(timeoutMs: 90_000))
        #expect(try await crm.counts() == counts)
        #expect(try await crm.row("select dtmf from calls").text("dtmf") == "123")
    }

    @Test func `a part that an older version had refused is joined at the next start`() async throws {
        let crm = try await StoreFixture.make()
        let journals = try directory.store()
        let writer = writer(crm, journals)
        let (first, second) = twins()
        try await part(first, journals, said: ["Hello.", "one"])
        await writer.submit(first.callID)
        #expect(await writer.waitUntilWritten(first.callID, timeoutMs: 90_000))
        try await part(second, journals, said: ["Again.", "two"])
        try journals.setAside(second.callID, reason: "carrier call is already recorded")
        let neighbours = (0..<6).map { CallOpening.sample(from: "+1415555\(8_000 + $0)") }
        for opening in neighbours { try await journals.record(opening) }

        let restarted = self.writer(crm, try directory.store())
        _ = try await restarted.recover()

        #expect(await restarted.drain(timeoutMs: 90_000))
        #expect(try await crm.count("calls where finalized_at is not null") == 7)
        let call = try await crm.row("select transcript from calls where id = $1", [.uuid(first.callID.uuid)])
        #expect(try call.text("transcript") == "Agent: Hello.\nCaller: one\nAgent: Again.\nCaller: two")
    }
}
