package import Database
import Encoding
package import FoundationEssentials
import WebSocketTransport

extension Column {
    /// Filtered by bounds and not by a value.
    var isRange: Bool { kind == .time || kind == .integer || kind == .numeric }
}

extension Resource {
    static let limit = Schema.Field("limit", .integer(1...200), help: "Rows a page.", standard: 50)

    /// One parameter of a list: `t.column operator $n`.
    struct Filter: Sendable {
        let field: Schema.Field
        let column: Column
        let comparison: String
    }

    var filters: [Filter] {
        columns.filter { $0.traits.contains(.filter) }.flatMap { column -> [Filter] in
            func filter(_ name: String, _ comparison: String, _ help: String) -> Filter {
                Filter(field: Schema.Field(name, column.schema, help: help), column: column, comparison: comparison)
            }
            switch column.kind {
            case .time:
                return [
                    filter("\(column.filterName)_after", ">=", "At this time or later."),
                    filter("\(column.filterName)_before", "<", "Before this time."),
                ]
            case .integer, .numeric:
                return [
                    filter("\(column.filterName)_min", ">=", "This or more."),
                    filter("\(column.filterName)_max", "<=", "This or less."),
                ]
            case .texts: return [filter(column.name, "@>", "Only those that have all of these.")]
            case .text, .uuid, .boolean, .date, .jsonb: return [filter(column.name, "=", "Only these.")]
            }
        }
    }

    var searched: [Column] { columns.filter { $0.traits.contains(.search) } }

    var query: [Schema.Field] {
        let sorts = columns.filter { $0.traits.contains(.sort) }.flatMap { [$0.name, "-\($0.name)"] }
        var fields = [
            Self.limit,
            Schema.Field("cursor", .text(lengths: 1...1_000), help: "`next_cursor` of the page before."),
            Schema.Field("sort", .choice(sorts), help: "`-`: from the largest.", standard: .text(standardSort)),
        ]
        fields += filters.map(\.field) + moreFilters.map(\.field)
        if !searched.isEmpty {
            let names = searched.map(\.name).joined(separator: ", ")
            fields.append(Schema.Field("q", .text(lengths: 1...100), help: "Text in \(names)."))
        }
        return fields
    }
}

/// A page that is asked for. Rows are sorted by one column and, where it is the same, by id; what has no value comes last both
/// ways. A cursor names the place behind a row, so that rows that come and go before it move nothing.
struct PageAsk: Sendable {
    private let resource: Resource
    private let list: PresetList
    private let input: JSONValue
    private let principal: APIPrincipal
    private let limit: Int
    private let sort: Column
    private let isDescending: Bool
    private let cursor: RowCursor?

    /// - Parameter limit: where it is not the input that says it.
    init(
        _ resource: Resource, _ list: PresetList? = nil, _ input: JSONValue, _ principal: APIPrincipal,
        limit: Int? = nil
    ) throws(Problem) {
        let list = list ?? .whole(of: resource)
        self.resource = resource
        self.list = list
        self.input = list.input(of: input)
        self.principal = principal
        self.limit = limit ?? input["limit"]?.integer ?? 50
        let name = input["sort"]?.text ?? list.sort ?? resource.standardSort
        isDescending = name.hasPrefix("-")
        let column = name.hasPrefix("-") ? String(name.dropFirst()) : name
        guard let sort = resource.columns.first(where: { $0.name == column }) else {
            throw .parameter("sort", "`sort` is unknown.")
        }
        self.sort = sort
        guard let text = input["cursor"]?.text else {
            cursor = nil
            return
        }
        guard let cursor = RowCursor(text), cursor.list == list.template, cursor.sort == name, cursor.isOf(sort) else {
            throw .parameter("cursor", "`cursor` is no `next_cursor` of an earlier page of this list with this `sort`.")
        }
        self.cursor = cursor
    }

