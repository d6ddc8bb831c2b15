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
    /// A text with more values than this is refused where it begins the next one, unless its reader takes more.
    package static let valuesMax = 4_096
    /// Bytes of a number; longer ones are refused.
    static let numberBytesMax = 64

    /// The value as one line of JSON. A whole number is written without a fraction: servers refuse `8000.0`.
    package var text: String { json }
}

/// A JSON object that keeps the order of its fields; equality ignores the order. Constant time for a field, however many
/// there are: a peer chooses how many.
package struct WireObject: Equatable, Sendable, ExpressibleByDictionaryLiteral {
    /// So few are faster to look through than to hash.
    private static let lookedThroughMax = 16

    package private(set) var fields: [(key: String, value: WireJSON)] = []
    /// Where each key stands in `fields`; empty while there are few.
    private var places: [String: Int] = [:]

    package init() {}
    package init(dictionaryLiteral elements: (String, WireJSON)...) {
        for (key, value) in elements { self[key] = value }
    }

    package var keys: [String] { fields.map(\.key) }

    /// Assigning nil removes the field, so that absent values are never written as `null`.
    package subscript(key: String) -> WireJSON? {
        get { place(of: key).map { fields[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let index?, let value?): fields[index].value = value
            case (let index?, nil):
                fields.remove(at: index)
                places = [:]
                hash(from: 0)
            case (nil, let value?):
                fields.append((key, value))
                hash(from: places.isEmpty ? 0 : fields.count - 1)
            case (nil, nil): break
            }
        }
    }

    private func place(of key: String) -> Int? {
        places.isEmpty ? fields.firstIndex { $0.key == key } : places[key]
    }

    private mutating func hash(from start: Int) {
        guard fields.count > WireObject.lookedThroughMax else { return }
        for index in start..<fields.count { places[fields[index].key] = index }
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
