/// One statement over many rows, prepared once whatever their number: what starting a statement costs in the server is paid
/// once for all of them.
package struct BulkStatement: Sendable {
    let text: String
    private let width: Int

    /// - Parameters:
    ///   - columns: of `given`, name to type, literals in our code; none an array.
    ///   - sql: reads its rows from `given`; `$1`, `$2`, … are its columns as arrays. A table that is joined wants
    ///     `key = any($1)` beside the join: then its rows are reached by their keys, whatever the planner believes of how
    ///     many a tenant has.
    package init(given columns: KeyValuePairs<StaticString, StaticString>, _ sql: StaticString) {
        let names = columns.map { "\($0.key)" }.joined(separator: ", ")
        text = "with given (\(names)) as (select * from unnest(\(Self.arrays(columns)))) \(sql)"
        width = columns.count
    }

    /// - Parameter sql: takes its columns as arrays only: `$1::uuid[]`, …
    package init(columns: Int, _ sql: StaticString) {
        text = "\(sql)"
        width = columns
    }

    /// An insert of the rows as they are, as rows of the transaction's tenant.
    package init(
        into table: StaticString, _ columns: KeyValuePairs<StaticString, StaticString>, suffix: StaticString = ""
    ) {
        let names = columns.map { "\($0.key)" }.joined(separator: ", ")
        let arrays = columns.enumerated().map { "$\($0.offset + 1)::\($0.element.value)[]" }.joined(separator: ", ")
        text =
            "insert into \(table) (tenant_id, \(names)) select (select app.tenant_id()), * from unnest(\(arrays)) \(suffix)"
        width = columns.count
    }

    private static func arrays(_ columns: KeyValuePairs<StaticString, StaticString>) -> String {
        columns.enumerated().map { "$\($0.offset + 1)::\($0.element.value)[]" }.joined(separator: ", ")
    }

    /// An array for each column.
    func parameters(_ rows: [[SQLValue]]) -> [SQLValue] {
        precondition(rows.allSatisfy { $0.count == width }, "every row has \(width) values: \(text)")
        return (0..<width).map { column in .array(rows.map { $0[column] }) }
    }
}