    /// Rows and one more, where there are more.
    fileprivate func rows(in transaction: borrowing Transaction) throws -> [Row] {
        for filter in resource.moreFilters {
            if let value = input[filter.field.name] { try filter.check(transaction, value) }
        }
        let (sql, values) = statement(among: try found(in: transaction))
        // The text varies with what is asked: plans of such statements would crowd out those of calls.
        return try transaction.query(sql, values, remember: false)
    }

    func page(in transaction: borrowing Transaction) throws -> String {
        let rows = try rows(in: transaction)
        let shown = rows.prefix(limit)
        var next = "null"
        if rows.count > limit, let last = shown.last {
            let name = (isDescending ? "-" : "") + sort.name
            let place = RowCursor(
                list: list.template, sort: name, key: try last.textOrNil("key"), id: try last.uuid("id"))
            next = JSONText.quoted(place.text)
        }
        return "{\"data\":[\(try shown.map { try $0.text("body") }.joined(separator: ","))],\"next_cursor\":\(next)}"
    }

    private var pattern: String? { input["q"]?.text.map { "%\(Self.escaped($0))%" } }

    /// Of a text that more rows have, a page is soon full without an index.
    private static let foundMax = 2_000
    /// What is shorter has no trigram.
    private static let foundCharactersMin = 3

    /// The rows that `q` means, as PostgreSQL writes an array of their ids; nil where it is to look for itself.
    private func found(in transaction: borrowing Transaction) throws -> String? {
        guard let finder = resource.finder, let pattern,
            pattern.unicodeScalars.count >= Self.foundCharactersMin + 2
        else { return nil }
        let rows = try transaction.query(
            "select \(finder)($1, $2::integer)::text as ids", [.text(pattern), .int(Self.foundMax)])
        return try rows.first?.textOrNil("ids")
    }

    /// - Parameter found: see ``found(in:)``.
    func statement(among found: String? = nil) -> (sql: String, values: [SQLValue]) {
        var values: [SQLValue] = []
        func place(_ value: SQLValue) -> String {
            values.append(value)
            return "$\(values.count)"
        }
        var rules: [String] = []
        // Its text says `$1`.
        if let sight = resource.sight(principal) {
            _ = place(.text(principal.subject))
            rules.append("(\(sight))")
        }
        for filter in resource.filters {
            guard let value = input[filter.field.name] else { continue }
            rules.append(
                "t.\(filter.column.column) \(filter.comparison) "
                    + "\(place(filter.column.parameter(value)))::\(filter.column.kind.rawValue)")
        }
        if let rule = list.rule { rules.append("(\(rule))") }
        for filter in resource.moreFilters {
            if let value = input[filter.field.name] { rules.append("(\(filter.rule(value, place)))") }
        }
        if let found { rules.append("t.id = any(\(place(.text(found)))::uuid[])") }
        if let pattern {
            let pattern = place(.text(pattern))
            rules.append(
                "(" + resource.searched.map { "t.\($0.column) ilike \(pattern)" }.joined(separator: " or ") + ")")
        }
        if let cursor {
            let id = place(.uuid(cursor.id))
            let beyond = isDescending ? "<" : ">"
            if let key = cursor.key {
                let bound = sort.bound(place(.text(key)))
                let after = "(t.\(sort.column), t.id) \(beyond) (\(bound), \(id)::uuid)"
                rules.append(sort.isNullable ? "(\(after) or t.\(sort.column) is null)" : after)
            } else {
                rules.append("t.\(sort.column) is null and t.id \(beyond) \(id)::uuid")
            }
        }
        let direction = isDescending ? "desc" : "asc"
        let nulls = sort.isNullable ? " nulls last" : ""
        let clause = rules.isEmpty ? "" : " where " + rules.joined(separator: " and ")
        let sql = """
            select t.id, \(sort.key) as key, \(resource.json(resource.listed)) as body from \(resource.table) t\(clause) \
            order by t.\(sort.column) \(direction)\(nulls), t.id \(direction) limit \(place(.int(limit + 1)))::bigint
            """
        return (sql, values)
    }

