package import Database
import Encoding
package import FoundationEssentials
package import WebSocketTransport

// What is done with one row. Addresses of a feature's own use the same, so that nothing they write goes past its rules
// and the audit.
extension Resource {
    /// A row that the caller may see, as its address shows it.
    ///
    /// - Parameter toChange: nobody else changes it until the transaction ends.
    /// - Throws: 404 for what does not exist, and for what the caller may not see.
    package func row(
        _ id: UUID, in transaction: borrowing Transaction, _ context: RequestContext, toChange: Bool = false
    ) throws -> JSONValue {
        let id = JSONValue.text(id.uuidString.lowercased())
        let found = try found(in: transaction, id, try context.principal, toChange: toChange)
        return JSONValue(Array(found.shown.utf8)) ?? .null
    }

    /// A new row by the rules, with its audit, as an answer with its address.
    ///
    /// - Parameter input: by the names of JSON; fits the columns.
    package func creation(
        of input: JSONValue, in transaction: borrowing Transaction, _ context: RequestContext
    ) throws -> HTTPResponse {
        let values = try completed(transaction, context, input, nil)
        try checkTargets(in: transaction, values, nil, try context.principal)
        let after = try insert(in: transaction, values)
        try follow(nil, JSONValue(Array(after.row.utf8)) ?? .null, context, in: transaction)
        try Audit(context).note(table, before: nil, after: after.row, in: transaction)
        var response = HTTPResponse.json(after.shown, status: 201)
        response.headers.append((name: "etag", value: EntityTags.tag(of: response.body)))
        if verbs.contains(.read), let id = JSONValue(response.body)?["id"]?.text {
            response.headers.append((name: "location", value: "\(path)/\(id)"))
        }
        return response
    }

    /// Changes a row by the rules, with its audit, unless it is another by now than the one that `If-Match` names.
    /// Answers with what it is then.
    ///
    /// - Parameter values: what is to be written, in view of the row as it is.
    package func change(
        _ id: JSONValue?, in transaction: borrowing Transaction, _ context: RequestContext,
        _ values: (JSONValue) throws -> JSONValue
    ) throws -> HTTPResponse {
        let principal = try context.principal
        let before = try found(in: transaction, id, principal, toChange: true)
        try context.checkUnchanged(since: EntityTags.tag(of: Array(before.shown.utf8)))
        let row = JSONValue(Array(before.row.utf8)) ?? .null
        let written = try completed(transaction, context, try values(row), row)
        try checkTargets(in: transaction, written, row, principal)
        let after = try update(in: transaction, id, written) ?? before
        try follow(row, JSONValue(Array(after.row.utf8)) ?? .null, context, in: transaction)
        try Audit(context).note(table, before: before.row, after: after.row, in: transaction)
        var response = HTTPResponse.json(after.shown)
        response.headers.append((name: "etag", value: EntityTags.tag(of: response.body)))
        return response
    }

    func removal(of id: JSONValue?, in transaction: borrowing Transaction, _ context: RequestContext) throws {
        let before = try found(in: transaction, id, try context.principal, toChange: true)
        try context.checkUnchanged(since: EntityTags.tag(of: Array(before.shown.utf8)))
        try consider(JSONValue(Array(before.row.utf8)) ?? .null, leavingBy: context, in: transaction)
        try transaction.execute("delete from \(table) where id = $1::uuid", [.text(id?.text)])
        try Audit(context).note(table, before: before.row, after: nil, in: transaction)
    }

    // MARK: Statements

    /// A row as the audit keeps it, and as an answer shows it.
    struct Found {
        let row: String
        let shown: String

        init(_ row: Row) throws {
            self.row = try row.text("row")
            shown = try row.textOrNil("body") ?? self.row
        }
    }

    fileprivate var foundColumns: String {
        details.isEmpty ? "\(json()) as row, null::text as body" : "\(json()) as row, \(json(details)) as body"
    }

    /// The row of the path as JSON.
    ///
    /// - Parameter toChange: nobody else changes it until the transaction ends.
    func found(
        in transaction: borrowing Transaction, _ id: JSONValue?, _ principal: APIPrincipal, toChange: Bool = false
    ) throws -> Found {
        let sight = sight(principal).map { " and (\($0))" } ?? ""
        let subject: [SQLValue] = sight.isEmpty ? [] : [.text(principal.subject)]
        let place = sight.isEmpty ? "$1" : "$2"
        let rows = try transaction.query(
            "select \(foundColumns) from \(table) t where t.id = \(place)::uuid\(sight)\(toChange ? " for update of t" : "")",
            subject + [.text(id?.text)])
        guard let row = rows.first else { throw Problem.notFound }
        return try Found(row)
    }

    fileprivate func insert(in transaction: borrowing Transaction, _ values: [String: JSONValue]) throws -> Found {
        let given = columns.compactMap { column in values[column.name].map { (column, $0) } }
        let names = given.map { ", \($0.0.column)" }.joined()
        let places = given.enumerated().map { ", $\($0.offset + 1)::\($0.element.0.kind.rawValue)" }.joined()
        let rows = try transaction.query(
            """
            insert into \(table) as t (tenant_id\(names)) values ((select app.tenant_id())\(places))
            returning \(foundColumns)
            """, given.map { $0.0.parameter($0.1) })
        guard let row = rows.first else { throw Problem.broken }
        return try Found(row)
    }

    /// Nil when nothing is given.
    fileprivate func update(
        in transaction: borrowing Transaction, _ id: JSONValue?, _ values: [String: JSONValue]
    ) throws -> Found? {
        let given = columns.compactMap { column in values[column.name].map { (column, $0) } }
        guard !given.isEmpty else { return nil }
        let places = given.enumerated().map {
            "\($0.element.0.column) = $\($0.offset + 2)::\($0.element.0.kind.rawValue)"
        }
        let rows = try transaction.query(
            "update \(table) t set \(places.joined(separator: ", ")) where t.id = $1::uuid returning \(foundColumns)",
            [.text(id?.text)] + given.map { $0.0.parameter($0.1) })
        guard let row = rows.first else { throw Problem.notFound }
        return try Found(row)
    }

    /// What is pointed at exists, is the tenant's own, and may be seen by who asks.
    fileprivate func checkTargets(
        in transaction: borrowing Transaction, _ values: [String: JSONValue], _ before: JSONValue?,
        _ principal: APIPrincipal
    ) throws {
        var faults: [Problem.Fault] = []
        for column in columns {
            guard let target = column.target, let id = values[column.name]?.text, before?[column.name]?.text != id
            else { continue }
            let sight = target.sight(principal)
            let rows = try transaction.query(
                "select from \(target.table) t where t.id = $\(sight == nil ? 1 : 2)::uuid"
                    + (sight.map { " and (\($0))" } ?? "") + " for key share of t",
                (sight == nil ? [] : [.text(principal.subject)]) + [.text(id)])
            if rows.isEmpty { faults.append(.of(column.name, "`\(column.name)` names none of \(target.table).")) }
        }
        if !faults.isEmpty { throw Problem.unprocessable(faults) }
    }
}

extension Problem.Fault {
    /// Of a field of the body.
    package static func of(_ field: String, _ detail: String) -> Problem.Fault {
        Problem.Fault(.pointer(Schema.pointer("", field)), detail)
    }
}
