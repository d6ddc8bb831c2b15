import Encoding

/// Why a JSON message of the Deepgram dialect could not be taken.
package enum DeepgramDecodeError: Error, Equatable, CustomStringConvertible {
    case tooLong(bytes: Int)
    case notJSON(offset: Int)
    case tooManyValues(offset: Int)
    case notAnObject
    case missingField(path: String)
    case wrongKind(path: String, expected: String)
    case unknownKey(path: String)
    case unknownType
    case badValue(path: String)

    /// A message longer than this is refused unread.
    package static let messageBytesMax = 262_144

    package var description: String {
        switch self {
        case .tooLong(let bytes):
            "A message of \(bytes) bytes is longer than the \(Self.messageBytesMax) allowed; it was not read."
        case .notJSON(let offset): "The message stops being JSON at byte \(offset); send one JSON object a text frame."
        case .tooManyValues(let offset):
            "The message has more than \(WireJSON.valuesMax) values by byte \(offset); it was not read further."
        case .notAnObject: "The message is JSON but not an object; send one JSON object a text frame."
        case .missingField(let path): "The message has no `\(path)`; see the reference of its `type`."
        case .wrongKind(let path, let expected): "`\(path)` is not \(expected)."
        case .unknownKey(let path): "`\(path)` is not a field of this message; remove it."
        case .unknownType: "The message's `type` is not one a client may send."
        case .badValue(let path): "`\(path)` has a value that is not allowed here."
        }
    }
}

/// Reads the fields of one object and remembers which were asked for, so that what is left over can be refused.
struct FieldReader {
    let object: WireObject
    private let path: String
    private let nullIsAbsent: Bool
    private var asked: Set<String> = []

    /// - Parameter lenient: `null` counts as absent (what a server sends); otherwise it is a value of the wrong kind.
    init(_ object: WireObject, path: String, lenient: Bool) {
        self.object = object
        self.path = path
        nullIsAbsent = lenient
    }

    func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    mutating func value(_ key: String) -> WireJSON? {
        asked.insert(key)
        guard let value = object[key] else { return nil }
        return value == .null && nullIsAbsent ? nil : value
    }

    private mutating func optional<T>(
        _ key: String, _ expected: String, _ read: (WireJSON) -> T?
    ) throws(DeepgramDecodeError) -> T? {
        guard let value = value(key) else { return nil }
        guard let known = read(value) else { throw .wrongKind(path: name(key), expected: expected) }
        return known
    }

    mutating func string(_ key: String) throws(DeepgramDecodeError) -> String? {
        try optional(key, "a string") { $0.string }
    }
    mutating func bool(_ key: String) throws(DeepgramDecodeError) -> Bool? {
        try optional(key, "true or false") { $0.bool }
    }
    mutating func integer(_ key: String) throws(DeepgramDecodeError) -> Int? {
        try optional(key, "an integer") { $0.integer }
    }
    mutating func number(_ key: String) throws(DeepgramDecodeError) -> Double? {
        try optional(key, "a number") { $0.number }
    }
    mutating func object(_ key: String) throws(DeepgramDecodeError) -> WireObject? {
        try optional(key, "an object") { $0.object }
    }
    mutating func array(_ key: String) throws(DeepgramDecodeError) -> [WireJSON]? {
        try optional(key, "an array") { $0.array }
    }
    mutating func strings(_ key: String) throws(DeepgramDecodeError) -> [String]? {
        try optional(key, "an array of strings") { value in
            guard let values = value.array else { return nil }
            let texts = values.compactMap(\.string)
            return texts.count == values.count ? texts : nil
        }
    }

    mutating func required<T>(_ key: String, _ value: T?) throws(DeepgramDecodeError) -> T {
        guard let value else { throw .missingField(path: name(key)) }
        return value
    }
    mutating func requiredString(_ key: String) throws(DeepgramDecodeError) -> String {
        try required(key, try string(key))
    }

    /// Refuses the first field nobody asked for.
    func finish() throws(DeepgramDecodeError) {
        if let extra = object.keys.first(where: { !asked.contains($0) }) {
            throw .unknownKey(path: name(String(extra.prefix(80))))
        }
    }

    static func message(_ text: [UInt8], lenient: Bool) throws(DeepgramDecodeError) -> (String, FieldReader) {
        guard text.count <= DeepgramDecodeError.messageBytesMax else { throw .tooLong(bytes: text.count) }
        let json: WireJSON
        do { json = try WireJSON(parsing: text) } catch {
            throw error.isTooMuch ? .tooManyValues(offset: error.offset) : .notJSON(offset: error.offset)
        }
        guard let object = json.object else { throw .notAnObject }
        var reader = FieldReader(object, path: "", lenient: lenient)
        let type = try reader.requiredString("type")
        return (type, reader)
    }
}

extension Span<UInt8> {
    /// A copy that may outlive the buffer.
    var copied: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for index in indices { bytes.append(self[index]) }
        return bytes
    }
}
