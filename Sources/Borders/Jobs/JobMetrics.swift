package import Telemetry

package enum JobMetrics {
    static let startDelay = Metric<Histogram>("parley_job_start_delay_seconds", "From when a job was due to its start.")
    static let run = Metric<Histogram>("parley_job_run_seconds", "From a job's start to its end.")
    static let active = Metric<Gauge>("parley_jobs_active", "Jobs that run on this node.")
    static let ended = MetricFamily<Counter>(
        "parley_jobs_ended_total", by: "outcome", among: JobOutcome.allCases.map(\.rawValue),
        "Runs of jobs by how they ended.")
    static let dead = Metric<Gauge>("parley_jobs_dead_pending", "Dead jobs of all tenants, up to 10,000.")
    static let overdue = Metric<Gauge>("parley_jobs_overdue_seconds", "How long the oldest due job has been waiting.")

    package static let all: [any DeclaredMetric] = [startDelay, run, active, ended, dead, overdue]
}
