import CallModel
package import Database

/// What the product says of its tables, held against the migrated database.
package enum SchemaCheck {
    /// A sentence for each column that the database has not, or has of a type that takes no such values.
    package static func faults(_ tables: [any TableColumn.Type], in temporary: TemporaryDatabase) async throws
        -> [String]
    {
        let rows = try await temporary.rows(
            """
            select table_name, column_name, data_type from information_schema.columns where table_schema = 'public'
            """)
        var types: [String: String] = [:]
        for row in rows {
            types["\(try row.text("table_name")).\(try row.text("column_name"))"] = try row.text("data_type")
        }
        return tables.flatMap { table in faults(table, types) }
    }

    private static func faults<Column: TableColumn>(_ table: Column.Type, _ types: [String: String]) -> [String] {
        Column.allCases.compactMap { column in
            let place = "\(Column.table).\(column.name)"
            guard let type = types[place] else { return "\(place) is not in the database" }
            return taken(by: column.type).contains(type) ? nil : "\(place) is \(type), not \(column.type.rawValue)"
        }
    }

    /// By the columns that a value of a type can be put into.
    private static func taken(by type: ColumnType) -> [String] {
        switch type {
        case .double: ["double precision", "numeric"]
        case .timestamptz: ["timestamp with time zone", "date"]
        case .textArray: ["ARRAY"]
        default: [type.rawValue]
        }
    }

    /// Throws at the first statement that speaks of what the application's database has not.
    package static func prepare(_ statements: [String], in temporary: TemporaryDatabase) async throws {
        try await temporary.database.transaction(tenant: .initial, timeoutMs: 60_000) { tx in
            for statement in statements {
                _ = try tx.query("prepare checked as \(statement)")
                _ = try tx.query("deallocate checked")
            }
        }
    }
}
