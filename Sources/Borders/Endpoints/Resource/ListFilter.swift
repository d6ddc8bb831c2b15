package import Database

/// A filter of a list that is no column.
package struct ListFilter: Sendable {
    /// Takes a value and says where it stands: `$n`.
    package typealias Place = (SQLValue) -> String

    let field: Schema.Field
    let check: @Sendable (borrowing Transaction, JSONValue) throws -> Void
    /// SQL over `t`.
    let rule: @Sendable (JSONValue, Place) -> String
    /// Asks an index for the rows that may be meant, so many at most, where row-level security lets the rule ask none: an array of
    /// their ids, or nil where there are more.
    let find: (@Sendable (borrowing Transaction, JSONValue, Int) throws -> String?)?

    /// - Parameter check: refuses a value by what the database knows.
    package init(
        _ field: Schema.Field,
        check: @escaping @Sendable (borrowing Transaction, JSONValue) throws -> Void = { _, _ in },
        rule: @escaping @Sendable (JSONValue, Place) -> String,
        find: (@Sendable (borrowing Transaction, JSONValue, Int) throws -> String?)? = nil
    ) {
        self.field = field
        self.check = check
        self.rule = rule
        self.find = find
    }
}
