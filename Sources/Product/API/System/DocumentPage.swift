import Console
import Encoding
import Endpoints

/// The document as a page that reads without any script: addresses by subject, each unfolds; the records are at the end, and
/// whatever names one leads there.
struct DocumentPage {
    let text: String

    private struct Operation {
        var method: String
        var path: String
        var fields: JSONValue
        var id: String { fields["operationId"]?.text ?? "" }
        var tag: String { fields["tags"]?.list?.first?.text ?? "" }
    }

    init(_ document: JSONValue) {
        let operations = Self.operations(document)
        var page = Markup()
        page.add("header") { page in
            page.add("h1", "\(document["info"]?["title"]?.text ?? "") API")
            page.add("a", "openapi.json", [("href", "/api/v1/openapi.json")])
        }
        page.add("main", [("class", "document")]) { page in
            Self.contents(operations, &page)
            page.add("article") { page in
                let introduction = document["info"]?["description"]?.text ?? ""
                for part in introduction.split(separator: "\n\n") { page.add("p") { $0.prose(String(part)) } }
                for tag in Self.tags(operations) {
                    page.add("h2", tag, [("id", Self.anchor("tag", tag))])
                    for operation in operations where operation.tag == tag {
                        Self.operation(operation, document, &page)
                    }
                }
                page.add("h2", "records", [("id", "records")])
                let records = document["components"]?["schemas"]?.fields ?? [:]
                for (name, schema) in records.sorted(by: { $0.key < $1.key }) { Self.record(name, schema, &page) }
            }
        }
        text = ConsolePage.page(titled: "Parley API", styles: ["style.css", "document.css"], page.text)
    }

    private static let methods = ["get", "post", "put", "patch", "delete"]

    private static func operations(_ document: JSONValue) -> [Operation] {
        (document["paths"]?.fields ?? [:]).sorted { $0.key < $1.key }.flatMap { path, item in
            methods.compactMap { method in
                item[method].map { Operation(method: method.uppercased(), path: path, fields: $0) }
            }
        }
    }

    private static func tags(_ operations: [Operation]) -> [String] { Set(operations.map(\.tag)).sorted() }
    private static func anchor(_ kind: String, _ name: String) -> String { "\(kind)-\(name.replacing(" ", with: "-"))" }

    private static func contents(_ operations: [Operation], _ page: inout Markup) {
        page.add("nav", [("aria-label", "Contents")]) { page in
            page.add("ul") { page in
                for tag in tags(operations) + ["records"] {
                    let target = tag == "records" ? "#records" : "#\(anchor("tag", tag))"
                    page.add("li") { $0.add("a", tag, [("href", target)]) }
                }
            }
        }
    }

    // MARK: One address

    private static func operation(_ operation: Operation, _ document: JSONValue, _ page: inout Markup) {
        let fields = operation.fields
        page.add("details", [("id", operation.id)]) { page in
            page.add("summary") { page in
                page.add("b", operation.method, [("class", "method \(operation.method.lowercased())")])
                page.add("code", operation.path)
                page.add("span") { $0.prose(fields["summary"]?.text ?? "") }
            }
            page.add("p", who(fields["security"]), [("class", "hint")])
            let parameters = fields["parameters"]?.list ?? []
            if !parameters.isEmpty {
                page.add("h3", "Takes")
                table(
                    parameters.map { parameter in
                        Line(
                            name: parameter["name"]?.text ?? "", place: parameter["in"]?.text,
                            schema: parameter["schema"] ?? .null, isRequired: parameter["required"] == .bool(true),
                            help: parameter["description"]?.text ?? "")
                    }, &page)
            }
            for (type, content) in fields["requestBody"]?["content"]?.fields ?? [:] {
                page.add("h3", "Body, \(type)")
                page.add("p") { kind(of: content["schema"] ?? .null, &$0) }
                if let example = content["example"] { page.add("pre", Self.indented(example)) }
            }
            page.add("h3", "Answers")
            page.add("dl") { page in
                for (status, answer) in (fields["responses"]?.fields ?? [:]).sorted(by: { $0.key < $1.key }) {
                    page.add("dt", status)
                    page.add("dd") { self.answer(resolved(answer, document), &$0) }
                }
            }
        }
    }

    private static func who(_ security: JSONValue?) -> String {
        let names = (security?.list ?? []).flatMap { ($0.fields ?? [:]).keys }
        return names.isEmpty ? "For anybody." : "With \(names.joined(separator: ", "))."
    }

