package import FoundationEssentials

/// One parameter of a statement, sent as text; the server infers its type from where it stands (`$1::uuid` helps it).
///
/// Text PostgreSQL cannot hold, the NUL character, is sent as U+FFFD.
package enum SQLValue: Sendable, Equatable {
    case text(String)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case uuid(UUID)
    /// Kept to the microsecond.
    case timestamp(Date)
    /// A JSON document, for `json` and `jsonb`.
    case json(String)
    case textArray([String])
    /// An array of any type but arrays; its elements may be null.
    case array([SQLValue])
    case null

    package static func text(_ value: String?) -> SQLValue { value.map { .text($0) as SQLValue } ?? .null }
    package static func int(_ value: Int?) -> SQLValue { value.map { .int($0) as SQLValue } ?? .null }
    package static func double(_ value: Double?) -> SQLValue { value.map { .double($0) as SQLValue } ?? .null }
    package static func bool(_ value: Bool?) -> SQLValue { value.map { .bool($0) as SQLValue } ?? .null }
    package static func uuid(_ value: UUID?) -> SQLValue { value.map { .uuid($0) as SQLValue } ?? .null }
    package static func timestamp(_ value: Date?) -> SQLValue { value.map { .timestamp($0) as SQLValue } ?? .null }
    package static func json(_ value: String?) -> SQLValue { value.map { .json($0) as SQLValue } ?? .null }

    /// The text that goes over the wire; nil is SQL null.
    var wireText: String? {
        switch self {
        case .text(let value): SQLValue.withoutNUL(value)
        case .int(let value): String(value)
        case .double(let value):
            value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : String(value)
        case .bool(let value): value ? "t" : "f"
        case .uuid(let value): value.uuidString.lowercased()
        case .timestamp(let value): SQLTimestamp.text(value)
        case .json(let value): SQLValue.withoutEscapedNUL(SQLValue.withoutNUL(value))
        case .textArray(let values): SQLValue.arrayText(values.map(SQLValue.withoutNUL))
        case .array(let values): SQLValue.arrayText(values.map(\.wireText))
        case .null: nil
        }
    }

    private static func withoutNUL(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
    }

    /// `\u0000` is valid JSON that `jsonb` refuses; `\\u0000` is a backslash and five characters, and stays.
    private static func withoutEscapedNUL(_ json: String) -> String {
        guard json.utf8.contains(UInt8(ascii: "\\")) else { return json }
        let bytes = Array(json.utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count else {
                out.append(bytes[at])
                at += 1
                continue
            }
            if bytes[at...].starts(with: Array("\\u0000".utf8)) {
                out += Array("\\ufffd".utf8)
                at += 6
            } else {
                out += bytes[at...(at + 1)]
                at += 2
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func arrayText(_ values: [String?]) -> String {
        var out: [UInt8] = [UInt8(ascii: "{")]
        out.reserveCapacity(values.reduce(2) { $0 + ($1?.utf8.count ?? 4) + 4 })
        for value in values {
            if out.count > 1 { out.append(UInt8(ascii: ",")) }
            guard let value else {
                out += "NULL".utf8
                continue
            }
            out.append(UInt8(ascii: "\""))
            for byte in value.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { out.append(UInt8(ascii: "\\")) }
                out.append(byte)
            }
            out.append(UInt8(ascii: "\""))
        }
        out.append(UInt8(ascii: "}"))
        return String(decoding: out, as: UTF8.self)
    }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .null }
}
