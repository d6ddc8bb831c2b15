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
        metrics.adjust("parley_jobs_active", by: 1, help: "Jobs that run on this node.")
        metrics.observe(
            "parley_job_start_delay_seconds", seconds: job.lateMs / 1_000, help: "From when a job was due to its start."
        )
    }

    func ended(_ job: ClaimedJob, _ ending: JobEnding, startedAt: MonotonicTime) {
        let ms = MonotonicTime.now().milliseconds(since: startedAt)
        metrics.adjust("parley_jobs_active", by: -1, help: "Jobs that run on this node.")
        metrics.observe("parley_job_run_seconds", seconds: Double(ms) / 1_000, help: "From a job's start to its end.")
        metrics.add(
            "parley_jobs_ended_total", 1, ["outcome": ending.outcome.rawValue], help: "Runs of jobs by how they ended.")
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
        metrics.set("parley_jobs_dead_pending", to: Double(dead), help: "Dead jobs of all tenants, up to 10,000.")
        metrics.set(
            "parley_jobs_overdue_seconds", to: overdueSeconds, help: "How long the oldest due job has been waiting.")
    }
}
