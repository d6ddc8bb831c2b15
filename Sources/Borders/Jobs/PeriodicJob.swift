import FoundationEssentials

/// A job that each tenant gets again and again, whoever of the nodes thinks of it first.
///
/// For what is in the database, which all nodes share. What every node has to do for itself, on its own disk, is a ``Chore``.
package struct PeriodicJob: Sendable {
    let name: String
    let everySeconds: Int
    let kind: String
    let payload: String

    /// - Parameters:
    ///   - job: what each run is told. One that has not started keeps the next from being enqueued beside it.
    ///   - seconds: it is due at whole multiples of them, by the database's clock, and once when it is new.
    package init<Kind: JobKind>(_ job: Kind, everySeconds seconds: Int) throws {
        precondition(seconds > 0, "\(Kind.kind) every \(seconds) s")
        name = Kind.kind
        everySeconds = seconds
        kind = Kind.kind
        payload = String(decoding: try JSONEncoder().encode(job), as: UTF8.self)
    }
}
