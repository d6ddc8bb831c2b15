package import Database

/// A filter of a list that is no column.
package struct ListFilter: Sendable {
    /// Takes a value and says where it stands: `$n`.
    package typealias Place = (SQLValue) -> String

    let field: Schema.Field
    let check: @Sendable (borrowing Transaction, JSONValue) throws -> Void
    /// SQL over `t`.
    let rule: @Sendable (JSONValue, Place) -> String

    /// - Parameter check: refuses a value by what the database knows.
    package init(
        _ field: Schema.Field,
        check: @escaping @Sendable (borrowing Transaction, JSONValue) throws -> Void = { _, _ in },
        rule: @escaping @Sendable (JSONValue, Place) -> String
    ) {
        self.field = field
        self.check = check
        self.rule = rule
    }
}
