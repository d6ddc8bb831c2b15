import Encoding
package import WebSocketTransport

/// The query of an address: names that it knows, each once, all of it well-formed, each value what it may be.
///
/// A parameter that were silently dropped would answer another question than the one that was asked.
package struct QueryParameters: Equatable, Sendable {
    /// Those that were given, and the standard ones of those that were not.
    package let values: [String: JSONValue]

    package init(_ query: String, known: [Schema.Field]) throws(Problem) {
        let fields: [FormField]
        do {
            fields = try FormURLEncoded.decode(Array(query.utf8))
        } catch {
            throw .badRequest("The query must be `name=value` pairs in percent-encoded UTF-8, joined by `&`.")
        }
        var values: [String: JSONValue] = [:]
        for field in fields {
            guard let rule = known.first(where: { $0.name == field.name }) else {
                throw .unknownParameter(Schema.shown(field.name), known: known.map(\.name))
            }
            guard values[field.name] == nil else { throw .parameter(field.name, "`\(field.name)` is given twice.") }
            guard let value = rule.schema.value(of: field.value) else {
                throw .parameter(field.name, "`\(field.name)` is \(rule.schema.expectationOfText).")
            }
            values[field.name] = value
        }
        for rule in known where values[rule.name] == nil {
            guard !rule.isRequired else { throw .parameter(rule.name, "`\(rule.name)` is missing.") }
            values[rule.name] = rule.standard
        }
        self.values = values
    }

    /// The text given for `name`, of a parameter that is one.
    package subscript(_ name: String) -> String? { values[name]?.text }
}

extension Schema {
    /// Without "or null", which a query cannot say.
    fileprivate var expectationOfText: String {
        if case .nullable(let schema) = self { schema.expectationOfText } else { expectation }
    }
}

extension Problem {
    package static func parameter(_ name: String, _ detail: String) -> Problem {
        .badRequest(detail, [Fault(.parameter(name), detail)])
    }

    fileprivate static func unknownParameter(_ name: String?, known: [String]) -> Problem {
        let what = name.map { "`\($0)` is no query parameter of this address" } ?? "A query parameter is unknown"
        let names = known.sorted().map { "`\($0)`" }.joined(separator: ", ")
        let detail = known.isEmpty ? "\(what), which takes none." : "\(what): it takes \(names)."
        return name.map { .parameter($0, detail) } ?? .badRequest(detail)
    }
}
