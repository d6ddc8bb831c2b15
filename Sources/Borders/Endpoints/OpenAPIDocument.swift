import FoundationEssentials
import WebSocketTransport

/// The description of endpoints, OpenAPI 3.1: nothing in it is written twice.
package struct OpenAPIDocument: Sendable {
    package let value: JSONValue

    /// - Parameter endpoints: those of users; the carrier's are left out.
    package init(title: String, version: String, description: String, _ endpoints: [Endpoint]) {
        var components = Components()
        var paths: [String: [String: JSONValue]] = [:]
        for endpoint in endpoints where endpoint.access != .carrier {
            let path = endpoint.template.text.replacing("…}", with: "}")
            paths[path, default: [:]][endpoint.method.rawValue.lowercased()] = Self.operation(endpoint, &components)
        }
        components.add(Self.problem)
        value = [
            "openapi": "3.1.0",
            "info": ["title": .text(title), "version": .text(version), "description": .text(description)],
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "securitySchemes": Self.schemes,
                "responses": [
                    "Problem": [
                        "description": "An error.",
                        "content": ["application/problem+json": ["schema": Self.reference("Problem")]],
                    ]
                ],
                "schemas": .object(components.schemas),
            ],
        ]
    }

    private static let schemes: JSONValue = [
        "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
        "metrics": ["type": "http", "scheme": "bearer", "description": "PARLEY_METRICS_TOKEN"],
        "session": ["type": "apiKey", "in": "cookie", "name": "parley_session"],
    ]

    private static let problem = Schema.Record(
        name: "Problem",
        [
            Schema.Field("type", .text(), isRequired: true), Schema.Field("title", .text(), isRequired: true),
            Schema.Field("status", .integer(), isRequired: true), Schema.Field("detail", .text(), isRequired: true),
            Schema.Field(
                "errors",
                .list(
                    .record(
                        Schema.Record([
                            Schema.Field("pointer", .text(), help: "Into the body (RFC 6901)."),
                            Schema.Field("parameter", .text(), help: "Of the query."),
                            Schema.Field("detail", .text(), isRequired: true),
                        ])))),
        ])

    private static func reference(_ name: String) -> JSONValue { ["$ref": .text("#/components/schemas/\(name)")] }

    // MARK: One endpoint

    private static func operation(_ endpoint: Endpoint, _ components: inout Components) -> JSONValue {
        var operation: [String: JSONValue] = [
            "operationId": .text(endpoint.id), "summary": .text(endpoint.summary),
            "security": security(endpoint.access),
        ]
        let parameters = parameters(endpoint, &components)
        if !parameters.isEmpty { operation["parameters"] = .list(parameters) }
        switch endpoint.shape.body {
        case .none: break
        case .json(let record):
            operation["requestBody"] = [
                "required": .bool(record.fields.contains(where: \.isRequired)),
                "content": ["application/json": ["schema": components.render(.record(record))]],
            ]
        case .bytes(let types):
            operation["requestBody"] = [
                "required": true,
                "content": .object(Dictionary(types.map { ($0, ["schema": ["type": "string"]]) }) { $1 }),
            ]
        }
        operation["responses"] = responses(endpoint, &components)
        return .object(operation)
    }

    private static func security(_ access: Access) -> JSONValue {
        switch access {
        case .anybody, .carrier: []
        case .role, .handshake: [["bearer": []]]
        case .session: [["session": []]]
        case .metrics: [[:], ["metrics": []], ["bearer": []]]
        }
    }

    private static func parameters(_ endpoint: Endpoint, _ components: inout Components) -> [JSONValue] {
        func parameter(_ field: Schema.Field, _ place: String, isRequired: Bool) -> JSONValue {
            var schema = field.schema
            if case .nullable(let inner) = schema { schema = inner }
            var fields: [String: JSONValue] = [
                "name": .text(field.name), "in": .text(place), "required": .bool(isRequired),
                "schema": components.render(schema, standard: field.standard),
            ]
            if case .map = schema {
                fields["style"] = "deepObject"
                fields["explode"] = true
            }
            // As they are read: `tags=a,b`.
            if case .list = schema { fields["explode"] = false }
            if !field.help.isEmpty { fields["description"] = .text(field.help) }
            return .object(fields)
        }
        var parameters = endpoint.shape.path.map { parameter($0, "path", isRequired: true) }
        parameters += (endpoint.shape.query ?? []).map { parameter($0, "query", isRequired: $0.isRequired) }
        if endpoint.isWrite {
            let help = "Under the same key, the same answer again for 24 hours."
            parameters.append(
                parameter(
                    Schema.Field("Idempotency-Key", .text(lengths: 1...255), help: help), "header", isRequired: false))
        }
        if endpoint.problems.contains(412) {
            let help = "The ETag of what is changed: 412 when somebody was faster."
            parameters.append(parameter(Schema.Field("If-Match", .text(), help: help), "header", isRequired: false))
        }
        if endpoint.access == .handshake {
            let help = "`bearer, <token>`, where `Authorization` cannot be set; answered with `bearer`."
            parameters.append(
                parameter(Schema.Field("Sec-WebSocket-Protocol", .text(), help: help), "header", isRequired: false))
        }
        return parameters
    }

    private static func responses(_ endpoint: Endpoint, _ components: inout Components) -> JSONValue {
        var responses: [String: JSONValue] = [:]
        for answer in endpoint.answers {
            var fields: [String: JSONValue] = ["description": .text(answer.description)]
            if endpoint.isTagged || endpoint.problems.contains(412) {
                fields["headers"] = ["ETag": ["schema": ["type": "string"]]]
            }
            if let type = answer.type {
                fields["content"] = .object([
                    type: ["schema": answer.schema.map { components.render($0) } ?? ["type": "string"]]
                ])
            }
            responses["\(answer.status)"] = .object(fields)
        }
        if endpoint.isTagged {
            responses["304"] = ["description": "Unchanged since the ETag in `If-None-Match`."]
        }
        for status in endpoint.problemStatuses { responses["\(status)"] = ["$ref": "#/components/responses/Problem"] }
        return .object(responses)
    }
}

