import CallModel
package import Database
import Encoding
import FoundationEssentials

/// One column of a ``Resource``, said once: what it holds, what may be asked of it.
package struct Column: Sendable {
    package struct Traits: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Not null, and given on creation.
        package static let required = Traits(rawValue: 1)
        /// A list may be narrowed to one of its values, or to a range of numbers or times.
        package static let filter = Traits(rawValue: 2)
        package static let sort = Traits(rawValue: 4)
        /// `q` looks into it.
        package static let search = Traits(rawValue: 8)
        /// Kept by the database or by other addresses.
        package static let readOnly = Traits(rawValue: 16)
        /// Given on creation, kept by other addresses from then on.
        package static let once = Traits(rawValue: 32)
    }

    /// The column's type in the database, as far as it matters here.
    enum Kind: String, Sendable {
        case text, uuid, integer, numeric, boolean, date, jsonb
        case time = "timestamptz"
        case texts = "text[]"
    }

    /// Of the column; a literal of ours.
    let column: String
    /// In JSON.
    let name: String
    /// What the names of range filters begin with: `value` makes `value_min` and `value_max`.
    let filterName: String
    let kind: Kind
    let schema: Schema
    let traits: Traits
    /// What the database puts where nothing is given: such a column is not null and not required.
    let standard: JSONValue?
    /// Whose id it holds.
    let target: Target?
    /// The column that has its values as they are compared: ASCII letters small.
    private(set) var folded: String?
    /// A table that has `tag`, `created_at` and `contact_id` of each item of its lists.
    private(set) var listedIn: String?

    struct Target: Sendable {
        let table: String
        /// Which of its rows the caller may point to.
        let sight: Resource.Sight
    }

    private init(
        _ column: String, _ name: String?, _ filterName: String?, _ kind: Kind, _ schema: Schema, _ traits: Traits,
        standard: JSONValue? = nil, target: Target? = nil
    ) {
        precondition(
            ([column] + [target?.table].compactMap { $0 }).allSatisfy { text in
                text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") }
            }, "\(column) is no name of a column")
        self.column = column
        self.name = name ?? column
        self.filterName = filterName ?? name ?? column
        self.kind = kind
        self.schema = schema
        self.traits = traits
        self.standard = standard
        self.target = target
    }

    /// - Parameter max: in characters.
    package static func text(
        _ column: some TableColumn, as name: String? = nil, _ traits: Traits = [], max: Int, standard: String? = nil
    ) -> Column {
        Column(
            column.name, name, nil, .text, .text(lengths: (traits.contains(.required) ? 1 : 0)...max), traits,
            standard: standard.map { .text($0) })
    }

    package static func text(
        _ column: some TableColumn, as name: String? = nil, _ traits: Traits = [], format: Schema.Format,
        standard: String? = nil, foldedIn folded: StaticString? = nil
    ) -> Column {
        var text = Column(column.name, name, nil, .text, .text(format), traits, standard: standard.map { .text($0) })
        text.folded = folded.map { "\($0)" }
        return text
    }

    package static func choice(
        _ column: some TableColumn, as name: String? = nil, _ values: [String], _ traits: Traits = [],
        standard: String? = nil
    ) -> Column {
        Column(column.name, name, nil, .text, .choice(values), traits, standard: standard.map { .text($0) })
    }

    package static func integer(
        _ column: some TableColumn, as name: String? = nil, _ range: ClosedRange<Int>, _ traits: Traits = [],
        filteredAs filterName: String? = nil, standard: Int? = nil
    ) -> Column {
        Column(
            column.name, name, filterName, .integer, .integer(range), traits, standard: standard.map { .integer($0) })
    }

    package static func number(
        _ column: some TableColumn, as name: String? = nil, _ range: ClosedRange<Double>, _ traits: Traits = [],
        filteredAs filterName: String? = nil
    ) -> Column {
        Column(column.name, name, filterName, .numeric, .number(range), traits)
    }

    /// - Parameter filterName: `due` makes `due_after` and `due_before`.
    package static func time(
        _ column: some TableColumn, as name: String? = nil, _ traits: Traits = [], filteredAs filterName: String? = nil
    ) -> Column {
        Column(column.name, name, filterName, .time, .text(.dateTime), traits)
    }

    package static func date(_ column: some TableColumn, as name: String? = nil, _ traits: Traits = []) -> Column {
        Column(column.name, name, nil, .date, .text(.date), traits)
    }

    package static func flag(
        _ column: some TableColumn, as name: String? = nil, _ traits: Traits = [], standard: Bool? = nil
    ) -> Column {
        Column(column.name, name, nil, .boolean, .boolean, traits, standard: standard.map { .bool($0) })
    }

    /// A document; a change of an object goes over what is there, field by field.
    package static func json(
        _ column: some TableColumn, as name: String? = nil, _ schema: Schema, _ traits: Traits = [],
        standard: JSONValue? = nil
    ) -> Column {
        Column(column.name, name, nil, .jsonb, schema, traits, standard: standard)
    }

    /// - Parameters:
    ///   - table: of the same tenant, with ids.
    ///   - sight: which of its rows the caller may point to, where that is not all of them.
    package static func reference(
        _ column: some TableColumn, as name: String? = nil, to table: String, _ traits: Traits = [],
        seenBy sight: @escaping Resource.Sight = { _ in nil }
    ) -> Column {
        Column(column.name, name, nil, .uuid, .text(.uuid), traits, target: Target(table: table, sight: sight))
    }

    /// An id of something, in a table that another column names or that is gone.
    package static func uuid(_ column: some TableColumn, as name: String? = nil, _ traits: Traits = []) -> Column {
        Column(column.name, name, nil, .uuid, .text(.uuid), traits)
    }

    /// A list of short texts, empty where none is given. A filter asks for rows that have all of those it names.
    ///
    /// - Parameters:
    ///   - max: of each, in characters.
    ///   - table: has a row for each: `tag`, and of the row that has it `created_at` and its id.
    package static func texts(
        _ column: some TableColumn, as name: String? = nil, _ traits: Traits = [], countMax: Int, max: Int,
        listedIn table: StaticString? = nil
    ) -> Column {
        var texts = Column(
            column.name, name, nil, .texts, .list(.text(lengths: 1...max), countMax: countMax), traits,
            standard: .list([]))
        texts.listedIn = table.map { "\($0)" }
        return texts
    }

    /// As it comes from the database in a list.
    var told: RowFields.Kind {
        switch kind {
        case .text: .text
        case .uuid, .date: .plain
        case .integer, .numeric: .number
        case .boolean: .truth
        case .time: .time
        case .jsonb, .texts: .json
        }
    }

    var isNullable: Bool {
        !traits.contains(.required) && standard == nil && !traits.contains(.readOnly) || isOpenEnded
    }
    /// Written elsewhere, and perhaps not yet.
    private var isOpenEnded: Bool {
        traits.contains(.readOnly) && !Self.alwaysThere.contains(column) && standard == nil
    }
    private static let alwaysThere: Set<String> = ["id", "created_at", "updated_at"]

    /// As an answer has it.
    var shown: Schema.Field { Schema.Field(name, isNullable ? .nullable(schema) : schema, isRequired: true) }

    /// As a new row is given it.
    var given: Schema.Field {
        Schema.Field(
            name, isNullable ? .nullable(schema) : schema, isRequired: traits.contains(.required), standard: nil)
    }

    /// As a change is given it: what is absent stays.
    var changed: Schema.Field { Schema.Field(name, isNullable ? .nullable(schema) : schema) }

    static let id = Column("id", nil, nil, .uuid, .text(.uuid), .readOnly)
    static let createdAt = Column("created_at", nil, "created", .time, .text(.dateTime), [.filter, .sort, .readOnly])
    static let updatedAt = Column("updated_at", nil, "updated", .time, .text(.dateTime), [.sort, .readOnly])

    /// A value that fits the schema, as a parameter.
    func parameter(_ value: JSONValue) -> SQLValue {
        switch value {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let value): .int(value)
        case .number(let value): .double(value)
        case .text(let text) where kind == .time: .timestamp(InternetTime(text)?.date)
        // However it is written, it is kept and asked for in one form.
        case .text(let text) where schema == .text(.phone): .text(E164(text)?.text ?? text)
        case .text(let text): .text(text)
        case .list(let values) where kind == .texts: .textArray(values.compactMap(\.text))
        case .list, .object: .json(value.json)
        }
    }
}
