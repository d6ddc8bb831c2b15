package import Database

/// How `q` is looked for in a table whose words are indexed.
package struct TextFinder: Sendable {
    /// Takes the text and a number, and answers the ids of the rows that are meant, or null where there are more: what row-level
    /// security lets no index do.
    let function: String
    /// The words of a row, over the table as `t`.
    let words: String

    package init(_ function: String, words: String) {
        self.function = function
        self.words = words
    }
}

/// Where rows are found whose column lies between bounds: of `numeric`, comparisons are not leakproof.
package struct RangeFinder: Sendable {
    let column: String
    /// Takes the bounds, null for none, and a number, and answers as ``TextFinder/function`` does.
    let function: String

    package init(_ column: some TableColumn, _ function: String) {
        self.column = column.name
        self.function = function
    }
}

/// The SQL of a page. Rows are chosen first and told as JSON then: what is sorted away is told to nobody.
struct PageStatement {
    /// Among which rows a page is looked for.
    enum Among: Equatable {
        case all
        /// So many in their order, from the cursor on.
        case first(Int)
        /// Those of an array of ids.
        case found(String)
    }

    /// What is selected of a row.
    enum Form {
        /// ``Resource/rowFields``, `page_key` and `page_id`.
        case fields
        /// `id`, and all of it as JSON: `body`.
        case texts
    }

    private let ask: PageAsk
    private(set) var values: [SQLValue] = []
    private(set) var text = ""
    /// Bounds and texts may mean all rows or none: they are planned for what they are.
    private(set) var memory = PlanMemory.whileFew
    /// Where the column that rows are sorted by, and their ids, are read.
    private var order: (key: String, id: String)
    private var source: String
    private var rules: [String] = []

    init(_ ask: PageAsk, _ among: Among = .all, _ form: Form = .fields) {
        self.ask = ask
        order = ("t.\(ask.sort.column)", "t.id")
        source = "\(ask.resource.table) t"
        let resource = ask.resource
        // Their texts say `$1`.
        let ways = among == .all ? resource.ways(ask.principal) : []
        if let sight = resource.sight(ask.principal) {
            _ = place(.text(ask.principal.subject))
            if ways.isEmpty { rules.append("(\(sight))") }
        }
        filter(among)
        search(among)
        let beyond = beyondCursor()
        let limit = place(.int(ask.limit + 1)) + "::bigint"
        if case .first(let count) = among {
            let rule = beyond.map { " where \($0)" } ?? ""
            source = "(select * from \(source)\(rule) \(sorted) limit \(count)) t"
        } else if let beyond {
            rules.append(beyond)
        }
        let pages = (ways.isEmpty ? [nil] : ways.map(Optional.some)).map { page($0, limit) }
        let rows = pages.count == 1 ? pages[0] : pages.map { "(\($0))" }.joined(separator: " union all ")
        order = ("t.\(ask.sort.column)", "t.id")
        let selected =
            switch form {
            case .fields: "\(resource.selected), \(ask.sort.key) as page_key, t.id as page_id"
            case .texts: "t.id, \(resource.json(resource.listed)) as body"
            }
        text = "select \(selected) from (\(rows)) t \(sorted) limit \(limit)"
    }

    private mutating func place(_ value: SQLValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }

    private func page(_ way: String?, _ limit: String) -> String {
        let rules = self.rules + [way].compactMap { $0 }
        let clause = rules.isEmpty ? "" : " where " + rules.joined(separator: " and ")
        return "select t.* from \(source)\(clause) \(sorted) limit \(limit)"
    }

    private var sorted: String {
        let direction = ask.isDescending ? "desc" : "asc"
        let nulls = ask.sort.isNullable ? " nulls last" : ""
        return "order by \(order.key) \(direction)\(nulls), \(order.id) \(direction)"
    }

