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
            if let (name, key, element) = Self.part(field.name, of: known) {
                var parts: [String: JSONValue] = [:]
                if case .object(let before)? = values[name] { parts = before }
                guard parts[key] == nil else { throw .parameter(field.name, "`\(field.name)` is given twice.") }
                guard let value = element.value(of: field.value) else {
                    throw .parameter(field.name, "`\(field.name)` is \(element.expectationOfText).")
                }
                parts[key] = value
                values[name] = .object(parts)
                continue
            }
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

    /// Of a parameter that takes names of its own: `custom[size]` is the `size` of `custom`.
    private static func part(
        _ text: String, of known: [Schema.Field]
    ) -> (name: String, key: String, element: Schema)? {
        guard text.hasSuffix("]"), let open = text.firstIndex(of: "[") else { return nil }
        let (name, key) = (text[..<open], text[text.index(after: open)...].dropLast())
        guard !key.isEmpty, Schema.shown(text) != nil, let field = known.first(where: { $0.name == name }),
            case .map(let element) = field.schema
        else { return nil }
        return (String(name), String(key), element)
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
