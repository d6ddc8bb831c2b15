/// One statement over many rows, prepared once whatever their number: what starting a statement costs in the server is paid
/// once for all of them.
package struct BulkStatement: Sendable {
    let text: String
    private let columns: [ColumnType]

    /// - Parameters:
    ///   - columns: of `given`, name to type; the names are literals in our code.
    ///   - sql: reads its rows from `given`; `$1`, `$2`, … are its columns as arrays. A table that is joined wants
    ///     `key = any($1)` beside the join: then its rows are reached by their keys, whatever the planner believes of how
    ///     many a tenant has.
    package init(given columns: KeyValuePairs<StaticString, ColumnType>, _ sql: StaticString) {
        let names = columns.map { "\($0.key)" }.joined(separator: ", ")
        text = "with given (\(names)) as (select * from unnest(\(Self.arrays(columns)))) \(sql)"
        self.columns = columns.map(\.value)
    }

    /// - Parameter sql: takes its columns as arrays only: `$1::uuid[]`, …; in pieces where statements share some.
    package init(columns: [ColumnType], _ sql: StaticString...) {
        text = sql.map { "\($0)" }.joined()
        self.columns = columns
    }

    /// An insert of the rows as they are, as rows of the transaction's tenant.
    package init(
        into table: StaticString, _ columns: KeyValuePairs<StaticString, ColumnType>, suffix: StaticString = ""
    ) {
        let names = columns.map { "\($0.key)" }.joined(separator: ", ")
        text =
            "insert into \(table) (tenant_id, \(names)) select (select app.tenant_id()), *"
            + " from unnest(\(Self.arrays(columns))) \(suffix)"
        self.columns = columns.map(\.value)
    }

    private static func arrays(_ columns: KeyValuePairs<StaticString, ColumnType>) -> String {
        columns.enumerated().map { "$\($0.offset + 1)::\($0.element.value.rawValue)[]" }.joined(separator: ", ")
    }

    /// An array for each column.
    func parameters(_ rows: [[SQLValue]]) -> StatementParameters {
        precondition(rows.allSatisfy { $0.count == columns.count }, "every row has \(columns.count) values: \(text)")
        return StatementParameters(rows, columns: columns)
    }
}
