package import Runtime

/// How many lines of one kind a second are worth reading; the rest is counted. A kind is a sentence.
package struct LogRates: Sendable {
    package static let seconds: Int64 = 1

    private struct Window {
        var since: MonotonicTime
        var lines = 0
        var leftOut = 0
    }

    /// As many as there are places in the code that log at a rate.
    private var windows: [String: Window] = [:]

    package init() {}

    /// Whether a line of `kind` may be written; otherwise it is counted.
    package mutating func admits(_ kind: String, perSecond: Int, at now: MonotonicTime) -> Bool {
        var window = windows[kind] ?? Window(since: now)
        if Self.isOver(window, at: now), window.leftOut == 0 { window = Window(since: now) }
        let admitted = window.lines < perSecond
        if admitted { window.lines += 1 } else { window.leftOut += 1 }
        windows[kind] = window
        return admitted
    }

    /// Some lines were left out that ``ended(at:all:)`` has not told of.
    package var hasLeftOut: Bool { windows.values.contains { $0.leftOut > 0 } }

    /// The kinds whose second is over, with how many of their lines were left out: told of once, a new second begins.
    ///
    /// - Parameter all: also those whose second goes on; for the end of the process.
    package mutating func ended(at now: MonotonicTime, all: Bool = false) -> [(kind: String, leftOut: Int)] {
        let over = windows.filter { all || Self.isOver($0.value, at: now) }
        for kind in over.keys { windows[kind] = nil }
        return over.filter { $0.value.leftOut > 0 }.map { ($0.key, $0.value.leftOut) }.sorted { $0.kind < $1.kind }
    }

    private static func isOver(_ window: Window, at now: MonotonicTime) -> Bool {
        now >= window.since.adding(milliseconds: seconds * 1_000)
    }
}
