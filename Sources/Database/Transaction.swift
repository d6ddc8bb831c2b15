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
