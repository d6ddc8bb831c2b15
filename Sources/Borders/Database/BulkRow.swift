/// What one row gives to a ``BulkStatement``: a value for each of its columns, by name, in any order.
///
/// Inlinable, like ``BulkRows/add(_:)``: a row of columns that the compiler does not know here is built by way of their
/// metadata, which took a twelfth of what a call costs its writer.
package struct BulkRow<Column: TableColumn>: Sendable, ExpressibleByDictionaryLiteral {
    @usableFromInline let columns: [Column]
    @usableFromInline let values: [SQLValue]

    @inlinable package init(dictionaryLiteral fields: (Column, SQLValue)...) {
        columns = fields.map { $0.0 }
        values = fields.map { $0.1 }
    }

    /// A row whose columns are known only when it is written.
    ///
    /// - Precondition: as many values as columns.
    package init(_ columns: [Column], _ values: [SQLValue]) {
        precondition(columns.count == values.count, "\(columns.count) columns, \(values.count) values")
        self.columns = columns
        self.values = values
    }

    package subscript(_ column: Column) -> SQLValue? { columns.firstIndex(of: column).map { values[$0] } }
}

/// Rows for one statement.
package struct BulkRows<Column: TableColumn>: Sendable {
    private let statement: BulkStatement<Column>
    /// How rows were written last, and where in them the statement's columns are: most are written alike.
    @usableFromInline private(set) var written: [Column] = []
    @usableFromInline private(set) var places: [Int] = []
    @usableFromInline package internal(set) var query: BulkQuery

    package init(_ statement: BulkStatement<Column>, _ rows: [BulkRow<Column>] = []) {
        self.statement = statement
        query = BulkQuery(text: statement.text, table: "\(Column.table)", types: statement.columns.map(\.type))
        for row in rows { add(row) }
    }

    /// A row that is none of the statement keeps it from being sent.
    @inlinable package mutating func add(_ row: BulkRow<Column>) {
        if row.columns == written, !written.isEmpty {
            query.add(places.map { row.values[$0] })
        } else {
            addOtherwise(row)
        }
    }

    /// One that is not written as the last was.
    @usableFromInline mutating func addOtherwise(_ row: BulkRow<Column>) {
        if let problem = statement.problem(with: row) { return query.refuse(problem) }
        (written, places) = (row.columns, statement.columns.compactMap { row.columns.firstIndex(of: $0) })
        query.add(places.map { row.values[$0] })
    }
}

/// A statement with its rows, as it is sent.
package struct BulkQuery: Sendable {
    package let text: String
    private let table: String
    private let types: [ColumnType]
    private var rows: [[SQLValue]] = []
    /// Of the first row that is none of the statement.
    package private(set) var problem: String?

    fileprivate init(text: String, table: String, types: [ColumnType]) {
        self.text = text
        self.table = table
        self.types = types
    }

    package var isEmpty: Bool { rows.isEmpty && problem == nil }

    @usableFromInline mutating func add(_ values: [SQLValue]) { rows.append(values) }
    fileprivate mutating func refuse(_ problem: String) { self.problem = self.problem ?? problem }

    /// An array for each column.
    func parameters() throws(DatabaseError) -> StatementParameters {
        if let problem { throw .unfitRow(table: table, problem: problem) }
        return StatementParameters(rows, columns: types)
    }
}
