import CRM
import CallModel
import Database
import Foundation
import Journal
import PostCall
import Runtime
import Telemetry

/// What runs in the process under measurement: the post-call writer as the gateway has it, and nothing else.
enum WriterProcess {
    struct Report: Codable {
        /// Calls submitted, and how long until the last was committed.
        var calls = 0
        var seconds = 0.0
        /// Finding the journals at the start.
        var surveySeconds = 0.0
        /// User and system time of this process over those seconds.
        var cpuSeconds = 0.0
        /// Hang-up to committed record of each call, in ms, sorted.
        var latenciesMs: [Double] = []
        var unwritten = 0
    }

    /// Writes what an earlier process left, as a gateway does when it starts.
    static func backlog(_ url: String, _ journals: String) async throws -> Report {
        let (database, _, writer) = try parts(url, journals)
        var report = Report()
        let startedAt = MonotonicTime.now()
        report.calls = try await writer.recover().submitted.count
        report.surveySeconds = seconds(since: startedAt)
        let cpuBefore = cpuSeconds()
        _ = await writer.drain(timeoutMs: 600_000)
        report.seconds = seconds(since: startedAt)
        report.cpuSeconds = cpuSeconds() - cpuBefore
        report.unwritten = await writer.pending
        await database.close()
        return report
    }

    /// Calls that hang up one after the other, `perSecond` of them, whether or not the writer keeps up.
    static func hangUps(_ url: String, _ journals: String, _ calls: [EndedCalls.Call], perSecond: Double) async throws
        -> Report
    {
        let (database, store, writer) = try parts(url, journals)
        let rows = CallStore(database: database, timeoutMs: 30_000)
        for call in calls {
            let journal = store.open(call.opening.callID)
            for entry in call.entries { journal.append(entry) }
            try await rows.begin(
                opening: call.opening, answeredAt: call.opening.rangAt.addingTimeInterval(1), sessionID: "bench")
        }

        var report = Report()
        report.calls = calls.count
        let startedAt = MonotonicTime.now()
        let cpuBefore = cpuSeconds()
        report.latenciesMs = await withTaskGroup(of: Double?.self, returning: [Double].self) { group in
            for (index, call) in calls.enumerated() {
                let due = Int64(Double(index) / perSecond * 1_000)
                let ahead = startedAt.adding(milliseconds: due).milliseconds(since: .now())
                if ahead > 0 { try? await Task.sleep(for: .milliseconds(ahead)) }
                group.addTask { await latencyMs(of: call, store, writer) }
            }
            var latencies: [Double] = []
            for await latency in group { if let latency { latencies.append(latency) } }
            return latencies.sorted()
        }
        report.seconds = seconds(since: startedAt)
        report.cpuSeconds = cpuSeconds() - cpuBefore
        report.unwritten = calls.count - report.latenciesMs.count
        await database.close()
        return report
    }

    private static func latencyMs(of call: EndedCalls.Call, _ store: JournalStore, _ writer: PostCallWriter) async
        -> Double?
    {
        let hungUpAt = MonotonicTime.now()
        let journal = store.open(call.opening.callID)
        journal.append(.ended(call.ending))
        guard (try? await journal.finish()) != nil else { return nil }
        await writer.submit(call.opening.callID)
        guard await writer.waitUntilWritten(call.opening.callID, timeoutMs: 120_000) else { return nil }
        return seconds(since: hungUpAt) * 1_000
    }

    private static func parts(_ url: String, _ journals: String) throws -> (Database, JournalStore, PostCallWriter) {
        let database = Database(url: url)
        let store = try JournalStore(directory: journals)
        return (database, store, PostCallWriter(database: database, journals: store, pipeline: .standard()))
    }

    private static func seconds(since start: MonotonicTime) -> Double {
        Double(MonotonicTime.now().nanoseconds - start.nanoseconds) / 1e9
    }

    private static func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