    /// What `like` would read as a pattern stands for itself.
    static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
    }
}

extension Resource {
    /// What narrows its list, and nothing of pages.
    package var narrowing: [Schema.Field] {
        query.filter { !["limit", "cursor", "sort"].contains($0.name) }
    }

    /// The next rows of all that a list has, in the order of their ids: for who reads it to its end, transaction after
    /// transaction. A row that is there all the while is read once.
    ///
    /// - Parameters:
    ///   - input: of ``narrowing``.
    ///   - last: of the rows before.
    /// - Returns: the rows as JSON, and the last one's id, nil where nothing is behind it.
    package func rows(
        _ input: JSONValue, behind last: UUID?, limit: Int, for principal: APIPrincipal,
        in transaction: borrowing Transaction
    ) throws -> (rows: [String], next: UUID?) {
        guard case .object(var fields) = input else { return ([], nil) }
        fields["sort"] = "id"
        let id = last?.uuidString.lowercased()
        fields["cursor"] = last.map { .text(RowCursor(list: path, sort: "id", key: id, id: $0).text) }
        let found = try PageAsk(self, nil, .object(fields), principal, limit: limit).rows(in: transaction)
        let shown = found.prefix(limit)
        return (try shown.map { try $0.text("body") }, found.count > limit ? try shown.last?.uuid("id") : nil)
    }
}

extension Column {
    /// Its value in a cursor: times in microseconds since 1970.
    fileprivate var key: String {
        kind == .time ? "(extract(epoch from t.\(column)) * 1000000)::bigint::text" : "t.\(column)::text"
    }

    /// Back from there; `place` is the parameter.
    fileprivate func bound(_ place: String) -> String {
        kind == .time
            ? "(timestamptz 'epoch' + \(place)::bigint * interval '1 microsecond')" : "\(place)::\(kind.rawValue)"
    }
}

/// The place behind a row of a list sorted one way.
struct RowCursor: Equatable, Sendable {
    /// Its address.
    var list: String
    /// As it was asked for: `-created_at`.
    var sort: String
    /// The row's value there; nil where it has none.
    var key: String?
    var id: UUID

    init(list: String, sort: String, key: String?, id: UUID) {
        self.list = list
        self.sort = sort
        self.key = key
        self.id = id
    }

    /// Nil for anything but a ``text`` of ours, to the letter.
    init?(_ text: String) {
        guard text.utf8.count <= 1_000, let bytes = Base64URL.decode(text), let value = JSONValue(bytes),
            case .list(let parts) = value, parts.count == 4, let list = parts[0].text,
            let sort = parts[1].text, let id = parts[3].text.flatMap({ UUID(uuidString: $0) })
        else { return nil }
        guard parts[2] == .null || parts[2].text != nil else { return nil }
        self.init(list: list, sort: sort, key: parts[2].text, id: id)
        guard self.text == text else { return nil }
    }

    var text: String {
        let parts: JSONValue = [
            .text(list), .text(sort), key.map { .text($0) } ?? .null, .text(id.uuidString.lowercased()),
        ]
        return Base64URL.encode(Array(parts.json.utf8))
    }

    /// Whether its value is one of the column: who makes up a cursor is not to reach the database with it.
    func isOf(_ column: Column) -> Bool {
        guard let key else { return column.isNullable }
        switch column.kind {
        case .time:
            return Int(key, radix: 10).map { (-62_135_596_800_000_000...253_402_300_799_000_000).contains($0) } ?? false
        case .integer: return Int32(key, radix: 10) != nil
        case .numeric: return Self.isNumeric(key)
        case .date: return InternetTime.isDate(key)
        case .uuid: return Schema.Format.uuid.holds(key)
        case .boolean: return key == "true" || key == "false"
        case .text: return !key.utf8.contains(0)
        case .jsonb, .texts: return false
        }
    }

    private static func isNumeric(_ text: String) -> Bool {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return text.utf8.count <= 40 && (1...2).contains(parts.count)
            && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }
    }
}
