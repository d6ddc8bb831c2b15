/// The description of endpoints, OpenAPI 3.1: nothing in it is written twice.
package struct OpenAPIDocument: Sendable {
    package let value: JSONValue

    /// - Parameters:
    ///   - words: what stands in examples, by the names of fields; where nothing fits there is something plain.
    ///   - endpoints: those of users; the carrier's are left out.
    package init(
        title: String, version: String, description: String, words: [String: JSONValue] = [:], _ endpoints: [Endpoint]
    ) {
        let endpoints = endpoints.filter { $0.access != .carrier }
        let links = DocumentLinks(endpoints)
        var components = SchemaComponents(examples: DocumentExamples(words: words), for: endpoints)
        var paths: [String: [String: JSONValue]] = [:]
        for endpoint in endpoints {
            let path = endpoint.template.text.replacing("…}", with: "}")
            let operation = OperationDescription(endpoint, links).value(&components)
            paths[path, default: [:]][endpoint.method.rawValue.lowercased()] = operation
        }
        components.add(DocumentProblems.record)
        let tags = Set(endpoints.map { OperationDescription.tag(of: $0.template) })
        value = [
            "openapi": "3.1.0",
            "info": [
                "title": .text(title), "version": .text(version), "description": .text(description),
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/", "description": "This gateway."]],
            "tags": .list(tags.sorted().map { ["name": .text($0)] }),
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "securitySchemes": Self.schemes, "headers": DocumentHeaders.components,
                "responses": DocumentProblems.responses(Set(endpoints.flatMap(\.problemStatuses))),
                "schemas": .object(components.schemas),
            ],
        ]
    }

    private static let schemes: JSONValue = [
        "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
        "metrics": ["type": "http", "scheme": "bearer", "description": "PARLEY_METRICS_TOKEN"],
        "session": [
            "type": "apiKey", "in": "cookie", "name": "__Host-parley", "description": "Over HTTP parley_session.",
        ],
        "key": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
    ]
}

/// Headers that more than one answer has.
enum DocumentHeaders {
    static let components: JSONValue = [
        "RequestID": header(.text(), "Names the request in the log and in the audit."),
        "ETag": header(.text(), "Of this representation: for `If-None-Match` and `If-Match`."),
        "Location": header(.text(), "Where it is to be found from now on."),
        "IdempotentReplayed": header(.choice(["true"]), "The answer of an earlier request with this key."),
        "RetryAfter": header(.integer(0...86_400), "Seconds."),
        "RateLimit": header(
            .integer(0...10_000), "Requests at once, those that are left, seconds until there are more."),
        "WWWAuthenticate": header(.text(), "RFC 6750."),
        "Cookie": header(.text(), "The session's, new or taken away."),
    ]

    private static func header(_ schema: Schema, _ help: String) -> JSONValue {
        var components = SchemaComponents(examples: DocumentExamples(words: [:]), for: [])
        return ["description": .text(help), "schema": components.render(schema)]
    }

    /// - Parameter names: of the header and of its component.
    static func references(_ names: [(header: String, component: String)]) -> JSONValue {
        .object(
            Dictionary(names.map { ($0.header, ["$ref": .text("#/components/headers/\($0.component)")]) }) { $1 })
    }
}

/// What goes wrong, by its status.
enum DocumentProblems {
    static let record = Schema.Record(
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

    private struct Kind {
        var name: String
        var help: String
        var headers: [(header: String, component: String)] = []
    }

    private static let retry: [(header: String, component: String)] = [("Retry-After", "RetryAfter")]

    private static let kinds: [Int: Kind] = [
        400: Kind(name: "BadRequest", help: "Malformed, or it names a parameter that there is not."),
        401: Kind(
            name: "Unauthorized", help: "No credential, or one that opens nothing.",
            headers: [("WWW-Authenticate", "WWWAuthenticate")]),
        403: Kind(name: "Forbidden", help: "The role is too low, or the request comes from another site's page."),
        404: Kind(name: "NotFound", help: "It does not exist, or is another tenant's."),
        409: Kind(name: "Conflict", help: "What is there already stands in the way."),
        412: Kind(name: "PreconditionFailed", help: "Somebody was faster: it is another than `If-Match` names."),
        413: Kind(name: "ContentTooLarge", help: "The body is larger than this address takes."),
        414: Kind(name: "URITooLong", help: "Path and query together are longer than 8,192 bytes."),
        415: Kind(name: "UnsupportedMediaType", help: "The body is of another type."),
        422: Kind(name: "UnprocessableContent", help: "Values that cannot be; each is named in `errors`."),
        426: Kind(name: "UpgradeRequired", help: "The address speaks WebSocket."),
        429: Kind(
            name: "TooManyRequests", help: "Too often.",
            headers: retry + [
                ("RateLimit-Limit", "RateLimit"), ("RateLimit-Remaining", "RateLimit"),
                ("RateLimit-Reset", "RateLimit"),
            ]),
        431: Kind(name: "RequestHeaderFieldsTooLarge", help: "The headers are larger than any request needs."),
        503: Kind(name: "ServiceUnavailable", help: "The database is away, or the API is closed.", headers: retry),
    ]

    static func reference(_ status: Int) -> JSONValue {
        ["$ref": .text("#/components/responses/\(kinds[status]?.name ?? "Problem\(status)")")]
    }

    static func responses(_ statuses: Set<Int>) -> JSONValue {
        let responses = statuses.map { status -> (String, JSONValue) in
            let kind = kinds[status] ?? Kind(name: "Problem\(status)", help: "A problem.")
            let headers = kind.headers + [("X-Request-Id", "RequestID")]
            return (
                kind.name,
                [
                    "description": .text(kind.help), "headers": DocumentHeaders.references(headers),
                    "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
                ]
            )
        }
        return .object(Dictionary(responses) { $1 })
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
        // Of any request, before its address is looked at.
        found.formUnion([414, 431])
        if shape.query != nil { found.insert(400) }
        if !shape.path.isEmpty { found.insert(404) }
        if shape.body != .none { found.formUnion([400, 413, 415, 422]) }
        if isWrite { found.formUnion([400, 409, 422]) }
        return found.sorted()
    }
}
