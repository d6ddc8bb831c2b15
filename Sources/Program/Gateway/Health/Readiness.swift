import API
import Journal
import LiveCalls
import PostCall

/// Whether new calls are welcome here, and what stands in their way.
struct Readiness: Sendable {
    let pulse: DatabasePulse
    let fence: FenceWatch
    let journals: JournalStore
    let records: PostCallWriter
    let calls: CallRegistry

    func report() async -> ReadinessReport {
        let isAccepted = await records.isAccepted
        return ReadinessReport(checks: [
            .init("database", isReady: await pulse.isAlive()),
            .init("tenant fence", isReady: fence.fault == nil, detail: fence.fault ?? ""),
            .init(
                "journal", isReady: journals.isWell,
                detail: journals.isWell ? "" : "the journals' directory takes no files"),
            .init(
                "call records", isReady: isAccepted,
                detail: isAccepted ? "" : "the database refuses one record after the other; they are in journals/failed"
            ),
            .init("accepting calls", isReady: !calls.isDraining),
            .init(
                "room for calls", isReady: !calls.isFull, detail: calls.isFull ? "PARLEY_CALLS_MAX calls are on" : ""),
        ])
    }
}
