/// The document's schemas: records with a name, each once.
struct SchemaComponents {
    private(set) var schemas: [String: JSONValue] = [:]
    private var known: [String: Schema.Record] = [:]
    /// Records that bodies of requests are made of: what these do not name is refused.
    private let given: Set<String>
    let examples: DocumentExamples

    init(examples: DocumentExamples, for endpoints: [Endpoint]) {
        self.examples = examples
        var given: Set<String> = []
        for case .json(let record) in endpoints.map(\.shape.body) { Self.names(in: .record(record), &given) }
        self.given = given
    }

    private static func names(in schema: Schema, _ names: inout Set<String>) {
        switch schema {
        case .nullable(let inner), .list(let inner, _), .map(let inner): Self.names(in: inner, &names)
        case .record(let record):
            if let name = record.name { names.insert(name) }
            for field in record.fields { Self.names(in: field.schema, &names) }
        case .text, .choice, .integer, .number, .boolean, .reference, .anything: break
        }
    }

    mutating func add(_ record: Schema.Record) { _ = render(.record(record)) }

    /// - Parameter isGiven: whether it stands in the body of a request.
    mutating func render(
        _ schema: Schema, standard: JSONValue? = nil, help: String = "", isGiven: Bool = false
    ) -> JSONValue {
        var fields = rendered(schema, isGiven)
        if let standard { fields["default"] = standard }
        if !help.isEmpty { fields["description"] = .text(help) }
        return .object(fields)
    }

    /// As it stands in a path, a query or a header: there is no way to write a list of nothing.
    mutating func render(parameter schema: Schema, standard: JSONValue?) -> JSONValue {
        var fields = rendered(schema, true)
        if case .list = schema { fields["minItems"] = 1 }
        if case .map = schema { fields["propertyNames"] = ["pattern": "^[A-Za-z0-9_.-]{1,50}$"] }
        if let standard { fields["default"] = standard }
        return .object(fields)
    }

    private mutating func rendered(_ schema: Schema, _ isGiven: Bool) -> [String: JSONValue] {
        switch schema {
        case .text(let format, let lengths): return Self.text(format, lengths)
        case .choice(let values): return ["type": "string", "enum": .list(values.map { .text($0) })]
        case .integer(let range):
            guard let range else { return ["type": "integer"] }
            return [
                "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
            ]
        case .number(let range):
            guard let range else { return ["type": "number"] }
            return ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .boolean: return ["type": "boolean"]
        case .list(let element, let countMax):
            return ["type": "array", "items": render(element, isGiven: isGiven), "maxItems": .integer(countMax)]
        case .map(.anything): return ["type": "object"]
        case .map(let element):
            return ["type": "object", "additionalProperties": render(element, isGiven: isGiven)]
        case .anything: return [:]
        case .reference(let name): return ["$ref": .text("#/components/schemas/\(name)")]
        case .nullable(.choice(let values)):
            return ["type": ["string", "null"], "enum": .list(values.map { .text($0) } + [.null])]
        case .nullable(let schema): return Self.nullable(rendered(schema, isGiven))
        case .record(let record): return self.record(record, isGiven)
        }
    }

    private static func text(_ format: Schema.Format?, _ lengths: ClosedRange<Int>?) -> [String: JSONValue] {
        var fields: [String: JSONValue] = ["type": "string"]
        if let format { fields["format"] = .text(format.rawValue) }
        if let pattern = format?.pattern { fields["pattern"] = .text(pattern) }
        if let lengths {
            if lengths.lowerBound > 0 { fields["minLength"] = .integer(lengths.lowerBound) }
            fields["maxLength"] = .integer(lengths.upperBound)
        }
        return fields
    }

    private static func nullable(_ fields: [String: JSONValue]) -> [String: JSONValue] {
        guard let type = fields["type"] else {
            return fields.isEmpty ? [:] : ["anyOf": [.object(fields), ["type": "null"]]]
        }
        var fields = fields
        fields["type"] = [type, "null"]
        return fields
    }

    private mutating func record(_ record: Schema.Record, _ isGiven: Bool) -> [String: JSONValue] {
        guard let name = record.name else { return properties(record, isGiven) }
        if let known = known[name] {
            precondition(known == record, "two records are called \(name)")
        } else {
            known[name] = record
            var fields = properties(record, given.contains(name))
            fields["examples"] = [examples.value(of: .record(record), named: name)]
            schemas[name] = .object(fields)
        }
        return ["$ref": .text("#/components/schemas/\(name)")]
    }

    private mutating func properties(_ record: Schema.Record, _ isGiven: Bool) -> [String: JSONValue] {
        var properties: [String: JSONValue] = [:]
        for field in record.fields {
            properties[field.name] = render(
                field.schema, standard: field.standard, help: field.help, isGiven: isGiven)
        }
        let required = record.fields.filter(\.isRequired).map { JSONValue.text($0.name) }
        var fields: [String: JSONValue] = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { fields["required"] = .list(required) }
        if isGiven { fields["additionalProperties"] = false }
        return fields
    }
}

extension Schema.Format {
    /// Of those that JSON Schema has no word for. A phone number may be written in many ways.
    fileprivate var pattern: String? {
        switch self {
        case .currency: "^[A-Z]{3}$"
        case .callSid: "^CA[0-9a-fA-F]{32}$"
        case .uuid, .date, .dateTime, .email, .uri, .phone: nil
        }
    }
}
