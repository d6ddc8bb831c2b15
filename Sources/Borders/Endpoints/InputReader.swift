import Encoding
import FoundationEssentials
import WebSocketTransport

/// Where an endpoint's input stands in a request, and what it may be.
package struct InputShape: Equatable, Sendable {
    package enum Body: Equatable, Sendable {
        case none
        case json(Schema.Record)
        /// Read by the handler itself.
        case bytes(types: [String])
    }

    /// In the order of the template.
    package var path: [Schema.Field]
    /// Nil: whatever there is, it is ignored.
    package var query: [Schema.Field]?
    package var body: Body

    package init(path: [Schema.Field] = [], query: [Schema.Field]? = [], body: Body = .none) {
        self.path = path
        self.query = query
        self.body = body
    }

    /// The input as one object: values of the path, the query and the body side by side.
    ///
    /// - Throws: 404 for a value of the path that cannot be one, 400 for a query or a body that is malformed or names what
    ///   there is not, 415 and 422 for a body of another kind or with wrong values.
    func read(_ request: HTTPRequest, _ pathValues: [String]) throws(Problem) -> JSONValue {
        var fields: [String: JSONValue] = [:]
        for (field, text) in zip(path, pathValues) {
            guard let value = field.schema.value(of: text) else { throw .nothingHere }
            fields[field.name] = value
        }
        if let query { fields.merge(try QueryParameters(request.query, known: query).values) { $1 } }
        if case .json(let record) = body {
            fields.merge(try Self.body(request, record)) { $1 }
        }
        return .object(fields)
    }

    private static func body(
        _ request: HTTPRequest, _ record: Schema.Record
    ) throws(Problem) -> [String: JSONValue] {
        let kind = request.header("content-type").map { kind in
            String(kind.prefix { $0 != ";" }).lowercased().filter { $0 != " " && $0 != "\t" }
        }
        if request.body.isEmpty, kind == nil, !record.fields.contains(where: \.isRequired) {
            return standards(record, [:])
        }
        guard let kind, kind == "application/json" || kind == "application/merge-patch+json" else {
            throw Problem(
                status: 415, title: "Unsupported media type", detail: "Send the body as `application/json`.")
        }
        guard let value = JSONValue(request.body) else { throw .badRequest("The body is no JSON in UTF-8.") }
        guard case .object(let fields) = value else { throw .badRequest("The body is to be an object of JSON.") }
        let faults = Schema.record(record).faults(in: value)
        guard faults.isEmpty else { throw .unprocessable(faults) }
        return standards(record, fields)
    }

    private static func standards(_ record: Schema.Record, _ given: [String: JSONValue]) -> [String: JSONValue] {
        var fields = given
        for field in record.fields { fields[field.name] = fields[field.name] ?? field.standard }
        return fields
    }
}

extension Schema {
    /// The value that `text`, of a path or a query, stands for; nil when it is none.
    func value(of text: String) -> JSONValue? {
        let value: JSONValue? =
            switch self {
            case .nullable(let schema): schema.value(of: text)
            case .text, .choice: .text(text)
            case .integer: Self.integer(text).map { .integer($0) }
            case .number: Self.number(text).map { .number($0) }
            case .boolean: ["true": true, "false": false][text].map { .bool($0) }
            case .list(let element, _): Self.list(text, element)
            case .map, .record, .reference, .anything: nil
            }
        guard let value, faults(in: value).isEmpty else { return nil }
        return value
    }

    /// Digits, and a minus sign at most: `Int` would take a plus as well.
    private static func integer(_ text: String) -> Int? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard (1...20).contains(digits.count), digits.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(text, radix: 10)
    }

    private static func number(_ text: String) -> Double? {
        guard text.utf8.count <= 40, text.utf8.allSatisfy({ $0.isASCIIDigit || ".-".utf8.contains($0) })
        else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    private static func list(_ text: String, _ element: Schema) -> JSONValue? {
        var values: [JSONValue] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = element.value(of: String(part)) else { return nil }
            values.append(value)
        }
        return .list(values)
    }
}
