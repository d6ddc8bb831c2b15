/// A running transaction. Lent to the body of ``Database/transaction(tenant:timeoutMs:_:)``, on a database thread: it
/// cannot outlive the body, and what the body does besides queries should be brief.
package struct Transaction: ~Copyable {
    private let connection: PostgresConnection
    private let patience: Patience

    init(_ connection: PostgresConnection, _ patience: Patience) {
        self.connection = connection
        self.patience = patience
    }

    /// Runs one statement and returns its rows. `sql` is ours, with `$1`, `$2`, … where `values` go.
    package func query(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseError) -> [Row] {
        try connection.run(sql, values, patience).rows
    }

    /// Runs one statement and returns how many rows it wrote.
    @discardableResult
    package func execute(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseError) -> Int {
        try connection.run(sql, values, patience).affected
    }

    /// Runs several statements in one round trip and returns the rows of each.
    package func queries(_ statements: [(sql: String, values: [SQLValue])]) throws(DatabaseError) -> [[Row]] {
        for statement in statements { try connection.send(statement.sql, statement.values) }
        return try connection.answers(patience).suffix(statements.count).map(\.rows)
    }

    /// Runs one statement that nobody waits for: it goes out with the next query or with the commit, after what was sent
    /// before it, and what it fails with comes out there.
    package func send(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseError) {
        try connection.send(sql, values)
    }

    /// Inserts many rows with one statement that nobody waits for, prepared once whatever their number.
    ///
    /// - Parameters:
    ///   - columns: name to type, literals in our code; of one type no arrays.
    ///   - rows: each as long as `columns`; nothing is sent when there are none.
    package func send(
        into table: StaticString, _ columns: KeyValuePairs<StaticString, StaticString>, rows: [[SQLValue]],
        suffix: StaticString = ""
    ) throws(DatabaseError) {
        guard !rows.isEmpty else { return }
        precondition(rows.allSatisfy { $0.count == columns.count }, "\(table): every row has \(columns.count) values")
        let names = columns.map { "\($0.key)" }.joined(separator: ", ")
        let arrays = columns.enumerated().map { "$\($0.offset + 1)::\($0.element.value)[]" }.joined(separator: ", ")
        try connection.send(
            "insert into \(table) (\(names)) select * from unnest(\(arrays)) \(suffix)",
            columns.indices.map { column in .array(rows.map { $0[column] }) })
    }

    /// Inserts many rows with few statements, as many parameters in each as the protocol takes.
    ///
    /// - Parameters:
    ///   - table, columns: identifiers, literals in our code.
    ///   - rows: each as long as `columns`.
    ///   - suffix: e.g. `on conflict do nothing`.
    /// - Returns: rows written.
    @discardableResult
    package func insert(
        into table: StaticString, _ columns: [StaticString], rows: [[SQLValue]], suffix: StaticString = ""
    ) throws(DatabaseError) -> Int {
        precondition(rows.allSatisfy { $0.count == columns.count }, "\(table): every row has \(columns.count) values")
        let names = columns.map { "\($0)" }.joined(separator: ", ")
        var written = 0
        var rest = rows[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(max(1, Transaction.parametersMax / max(1, columns.count)))
            rest = rest.dropFirst(chunk.count)
            var parameter = 0
            let places = chunk.map { row in
                "("
                    + row.map { _ in
                        parameter += 1
                        return "$\(parameter)"
                    }.joined(separator: ", ") + ")"
            }
            let sql = "insert into \(table) (\(names)) values \(places.joined(separator: ", ")) \(suffix)"
            // One row is the same text every time; a batch is not worth remembering.
            written += try connection.run(sql, chunk.flatMap { $0 }, patience, remember: chunk.count == 1).affected
        }
        return written
    }

    /// The protocol counts parameters in 16 bits; this keeps single statements moderate.
    private static let parametersMax = 16_000
}
