import Runtime
import Telemetry

/// How a run ended, by name.
package enum JobOutcome: String, CaseIterable, Sendable {
    case done
    /// It failed and waits for another attempt.
    case retried
    /// It was too early.
    case postponed
    case dead
    /// Given back at the end of the process.
    case released
    /// Another node has the job; nothing of this run is in the database.
    case lost
    /// It failed, and that could not be written down.
    case unwritten
}

struct JobEnding: Equatable, Sendable {
    let outcome: JobOutcome
    let reason: String

    init(_ outcome: JobOutcome, _ reason: String? = nil) {
        self.outcome = outcome
        self.reason = reason ?? ""
    }
}

/// What the log and the metrics say of jobs.
struct JobReport: Sendable {
    let metrics: Metrics

    func began(_ job: ClaimedJob) {
        metrics.adjust(JobMetrics.active, by: 1)
        metrics.observe(JobMetrics.startDelay, seconds: job.lateMs / 1_000)
    }

    func ended(_ job: ClaimedJob, _ ending: JobEnding, startedAt: MonotonicTime) {
        let ms = MonotonicTime.now().milliseconds(since: startedAt)
        metrics.adjust(JobMetrics.active, by: -1)
        metrics.observe(JobMetrics.run, seconds: Double(ms) / 1_000)
        metrics.add(JobMetrics.ended[ending.outcome.rawValue])
        switch ending.outcome {
        case .done, .postponed, .released:
            Log.debug(
                "job run ended",
                ["job.kind": job.kind, "job.id": job.run.id, "outcome": ending.outcome.rawValue, "run_ms": Int(ms)])
        case .retried, .unwritten:
            Log.warning(
                "job failed and is tried again",
                ["job.kind": job.kind, "job.id": job.run.id, "attempt": job.run.attempt, "error": ending.reason])
        case .dead:
            Log.error(
                "job is dead until a person says to try again",
                ["job.kind": job.kind, "job.id": job.run.id, "attempt": job.run.attempt, "error": ending.reason])
        case .lost:
            Log.warning(
                "job was taken over by another node",
                ["job.kind": job.kind, "job.id": job.run.id, "attempt": job.run.attempt, "run_ms": Int(ms)])
        }
    }

    func measured(dead: Int, overdueSeconds: Double) {
        metrics.set(JobMetrics.dead, to: Double(dead))
        metrics.set(JobMetrics.overdue, to: overdueSeconds)
    }
}
