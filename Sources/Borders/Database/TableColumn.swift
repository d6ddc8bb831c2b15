import Encoding

/// The columns of one table, as far as the product knows them: each is spelled in this enumeration and nowhere else.
/// Statements, rows and answers name them by case.
///
/// A case is called as its column is, by the rule of ``SnakeCase``: `callStartTime` is `call_start_time`.
package protocol TableColumn: RawRepresentable<String>, CaseIterable, Equatable, Sendable {
    static var table: StaticString { get }
    /// As rows are given it. That of the table may be another that takes it: `numeric` a `double`, `date` a `timestamptz`.
    var type: ColumnType { get }
}

extension TableColumn {
    package var name: String { SnakeCase.of(rawValue) }
}
