/// A JSON value as the agent protocols need it: integers stay integers, fields keep their order, and nothing is
/// escaped that need not be. Not for the per-frame path.
package indirect enum WireJSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([WireJSON])
    case object(WireObject)

    /// Nested deeper than this is refused.
    static let depthMax = 32

    /// The value as one line of JSON. A whole number is written without a fraction: servers refuse `8000.0`.
    package var text: String {
        var out = ""
        write(to: &out)
        return out
    }

    private func write(to out: inout String) {
        switch self {
        case .null: out += "null"
        case .bool(let value): out += value ? "true" : "false"
        case .integer(let value): out += String(value)
        case .number(let value):
            if let whole = Int(exactly: value) {
                out += String(whole)
            } else {
                out += value.isFinite ? "\(value)" : "0"
            }
        case .string(let value): Self.quote(value, to: &out)
        case .array(let values):
            out += "["
            for (index, value) in values.enumerated() {
                if index > 0 { out += "," }
                value.write(to: &out)
            }
            out += "]"
        case .object(let object):
            out += "{"
            for (index, field) in object.fields.enumerated() {
                if index > 0 { out += "," }
                Self.quote(field.key, to: &out)
                out += ":"
                field.value.write(to: &out)
            }
            out += "}"
        }
    }

    /// Most of a text needs no escape and is taken over in one piece: a call's settings are kilobytes of prompt.
    private static func quote(_ text: String, to out: inout String) {
        out += "\""
        let bytes = text.utf8
        var taken = bytes.startIndex
        for index in bytes.indices where bytes[index] < 0x20 || bytes[index] == 0x22 || bytes[index] == 0x5C {
            out += text[taken..<index]
            taken = bytes.index(after: index)
            switch bytes[index] {
            case UInt8(ascii: "\""): out += "\\\""
            case UInt8(ascii: "\\"): out += "\\\\"
            case UInt8(ascii: "\n"): out += "\\n"
            case UInt8(ascii: "\r"): out += "\\r"
            case UInt8(ascii: "\t"): out += "\\t"
            case let control:
                let hex = String(control, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            }
        }
        out += text[taken...]
        out += "\""
    }
}

/// A JSON object that keeps the order of its fields; equality ignores the order.
package struct WireObject: Equatable, Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var fields: [(key: String, value: WireJSON)] = []

    package init() {}
    package init(dictionaryLiteral elements: (String, WireJSON)...) {
        for (key, value) in elements { self[key] = value }
    }

    package var keys: [String] { fields.map(\.key) }

    /// Assigning nil removes the field, so that absent values are never written as `null`.
    package subscript(key: String) -> WireJSON? {
        get { fields.first { $0.key == key }?.value }
        set {
            let known = fields.firstIndex { $0.key == key }
            switch (known, newValue) {
            case (let index?, let value?): fields[index].value = value
            case (let index?, nil): fields.remove(at: index)
            case (nil, let value?): fields.append((key, value))
            case (nil, nil): break
            }
        }
    }

    package static func == (a: WireObject, b: WireObject) -> Bool {
        a.fields.count == b.fields.count && a.fields.allSatisfy { b[$0.key] == $0.value }
    }
}

extension WireJSON: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension WireJSON {
    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var object: WireObject? { if case .object(let value) = self { value } else { nil } }
    package var array: [WireJSON]? { if case .array(let value) = self { value } else { nil } }
    package var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// Any JSON number.
    package var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
