/// What goes wrong between us and PostgreSQL. Never carries a password, a parameter or a row's content.
package enum DatabaseError: Error, Equatable, CustomStringConvertible {
    /// The URL is no libpq URI or conninfo string. It is not repeated: it may hold a password.
    case malformedURL
    /// No connection came about; nothing was sent.
    case connectFailed(reason: String)
    /// The connection broke in mid-transaction. Lost while committing, the outcome is unknown: write idempotently.
    case connectionLost(reason: String, whileCommitting: Bool)
    /// The deadline passed while a connection was being made or a statement ran; the statement was cancelled.
    case timedOut(afterMs: Int)
    /// No connection came free before the deadline, or too many calls were waiting already.
    case poolExhausted(waitedMs: Int, connectionsMax: Int)
    /// PostgreSQL refused a statement. `constraint` is the name of the rule it broke, when it broke one.
    case statementFailed(sqlState: String, message: String, constraint: String?)
    /// A column is missing, null, or not of the type asked for.
    case unexpectedValue(column: String, expected: String)
    /// A row that was to be written is none of its statement: it has too little, or too much. A mistake of ours.
    case unfitRow(table: String, problem: String)
    /// The login role could step over the tenant fence.
    case unsafeRole(role: String, reason: String)
    /// Row-level security does not keep tenants apart: a sentence for each place.
    case fenceOpen(gaps: [String])
    /// A migration is missing, changed after it was applied, or failed.
    case migration(name: String, reason: String)
    /// The private cluster could not be made or started.
    case clusterFailed(step: String, reason: String)
    /// ``Database/close()`` was called.
    case closed

    package var sqlState: String? {
        if case .statementFailed(let sqlState, _, _) = self { sqlState } else { nil }
    }

    /// Trying the same again may succeed: the server was away or busy, or another transaction was in the way.
    package var isRetryable: Bool {
        switch self {
        case .connectFailed, .connectionLost, .timedOut, .poolExhausted: true
        case .statementFailed(let sqlState, _, _):
            isConflict || isReadOnly || ["08", "53", "57"].contains(where: { sqlState.hasPrefix($0) })
        default: false
        }
    }

    /// What was asked is at fault and not the server: it breaks a type or a rule of the database, and will again.
    package var isRefusal: Bool { ["22", "23"].contains { sqlState?.hasPrefix($0) == true } }

    /// The server is away, going, coming, or only a copy since another took over: whatever is asked of it fails the same
    /// way until it is back.
    package var isOutage: Bool {
        switch self {
        case .connectFailed, .connectionLost, .poolExhausted: true
        case .statementFailed(let sqlState, _, _):
            isReadOnly || ["08", "53", "57P"].contains(where: { sqlState.hasPrefix($0) })
        default: false
        }
    }

    /// The server takes no changes: it is a standby, or has become one. Another connection may find the one that does.
    package var isReadOnly: Bool { sqlState.map { Self.readOnly.contains($0) } ?? false }
    /// 25006 for a statement; 0A000 where a transaction says at its beginning that it will write, as ours do.
    static let readOnly: Set<String> = ["25006", "0A000"]

    /// Two transactions met: the server rolled ours back and asks to run it again.
    package var isConflict: Bool { sqlState == "40001" || sqlState == "40P01" }

    /// The session does not have the plan it was told to keep, or has it already: a pooler put another in its place.
    var isLostPlan: Bool { sqlState == "26000" || sqlState == "42P05" }

    package var description: String {
        switch self {
        case .malformedURL:
            "The database URL is malformed. Expected postgresql://user:password@host:port/database."
        case .connectFailed(let reason): "Cannot connect to PostgreSQL: \(reason)"
        case .connectionLost(let reason, let whileCommitting):
            "The connection to PostgreSQL broke\(whileCommitting ? " during commit" : ""): \(reason)"
        case .timedOut(let ms): "PostgreSQL did not answer within \(ms) ms; the statement was cancelled."
        case .poolExhausted(let waitedMs, let connectionsMax):
            "All \(connectionsMax) database connections stayed busy for \(waitedMs) ms; raise the number or find what holds them."
        case .statementFailed(let sqlState, let message, let constraint):
            "PostgreSQL refused a statement (\(sqlState)): \(message)" + (constraint.map { " [rule \($0)]" } ?? "")
        case .unexpectedValue(let column, let expected):
            "Column `\(column)` is missing or holds no \(expected)."
        case .unfitRow(let table, let problem): "A row for `\(table)` \(problem)."
        case .unsafeRole(let role, let reason):
            "Refusing to run as database role `\(role)`: \(reason) Log in as `parley_app` instead: set its password with "
                + "`alter role parley_app password '…'` and put it in PARLEY_DATABASE_URL."
        case .fenceOpen(let gaps):
            "Row-level security does not keep tenants apart: \(gaps.joined(separator: "; ")). "
                + "For a table of Parley's: `set role parley_owner; select app.protect('TABLE')` as the login that migrates; "
                + "what is not Parley's belongs into another schema."
        case .migration(let name, let reason): "Migration \(name): \(reason)"
        case .clusterFailed(let step, let reason): "The private PostgreSQL cluster failed at \(step): \(reason)"
        case .closed: "The database was closed."
        }
    }
}
