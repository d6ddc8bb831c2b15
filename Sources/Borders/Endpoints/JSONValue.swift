package import Encoding
import WebSocketTransport

/// A document of JSON as it came, or as it goes out. Names of an object stand once; numbers without a fraction are
/// integers as far as they fit 64 bits.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// Nil for what is no JSON in UTF-8, a number beyond all bounds, nesting deeper than 32 and more than 100,000 values.
    package init?(_ bytes: [UInt8]) {
        guard let value = try? WireJSON(parsing: bytes, valuesMax: Self.valuesMax) else { return nil }
        self.init(value)
    }

    private static let valuesMax = 100_000

    private init(_ value: WireJSON) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = Int(exactly: value).map(Self.integer) ?? .number(value)
        case .string(let text): self = .text(text)
        case .array(let values): self = .list(values.map(Self.init))
        case .object(let object):
            self = .object(Dictionary(object.fields.map { ($0.key, Self($0.value)) }, uniquingKeysWith: { $1 }))
        }
    }

    package subscript(_ name: String) -> JSONValue? {
        if case .object(let fields) = self { fields[name] } else { nil }
    }

    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var list: [JSONValue]? { if case .list(let values) = self { values } else { nil } }
    package var integer: Int? { if case .integer(let value) = self { value } else { nil } }
}

extension JSONValue {
    /// What `patch` makes of it (RFC 7396): objects take in the fields of objects, null takes a field away, all else replaces.
    package func merged(with patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var fields: [String: JSONValue] = if case .object(let fields) = self { fields } else { [:] }
        for (name, value) in changes {
            fields[name] = value == .null ? nil : (fields[name] ?? .null).merged(with: value)
        }
        return .object(fields)
    }
}

extension JSONValue: JSONWritable {
    /// With an object's names in order, so that equal values are equal texts.
    package func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .bool(let value): value.write(to: &json)
        case .integer(let value): value.write(to: &json)
        case .number(let value): if value.isFinite { value.write(to: &json) } else { json.null() }
        case .text(let text): text.write(to: &json)
        case .list(let values): values.write(to: &json)
        case .object(let fields):
            json.object { json in
                for (name, value) in fields.sorted(by: { $0.key < $1.key }) { json.add(named: name, value) }
            }
        }
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let values = try? container.decode([JSONValue].self) {
            self = .list(values)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .object(let fields): try container.encode(fields)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral values: JSONValue...) { self = .list(values) }
    package init(dictionaryLiteral fields: (String, JSONValue)...) {
        self = .object(Dictionary(fields, uniquingKeysWith: { $1 }))
    }
}
