import CallModel
import CallReading
import Database
import Foundation
import Jobs
import Journal
import LanguageModel
import PostCall
import Synchronization
import Telemetry
import TestSupport
import Testing

/// A language model reads a call when it has the time; the record does not wait for it.
@Suite struct CallEnrichmentTests {
    private let directory = JournalDirectory()

    private static func heard() -> CallInsight {
        var insight = CallInsight(extractor: "rules/1", summary: "By the rules.", outcome: .nurture)
        insight.bant.need = Finding(.low, confidence: 0.7)
        return insight
    }

    private static func read(_ heard: CallInsight) -> CallInsight {
        var insight = heard
        insight.extractor = "llm/test"
        insight.summary = "By the model."
        insight.outcome = .qualified
        insight.bant.need = Finding(.urgent, confidence: 0.9)
        return insight
    }

    private func pipeline(
        _ enrich: @escaping @Sendable (CallInsight, CallRecord) async throws -> CallInsight
    ) -> PostCallPipeline {
        var pipeline = PostCallPipeline.fixed(Self.heard())
        pipeline.enrich = enrich
        return pipeline
    }

    /// Writes a call, and says how long that took.
    private func write(
        _ opening: CallOpening, _ crm: StoreFixture, _ pipeline: PostCallPipeline
    ) async throws -> Duration {
        let journals = try directory.store()
        let writer = PostCallWriter(
            database: crm.database, journals: journals, pipeline: pipeline, metrics: Metrics())
        try await journals.record(opening)
        let started = ContinuousClock.now
        await writer.submit(opening.callID)
        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))
        return started.duration(to: .now)
    }

    private func work(_ crm: StoreFixture, _ pipeline: PostCallPipeline) async throws {
        var settings = JobWorker.Settings()
        settings.pollMs = 20
        let worker = JobWorker(
            database: crm.database, handlers: [CallEnrichment(database: crm.database, pipeline: pipeline).handler],
            settings: settings, metrics: Metrics())
        await worker.start()
        let deadline = ContinuousClock.now + .seconds(90)
        while ContinuousClock.now < deadline,
            try await crm.row(
                "select count(*) as n from jobs where state = 'running' or state = 'waiting' and due_at <= now()"
            ).int("n") > 0
        {
            try await Task.sleep(for: .milliseconds(20))
        }
        await worker.stop(timeoutMs: 5_000)
    }

    @Test func `a model that stalls holds no record up`() async throws {
        let crm = try await StoreFixture.make()
        let stalled = pipeline { heard, _ in
            try await Task.sleep(for: .seconds(3_600))
            return heard
        }

        _ = try await write(.sample(), crm, stalled)

        let call = try await crm.row("select * from calls")
        #expect(try call.text("status") == "completed")
        #expect(try call.text("transcript").contains("We need a phone system"))
        #expect(try call.text("extractor") == "rules/1")
        #expect(try await crm.row("select state from jobs where kind = 'call.enrich'").text("state") == "waiting")
    }

    @Test func `the model's reading goes over the rules' once, and nothing is on record twice`() async throws {
        let crm = try await StoreFixture.make()
        let asked = Mutex(0)
        let model = pipeline { heard, _ in
            asked.withLock { $0 += 1 }
            return Self.read(heard)
        }
        let opening = CallOpening.sample()
        _ = try await write(opening, crm, model)
        let before = try await crm.counts()
        let finalized = try await crm.row("select finalized_at::text as at from calls").text("at")

        try await work(crm, model)
        // The same job, as if the node had died between its commit and the end of the lease.
        _ = try await crm.rows(
            "update jobs set state = 'waiting', ended_at = null, attempts = 0 where kind = 'call.enrich' returning id")
        try await work(crm, model)

        let call = try await crm.row(
            "select *, finalized_at::text as at, extraction #>> '{bant,need,value}' as need from calls")
        #expect(try call.text("extractor") == "llm/test")
        #expect(try call.text("summary") == "By the model.")
        #expect(try call.text("outcome") == "qualified")
        #expect(try call.text("need") == "urgent")
        #expect(try call.text("at") == finalized)
        #expect(try await crm.row("select need from leads").text("need") == "urgent")
        #expect(try await crm.counts() == before)
        #expect(asked.withLock { $0 } == 2)
    }

    @Test func `a reading of what is no longer on record changes nothing`() async throws {
        let crm = try await StoreFixture.make()
        let model = pipeline { heard, _ in Self.read(heard) }
        _ = try await write(.sample(), crm, model)
        // As when the call was joined with another part of it.
        _ = try await crm.rows(
            "update calls set extraction = extraction || '{\"summary\": \"Both parts.\"}' returning id")

        try await work(crm, model)

        #expect(try await crm.row("select extractor from calls").text("extractor") == "rules/1")
        #expect(try await crm.row("select need from leads").text("need") == "low")
    }

    @Test func `a reading that comes after a later call leaves the lead to that one`() async throws {
        let crm = try await StoreFixture.make()
        let model = pipeline { heard, _ in Self.read(heard) }
        let first = CallOpening.sample()
        _ = try await write(first, crm, model)
        _ = try await write(.sample(rangAt: first.rangAt.addingTimeInterval(600)), crm, .fixed(Self.heard()))

        try await work(crm, model)

        let calls = try await crm.rows("select extractor from calls order by call_start_time").map {
            try $0.text("extractor")
        }
        #expect(calls == ["llm/test", "rules/1"])
        #expect(try await crm.row("select need from leads").text("need") == "low")
    }

    @Test func `an answer that is of no use leaves the rules' reading, and no job behind`() async throws {
        let crm = try await StoreFixture.make()
        let useless = pipeline { _, _ in throw LLMError.notAnAnswer("no JSON object") }
        _ = try await write(.sample(), crm, useless)

        try await work(crm, useless)

        #expect(try await crm.row("select extractor from calls").text("extractor") == "rules/1")
        #expect(try await crm.row("select state from jobs where kind = 'call.enrich'").text("state") == "done")
    }

    @Test func `a model that is away is asked again later`() async throws {
        let crm = try await StoreFixture.make()
        let away = pipeline { _, _ in throw LLMError.timedOut }
        _ = try await write(.sample(), crm, away)
        try await work(crm, away)

        let retried = try await crm.row(
            "select state, attempts, due_at > now() as later from jobs where kind = 'call.enrich'")
        #expect(try retried.text("state") == "waiting")
        #expect(try retried.bool("later"))
    }

    @Test func `calls in which nobody spoke are not read again`() async throws {
        let crm = try await StoreFixture.make()
        let model = pipeline { heard, _ in Self.read(heard) }
        let journals = try directory.store()
        let writer = PostCallWriter(database: crm.database, journals: journals, pipeline: model, metrics: Metrics())
        let opening = CallOpening.sample()
        try await journals.record(opening, turns: false)
        await writer.submit(opening.callID)
        #expect(await writer.waitUntilWritten(opening.callID, timeoutMs: 90_000))

        #expect(try await crm.rows("select id from jobs where kind = 'call.enrich'").isEmpty)
    }
}
