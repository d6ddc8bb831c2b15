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
            fields.append(
                Schema.Field(
                    "q", .text(lengths: 1...100),
                    help: finder == nil
                        ? "Text in \(names)."
                        : "Words of \(names), the last as far as it is typed; phone numbers in any spelling."))
        }
        return fields
    }
}

/// A page that is asked for. Rows are sorted by one column and, where it is the same, by id; what has no value comes last both
/// ways. A cursor names the place behind a row, so that rows that come and go before it move nothing.
struct PageAsk: Sendable {
    let resource: Resource
    let list: PresetList
    let input: JSONValue
    let principal: APIPrincipal
    let limit: Int
    let sort: Column
    let isDescending: Bool
    let cursor: RowCursor?

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

    /// What `run` makes of the rows, and of one more where there are more; nil: there are none.
    ///
    /// - Parameter run: also answers how many there were.
    fileprivate func rows<Rows>(
        in transaction: borrowing Transaction, _ form: PageStatement.Form,
        _ run: (borrowing Transaction, PageStatement) throws -> (rows: Rows, count: Int)
    ) throws -> Rows? {
        for filter in resource.moreFilters {
            if let value = input[filter.field.name] { try filter.check(transaction, value) }
        }
        if let asked = input["q"]?.text, resource.finder != nil, Self.mayBeCommon(asked) {
            let (rows, count) = try run(transaction, PageStatement(self, .first(Self.triedMax), form))
            if count > limit { return rows }
        }
        let among = try among(in: transaction)
        return among == .found("{}") ? nil : try run(transaction, PageStatement(self, among, form)).rows
    }

    /// Among which rows there are those that `q` means, or else a filter that finds them by an index of its own.
    func among(in transaction: borrowing Transaction) throws -> PageStatement.Among {
        guard let asked = input["q"]?.text else {
            for filter in resource.moreFilters {
                guard let find = filter.find, let value = input[filter.field.name] else { continue }
                if let ids = try find(transaction, value, Self.foundMax) { return .found(ids) }
            }
            return try between(in: transaction)
        }
        guard let finder = resource.finder else { return .all }
        let rows = try transaction.query(
            "select \(finder.function)($1, $2::integer)::text as ids", [.text(asked), .int(Self.foundMax)])
        return try rows.first?.textOrNil("ids").map { .found($0) } ?? .all
    }

    /// Among those between the bounds of a column: in its own order an index has them anyway.
    private func between(in transaction: borrowing Transaction) throws -> PageStatement.Among {
        guard let finder = resource.rangeFinder, sort.column != finder.column else { return .all }
        let filters = resource.filters.filter { $0.column.column == finder.column }
        func bound(_ comparison: String) -> SQLValue {
            let filter = filters.first { $0.comparison == comparison }
            guard let filter, let value = input[filter.field.name] else { return .null }
            return filter.column.parameter(value)
        }
        let bounds = [bound(">="), bound("<=")]
        guard bounds.contains(where: { $0 != .null }) else { return .all }
        let rows = try transaction.query(
            "select \(finder.function)($1::numeric, $2::numeric, $3::integer)::text as ids",
            bounds + [.int(Self.foundMax)])
        return try rows.first?.textOrNil("ids").map { .found($0) } ?? .all
    }

    /// Of a text that more rows have, a page is soon full without an index.
    private static let foundMax = 2_000
    /// How many rows are read in their order before an index is asked: one of common words brings a great many.
    private static let triedMax = 200
    /// A word of more letters is few rows' own.
    private static let commonLettersMax = 7

    /// Whether so many rows may have the last word of `asked`, or begin a word with it, that a page is full at once.
    private static func mayBeCommon(_ asked: String) -> Bool {
        let word = asked.split { !$0.isLetter && !$0.isNumber }.last
        return word.map { $0.count <= commonLettersMax } ?? false
    }

    func page(in transaction: borrowing Transaction) throws -> [UInt8] {
        let rows: ToldRows =
            try rows(in: transaction, .fields) { transaction, statement in
                let told = try transaction.told(
                    statement.text, statement.values, as: resource.rowFields, rowsMax: limit, remember: statement.memory
                )
                return (told, told.count)
            } ?? ToldRows()
        var next = "null"
        if rows.count > limit, let last = rows.last {
            let name = (isDescending ? "-" : "") + sort.name
            let place = RowCursor(
                list: list.template, sort: name, key: try last.textOrNil("page_key"), id: try last.uuid("page_id"))
            next = JSONText.quoted(place.text)
        }
        return Array("{\"data\":[".utf8) + rows.json + Array("],\"next_cursor\":\(next)}".utf8)
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
        let ask = try PageAsk(self, nil, .object(fields), principal, limit: limit)
        let found: [Row] =
            try ask.rows(in: transaction, .texts) { transaction, statement in
                let rows = try transaction.query(statement.text, statement.values, remember: statement.memory)
                return (rows, rows.count)
            } ?? []
        let shown = found.prefix(limit)
        return (try shown.map { try $0.text("body") }, found.count > limit ? try shown.last?.uuid("id") : nil)
    }
}

extension Column {
    /// Its value in a cursor: times in microseconds since 1970.
    var key: String {
        kind == .time ? "(extract(epoch from t.\(column)) * 1000000)::bigint::text" : "t.\(column)::text"
    }

    /// Back from there; `place` is the parameter.
    func bound(_ place: String) -> String {
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
