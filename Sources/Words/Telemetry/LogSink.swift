import Dispatch
import FoundationEssentials
import Runtime
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Lines on their way to a descriptor that may be slow, or that nobody reads: handing one over never waits.
///
/// A thread of its own writes them, in order. What does not fit into the queue is dropped and counted, and so is what
/// comes oftener than its rate; both counts are written once lines flow again.
package final class LogSink: Sendable {
    private struct State {
        /// Whole lines that wait to be written.
        var waiting: [UInt8] = []
        var dropped = 0
        var rates = LogRates()
        var isWriting = false
        /// The last write failed: what was lost is told of with the next line, not by itself, which would fail as well.
        var isBroken = false
        var isStarted = false
    }

    private enum Step {
        case write([UInt8])
        case wait(untilEndOfSecond: Bool)
    }

    /// What may wait, in bytes: some seconds of a busy log.
    package static let waitingBytesMax = 1 << 20
    /// Room that only errors take.
    package static let errorBytes = 1 << 17
    /// A pipe that can be written to takes as much without making the writer wait (`PIPE_BUF`, pipe(7)).
    private static let pieceBytes = 4_096

    private let descriptor: Int32
    private let asJSON: Bool
    private let metrics: Metrics
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - descriptor: stays open as long as the process; its flags are left as they are, since others may share it.
    ///   - asJSON: a JSON object a line; otherwise words for a person.
    package init(descriptor: Int32, asJSON: Bool, metrics: Metrics = .shared) {
        self.descriptor = descriptor
        self.asJSON = asJSON
        self.metrics = metrics
    }

    /// Hands over one line.
    ///
    /// - Parameter perSecond: how many lines with this sentence a second are written; nil: all.
    package func log(
        _ level: Log.Level, _ sentence: String, _ keys: KeyValuePairs<String, any Sendable>, perSecond: Int? = nil
    ) {
        if let perSecond {
            let (admitted, isFirst) = state.withLock { state in
                let hadLeftOut = state.rates.hasLeftOut
                let admitted = state.rates.admits(sentence, perSecond: perSecond, at: .now())
                return (admitted, !admitted && !hadLeftOut)
            }
            // The thread wakes when the second is over, to tell the count.
            if isFirst { wake() }
            guard admitted else { return }
        }
        add(text(level, sentence, keys), isError: level == .error)
    }

    /// Hands over text that is no line of log: what a command says to the person who called it.
    package func say(_ text: String) { add(text + "\n", isError: true) }

    /// Waits until all that was handed over is written, at most so long; then true. For the end of the process.
    @discardableResult package func flush(withinMs: Int64) -> Bool {
        let deadline = MonotonicTime.now().adding(milliseconds: withinMs)
        state.withLock { tellCounts(&$0, all: true) }
        wake()
        while state.withLock({ $0.isWriting || !$0.waiting.isEmpty || ($0.dropped > 0 && !$0.isBroken) }) {
            guard MonotonicTime.now() < deadline else { return false }
            usleep(1_000)
        }
        return true
    }

    private func text(
        _ level: Log.Level, _ sentence: String, _ keys: some Sequence<(key: String, value: any Sendable)>
    ) -> String {
        asJSON ? LogLine.json(level, sentence, keys, at: .now) : LogLine.human(level, sentence, keys)
    }

    private func add(_ line: String, isError: Bool) {
        let isFirst = state.withLock { state in
            let wasEmpty = state.waiting.isEmpty
            append(line, isError: isError, to: &state)
            return wasEmpty
        }
        // The thread takes all that waits at once.
        if isFirst { wake() }
    }

    private func append(_ line: String, isError: Bool, to state: inout State) {
        let room = (isError ? Self.waitingBytesMax : Self.waitingBytesMax - Self.errorBytes) - state.waiting.count
        // The count of what is missing stands where it is missing, so nothing comes after that before it is told. Where
        // nothing could be written at all, the next line is the attempt that tells whether it can be again.
        guard line.utf8.count <= room, isError || state.dropped == 0 || state.isBroken else {
            state.dropped += 1
            return
        }
        tellDropped(&state)
        state.waiting += line.utf8
    }

    private func tellDropped(_ state: inout State) {
        guard state.dropped > 0, !state.isBroken else { return }
        let keys: KeyValuePairs<String, any Sendable> = ["count": state.dropped]
        state.waiting += text(.warning, "lines of log were dropped: they could not be written in time", keys).utf8
        count(state.dropped, "queue")
        state.dropped = 0
    }

    private func wake() {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        if isFirst { NamedThread.start("log") { [self] in run() } }
        work.signal()
    }

    // MARK: The thread

    private func run() -> Never {
        MediaFirst.giveWay()
        while true {
            switch state.withLock({ next(&$0) }) {
            case .write(let lines): write(lines)
            case .wait(untilEndOfSecond: true): _ = work.wait(timeout: .now() + .seconds(Int(LogRates.seconds)))
            case .wait: work.wait()
            }
        }
    }

    private func next(_ state: inout State) -> Step {
        tellCounts(&state, all: false)
        tellDropped(&state)
        state.isWriting = !state.waiting.isEmpty
        guard state.isWriting else { return .wait(untilEndOfSecond: state.rates.hasLeftOut) }
        defer { state.waiting = [] }
        return .write(state.waiting)
    }

    private func tellCounts(_ state: inout State, all: Bool) {
        for (kind, leftOut) in state.rates.ended(at: .now(), all: all) {
            let keys: KeyValuePairs<String, any Sendable> = ["kind": kind, "count": leftOut]
            append(text(.warning, "more of one kind were left out", keys), isError: true, to: &state)
            count(leftOut, "rate")
        }
    }

    private func count(_ lines: Int, _ reason: String) {
        metrics.add(TelemetryMetrics.linesDropped[reason], Double(lines))
    }

    /// Takes as long as the reader does. What cannot be written at all is dropped and counted.
    private func write(_ lines: [UInt8]) {
        var next = 0
        while next < lines.count {
            let end = Self.endOfPiece(lines, from: next)
            let (written, failure) = lines.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress, waitUntilWritable() else { return (-1, errno) }
                return (Glibc.write(descriptor, start + next, end - next), errno)
            }
            if written > 0 {
                next += written
            } else if written == 0 || (failure != EINTR && failure != EAGAIN) {
                break
            }
        }
        let lost = lines[next...].count { $0 == UInt8(ascii: "\n") }
        state.withLock { state in
            state.isBroken = lost > 0
            state.dropped += lost
        }
    }

    private func waitUntilWritable() -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while poll(&wanted, 1, -1) < 0 { guard errno == EINTR else { return false } }
        return true
    }

    /// As many whole lines as fit into one piece, so that others who write to the same pipe do not come between.
    private static func endOfPiece(_ lines: [UInt8], from start: Int) -> Int {
        let most = min(start + pieceBytes, lines.count)
        guard let last = lines[start..<most].lastIndex(of: UInt8(ascii: "\n")) else { return most }
        return last + 1
    }
}
