package import Telemetry

package enum JournalMetrics {
    static let active = Metric<Gauge>("parley_journal_active", "1 while the journals' directory takes files.")
    static let damaged = Metric<Counter>(
        "parley_journal_damaged_total", "Journals of which some lines could not be read.")
    static let quarantined = Metric<Counter>(
        "parley_journal_quarantined_total", "Journal files that could not be read.")
    static let entriesLost = Metric<Counter>(
        "parley_journal_entries_lost_total",
        "Journal entries discarded because the disk did not take them, or their call had written too much.")
    static let writeFailures = Metric<Counter>(
        "parley_journal_write_failures_total", "Attempts to write a journal that failed.")

    package static let all: [any DeclaredMetric] = [active, damaged, quarantined, entriesLost, writeFailures]
}
