import CallModel
import Consult
import Jobs
import Telemetry

/// Every series of a gateway whose labels are known beforehand, so that `/metrics` has them at 0 from the start.
enum MetricCatalogue {
    static let series: [Metrics.Series] =
        calls + media + consults + records + jobs + [
            .init("parley_api_refused_total", .counter, help: "API requests refused for their token."),
            .init(
                "parley_http_evicted_total", .counter,
                help: "connections with an unfinished request that gave their place to another"),
            .init(
                "parley_database_fence_gaps_active", .gauge,
                help: "places where row-level security does not keep tenants apart"),
            .init("parley_journal_active", .gauge, help: "1 while the journals' directory takes files."),
            .init(
                "parley_journal_damaged_total", .counter, help: "Journals of which some lines could not be read."),
            .init(
                "parley_call_records_failed_pending", .gauge,
                help: "Call records the database refused, waiting in failed/."),
            .init(
                "parley_call_records_unreadable_total", .counter, help: "Call records whose journal could not be read."),
            .init(
                "parley_private_database_starts_total", .counter,
                help: "starts of the private PostgreSQL after the first"),
        ]
        + ["rate", "queue"].map {
            .init(
                "parley_log_lines_dropped_total", .counter, ["reason": $0],
                help: "lines that are not in the log: their kind came too often (rate), or nobody took them (queue)")
        }

    private static let calls: [Metrics.Series] =
        [
            .init("parley_calls_active", .gauge, help: "calls between ring and end"),
            .init("parley_calls_ended_total", .counter, help: "calls that ended, with their journal on disk"),
            .init("parley_calls_refused_total", .counter, help: "calls given the fallback for want of room"),
            .init(
                "parley_number_routes_stale_total", .counter,
                help: "Calls routed by an older answer while the database was away."),
        ]
        + ["400", "403", "413"].map {
            .init("parley_webhooks_refused_total", .counter, ["status": $0], help: "webhook requests refused")
        }

    private static let media: [Metrics.Series] = [
        .init("parley_agent_legs_lost_total", .counter, help: "agent connections lost or refused"),
        .init("parley_media_messages_refused_total", .counter, help: "media stream messages that do not parse"),
        .init("parley_media_streams_refused_total", .counter, help: "media streams closed for cause"),
        .init(
            "parley_media_streams_silent_total", .counter, help: "media streams closed because nothing came any more"),
    ]

    private static let consults: [Metrics.Series] =
        [
            .init("parley_consults_offered_total", .counter, help: "consults offered to callers"),
            .init("parley_consults_accepted_total", .counter, help: "consults callers agreed to"),
            .init("parley_consults_declined_total", .counter, help: "consults that were offered and not agreed to"),
            .init("parley_consults_unclear_total", .counter, help: "replies to an offer, neither yes nor no"),
            .init(
                "parley_consult_answer_seconds", .histogram,
                help: "from the caller's yes to the first of the answer in the caller's ear"),
        ]
        + ConsultRecord.Ending.allCases.map {
            .init("parley_consults_total", .counter, ["outcome": $0.rawValue], help: "consults by how they ended")
        }
        + ["ok", "failed", "cancelled"].map {
            .init(
                "parley_consult_chat_requests_total", .counter, ["outcome": $0],
                help: "Chat completions asked for on behalf of specialists.")
        }

    private static let records: [Metrics.Series] =
        [
            .init("parley_call_record_commit_seconds", .histogram, help: "Hang-up to committed call record."),
            .init(
                "parley_call_record_retries_total", .counter,
                help: "Attempts to commit a call record that have to be repeated."),
            .init("parley_call_records_pending", .gauge, help: "Ended calls whose record is not committed."),
            .init(
                "parley_call_records_refused_total", .counter,
                help: "Call records the database refused; kept in failed/."),
            .init(
                "parley_journal_entries_lost_total", .counter,
                help:
                    "Journal entries discarded because the disk did not take them, or their call had written too much."),
            .init("parley_journal_quarantined_total", .counter, help: "Journal files that could not be read."),
            .init(
                "parley_journal_write_failures_total", .counter, help: "Attempts to write a journal that failed."),
        ]
        + CallOutcome.allCases.map {
            .init(
                "parley_call_records_written_total", .counter, ["outcome": $0.rawValue], help: "Call records committed."
            )
        }

    private static let jobs: [Metrics.Series] =
        [
            .init("parley_job_start_delay_seconds", .histogram, help: "From when a job was due to its start."),
            .init("parley_job_run_seconds", .histogram, help: "From a job's start to its end."),
            .init("parley_jobs_active", .gauge, help: "Jobs that run on this node."),
            .init("parley_jobs_dead_pending", .gauge, help: "Dead jobs of all tenants, up to 10,000."),
            .init("parley_jobs_overdue_seconds", .gauge, help: "How long the oldest due job has been waiting."),
        ]
        + JobOutcome.allCases.map {
            .init(
                "parley_jobs_ended_total", .counter, ["outcome": $0.rawValue], help: "Runs of jobs by how they ended.")
        }
}
