import CLibPQ
import CallModel
import Foundation
import Glibc
import Synchronization
import Telemetry

/// One thread with one connection, opened when first needed and replaced when it breaks. libpq blocks here, never on the
/// cooperative pool.
///
/// `@unchecked`: `connection` is touched by the lane's own thread only.
final class Lane: @unchecked Sendable {
    let wakeFD: Int32
    private let url: String
    private let applicationName: String
    private var connection: PostgresConnection?

    init(url: String, applicationName: String) {
        self.url = url
        self.applicationName = applicationName
        wakeFD = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    }

    deinit { close(wakeFD) }

    static func wake(_ wakeFD: Int32) {
        var one: UInt64 = 1
        _ = unsafe write(wakeFD, &one, 8)
    }

    /// How much later than the caller's deadline the server ends a transaction by itself.
    private static let secondFenceMs = 1_000
    /// How often a transaction that met another is run again.
    private static let attemptsMax = 4

    /// Runs `body` in a transaction, again when it met another one, and on a fresh connection when the pooled one turns
    /// out to be dead before anything was done with it.
    func transaction<T>(
        tenant: TenantID?, errand: Errand, _ body: (borrowing Transaction) throws -> T
    ) throws -> T {
        let patience = Patience(
            startedAt: errand.startedAt, deadline: errand.deadline, wakeFD: wakeFD, isOver: { errand.isOver })
        var attempt = 1
        while true {
            do {
                return try once(tenant: tenant, patience, body)
            } catch let error as DatabaseError
                where attempt < Lane.attemptsMax
                && (error.isConflict || error.isLostPlan || error.sqlState == "0A000")
            {
                attempt += 1
            } catch is Stale {
                connection = nil
            }
        }
    }

    /// The pooled connection turned out to be dead before the server had answered anything.
    private struct Stale: Error {}

    private func once<T>(
        tenant: TenantID?, _ patience: Patience, _ body: (borrowing Transaction) throws -> T
    ) throws -> T {
        let isPooled = connection?.isBroken == false
        let connection = try begun(tenant: tenant, patience)
        let answeredBefore = connection.roundTrips
        let value: T
        do { value = try body(Transaction(connection, patience)) } catch {
            rollBack(connection)
            if (error as? DatabaseError)?.isReadOnly == true { self.connection = nil }
            if isPooled, connection.roundTrips == answeredBefore, let error = error as? DatabaseError,
                error.isRetryable, patience.remainingMs > 0, !patience.isOver()
            {
                throw Stale()
            }
            throw error
        }
        guard !patience.isOver() else {
            rollBack(connection)
            throw patience.timedOut
        }
        do {
            let answer = try connection.run("commit", [], patience)
            guard answer.tag == "COMMIT" else {
                throw DatabaseError.statementFailed(
                    sqlState: "25P02", message: "the transaction was rolled back: one of its statements had failed",
                    constraint: nil)
            }
        } catch {
            switch error {
            case DatabaseError.statementFailed(let sqlState, _, _) where sqlState != "0A000":
                // One of the statements that came with the commit, which has not been run then.
                rollBack(connection)
                if DatabaseError.readOnly.contains(sqlState) { self.connection = nil }
                throw error
            case DatabaseError.connectionLost(let reason, _):
                self.connection = nil
                throw DatabaseError.connectionLost(reason: reason, whileCommitting: true)
            default:
                // Whatever state it is in, nobody should meet it again.
                self.connection = nil
                throw error
            }
        }
        return value
    }

    /// A connection with a transaction begun and scoped, as soon as the first statement is run.
    private func begun(tenant: TenantID?, _ patience: Patience) throws(DatabaseError) -> PostgresConnection {
        if let pooled = connection, !pooled.isBroken {
            do {
                try begin(pooled, tenant: tenant, patience)
                return pooled
            } catch {
                connection = nil
                guard error.isRetryable, patience.remainingMs > 0, !patience.isOver() else { throw error }
            }
        }
        connection = nil
        let fresh = try PostgresConnection(url: url, applicationName: applicationName, patience: patience)
        try begin(fresh, tenant: tenant, patience)
        connection = fresh
        return fresh
    }

    private static let scope =
        "select \(PostgresConnection.conventions), set_config('app.tenant_id', $1, true),"
        + " set_config('statement_timeout', $2, true), set_config('idle_in_transaction_session_timeout', $3, true)"

    private func begin(
        _ connection: PostgresConnection, tenant: TenantID?, _ patience: Patience
    ) throws(DatabaseError) {
        try connection.send(PostgresConnection.begin, StatementParameters([]))
        // The server's own limits are the second fence, should this process freeze: the first one is ours.
        let limitMs = patience.remainingMs + Lane.secondFenceMs
        try connection.send(
            Lane.scope,
            StatementParameters([.text(tenant?.description ?? ""), .text(String(limitMs)), .text(String(limitMs))]))
    }

    private func rollBack(_ connection: PostgresConnection) {
        guard !connection.isBroken, (try? connection.run("rollback", [], Patience(ms: 1_000))) != nil else {
            self.connection = nil
            return
        }
    }

    /// Ends the connection; called by the lane's thread as its last act.
    func hangUp() { connection = nil }
}
