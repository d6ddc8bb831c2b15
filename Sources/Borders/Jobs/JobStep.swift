/// Where a worker is: told before each wait and after it, to whoever watches it (a benchmark, a test that kills it there).
package enum JobStep: String, CaseIterable, Sendable {
    case claiming, claimed
    case started, worked
    /// Within the transaction, all sent but the commit.
    case committing
    case committed
    /// A failed run is about to be written down, and was.
    case failing, failed
    case renewing, renewed
    case firing, fired
}
