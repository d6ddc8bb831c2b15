package import Database
import Encoding
package import FoundationEssentials
import WebSocketTransport

/// A table's rows as addresses: its columns said once yield list, read, create, patch and delete with filters, sorting,
/// cursors, validation, schema and SQL. Every row is behind the tenant's fence, and every write leaves a row in
/// `admin_audit`.
package struct Resource: Sendable {
    package enum Verb: CaseIterable, Sendable { case list, read, create, patch, delete }

    /// Who may see a row besides the fence: SQL over `t`, where `$1` is the caller's subject. Nil: everybody of the
    /// tenant.
    package typealias Sight = @Sendable (APIPrincipal) -> String?

    /// What a write is besides what its columns say: throws what is wrong with it, and answers what is written, with
    /// whatever there is to add under the columns' names.
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
    let details: [Detail]
    let sight: Sight
    /// How a list is sorted that is asked for without a word of it.
    let standardSort: String
    /// See ``init(_:path:of:verbs:access:seenBy:sortedBy:isStamped:findingBy:lists:details:completedBy:_:)``.
    let finder: String?
    private let verbs: Set<Verb>
    private let access: [Verb: APIRole]
    private let presets: [PresetList]
    private let completion: Completion?

    /// - Parameters:
    ///   - access: the roles that are not `agent`.
    ///   - finder: a function of the database that takes a pattern and a number, and answers the ids of the rows that
    ///     `q` means, or null where there are more: what row-level security lets no index do.
    ///   - lists: the same rows at other addresses.
    ///   - details: what a row shows besides its columns.
    ///   - isStamped: it shows when a row was made and changed, and sorts by it.
    ///   - columns: all but `id`, `created_at` and `updated_at`, which every table has.
    package init(
        _ table: String, path: String? = nil, of name: String, verbs: Set<Verb> = Set(Verb.allCases),
        access: [Verb: APIRole] = [:], seenBy sight: @escaping Sight = { _ in nil },
        sortedBy standardSort: String = "-created_at", isStamped: Bool = true, findingBy finder: String? = nil,
        lists: [PresetList] = [],
        details: [Detail] = [], completedBy completion: Completion? = nil, _ columns: [Column]
    ) {
        self.table = table
        self.path = "/api/v1/" + (path ?? table.replacing("_", with: "-"))
        self.name = name
        self.columns = [.id] + columns + (isStamped ? [.createdAt, .updatedAt] : [])
        self.details = details
        self.sight = sight
        self.standardSort = standardSort
        self.finder = finder
        self.verbs = verbs
        self.access = access
        presets = lists
        self.completion = completion
        for names in [self.columns.map(\.name) + details.map(\.name), query.map(\.name)] {
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
        } + presets.map(list(_:))
    }

    func role(_ verb: Verb) -> Access { .role(access[verb] ?? .agent) }

    /// A row as JSON, of the table as `t`.
    ///
    /// - Parameter details: those that it shows besides its columns.
    func json(_ details: [Detail] = []) -> String {
        let fields =
            columns.map { "'\($0.name)', t.\($0.column)" } + details.map { "'\($0.name)', (\($0.sql))" }
        return "jsonb_build_object(\(fields.joined(separator: ", ")))::text"
    }

    var listed: [Detail] { details.filter(\.isListed) }
    /// As a list has it.
    var row: Schema { record(name, listed) }
    /// As it is read alone.
    private var whole: Schema { listed.count == details.count ? row : record("\(name)Detail", details) }

    private func record(_ name: String, _ details: [Detail]) -> Schema {
        .record(Schema.Record(name: name, columns.map(\.shown) + details.map(\.shown)))
    }

    private var given: [Column] { columns.filter { !$0.traits.contains(.readOnly) } }
    private var changed: [Column] { given.filter { !$0.traits.contains(.once) } }
    var plural: String { String(path.dropFirst("/api/v1/".count)).replacing("-", with: " ") }
    private var singular: String { Self.words(name) }

    private static func words(_ name: String) -> String { SnakeCase.of(name).replacing("_", with: " ") }

    static let idField = Schema.Field("id", .text(.uuid), isRequired: true)
    var one: String { "\(path)/{id}" }

    // MARK: Endpoints

    private var read: Endpoint {
        Endpoint(
            .get, one, id: "get\(name)", role(.read), "Reads one \(singular).",
            shape: InputShape(path: [Self.idField]),
            answers: [Endpoint.Answer(200, "The \(singular).", whole)], isTagged: true,
            .answer { [self] context, input in
                let principal = try context.principal
                return .json(try await context.read { try found(in: $0, input, principal).shown })
            })
    }

    private var create: Endpoint {
        Endpoint(
            .post, path, id: "create\(name)", role(.create), "Creates a \(singular).",
            shape: InputShape(body: .json(Schema.Record(name: "New\(name)", given.map(\.given)))),
            answers: [Endpoint.Answer(201, "The \(singular), with its address in `Location`.", whole)],
            .write { [self] transaction, context, input in
                let after = try insert(in: transaction, try completed(transaction, context, input, nil))
                try Audit(context).note(table, before: nil, after: after.row, in: transaction)
                var response = HTTPResponse.json(after.shown, status: 201)
                let id = JSONValue(response.body)?["id"]?.text ?? ""
                response.headers += [("location", "\(path)/\(id)"), ("etag", EntityTags.tag(of: response.body))]
                return response
            })
    }

    private var patch: Endpoint {
        Endpoint(
            .patch, one, id: "update\(name)", role(.patch), "Changes what is given of a \(singular) (merge patch).",
            shape: InputShape(
                path: [Self.idField], body: .json(Schema.Record(name: "\(name)Change", changed.map(\.changed)))),
            answers: [Endpoint.Answer(200, "The \(singular) as it is now.", whole)], problems: [412],
            .write { [self] transaction, context, input in
                let principal = try context.principal
                let before = try found(in: transaction, input, principal, toChange: true)
                try context.checkUnchanged(since: EntityTags.tag(of: Array(before.shown.utf8)))
                let values = try completed(transaction, context, input, JSONValue(Array(before.row.utf8)))
                let after = try update(in: transaction, input["id"], values) ?? before
                try Audit(context).note(table, before: before.row, after: after.row, in: transaction)
                var response = HTTPResponse.json(after.shown)
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
                try context.checkUnchanged(since: EntityTags.tag(of: Array(before.shown.utf8)))
                try transaction.execute("delete from \(table) where id = $1::uuid", [.text(input["id"]?.text)])
                try Audit(context).note(table, before: before.row, after: nil, in: transaction)
                return .empty(204)
            })
    }

    /// What is written for `input`: documents are merged into those there are, and the rest is the feature's.
    private func completed(
        _ transaction: borrowing Transaction, _ context: RequestContext, _ input: JSONValue, _ before: JSONValue?
    ) throws -> [String: JSONValue] {
        guard case .object(var given) = input else { return [:] }
        given["id"] = nil
        for column in columns where column.kind == .jsonb {
            if let value = given[column.name] {
                given[column.name] = (before?[column.name] ?? .null).merged(with: value)
            }
        }
        return try completion?(transaction, context, given, before) ?? given
    }

    // MARK: For other addresses

    /// The endpoint, which answers with one of these rows as it is read.
    package func answering(_ endpoint: Endpoint) -> Endpoint {
        var endpoint = endpoint
        endpoint.answers = [Endpoint.Answer(200, "The \(singular) as it is now.", whole)]
        return endpoint
    }

    /// A row as it is read, for such an answer.
    package func row(_ id: UUID, for principal: APIPrincipal, in transaction: borrowing Transaction) throws -> String {
        try found(in: transaction, ["id": .text(id.uuidString)], principal).shown
    }

    // MARK: Statements on one row

    /// A row as the audit keeps it, and as an answer shows it.
    private struct Found {
        let row: String
        let shown: String

        init(_ row: Row) throws {
            self.row = try row.text("row")
            shown = try row.textOrNil("body") ?? self.row
        }
    }

    private var foundColumns: String {
        details.isEmpty ? "\(json()) as row, null::text as body" : "\(json()) as row, \(json(details)) as body"
    }

    /// The row of the path as JSON.
    ///
    /// - Parameter toChange: nobody else changes it until the transaction ends.
    private func found(
        in transaction: borrowing Transaction, _ input: JSONValue, _ principal: APIPrincipal, toChange: Bool = false
    ) throws -> Found {
        let sight = sight(principal).map { " and (\($0))" } ?? ""
        let subject: [SQLValue] = sight.isEmpty ? [] : [.text(principal.subject)]
        let id = sight.isEmpty ? "$1" : "$2"
        let rows = try transaction.query(
            "select \(foundColumns) from \(table) t where t.id = \(id)::uuid\(sight)\(toChange ? " for update of t" : "")",
            subject + [.text(input["id"]?.text)])
        guard let row = rows.first else { throw Problem.notFound }
        return try Found(row)
    }

    private func insert(in transaction: borrowing Transaction, _ values: [String: JSONValue]) throws -> Found {
        let given = columns.compactMap { column in values[column.name].map { (column, $0) } }
        try checkTargets(in: transaction, given)
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
    private func update(
        in transaction: borrowing Transaction, _ id: JSONValue?, _ values: [String: JSONValue]
    ) throws -> Found? {
        let given = columns.compactMap { column in values[column.name].map { (column, $0) } }
        guard !given.isEmpty else { return nil }
        try checkTargets(in: transaction, given)
        let places = given.enumerated().map {
            "\($0.element.0.column) = $\($0.offset + 2)::\($0.element.0.kind.rawValue)"
        }
        let rows = try transaction.query(
            "update \(table) t set \(places.joined(separator: ", ")) where t.id = $1::uuid returning \(foundColumns)",
            [.text(id?.text)] + given.map { $0.0.parameter($0.1) })
        guard let row = rows.first else { throw Problem.notFound }
        return try Found(row)
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
