package import CallModel
import Synchronization

/// Who waits for a transaction.
package enum DatabaseUrgency: CaseIterable, Sendable {
    /// A caller, an operator: it goes first.
    case live
    /// Nobody, as for a record after the call: one at a time while there is live work.
    case afterwards
}

/// PostgreSQL behind a small pool. Every query of the application runs inside a tenant's scope, which this class owns.
///
/// Transactions run on the pool's own threads; the awaiting task is never blocked, and is answered at its deadline even
/// when the server is not.
package final class Database: Sendable {
    let pool: ConnectionPool

    /// Opens nothing yet: connections are made when first needed.
    ///
    /// - Parameter url: a libpq URI or conninfo string of the application role.
    package init(url: String, connectionsMax: Int = 8, applicationName: String = "parley") {
        pool = ConnectionPool(url: url, connectionsMax: connectionsMax, applicationName: applicationName)
    }

    deinit { pool.shutDown() }

    /// One transaction in the tenant's scope.
    ///
    /// - Parameters:
    ///   - timeoutMs: for everything: the wait for a connection, the statements, the commit.
    ///   - body: may run more than once when it meets another transaction (serialization failure, deadlock), so it must
    ///     have no effect outside of the database. An error it throws rolls back and comes out here.
    /// - Throws: ``DatabaseError``, `CancellationError`, or what `body` throws. After `timedOut`, or a connection lost
    ///   while committing, the transaction may still have been committed: write idempotently.
    @discardableResult
    package func transaction<T: Sendable>(
        tenant: TenantID, timeoutMs: Int = 5_000, urgency: DatabaseUrgency = .live,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await run(tenant: tenant, timeoutMs: timeoutMs, urgency, body)
    }

    /// One transaction without a tenant: row-level security shows it nothing. For SECURITY DEFINER functions (routing a
    /// number) and health.
    @discardableResult
    package func unscoped<T: Sendable>(
        timeoutMs: Int = 5_000, _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        try await run(tenant: nil, timeoutMs: timeoutMs, .live, body)
    }

    /// Whether the server answers a trivial query within a second.
    package func ping() async -> Bool {
        let answer = try? await unscoped(timeoutMs: 1_000) { transaction in
            try transaction.query("select 1 as one").count
        }
        return answer == 1
    }

    /// Refuses new work, lets running transactions end by their deadlines, and closes the connections.
    package func close() async {
        pool.shutDown()
        await pool.lanesEnded()
    }

    private func run<T: Sendable>(
        tenant: TenantID?, timeoutMs: Int, _ urgency: DatabaseUrgency,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        let handle = CancellationHandle()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
                let errand = Errand(
                    timeoutMs: timeoutMs, urgency: urgency,
                    work: { errand, lane in
                        let result = Result { try lane.transaction(tenant: tenant, errand: errand, body) }
                        if errand.settle() { continuation.resume(with: result) }
                    },
                    fail: { continuation.resume(throwing: $0) })
                guard handle.attach(errand) else { return errand.cancel() }
                pool.submit(errand)
            }
        } onCancel: {
            handle.cancel()
        }
    }
}

/// Carries a task's cancellation to its errand, whichever of the two comes first.
private final class CancellationHandle: Sendable {
    private struct State {
        var errand: Errand?
        var isCancelled = false
    }
    private let state = Mutex(State())

    /// False when the task was cancelled before there was an errand.
    func attach(_ errand: Errand) -> Bool {
        state.withLock { state in
            state.errand = errand
            return !state.isCancelled
        }
    }

    func cancel() {
        let errand = state.withLock { state in
            state.isCancelled = true
            return state.errand
        }
        errand?.cancel()
    }
}
