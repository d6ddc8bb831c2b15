package import CallModel
package import Database
package import FoundationEssentials

/// What a run leaves in the database, in the transaction that ends the job: both or neither. May be called again when that
/// meets another transaction, so it has no effect elsewhere.
package typealias JobEffect = @Sendable (borrowing Transaction) throws -> Void

/// What a run knows of itself.
package struct JobRun: Sendable {
    package let id: UUID
    package let tenant: TenantID
    /// From 1; runs that a node took with it when it died count.
    package let attempt: Int
    /// Of the run before, when that failed.
    package let lastError: String?
}

/// Runs the jobs of one kind.
package struct JobHandler: Sendable {
    let kind: String
    let policy: JobPolicy
    let work: @Sendable (ClaimedJob) async throws -> JobEffect

    /// - Parameter work: does what takes time, outside of any transaction, and returns what is to be written. It may have
    ///   been done before, by a run whose node died: what it does to others has to bear that. It is cancelled when it takes
    ///   too long, or when another node has its job.
    package init<Kind: JobKind>(
        _ kind: Kind.Type, _ work: @escaping @Sendable (Kind, JobRun) async throws -> JobEffect
    ) {
        self.kind = Kind.kind
        policy = Kind.policy
        self.work = { claimed in try await work(try claimed.read(Kind.self), claimed.run) }
    }

    /// For work that is all in the database: it is done exactly once.
    package init<Kind: JobKind>(
        writing kind: Kind.Type, _ write: @escaping @Sendable (Kind, JobRun, borrowing Transaction) throws -> Void
    ) {
        self.init(kind) { job, run in { tx in try write(job, run, tx) } }
    }
}

/// A job whose lease is ours.
struct ClaimedJob: Sendable {
    let run: JobRun
    let kind: String
    let payload: String
    let lease: UUID
    /// How long it had been due.
    let lateMs: Double

    init(_ row: Row) throws(DatabaseError) {
        run = JobRun(
            id: try row.uuid("id"), tenant: TenantID(try row.uuid("tenant_id")), attempt: try row.int("attempts"),
            lastError: try row.textOrNil("last_error"))
        kind = try row.text("kind")
        payload = try row.text("payload")
        lease = try row.uuid("lease")
        lateMs = try row.double("late_ms")
    }

    func read<Kind: JobKind>(_ kind: Kind.Type) throws -> Kind {
        do { return try JSONDecoder().decode(kind, from: Data(payload.utf8)) } catch {
            // What the decoder says may quote the payload.
            throw JobFailure.hopeless("its payload of \(payload.utf8.count) bytes is not that of a \(self.kind)")
        }
    }
}
