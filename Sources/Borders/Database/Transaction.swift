/// Whether a connection keeps the plan of a statement: it is made once then, for whatever values.
package enum PlanMemory: Sendable {
    case always
    /// Of a statement whose text varies within limits: as long as there are few.
    case whileFew
    /// Of one whose text varies, or whose best plan depends on its values.
    case never
}

/// A running transaction. Lent to the body of ``Database/transaction(tenant:timeoutMs:_:)``, on a database thread: it
/// cannot outlive the body, and what the body does besides queries should be brief.
package struct Transaction: ~Copyable {
    private let connection: PostgresConnection
    private let patience: Patience

    init(_ connection: PostgresConnection, _ patience: Patience) {
        self.connection = connection
        self.patience = patience
    }

    /// A pooler between us and the server lends each transaction another session.
    package var isPooled: Bool { !connection.keepsPlans }

    /// Runs one statement and returns its rows. `sql` is ours, with `$1`, `$2`, … where `values` go.
    ///
    /// - Parameter remember: whether its plan is kept on the connection.
    package func query(
        _ sql: String, _ values: [SQLValue] = [], remember: PlanMemory = .always
    ) throws(DatabaseError) -> [Row] {
        try connection.run(sql, values, patience, remember: remember).rows
    }

    /// Runs one statement and returns its rows as JSON.
    ///
    /// - Parameters:
    ///   - fields: what its first columns are.
    ///   - rowsMax: rows behind these are only counted.
    package func told(
        _ sql: String, _ values: [SQLValue], as fields: RowFields, rowsMax: Int, remember: PlanMemory = .always
    ) throws(DatabaseError) -> ToldRows {
        let telling = PostgresConnection.Telling(fields: fields, rowsMax: rowsMax)
        return try connection.run(sql, values, patience, remember: remember, telling: telling).told
    }

    /// Runs one statement and returns how many rows it wrote.
    @discardableResult
    package func execute(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseError) -> Int {
        try connection.run(sql, values, patience).affected
    }

    /// Runs several statements in one round trip and returns the rows of each.
    package func queries(_ statements: [(sql: String, values: [SQLValue])]) throws(DatabaseError) -> [[Row]] {
        for statement in statements { try send(statement.sql, statement.values) }
        return try connection.answers(patience).suffix(statements.count).map(\.rows)
    }

    /// Runs several statements over many rows in one round trip and returns the rows of each.
    package func queries(_ statements: [BulkQuery]) throws(DatabaseError) -> [[Row]] {
        for statement in statements { try connection.send(statement.text, statement.parameters()) }
        return try connection.answers(patience).suffix(statements.count).map(\.rows)
    }

    /// Runs one statement over many rows and returns its rows.
    package func query<Column>(
        _ statement: BulkStatement<Column>, _ rows: [BulkRow<Column>]
    ) throws(DatabaseError) -> [Row] {
        try queries([BulkRows(statement, rows).query]).first ?? []
    }

    /// Runs one statement that nobody waits for: it goes out with the next query or with the commit, after what was sent
    /// before it, and what it fails with comes out there.
    package func send(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseError) {
        try connection.send(sql, StatementParameters(values))
    }

    /// Runs one statement over many rows that nobody waits for; nothing is sent when there are none.
    package func send(_ statement: BulkQuery) throws(DatabaseError) {
        guard !statement.isEmpty else { return }
        try connection.send(statement.text, statement.parameters())
    }

    package func send<Column>(
        _ statement: BulkStatement<Column>, _ rows: [BulkRow<Column>]
    ) throws(DatabaseError) {
        try send(BulkRows(statement, rows).query)
    }
}
