/// Why a run was cancelled.
enum JobStop: Sendable { case overtime, lost, shutdown }

/// What is to become of a job whose run failed.
struct JobVerdict: Equatable, Sendable {
    /// ``JobOutcome/dead``, ``JobOutcome/retried``, ``JobOutcome/postponed`` or ``JobOutcome/released``.
    var outcome: JobOutcome
    /// Until it is due again.
    var pause: Duration = .zero
    /// What the row says of it.
    var reason: String?

    /// - Parameter attempt: the run's, from 1.
    init(
        on error: any Error, attempt: Int, _ policy: JobPolicy, stop: JobStop?,
        using generator: inout some RandomNumberGenerator
    ) {
        switch (stop, error) {
        case (.shutdown, _): self.init(outcome: .released)
        case (_, JobFailure.notYet(let pause)): self.init(outcome: .postponed, pause: pause)
        case (_, JobFailure.hopeless(let reason)): self.init(outcome: .dead, reason: reason)
        default:
            let reason = stop == .overtime ? "not done within \(policy.runMax)" : "\(error)"
            self.init(
                outcome: attempt < policy.attemptsMax ? .retried : .dead,
                pause: policy.pause(after: attempt, using: &generator), reason: reason)
        }
    }

    private init(outcome: JobOutcome, pause: Duration = .zero, reason: String? = nil) {
        self.outcome = outcome
        self.pause = pause
        self.reason = reason
    }
}
