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

    /// What follows from a row that was made or changed, in the transaction that did it.
    package typealias Consequence =
        @Sendable (
            _ transaction: borrowing Transaction, _ context: RequestContext, _ before: JSONValue?, _ after: JSONValue
        ) throws -> Void

    /// Refuses to let a row go.
    package typealias Hold =
        @Sendable (
            _ transaction: borrowing Transaction, _ context: RequestContext, _ row: JSONValue
        ) throws -> Void

    /// Of the table, and in the address.
    let table: String
    /// In addresses: `follow-ups`.
    let path: String
    /// Of the schema of a row, in the singular: `Task`.
    let name: String
    let columns: [Column]
    let details: [Detail]
    /// What ``selected`` selects.
    let rowFields: RowFields
    let sight: Sight
    /// How a list is sorted that is asked for without a word of it.
    let standardSort: String
    let finder: TextFinder?
    let rangeFinder: RangeFinder?
    /// What a caller sees in parts that have no row in common, each with an index that has it in the order of lists: by
    /// ``sight`` as a whole no index is read in order. None: there are no parts.
    let ways: @Sendable (APIPrincipal) -> [String]
    let verbs: Set<Verb>
    private let access: [Verb: APIRole]
    private let role: APIRole
    private let presets: [PresetList]
    let moreFilters: [ListFilter]
    private let completion: Completion?
    private let consequence: Consequence
    private let hold: Hold

    /// - Parameters:
    ///   - role: who may use it at all.
    ///   - access: of verbs that ask for another role.
    ///   - isStamped: it shows when a row was made and changed, and sorts by it.
    ///   - isAppendOnly: rows stay as they were written: the table has no `updated_at`.
    ///   - ways: of what `sight` shows, see there.
    ///   - finder: where words are indexed. Without one `q` is a text that stands somewhere in a row.
    ///   - rangeFinder: where a column's bounds are asked of an index.
    ///   - lists: the same rows at other addresses.
    ///   - filters: those that are no column.
    ///   - details: what a row shows besides its columns.
    ///   - columns: all but `id`, `created_at` and `updated_at`, which every table has.
    package init(
        _ table: String, path: String? = nil, of name: String, verbs: Set<Verb> = Set(Verb.allCases),
        role: APIRole = .agent, access: [Verb: APIRole] = [:], seenBy sight: @escaping Sight = { _ in nil },
        inParts ways: @escaping @Sendable (APIPrincipal) -> [String] = { _ in [] },
        isStamped: Bool = true, isAppendOnly: Bool = false, sortedBy standardSort: String = "-created_at",
        findingBy finder: TextFinder? = nil, rangesBy rangeFinder: RangeFinder? = nil,
        lists: [PresetList] = [], filters: [ListFilter] = [], details: [Detail] = [],
        completedBy completion: Completion? = nil, followedBy consequence: @escaping Consequence = { _, _, _, _ in },
        heldBy hold: @escaping Hold = { _, _, _ in }, _ columns: [Column]
    ) {
        self.table = table
        self.path = "/api/v1/" + (path ?? table.replacing("_", with: "-"))
        self.name = name
        self.columns =
            [.id] + columns + (isStamped ? [.createdAt] : []) + (isStamped && !isAppendOnly ? [.updatedAt] : [])
        self.details = details
        rowFields = Self.rowFields(self.columns, details)
        self.sight = sight
        self.standardSort = standardSort
        self.ways = ways
        self.finder = finder
        self.rangeFinder = rangeFinder
        self.verbs = verbs
        self.access = access
        self.role = role
        presets = lists
        moreFilters = filters
        self.completion = completion
        self.consequence = consequence
        self.hold = hold
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

    func role(_ verb: Verb) -> Access { .role(access[verb] ?? role) }

    /// A row as JSON, of the table as `t`.
    ///
    /// - Parameter details: those that it shows besides its columns.
    func json(_ details: [Detail] = []) -> String {
        let fields =
            columns.map { "t.\($0.column) as \"\($0.name)\"" } + details.map { "(\($0.sql)) as \"\($0.name)\"" }
        // A third of what jsonb_build_object takes, which sorts the fields.
        return "(select row_to_json(r) from (select \(fields.joined(separator: ", "))) r)::text"
    }

    /// The columns of a row in a list, of the table as `t`, and what they are.
    var selected: String {
        (columns.map { $0.kind == .texts ? "array_to_json(t.\($0.column))" : "t.\($0.column)" }
            + listed.map { "to_json((\($0.sql)))" }).joined(separator: ", ")
    }

    private static func rowFields(_ columns: [Column], _ details: [Detail]) -> RowFields {
        RowFields(columns.map { ($0.name, $0.told) } + details.filter(\.isListed).map { ($0.name, .json) })
    }

    var listed: [Detail] { details.filter(\.isListed) }
    /// As a list has it.
    var row: Schema { record(name, listed) }
    /// As it is read alone.
    var whole: Schema { listed.count == details.count ? row : record("\(name)Detail", details) }

    private func record(_ name: String, _ details: [Detail]) -> Schema {
        .record(Schema.Record(name: name, columns.map(\.shown) + details.map(\.shown)))
    }

    private var given: [Column] { columns.filter { !$0.traits.contains(.readOnly) } }
    private var changed: [Column] { given.filter { !$0.traits.contains(.once) } }
    var plural: String { String(path.dropFirst("/api/v1/".count)).replacing("-", with: " ") }
    var singular: String { Self.words(name) }

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
                return .json(try await context.read { try found(in: $0, input["id"], principal).shown })
            })
    }

    private var create: Endpoint {
        Endpoint(
            .post, path, id: "create\(name)", role(.create), "Creates a \(singular).",
            shape: InputShape(body: .json(Schema.Record(name: "New\(name)", given.map(\.given)))),
            answers: [Endpoint.Answer(201, "The \(singular), with its address in `Location`.", whole)],
            .write { [self] transaction, context, input in
                try creation(of: input, in: transaction, context)
            })
    }

    private var patch: Endpoint {
        Endpoint(
            .patch, one, id: "update\(name)", role(.patch), "Changes what is given of a \(singular) (merge patch).",
            shape: InputShape(
                path: [Self.idField], body: .json(Schema.Record(name: "\(name)Change", changed.map(\.changed)))),
            answers: [Endpoint.Answer(200, "The \(singular) as it is now.", whole)], problems: [412],
            .write { [self] transaction, context, input in
                try change(input["id"], in: transaction, context) { _ in input }
            })
    }

    private var delete: Endpoint {
        Endpoint(
            .delete, one, id: "delete\(name)", role(.delete), "Deletes a \(singular).",
            shape: InputShape(path: [Self.idField]), answers: [Endpoint.Answer(204, "It is gone.")], problems: [412],
            .write { [self] transaction, context, input in
                try removal(of: input["id"], in: transaction, context)
                return .empty(204)
            })
    }

    func consider(_ row: JSONValue, leavingBy context: RequestContext, in transaction: borrowing Transaction) throws {
        try hold(transaction, context, row)
    }

    func follow(
        _ before: JSONValue?, _ after: JSONValue, _ context: RequestContext, in transaction: borrowing Transaction
    ) throws { try consequence(transaction, context, before, after) }

    /// What is written for `input`: documents are merged into those there are, and the rest is the feature's.
    func completed(
        _ transaction: borrowing Transaction, _ context: RequestContext, _ input: JSONValue, _ before: JSONValue?
    ) throws -> [String: JSONValue] {
        guard case .object(var given) = input else { return [:] }
        for name in ["id", "created_at", "updated_at"] { given[name] = nil }
        for column in columns where column.kind == .jsonb {
            if let value = given[column.name], let known = before?[column.name] {
                given[column.name] = known.merged(with: value)
            }
        }
        return try completion?(transaction, context, given, before) ?? given
    }

    // MARK: For other addresses

    /// The endpoint, which answers with one of these rows as it is read.
    package func answering(_ endpoint: Endpoint, status: Int = 200) -> Endpoint {
        var endpoint = endpoint
        endpoint.answers = [Endpoint.Answer(status, "The \(singular) as it is now.", whole)]
        return endpoint
    }

    /// What a column's values may be, for who writes them by another way.
    package func schema(of name: String) -> Schema? { columns.first { $0.name == name }?.schema }

    /// A row as it is read, for such an answer.
    package func row(_ id: UUID, for principal: APIPrincipal, in transaction: borrowing Transaction) throws -> String {
        try found(in: transaction, .text(id.uuidString), principal).shown
    }
}
