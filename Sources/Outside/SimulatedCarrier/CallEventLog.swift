import Runtime
import Synchronization

/// The events of one call in the order they happened, from loop and call alike, and whoever watches them live.
final class CallEventLog: Sendable {
    private static let eventsMax = 20_000

    let placed = MonotonicTime.now()
    private let events = Mutex<[SimulatedCallEvent]>([])
    private let watch: @Sendable (SimulatedCallEvent) -> Void

    init(watch: @escaping @Sendable (SimulatedCallEvent) -> Void) {
        self.watch = watch
    }

    var all: [SimulatedCallEvent] { events.withLock { $0 } }
    var elapsedMs: Int { Int(MonotonicTime.now().milliseconds(since: placed)) }

    func note(_ kind: SimulatedCallEvent.Kind, _ detail: String = "", text: String? = nil) {
        let event = SimulatedCallEvent(atMs: elapsedMs, kind: kind, detail: detail, text: text)
        let kept = events.withLock { events in
            guard events.count < Self.eventsMax else { return false }
            events.append(event)
            return true
        }
        if kept { watch(event) }
    }
}
