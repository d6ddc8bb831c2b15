/// From an answer with a row to what can be asked of that row next: who reads the document finds the way from a creation to
/// change, deletion and whatever else there is under the row's address.
struct DocumentLinks {
    /// By the address before its one value: `/api/v1/tasks` has what stands at `/api/v1/tasks/{id}` and below.
    private var below: [String: [Endpoint]] = [:]
    /// Where rows of a record are read, by its name.
    private var homes: [String: String] = [:]

    init(_ endpoints: [Endpoint]) {
        for endpoint in endpoints {
            guard let home = Self.home(of: endpoint.template) else { continue }
            below[home, default: []].append(endpoint)
            if endpoint.method == .get, endpoint.template.segments.last?.isValue == true {
                for answer in endpoint.answers { note(answer.record?.name, home) }
            }
        }
        for endpoint in endpoints where endpoint.method == .get && reader(at: endpoint.template.text) != nil {
            for answer in endpoint.answers { note(answer.listed?.name, endpoint.template.text) }
        }
    }

    private mutating func note(_ name: String?, _ home: String) {
        if let name, homes[name] == nil { homes[name] = home }
    }

    private static func home(of template: PathTemplate) -> String? {
        let values = template.segments.filter(\.isValue)
        guard values.count == 1, let open = template.text.firstRange(of: "/{") else { return nil }
        return String(template.text[..<open.lowerBound])
    }

    private func reader(at home: String) -> Endpoint? {
        below[home]?.first { $0.method == .get && $0.template.segments.last?.isValue == true }
    }

    /// Links of one answer by their names, which are the operations'.
    func links(from answer: Endpoint.Answer, of endpoint: Endpoint) -> [String: JSONValue] {
        guard (200..<300).contains(answer.status) else { return [:] }
        var links: [String: JSONValue] = [:]
        func add(_ target: Endpoint, _ place: String) {
            guard target.id != endpoint.id, let name = target.shape.path.first?.name else { return }
            links[target.id] = [
                "operationId": .text(target.id), "parameters": .object([name: .text("$response.body#\(place)")]),
            ]
        }
        if let record = answer.record, record.isRow {
            let own = endpoint.method == .post ? endpoint.template.text : ""
            for target in below[record.name.flatMap { homes[$0] } ?? own] ?? [] { add(target, "/id") }
        }
        if let record = answer.listed, record.isRow, let home = record.name.flatMap({ homes[$0] }) {
            if let target = reader(at: home) { add(target, "/data/0/id") }
        }
        return links
    }
}

extension PathTemplate.Segment {
    fileprivate var isValue: Bool { if case .value(_) = self { true } else { false } }
}

extension Schema.Record {
    fileprivate var isRow: Bool { self["id"]?.schema == .text(.uuid) }
}

extension Endpoint.Answer {
    fileprivate var record: Schema.Record? {
        if case .record(let record)? = schema { record } else { nil }
    }

    /// The rows of a page.
    fileprivate var listed: Schema.Record? {
        guard case .list(.record(let row), _)? = record?["data"]?.schema else { return nil }
        return row
    }
}