extension Endpoint {
    /// The problems it may answer with: those that follow from what it is, and those it names itself.
    package var problemStatuses: [Int] {
        var found = problems
        switch access {
        case .anybody: break
        case .role, .session: found.formUnion([401, 403, 429, 503])
        case .carrier: found.insert(403)
        case .metrics: found.formUnion([401, 403, 404])
        case .handshake: found.formUnion([401, 426, 429, 503])
        }
        if shape.query != nil { found.insert(400) }
        if !shape.path.isEmpty { found.insert(404) }
        if shape.body != .none { found.formUnion([400, 413, 415, 422]) }
        if isWrite { found.formUnion([400, 409, 422]) }
        return found.sorted()
    }
}

/// Records with a name, each once.
private struct Components {
    var schemas: [String: JSONValue] = [:]
    private var known: [String: Schema.Record] = [:]

    mutating func add(_ record: Schema.Record) { _ = render(.record(record)) }

    mutating func render(_ schema: Schema, standard: JSONValue? = nil, help: String = "") -> JSONValue {
        var fields = rendered(schema)
        if let standard { fields["default"] = standard }
        if !help.isEmpty { fields["description"] = .text(help) }
        return .object(fields)
    }

    private mutating func rendered(_ schema: Schema) -> [String: JSONValue] {
        switch schema {
        case .text(let format, let lengths):
            var fields: [String: JSONValue] = ["type": "string"]
            if let format { fields["format"] = .text(format.rawValue) }
            if let lengths {
                if lengths.lowerBound > 0 { fields["minLength"] = .integer(lengths.lowerBound) }
                fields["maxLength"] = .integer(lengths.upperBound)
            }
            return fields
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
            return ["type": "array", "items": render(element), "maxItems": .integer(countMax)]
        case .map(.anything): return ["type": "object"]
        case .map(let element): return ["type": "object", "additionalProperties": render(element)]
        case .anything: return [:]
        case .reference(let name): return ["$ref": .text("#/components/schemas/\(name)")]
        case .nullable(let schema): return nullable(rendered(schema))
        case .record(let record): return self.record(record)
        }
    }

    private func nullable(_ fields: [String: JSONValue]) -> [String: JSONValue] {
        guard let type = fields["type"], fields["enum"] == nil else {
            return fields.isEmpty ? [:] : ["anyOf": [.object(fields), ["type": "null"]]]
        }
        var fields = fields
        fields["type"] = [type, "null"]
        return fields
    }

    private mutating func record(_ record: Schema.Record) -> [String: JSONValue] {
        guard let name = record.name else { return properties(record) }
        if let known = known[name] {
            precondition(known == record, "two records are called \(name)")
        } else {
            known[name] = record
            schemas[name] = .object(properties(record))
        }
        return ["$ref": .text("#/components/schemas/\(name)")]
    }

    private mutating func properties(_ record: Schema.Record) -> [String: JSONValue] {
        var properties: [String: JSONValue] = [:]
        for field in record.fields {
            properties[field.name] = render(field.schema, standard: field.standard, help: field.help)
        }
        let required = record.fields.filter(\.isRequired).map { JSONValue.text($0.name) }
        var fields: [String: JSONValue] = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { fields["required"] = .list(required) }
        return fields
    }
}
