package import Database
import Encoding
import FoundationEssentials
import WebSocketTransport

/// A table's rows as addresses: its columns said once yield list, read, create, patch and delete with filters, sorting, cursors,
/// validation, schema and SQL. Every row is behind the tenant's fence, and every write leaves a row in `admin_audit`.
package struct Resource: Sendable {
    package enum Verb: CaseIterable, Sendable { case list, read, create, patch, delete }

    /// Who may see a row besides the fence: SQL over `t`, where `$1` is the caller's subject. Nil: everybody of the tenant.
    package typealias Sight = @Sendable (APIPrincipal) -> String?

    /// What a write is besides what its columns say: throws what is wrong with it, and answers what is written, with whatever
    /// there is to add under the columns' names.
    ///
    /// - Parameters:
    ///   - given: without the id.
    ///   - before: the row as it is; nil for a new one.
    package typealias Completion =
        @Sendable (
            _ transaction: borrowing Transaction, _ context: RequestContext, _ given: [String: JSONValue],
            _ before: JSONValue?
        ) throws -> [String: JSONValue]

    /// Of the table, and in the address.
    let table: String
    /// In addresses: `follow-ups`.
    let path: String
    /// Of the schema of a row, in the singular: `Task`.
    let name: String
    let columns: [Column]
    let sight: Sight
    private let completion: Completion?
    private let verbs: Set<Verb>
    private let access: [Verb: APIRole]

    /// - Parameters:
    ///   - columns: all but `id`, `created_at` and `updated_at`, which every table has.
    ///   - access: the roles that are not `agent`.
    package init(
        _ table: String, path: String? = nil, of name: String, verbs: Set<Verb> = Set(Verb.allCases),
        access: [Verb: APIRole] = [:], seenBy sight: @escaping Sight = { _ in nil },
        completedBy completion: Completion? = nil, _ columns: [Column]
    ) {
        self.table = table
        self.path = "/api/v1/" + (path ?? table.replacing("_", with: "-"))
        self.name = name
        self.columns = [.id] + columns + [.createdAt, .updatedAt]
        self.sight = sight
        self.completion = completion
        self.verbs = verbs
        self.access = access
        for names in [self.columns.map(\.name), query.map(\.name)] {
            precondition(Set(names).count == names.count, "\(table) has a name twice: \(names)")
        }
    }

    package var endpoints: [Endpoint] {
        Verb.allCases.filter(verbs.contains).map { verb in
            switch verb {
            case .list: list
            case .read: read
            case .create: create
            case .patch: patch
            case .delete: delete
            }
        }
    }

    func role(_ verb: Verb) -> Access { .role(access[verb] ?? .agent) }

    /// A row as JSON, of the table as `t`.
    var json: String {
        "jsonb_build_object(" + columns.map { "'\($0.name)', t.\($0.column)" }.joined(separator: ", ") + ")::text"
    }

    var row: Schema { .record(Schema.Record(name: name, columns.map(\.shown))) }
    var written: [Column] { columns.filter { !$0.traits.contains(.readOnly) } }
    private var plural: String { String(path.dropFirst("/api/v1/".count)).replacing("-", with: " ") }
    private var singular: String { Self.words(name) }

    private static func words(_ name: String) -> String { SnakeCase.of(name).replacing("_", with: " ") }

    static let idField = Schema.Field("id", .text(.uuid), isRequired: true)
    var one: String { "\(path)/{id}" }

    // MARK: Endpoints

    private var list: Endpoint {
        let page = Schema.Record(
            name: "\(name)Page",
            [
                Schema.Field("data", .list(row), isRequired: true),
                Schema.Field("next_cursor", .nullable(.text()), isRequired: true),
            ])
        return Endpoint(
            .get, path, id: "list\(name)s", role(.list), "Lists \(plural).", shape: InputShape(query: query),
            answers: [Endpoint.Answer(200, "A page of \(plural).", .record(page))], isTagged: true,
            .answer { [self] context, input in
                let principal = try context.principal
                let ask = try PageAsk(self, input, principal)
                return .json(try await context.read { try ask.page(in: $0) })
            })
    }

    private var read: Endpoint {
        Endpoint(
            .get, one, id: "get\(name)", role(.read), "Reads one \(singular).",
            shape: InputShape(path: [Self.idField]),
            answers: [Endpoint.Answer(200, "The \(singular).", row)], isTagged: true,
            .answer { [self] context, input in
                let principal = try context.principal
                return .json(try await context.read { try found(in: $0, input, principal) })
            })
    }

    private var create: Endpoint {
        Endpoint(
            .post, path, id: "create\(name)", role(.create), "Creates a \(singular).",
            shape: InputShape(body: .json(Schema.Record(name: "New\(name)", written.map(\.given)))),
            answers: [Endpoint.Answer(201, "The \(singular), with its address in `Location`.", row)],
            .write { [self] transaction, context, input in
                let after = try insert(in: transaction, try completed(transaction, context, input, nil))
                try Audit(context).note(table, before: nil, after: after, in: transaction)
                var response = HTTPResponse.json(after, status: 201)
                let id = JSONValue(response.body)?["id"]?.text ?? ""
                response.headers += [("location", "\(path)/\(id)"), ("etag", EntityTags.tag(of: response.body))]
                return response
            })
    }

    private var patch: Endpoint {
        Endpoint(
            .patch, one, id: "update\(name)", role(.patch), "Changes what is given of a \(singular) (merge patch).",
            shape: InputShape(
                path: [Self.idField], body: .json(Schema.Record(name: "\(name)Change", written.map(\.changed)))),
            answers: [Endpoint.Answer(200, "The \(singular) as it is now.", row)], problems: [412],
            .write { [self] transaction, context, input in
                let principal = try context.principal
                let before = try found(in: transaction, input, principal, toChange: true)
                try context.checkUnchanged(since: EntityTags.tag(of: Array(before.utf8)))
                let given = try completed(transaction, context, input, JSONValue(Array(before.utf8)))
                let after = try update(in: transaction, given) ?? before
                try Audit(context).note(table, before: before, after: after, in: transaction)
                var response = HTTPResponse.json(after)
                response.headers.append((name: "etag", value: EntityTags.tag(of: response.body)))
                return response
            })
    }

    private var delete: Endpoint {
        Endpoint(
            .delete, one, id: "delete\(name)", role(.delete), "Deletes a \(singular).",
            shape: InputShape(path: [Self.idField]), answers: [Endpoint.Answer(204, "It is gone.")], problems: [412],
            .write { [self] transaction, context, input in
                let principal = try context.principal
                let before = try found(in: transaction, input, principal, toChange: true)
                try context.checkUnchanged(since: EntityTags.tag(of: Array(before.utf8)))
                try transaction.execute("delete from \(table) where id = $1::uuid", [.text(input["id"]?.text)])
                try Audit(context).note(table, before: before, after: nil, in: transaction)
                return .empty(204)
            })
    }

    private func completed(
        _ transaction: borrowing Transaction, _ context: RequestContext, _ input: JSONValue, _ before: JSONValue?
    ) throws -> JSONValue {
        guard let completion, case .object(var given) = input else { return input }
        let id = given.removeValue(forKey: "id")
        given = try completion(transaction, context, given, before)
        given["id"] = id
        return .object(given)
    }

    // MARK: Statements on one row

    /// The row of the path as JSON.
    ///
    /// - Parameter toChange: nobody else changes it until the transaction ends.
    private func found(
        in transaction: borrowing Transaction, _ input: JSONValue, _ principal: APIPrincipal, toChange: Bool = false
    ) throws -> String {
        let sight = sight(principal).map { " and (\($0))" } ?? ""
        let subject: [SQLValue] = sight.isEmpty ? [] : [.text(principal.subject)]
        let id = sight.isEmpty ? "$1" : "$2"
        let rows = try transaction.query(
            "select \(json) as body from \(table) t where t.id = \(id)::uuid\(sight)\(toChange ? " for update of t" : "")",
            subject + [.text(input["id"]?.text)])
        guard let row = rows.first else { throw Problem.notFound }
        return try row.text("body")
    }

    private func insert(in transaction: borrowing Transaction, _ input: JSONValue) throws -> String {
        let given = written.compactMap { column in input[column.name].map { (column, $0) } }
        try checkTargets(in: transaction, given)
        let names = given.map { ", \($0.0.column)" }.joined()
        let places = given.enumerated().map { ", $\($0.offset + 1)::\($0.element.0.kind.rawValue)" }.joined()
        let rows = try transaction.query(
            "insert into \(table) as t (tenant_id\(names)) values ((select app.tenant_id())\(places)) returning \(json) as body",
            given.map { $0.0.parameter($0.1) })
        guard let row = rows.first else { throw Problem.broken }
        return try row.text("body")
    }

    /// Nil when nothing is given.
    private func update(in transaction: borrowing Transaction, _ input: JSONValue) throws -> String? {
        let given = written.compactMap { column in input[column.name].map { (column, $0) } }
        guard !given.isEmpty else { return nil }
        try checkTargets(in: transaction, given)
        let places = given.enumerated().map {
            "\($0.element.0.column) = $\($0.offset + 2)::\($0.element.0.kind.rawValue)"
        }
        let rows = try transaction.query(
            "update \(table) t set \(places.joined(separator: ", ")) where t.id = $1::uuid returning \(json) as body",
            [.text(input["id"]?.text)] + given.map { $0.0.parameter($0.1) })
        guard let row = rows.first else { throw Problem.notFound }
        return try row.text("body")
    }

    /// What is pointed at exists and is the tenant's own.
    private func checkTargets(in transaction: borrowing Transaction, _ given: [(Column, JSONValue)]) throws {
        var faults: [Problem.Fault] = []
        for (column, value) in given {
            guard let target = column.target, let id = value.text else { continue }
            let rows = try transaction.query("select from \(target) where id = $1::uuid for key share", [.text(id)])
            if rows.isEmpty {
                faults.append(
                    Problem.Fault(
                        .pointer(Schema.pointer("", column.name)), "`\(column.name)` names none of \(target)."))
            }
        }
        if !faults.isEmpty { throw Problem.unprocessable(faults) }
    }
}
