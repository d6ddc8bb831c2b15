package import Database
import Encoding
import FoundationEssentials
package import WebSocketTransport

/// What an endpoint takes. Fields whose names stand in the template come from the path; the others from the query of a GET or a
/// DELETE, and from the body of all else.
package protocol EndpointInput: Decodable, Sendable {
    /// What a field's type does not say of it, by its name in JSON.
    static var rules: [String: FieldRule] { get }
}

extension EndpointInput {
    package static var rules: [String: FieldRule] { [:] }
}

package struct NoInput: EndpointInput {
    package init() {}
}

/// What there is to say of a field besides its type.
package struct FieldRule: Sendable {
    var schema: Schema?
    var help: String
    var standard: JSONValue?
    /// Has to be there, if only as null.
    var isRequired = false
    /// Of a list.
    var countMax: Int?

    package static func help(_ help: String) -> FieldRule { FieldRule(help: help) }

    /// Of a field that may be null, and may not be left out.
    package static func given(_ help: String) -> FieldRule { FieldRule(help: help, isRequired: true) }

    package static func ids(atMost count: Int, _ help: String = "") -> FieldRule {
        FieldRule(schema: .list(.text(.uuid), countMax: count), help: help.isEmpty ? "At most \(count)." : help)
    }

    package static func atMost(_ count: Int, _ help: String = "") -> FieldRule {
        FieldRule(help: help.isEmpty ? "At most \(count)." : help, countMax: count)
    }

    package static func range(
        _ range: ClosedRange<Int>, standard: Int? = nil, _ help: String = ""
    ) -> FieldRule {
        FieldRule(schema: .integer(range), help: help, standard: standard.map { .integer($0) })
    }

    package static func lengths(_ lengths: ClosedRange<Int>, _ help: String = "") -> FieldRule {
        FieldRule(schema: .text(lengths: lengths), help: help)
    }

    func applied(to field: Schema.Field) -> Schema.Field {
        var field = field
        if let schema { field.schema = field.schema.isNullable ? .nullable(schema) : schema }
        if let countMax { field.schema = field.schema.limited(to: countMax) }
        field.help = help
        field.standard = standard
        if standard != nil { field.isRequired = false }
        if isRequired { field.isRequired = true }
        return field
    }
}

extension Schema {
    fileprivate func limited(to countMax: Int) -> Schema {
        switch self {
        case .nullable(let schema): .nullable(schema.limited(to: countMax))
        case .list(let element, _): .list(element, countMax: countMax)
        default: preconditionFailure("\(self) is no list")
        }
    }
}

extension InputShape {
    /// The shape of `Input` at an address.
    init<Input: EndpointInput>(_ type: Input.Type, _ method: Endpoint.Method, _ template: PathTemplate) {
        guard case .record(let record) = SchemaRecorder.schema(of: type) else {
            preconditionFailure("\(type) has no fields")
        }
        for name in type.rules.keys { precondition(record[name] != nil, "\(type) has no field \(name)") }
        let fields = record.fields.map { field in type.rules[field.name]?.applied(to: field) ?? field }
        let path = template.names.map { name in
            guard let field = fields.first(where: { $0.name == name }) else {
                preconditionFailure("\(type) has no field \(name) for \(template)")
            }
            return field
        }
        let rest = fields.filter { !template.names.contains($0.name) }
        switch method {
        case .get, .delete: self.init(path: path, query: rest)
        case .post, .put, .patch:
            self.init(path: path, body: rest.isEmpty ? .none : .json(Schema.Record(name: record.name, rest)))
        }
    }

    /// A type's own refusal of what its schema let through, where it stands.
    func problem(_ error: DecodingError) -> Problem {
        let (path, what) =
            switch error {
            case .dataCorrupted(let context): (context.codingPath, context.debugDescription)
            case .typeMismatch(_, let context), .valueNotFound(_, let context):
                (context.codingPath, "another kind of value")
            case .keyNotFound(let key, let context): (context.codingPath + [key], "missing")
            @unknown default: ([], "not readable")
            }
        guard let name = path.first.map({ SnakeCase.of($0.stringValue) }) else {
            return .badRequest("The input is \(what).")
        }
        if self.path.contains(where: { $0.name == name }) { return .nothingHere }
        let detail = "`\(name)` is \(what)."
        if query?.contains(where: { $0.name == name }) == true { return .parameter(name, detail) }
        let pointer = path.reduce("") {
            Schema.pointer($0, $1.intValue.map { "\($0)" } ?? SnakeCase.of($1.stringValue))
        }
        return .unprocessable([Problem.Fault(.pointer(pointer), detail)])
    }

    func input<Input: EndpointInput>(_ value: JSONValue) throws -> Input {
        do {
            return try ValueDecoder.read(Input.self, from: value)
        } catch let error as DecodingError {
            throw problem(error)
        }
    }
}

extension Endpoint {
    /// Reads. The answer has an ETag.
    package static func get<Input: EndpointInput, Output: Codable & Sendable>(
        _ template: String, id: String, _ access: Access, _ summary: String, _ input: Input.Type, _ output: Output.Type,
        problems: Set<Int> = [],
        _ handle: @escaping @Sendable (RequestContext, Input) async throws -> Reply<Output>
    ) -> Endpoint {
        let shape = InputShape(input, .get, PathTemplate(template))
        return Endpoint(
            .get, template, id: id, access, summary, shape: shape,
            answers: [Answer(200, summary, SchemaRecorder.schema(of: output))], problems: problems, isTagged: true,
            .answer { context, value in try await handle(context, try shape.input(value)).response })
    }

    /// Writes, in one transaction of the caller's tenant.
    package static func write<Input: EndpointInput, Output: Codable & Sendable>(
        _ method: Method, _ template: String, id: String, _ access: Access, _ summary: String, _ input: Input.Type,
        _ output: Output.Type, status: Int = 200, problems: Set<Int> = [], terms: RequestTerms? = nil,
        _ handle: @escaping @Sendable (borrowing Transaction, RequestContext, Input) throws -> Reply<Output>
    ) -> Endpoint {
        let shape = InputShape(input, method, PathTemplate(template))
        return Endpoint(
            method, template, id: id, access, summary, shape: shape,
            answers: [Self.answer(status, summary, output)], problems: problems, terms: terms,
            .write { transaction, context, value in
                try handle(transaction, context, try shape.input(value)).response
            })
    }

    /// Does what no transaction of ours could undo: ends a call, asks another service. No key makes it safe to repeat.
    package static func act<Input: EndpointInput, Output: Codable & Sendable>(
        _ method: Method, _ template: String, id: String, _ access: Access, _ summary: String, _ input: Input.Type,
        _ output: Output.Type, status: Int = 200, problems: Set<Int> = [], terms: RequestTerms? = nil,
        _ handle: @escaping @Sendable (RequestContext, Input) async throws -> Reply<Output>
    ) -> Endpoint {
        let shape = InputShape(input, method, PathTemplate(template))
        return Endpoint(
            method, template, id: id, access, summary, shape: shape,
            answers: [Self.answer(status, summary, output)], problems: problems, terms: terms,
            .answer { context, value in try await handle(context, try shape.input(value)).response })
    }

    private static func answer<Output: Codable>(_ status: Int, _ summary: String, _ output: Output.Type) -> Answer {
        output is Nothing.Type ? Answer(status, summary) : Answer(status, summary, SchemaRecorder.schema(of: output))
    }
}
