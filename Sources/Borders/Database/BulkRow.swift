/// What one row gives to a ``BulkStatement``: a value for each of its columns, by name, in any order.
package struct BulkRow<Column: TableColumn>: Sendable, ExpressibleByDictionaryLiteral {
    let fields: [(column: Column, value: SQLValue)]

    package init(dictionaryLiteral fields: (Column, SQLValue)...) { self.fields = fields }

    package subscript(_ column: Column) -> SQLValue? { fields.first { $0.column == column }?.value }
}

/// Rows for one statement.
package struct BulkRows<Column: TableColumn>: Sendable {
    private let statement: BulkStatement<Column>
    /// How rows were written last, and where in them the statement's columns are: most are written alike.
    private var written: (names: [Column], places: [Int])?
    package private(set) var query: BulkQuery

    package init(_ statement: BulkStatement<Column>, _ rows: [BulkRow<Column>] = []) {
        self.statement = statement
        query = BulkQuery(text: statement.text, table: "\(Column.table)", types: statement.columns.map(\.type))
        for row in rows { add(row) }
    }

    /// A row that is none of the statement keeps it from being sent.
    package mutating func add(_ row: BulkRow<Column>) {
        let fields = row.fields
        if let (names, places) = written, fields.count == names.count,
            zip(fields, names).allSatisfy({ $0.column == $1 })
        {
            return query.add(places.map { fields[$0].value })
        }
        if let problem = statement.problem(with: row) { return query.refuse(problem) }
        let places = statement.columns.compactMap { column in fields.firstIndex { $0.column == column } }
        written = (fields.map(\.column), places)
        query.add(places.map { fields[$0].value })
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

    fileprivate mutating func add(_ values: [SQLValue]) { rows.append(values) }
    fileprivate mutating func refuse(_ problem: String) { self.problem = self.problem ?? problem }

    /// An array for each column.
    func parameters() throws(DatabaseError) -> StatementParameters {
        if let problem { throw .unfitRow(table: table, problem: problem) }
        return StatementParameters(rows, columns: types)
    }
}
