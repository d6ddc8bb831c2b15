package import Runtime

/// Spares an endpoint that keeps failing, and the callers who would wait for it: after some failures in a row nothing is
/// sent for a while, then one request tries whether it is back.
package struct CircuitBreaker: Sendable {
    private enum State: Equatable, Sendable {
        case closed(failures: Int)
        case open(since: MonotonicTime)
        case trying
    }

    let failuresMax: Int
    let openMs: Int64
    private var state = State.closed(failures: 0)

    package init(failuresMax: Int = 5, openMs: Int64 = 30_000) {
        precondition(failuresMax > 0, "failuresMax: \(failuresMax)")
        self.failuresMax = failuresMax
        self.openMs = openMs
    }

    /// Whether nothing may be sent now.
    package var isOpen: Bool {
        switch state {
        case .closed: false
        case .open, .trying: true
        }
    }

    /// Whether a request may be sent; of those that ask while it is open, one is let through after ``openMs``. Each that is
    /// let through reports how it went.
    package mutating func admits(at now: MonotonicTime) -> Bool {
        switch state {
        case .closed: return true
        case .trying: return false
        case .open(let since):
            guard now.milliseconds(since: since) >= openMs else { return false }
            state = .trying
            return true
        }
    }

    package mutating func succeeded() { state = .closed(failures: 0) }

    package mutating func failed(at now: MonotonicTime) {
        switch state {
        case .closed(let failures):
            state = failures + 1 < failuresMax ? .closed(failures: failures + 1) : .open(since: now)
        case .trying: state = .open(since: now)
        case .open: break
        }
    }

    /// The request was called off: says nothing of the endpoint, and the next one may try.
    package mutating func abandoned(at now: MonotonicTime) {
        if state == .trying { state = .open(since: MonotonicTime(nanoseconds: now.nanoseconds - openMs * 1_000_000)) }
    }
}
