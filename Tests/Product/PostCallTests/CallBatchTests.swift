import CallModel
import Consult
import Database
import Foundation
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import CRM
@testable import CallReading
@testable import Journal
@testable import PostCall

@Suite struct CallBatchTests {
    let directory = JournalDirectory()

    private func begun(_ openings: [CallOpening], _ crm: StoreFixture) async throws {
        let calls = CallStore(database: crm.database, timeoutMs: 60_000)
        for opening in openings {
            try await calls.begin(opening: opening, answeredAt: nil, sessionID: "test")
        }
    }

    /// Reads nothing to its end before `count` calls are being read, so that they are committed together.
    private static func reading(_ count: Int) -> PostCallPipeline {
        let arrived = Arrivals()
        var pipeline = PostCallPipeline.fixed()
        let insight = pipeline.insight
        pipeline.insight = { record in
            arrived.note()
            while arrived.count < count { try? await Task.sleep(for: .milliseconds(1)) }
            return await insight(record)
        }
        return pipeline
    }

    private final class Arrivals: Sendable {
        private let number = Mutex(0)
        var count: Int { number.withLock { $0 } }
        func note() { number.withLock { $0 += 1 } }
    }

    @Test func `calls of several leads share a transaction, and those that must not wait for the next`() async throws {
        let crm = try await StoreFixture.make()
        let journals = try directory.store()
        let first = CallOpening.sample()
        let sameCaller = CallOpening.sample()
        let other = CallOpening.sample(from: "+14155552672")
        let withheld = CallOpening.sample(from: nil)
        let unknown = CallOpening.sample(from: "+14155552673")
        try await begun([first, sameCaller, other, withheld], crm)
        var commits: [CallCommit] = []
        for opening in [first, sameCaller, other, withheld, unknown] {
            try await journals.record(opening)
            let record = try #require(CallRecord(journal: try journals.load(opening.callID)))
            let insight = CallInsight(extractor: "rules/1", summary: "A call.", outcome: .nurture)
            commits.append(
                CallCommit(
                    record: record, insight: insight, interruptedReason: nil, pipeline: .fixed(), rules: TenantRules()))
        }
        let batch = CallBatch(commits: commits)

        let once = try await crm.database.transaction(tenant: .initial) { tx in try batch.write(in: tx) }
        let again = try await crm.database.transaction(tenant: .initial) { tx in try batch.write(in: tx) }

        #expect(once == [.written(.nurture), .another, .written(.nurture), .written(.nurture), .written(.nurture)])
        #expect(again == [.alreadyWritten, .written(.nurture), .alreadyWritten, .alreadyWritten, .alreadyWritten])
        let transactions = try await crm.rows(
            "select count(*) as n from calls where finalized_at is not null group by finalized_at order by n")
        #expect(try transactions.map { try $0.int("n") } == [1, 4])
        let counts = try await crm.counts()
        #expect(counts["conversations"] == 10)
        #expect(counts["usage_records"] == 25)
        #expect(counts["lead_scores"] == 8)
        let openFollowUps = try await crm.rows("select lead_id from follow_ups where status = 'Pending'")
        #expect(openFollowUps.count == 3)
    }

    @Test func `one record of a backlog that the database refuses costs its neighbours nothing`() async throws {
        let crm = try await StoreFixture.make()
        let journals = try directory.store()
        let openings = (0..<24).map { CallOpening.sample(from: "+1415555\(3_000 + $0)") }
        try await begun(openings, crm)
        let bad = openings[13]
        for opening in openings where opening.callID != bad.callID { try await journals.record(opening) }
        try await journals.recordForged(bad)
        let writer = PostCallWriter(
            database: crm.database, journals: journals, pipeline: Self.reading(openings.count),
            readers: openings.count, metrics: Metrics())

        for opening in openings { await writer.submit(opening.callID) }

        #expect(await writer.drain(timeoutMs: 90_000))
        let written = try await crm.row("select count(*) as n from calls where finalized_at is not null")
        #expect(try written.int("n") == 23)
        let reason = try String(contentsOfFile: directory.path + "/failed/\(bad.callID).reason", encoding: .utf8)
        #expect(reason.contains("specialists_only_after_a_yes"))
    }

    @Test func `a lead that somebody has locked holds up its own call only`() async throws {
        let crm = try await StoreFixture.make()
        let journals = try directory.store()
        let openings = (0..<8).map { CallOpening.sample(from: "+1415555\(4_000 + $0)") }
        try await begun(openings, crm)
        for opening in openings { try await journals.record(opening) }
        let locked = openings[5]
        let holder = Task {
            try await crm.database.transaction(tenant: .initial, timeoutMs: 90_000) { tx in
                let lead = "select lead_id from calls where id = $1"
                _ = try tx.query("select from leads where id = (\(lead)) for update", [.uuid(locked.callID.uuid)])
                _ = try tx.query("select pg_sleep(60)")
            }
        }
        let asleep = "from pg_stat_activity where datname = current_database() and query = 'select pg_sleep(60)'"
        while try await crm.rows("select \(asleep)").isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        let writer = PostCallWriter(
            database: crm.database, journals: journals, pipeline: Self.reading(openings.count),
            readers: openings.count, transactionTimeoutMs: 500, metrics: Metrics())

        for opening in openings { await writer.submit(opening.callID) }

        for opening in openings where opening.callID != locked.callID {
            #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 50_000))
        }
        #expect(try await crm.rows("select \(asleep)").count == 1)
        #expect(!journals.isWritten(locked.callID))
        _ = try await crm.rows("select pg_cancel_backend(pid) \(asleep)")
        #expect(await writer.waitUntilWritten(locked.callID, timeoutMs: 90_000))
        _ = await holder.result
    }
}