    private static func resolved(_ answer: JSONValue, _ document: JSONValue) -> JSONValue {
        guard let name = answer["$ref"]?.text?.split(separator: "/").last else { return answer }
        return document["components"]?["responses"]?[String(name)] ?? answer
    }

    private static func answer(_ answer: JSONValue, _ page: inout Markup) {
        page.prose((answer["description"]?.text ?? "") + " ")
        for (type, content) in answer["content"]?.fields ?? [:] {
            if type != "application/json" { page.add("small", type + " ") }
            kind(of: content["schema"] ?? .null, &page)
        }
    }

    // MARK: What there is in it

    private struct Line {
        var name: String
        var place: String?
        var schema: JSONValue
        var isRequired: Bool
        var help: String
    }

    private static func record(_ name: String, _ schema: JSONValue, _ page: inout Markup) {
        page.add("details", [("id", anchor("record", name))]) { page in
            page.add("summary") { $0.add("code", name) }
            let required = Set((schema["required"]?.list ?? []).compactMap(\.text))
            table(
                (schema["properties"]?.fields ?? [:]).sorted { $0.key < $1.key }.map { name, field in
                    Line(
                        name: name, place: nil, schema: field, isRequired: required.contains(name),
                        help: field["description"]?.text ?? "")
                }, &page)
            if let example = schema["examples"]?.list?.first { page.add("pre", indented(example)) }
        }
    }

    private static func table(_ lines: [Line], _ page: inout Markup) {
        page.add("table") { page in
            for line in lines {
                page.add("tr") { page in
                    page.add("th", [("scope", "row")]) { page in
                        page.add("code", line.name)
                        if line.isRequired { page.add("small", " required") }
                    }
                    page.add("td") { page in
                        if let place = line.place { page.add("small", place + " ") }
                        kind(of: line.schema, &page)
                    }
                    page.add("td") { $0.prose(line.help) }
                }
            }
        }
    }

    /// What a value may be, in words; a record by its name.
    private static func kind(of schema: JSONValue, _ page: inout Markup) {
        if let name = schema["$ref"]?.text?.split(separator: "/").last.map(String.init) {
            page.add("a", name, [("href", "#\(anchor("record", name))")])
            return
        }
        if let choices = schema["anyOf"]?.list {
            for (index, choice) in choices.enumerated() {
                if index > 0 { page.say(" or ") }
                kind(of: choice, &page)
            }
            return
        }
        if let values = schema["enum"]?.list {
            page.say(values.map { $0.text ?? "null" }.joined(separator: ", "))
        } else {
            page.say(types(of: schema))
        }
        for place in ["items", "additionalProperties"] {
            guard let inner = schema[place], inner.fields != nil else { continue }
            page.say(" of ")
            kind(of: inner, &page)
        }
        page.say(bounds(of: schema))
    }

    private static func types(of schema: JSONValue) -> String {
        let types = schema["type"]?.list?.compactMap(\.text) ?? [schema["type"]?.text].compactMap(\.self)
        let shown = types.map { $0 == "string" ? schema["format"]?.text ?? $0 : $0 }
        return shown.isEmpty ? "anything" : shown.joined(separator: " or ")
    }

    private static func bounds(of schema: JSONValue) -> String {
        var parts: [String] = []
        let ranges = [
            ("minimum", "maximum", ""), ("minLength", "maxLength", " characters"), ("minItems", "maxItems", " of them"),
        ]
        for (low, high, what) in ranges {
            guard let high = schema[high] else { continue }
            parts.append("\(schema[low].map { "\($0.json) to " } ?? "at most ")\(high.json)\(what)")
        }
        if let standard = schema["default"] { parts.append("default \(standard.text ?? standard.json)") }
        return parts.isEmpty ? "" : "; " + parts.joined(separator: "; ")
    }

    private static func indented(_ value: JSONValue, _ margin: String = "") -> String {
        let inner = margin + "  "
        switch value {
        case .object(let fields) where !fields.isEmpty:
            let lines = fields.sorted { $0.key < $1.key }.map {
                "\(inner)\(JSONText.quoted($0.key)): \(indented($0.value, inner))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(margin)}"
        case .list(let values) where !values.isEmpty:
            return "[\n\(values.map { inner + indented($0, inner) }.joined(separator: ",\n"))\n\(margin)]"
        default: return value.json
        }
    }
}

extension JSONValue {
    fileprivate var fields: [String: JSONValue]? { if case .object(let fields) = self { fields } else { nil } }
}