    private mutating func filter(_ among: Among) {
        for filter in ask.resource.filters {
            guard let value = ask.input[filter.field.name] else { continue }
            let column = filter.column
            if column.isRange { memory = .never }
            let wanted = literal(value, column) ?? place(column.parameter(value)) + "::\(column.kind.rawValue)"
            if let folded = column.folded {
                rules.append("t.\(folded) = lower(\(wanted) collate \"C\") collate \"default\"")
            } else {
                rules.append("t.\(column.column) \(filter.comparison) \(wanted)")
            }
            if let table = column.listedIn, case .list(let items) = value {
                narrow(to: items.compactMap(\.text), table, isInOrder: among == .all && ask.sort.column == "created_at")
            }
        }
        if let rule = ask.list.rule { rules.append("(\(rule))") }
        for filter in ask.resource.moreFilters {
            guard let value = ask.input[filter.field.name] else { continue }
            memory = .never
            rules.append("(\(filter.rule(value) { place($0) }))")
        }
    }

    /// One of the few values that a column may have, for the text: the planner then knows how many rows have it, and which
    /// indexes hold them.
    private func literal(_ value: JSONValue, _ column: Column) -> String? {
        switch (column.schema, value) {
        case (.choice(let choices), .text(let text)) where choices.contains(text) && !text.contains("'"): "'\(text)'"
        case (.boolean, .bool(let isSo)): isSo ? "true" : "false"
        default: nil
        }
    }

    /// To the rows that a table lists under each of `items`.
    ///
    /// - Parameter isInOrder: pages are in that table's order, and it is read from the cursor on.
    private mutating func narrow(to items: [String], _ table: String, isInOrder: Bool) {
        var items = items[...]
        var row = (key: "t.created_at", id: "t.id")
        if isInOrder, let first = items.popFirst() {
            source = "\(table) g join \(source) on t.tenant_id = g.tenant_id and t.id = g.contact_id"
            rules.append("g.tag = \(place(.text(first)))::text")
            row = ("g.created_at", "g.contact_id")
            order = row
        }
        for item in items {
            rules.append(
                """
                exists (select from \(table) o where o.tenant_id = t.tenant_id and o.tag = \(place(.text(item)))::text
                    and o.created_at = \(row.key) and o.contact_id = \(row.id))
                """)
        }
    }

    private mutating func search(_ among: Among) {
        if case .found(let ids) = among {
            rules.append("t.id = any(\(place(.text(ids)))::uuid[])")
            return
        }
        guard let asked = ask.input["q"]?.text else { return }
        memory = .never
        guard let finder = ask.resource.finder else {
            rules.append(contains(asked))
            return
        }
        // What a row has to have in any case, and is quickly looked at.
        if asked.contains(where: \.isLetter),
            let part = asked.split(whereSeparator: { !$0.isASCII || !($0.isLetter || $0.isNumber) }).max(by: {
                $0.count < $1.count
            })
        {
            rules.append(contains(String(part)))
        }
        rules.append("\(finder.words) @@ (select app.search_query((select app.tenant_id()), \(place(.text(asked)))))")
    }

    private mutating func contains(_ text: String) -> String {
        let pattern = place(.text("%\(Self.escaped(text))%"))
        let columns = ask.resource.searched.map { "t.\($0.column) ilike \(pattern)" }
        return "(\(columns.joined(separator: " or ")))"
    }

    /// Nil for a first page.
    private mutating func beyondCursor() -> String? {
        guard let cursor = ask.cursor else { return nil }
        let id = place(.uuid(cursor.id)) + "::uuid"
        let beyond = ask.isDescending ? "<" : ">"
        guard let key = cursor.key else { return "\(order.key) is null and \(order.id) \(beyond) \(id)" }
        let after = "(\(order.key), \(order.id)) \(beyond) (\(ask.sort.bound(place(.text(key)))), \(id))"
        return ask.sort.isNullable ? "(\(after) or \(order.key) is null)" : after
    }

    /// What `like` would read as a pattern stands for itself.
    static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
    }
}
