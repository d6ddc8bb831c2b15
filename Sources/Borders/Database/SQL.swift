/// SQL over the columns of a table, which is `t` or has an alias of the text's own. Only what we wrote gets into it: columns,
/// and other SQL.
package struct SQL<Column: TableColumn>: Sendable, ExpressibleByStringInterpolation {
    fileprivate enum Piece: Sendable {
        case text(String)
        /// Of one of the rows that a ``BulkStatement`` is given, which are `g`.
        case given(Column)
        /// Of all of them, as an array.
        case all(Column)
    }
    private var pieces: [Piece]

    package init(stringLiteral text: String) { pieces = [.text(text)] }
    package init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ text: String) { pieces.append(.text(text)) }
        package mutating func appendInterpolation(_ words: StaticString) { appendLiteral("\(words)") }

        /// `stage`.
        package mutating func appendInterpolation(_ column: Column) { appendLiteral(column.name) }
        /// `id, stage`; with an alias `l.id, l.stage`.
        package mutating func appendInterpolation(_ columns: [Column], of alias: StaticString? = nil) {
            appendLiteral(Self.list(columns, of: alias))
        }
        /// Of another table.
        package mutating func appendInterpolation(_ column: some TableColumn) { appendLiteral(column.name) }
        package mutating func appendInterpolation<Other: TableColumn>(
            _ columns: [Other], of alias: StaticString? = nil
        ) {
            appendLiteral(Self.list(columns, of: alias))
        }

        /// What the row at hand has.
        package mutating func appendInterpolation(given column: Column) { pieces.append(.given(column)) }
        package mutating func appendInterpolation(given columns: [Column]) {
            for (place, column) in columns.enumerated() {
                if place > 0 { appendLiteral(", ") }
                pieces.append(.given(column))
            }
        }
        /// What all rows have, as an array: in `= any(…)`.
        package mutating func appendInterpolation(all column: Column) { pieces.append(.all(column)) }

        package mutating func appendInterpolation(_ sql: SQL<Column>) { pieces += sql.pieces }
        /// About another table: what it is given it is given by no row of this statement.
        package mutating func appendInterpolation<Other: TableColumn>(_ sql: SQL<Other>) { appendLiteral(sql.text) }

        private static func list(_ columns: [some TableColumn], of alias: StaticString?) -> String {
            columns.map { column in (alias.map { "\($0)." } ?? "") + column.name }.joined(separator: ", ")
        }
    }

    /// As it is where there are no rows.
    package var text: String { text(given: []) }

    /// - Parameter columns: of the rows, in the order of the statement's parameters.
    func text(given columns: [Column]) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .given(let column): "g.\(column.name)"
            case .all(let column):
                "$\((columns.firstIndex(of: column) ?? columns.count) + 1)::\(column.type.element)[]"
            }
        }.joined()
    }

    /// Whether it takes the rows one by one.
    var readsRows: Bool {
        for case .given in pieces { return true }
        return false
    }

    /// What it takes from rows, each column once, in the order of the text.
    var given: [Column] {
        var columns: [Column] = []
        for case .given(let column) in pieces where !columns.contains(column) { columns.append(column) }
        for case .all(let column) in pieces where !columns.contains(column) { columns.append(column) }
        return columns
    }
}
