import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Structured logging to standard error: a fixed sentence and keys; JSON lines unless on a terminal.
///
/// Never waits, whoever reads standard error (``LogSink``), and never call it per frame all the same. Personal data goes
/// only under keys that begin with `pii.`; audio, transcripts and secrets never.
package enum Log {
    package enum Level: String, Comparable, Sendable, CaseIterable {
        case debug, info, warning, error
        private var rank: Int { Level.allCases.firstIndex(of: self) ?? 0 }
        package static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }
    }

    /// Who can make a line appear.
    package enum Cause: Sendable {
        /// Our own work, and what those cause who have shown who they are.
        case own
        /// Anybody who reaches the listener: they must not fill the disk, nor hide what others say.
        case strangers
    }

    /// Lines a second with the same sentence; what is above is counted, and the count written a second later.
    package static let strangersPerSecond = 10
    /// The same for warnings and errors of our own; their other lines are milestones, and all are written.
    package static let warningsPerSecond = 100
    /// How long the end of the process waits for a standard error that is slow.
    private static let exitMs: Int64 = 1_000

    private static let threshold = Atomic<Int>(1)
    private static let sink = {
        atexit { Log.flush() }
        return LogSink(descriptor: STDERR_FILENO, asJSON: isatty(STDERR_FILENO) != 1)
    }()

    package static var level: Level {
        get { Level.allCases[threshold.load(ordering: .relaxed)] }
        set { threshold.store(Level.allCases.firstIndex(of: newValue) ?? 1, ordering: .relaxed) }
    }

    package static func debug(
        _ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable> = [:], from cause: Cause = .own
    ) {
        write(.debug, sentence, keys, cause)
    }
    package static func info(
        _ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable> = [:], from cause: Cause = .own
    ) {
        write(.info, sentence, keys, cause)
    }
    package static func warning(
        _ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable> = [:], from cause: Cause = .own
    ) {
        write(.warning, sentence, keys, cause)
    }
    package static func error(
        _ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable> = [:], from cause: Cause = .own
    ) {
        write(.error, sentence, keys, cause)
    }

    /// What a command says to the person who called it, on standard error, as it is.
    package static func say(_ text: String) { sink.say(text) }

    /// Waits a moment for what has been logged to be written. The end of the process does so by itself.
    package static func flush() { sink.flush(withinMs: exitMs) }

    private static func write(
        _ level: Level, _ sentence: StaticString, _ keys: KeyValuePairs<String, any Sendable>, _ cause: Cause
    ) {
        guard level >= self.level else { return }
        let perSecond: Int? =
            switch cause {
            case .strangers: strangersPerSecond
            case .own: level >= .warning ? warningsPerSecond : nil
            }
        sink.log(level, "\(sentence)", keys, perSecond: perSecond)
    }
}
