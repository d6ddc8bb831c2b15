package import Database

/// One kind of work that outlives the process which asked for it. Its properties are what a run is told, kept as JSON.
///
/// ```swift
/// struct SendMessage: JobKind {
///     static let kind = "message.send"
///     var delivery: UUID
/// }
/// ```
package protocol JobKind: Codable, Sendable {
    /// What the row says, in every version of the program: `thing.verb`.
    static var kind: String { get }
    static var policy: JobPolicy { get }
}

extension JobKind {
    package static var policy: JobPolicy { JobPolicy() }
}

/// How the jobs of one kind are run.
package struct JobPolicy: Sendable {
    /// So many runs may fail; then the job is dead, until a person says to try again.
    package var attemptsMax = 8
    /// The pause after the first failure and the longest one; each is twice the one before, less up to a half by chance.
    package var backoff: ClosedRange<Duration> = .seconds(5) ... .seconds(3_600)
    /// A run that takes longer is cancelled, and has failed.
    package var runMax: Duration = .seconds(60)
    /// Runs at the same time on one node.
    package var placesMax = 4
    /// Of the transaction that ends a job.
    package var urgency: DatabaseUrgency = .afterwards

    package init() {}

    /// - Parameter attempts: runs that have failed, at least 1.
    func pause(after attempts: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let factor = 1 << min(max(attempts, 1) - 1, 20)
        let longest = min(backoff.lowerBound * factor, backoff.upperBound)
        return longest * Double.random(in: 0.5...1, using: &generator)
    }
}

/// What a run throws when it knows better than to be tried again as usual.
package enum JobFailure: Error, Equatable, CustomStringConvertible {
    /// No further run would do any better: the job is dead at once.
    case hopeless(String)
    /// It is too early; this run counts for nothing.
    case notYet(Duration)

    package var description: String {
        switch self {
        case .hopeless(let reason): reason
        case .notYet(let pause): "too early by \(pause)"
        }
    }
}
