/// One statement over many rows of a table, prepared once whatever their number: what starting a statement costs in the
/// server is paid once for all of them.
///
/// What a row of it must have follows from what it says; ``BulkRow`` has it by name.
package struct BulkStatement<Column: TableColumn>: Sendable {
    let text: String
    /// What each row is given, in the order of the statement's parameters.
    package let columns: [Column]

    /// - Parameter sql: reads its rows from `given g`. A table that is joined wants `key = any(\(all: .key))` beside the join:
    ///   then its rows are reached by their keys, whatever the planner believes of how many a tenant has.
    package init(_ sql: SQL<Column>) { self.init(sql, given: sql.given) }

    private init(_ sql: SQL<Column>, given columns: [Column]) {
        self.columns = columns
        text = (sql.readsRows ? Self.given(columns) : "") + sql.text(given: columns)
    }

    /// An insert of the rows, as rows of the transaction's tenant.
    ///
    /// - Parameters:
    ///   - found: columns that are looked up by what the row has.
    ///   - ending: what follows the rows: `on conflict …`, `where not exists …`.
    package init(
        insert columns: [Column], finding found: KeyValuePairs<Column, SQL<Column>> = [:], _ ending: SQL<Column> = ""
    ) {
        let values = columns.map { column in
            found.first { $0.key == column }?.value.text(given: columns) ?? column.valueOfRow
        }
        self.columns = columns
        text =
            "insert into \(Column.table) (tenant_id, \(Self.names(columns))) select (select app.tenant_id()), "
            + "\(values.joined(separator: ", ")) from unnest(\(Self.arrays(columns))) g (\(Self.names(columns))) "
            + ending.text(given: columns)
    }

    /// How a column changes.
    package enum Change: Sendable, ExpressibleByStringInterpolation {
        /// To what the row has.
        case given
        /// To what the row has, where that is not null.
        case givenOrKept
        /// An object that takes in the fields of the row's.
        case merged
        case sql(SQL<Column>)

        package typealias StringInterpolation = SQL<Column>.StringInterpolation
        package init(stringLiteral text: String) { self = .sql(SQL(stringLiteral: text)) }
        package init(stringInterpolation: StringInterpolation) {
            self = .sql(SQL(stringInterpolation: stringInterpolation))
        }

        fileprivate func sql(_ column: Column) -> SQL<Column> {
            switch self {
            case .given: "\(given: column)"
            case .givenOrKept: "coalesce(\(given: column), t.\(column))"
            case .merged: "t.\(column) || \(given: column)"
            case .sql(let sql): sql
            }
        }
    }

    /// An update of the rows of the table, which is `t`, by their key.
    package init(update key: Column, set changes: KeyValuePairs<Column, Change>, where rule: SQL<Column>? = nil) {
        self.init(update: key, setting: Array(changes), where: rule)
    }

    /// The same of columns that are known only when it is made.
    package init(
        update key: Column, setting changes: [(key: Column, value: Change)], where rule: SQL<Column>? = nil
    ) {
        var sql: SQL<Column> = "update \(Column.table) t set "
        for (place, change) in changes.enumerated() {
            let comma: StaticString = place > 0 ? ", " : ""
            sql = "\(sql)\(comma)\(change.key) = \(change.value.sql(change.key))"
        }
        sql = "\(sql) from given g where t.\(key) = \(given: key) and t.\(key) = any(\(all: key))"
        if let rule { sql = "\(sql) and \(rule)" }
        self.init(sql, given: [key] + sql.given.filter { $0 != key })
    }

    // MARK: - Rows

    /// What keeps a row from being one of this statement; nil for a row that is.
    package func problem(with row: BulkRow<Column>) -> String? {
        func list(_ columns: [Column]) -> String { columns.map(\.name).joined(separator: ", ") }
        let names = row.columns
        let missing = columns.filter { !names.contains($0) }
        let unknown = names.filter { !columns.contains($0) }
        let doubled = columns.filter { column in names.count { $0 == column } > 1 }
        let problems = [
            missing.isEmpty ? nil : "lacks \(list(missing))",
            unknown.isEmpty ? nil : "has \(list(unknown)), which the statement does not take",
            doubled.isEmpty ? nil : "has \(list(doubled)) twice",
        ].compactMap(\.self)
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }

    // MARK: - Text

    private static func given(_ columns: [Column]) -> String {
        "with given (\(names(columns))) as (select * from unnest(\(arrays(columns)))) "
    }

    private static func names(_ columns: [Column]) -> String { columns.map(\.name).joined(separator: ", ") }

    private static func arrays(_ columns: [Column]) -> String {
        columns.enumerated().map { "$\($0.offset + 1)::\($0.element.type.element)[]" }.joined(separator: ", ")
    }
}

extension TableColumn {
    /// Of a row `g`, for the table.
    fileprivate var valueOfRow: String { type.element == type.rawValue ? "g.\(name)" : "g.\(name)::\(type.rawValue)" }
}
