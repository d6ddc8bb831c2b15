package import Database

/// A table's row as JSON that the database builds: which fields there are says the view, where they come from the table.
package struct RowView<Column: TableColumn>: Sendable {
    /// `jsonb_build_object(…)`.
    package let sql: SQL<Column>
    /// Fields that come from nowhere, and sources of fields that the view has not; nil when there are none.
    package let problem: String?

    /// - Parameters:
    ///   - view: a record. Its fields come from the columns of the same name.
    ///   - alias: of the table.
    ///   - others: where a field comes from that has no column of its name.
    package init<View: Decodable>(_ view: View.Type, of alias: StaticString, _ others: [String: SQL<Column>] = [:]) {
        var fields: [String] = []
        if case .record(let record) = SchemaRecorder.schema(of: view) { fields = record.fields.map(\.name) }
        let columns = Set(Column.allCases.map(\.name))
        let sources = fields.map { field in "'\(field)', \(others[field]?.text ?? "\(alias).\(field)")" }
        sql = SQL(stringLiteral: "jsonb_build_object(\(sources.joined(separator: ", ")))")
        let unknown = fields.filter { others[$0] == nil && !columns.contains($0) }
        let unused = others.keys.filter { !fields.contains($0) }
        problem =
            unknown.isEmpty && unused.isEmpty
            ? nil : "\(view): from nowhere \(unknown), for no field \(unused.sorted()), of \(Column.table)"
    }
}
