/// One endpoint as the document has it.
struct OperationDescription {
    private let endpoint: Endpoint
    private let links: DocumentLinks

    init(_ endpoint: Endpoint, _ links: DocumentLinks) {
        self.endpoint = endpoint
        self.links = links
    }

    func value(_ components: inout SchemaComponents) -> JSONValue {
        var operation: [String: JSONValue] = [
            "operationId": .text(endpoint.id), "summary": .text(endpoint.summary), "security": security,
            "tags": [.text(Self.tag(of: endpoint.template))],
        ]
        let parameters = parameters(&components)
        if !parameters.isEmpty { operation["parameters"] = .list(parameters) }
        if let body = body(&components) { operation["requestBody"] = body }
        operation["responses"] = responses(&components)
        return .object(operation)
    }

    /// What it is about, by its address: `follow ups`.
    static func tag(of template: PathTemplate) -> String {
        let words = template.text.split(separator: "/")
        let fixed = words.dropFirst(words.starts(with: ["api", "v1"]) ? 2 : 1)
        guard words.first == "api", let word = fixed.first else { return "gateway" }
        return String(word.prefix { $0 != "." }).replacing("-", with: " ")
    }

    private var security: JSONValue {
        switch endpoint.access {
        case .anybody, .carrier: []
        case .role: [["bearer": []], ["key": []], ["session": []]]
        case .handshake: [["bearer": []]]
        case .session: [["session": []]]
        case .metrics: [[:], ["metrics": []], ["bearer": []]]
        }
    }

    // MARK: What it takes

    private func parameters(_ components: inout SchemaComponents) -> [JSONValue] {
        var parameters = endpoint.shape.path.map { parameter($0, "path", isRequired: true, &components) }
        parameters += (endpoint.shape.query ?? []).map {
            parameter($0, "query", isRequired: $0.isRequired, &components)
        }
        for field in headers { parameters.append(parameter(field, "header", isRequired: false, &components)) }
        return parameters
    }

    private var headers: [Schema.Field] {
        var fields: [Schema.Field] = []
        if endpoint.isWrite {
            let help = "Under the same key, the same answer again for 24 hours. Visible characters of ASCII."
            fields.append(Schema.Field("Idempotency-Key", .text(lengths: 1...255), help: help))
        }
        if endpoint.problems.contains(412) {
            let help = "The ETag of what is changed: 412 when somebody was faster."
            fields.append(Schema.Field("If-Match", .text(), help: help))
        }
        if endpoint.isTagged {
            fields.append(Schema.Field("If-None-Match", .text(), help: "An ETag: 304 where nothing has changed."))
        }
        if endpoint.access == .handshake {
            let help = "`bearer, <token>`, where `Authorization` cannot be set; answered with `bearer`."
            fields.append(Schema.Field("Sec-WebSocket-Protocol", .text(), help: help))
        }
        return fields
    }

    private func parameter(
        _ field: Schema.Field, _ place: String, isRequired: Bool, _ components: inout SchemaComponents
    ) -> JSONValue {
        var schema = field.schema
        if case .nullable(let inner) = schema { schema = inner }
        var fields: [String: JSONValue] = [
            "name": .text(field.name), "in": .text(place), "required": .bool(isRequired),
            "schema": components.render(parameter: schema, standard: field.standard),
        ]
        if case .map = schema {
            fields["style"] = "deepObject"
            fields["explode"] = true
        }
        // As they are read: `tags=a,b`.
        if case .list = schema { fields["explode"] = false }
        if !field.help.isEmpty { fields["description"] = .text(field.help) }
        if isRequired { fields["example"] = components.examples.value(of: schema, named: field.name) }
        return .object(fields)
    }

    private func body(_ components: inout SchemaComponents) -> JSONValue? {
        switch endpoint.shape.body {
        case .none: return nil
        case .json(let record):
            return [
                "required": .bool(record.fields.contains(where: \.isRequired)),
                "content": [
                    "application/json": [
                        "schema": components.render(.record(record), isGiven: true),
                        "example": components.examples.given(record),
                    ]
                ],
            ]
        case .bytes(let types):
            return [
                "required": true,
                "content": .object(Dictionary(types.map { ($0, ["schema": Self.binary]) }) { $1 }),
            ]
        }
    }

    /// Bytes, to those who make clients.
    private static let binary: JSONValue = ["type": "string", "format": "binary"]

    // MARK: What it answers

    private func responses(_ components: inout SchemaComponents) -> JSONValue {
        var responses: [String: JSONValue] = [:]
        var contents: [Int: [String: JSONValue]] = [:]
        for status in endpoint.problemStatuses { responses["\(status)"] = DocumentProblems.reference(status) }
        for answer in endpoint.answers {
            var fields: [String: JSONValue] = [
                "description": .text(answer.description), "headers": headers(of: answer),
            ]
            if let type = answer.type {
                let schema = answer.schema.map { components.render($0) } ?? ["type": "string"]
                contents[answer.status, default: [:]][type] = ["schema": schema]
            }
            if let content = contents[answer.status] { fields["content"] = .object(content) }
            let links = links.links(from: answer, of: endpoint)
            if !links.isEmpty { fields["links"] = .object(links) }
            responses["\(answer.status)"] = .object(fields)
        }
        if endpoint.isTagged {
            responses["304"] = [
                "description": "Unchanged since the ETag in `If-None-Match`.",
                "headers": DocumentHeaders.references([("ETag", "ETag"), ("X-Request-Id", "RequestID")]),
            ]
        }
        return .object(responses)
    }

    private func headers(of answer: Endpoint.Answer) -> JSONValue {
        var names = [(header: "X-Request-Id", component: "RequestID")]
        let isRow = endpoint.problems.contains(412) && answer.type != nil
        if endpoint.isTagged || isRow || answer.status == 201 { names.append(("ETag", "ETag")) }
        if answer.status == 201 { names.append(("Location", "Location")) }
        if endpoint.isWrite { names.append(("Idempotent-Replayed", "IdempotentReplayed")) }
        return DocumentHeaders.references(names)
    }
}
