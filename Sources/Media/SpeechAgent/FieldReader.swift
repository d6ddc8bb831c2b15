import Encoding

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
    ) throws(AgentDecodeError) -> T? {
        guard let value = value(key) else { return nil }
        guard let known = read(value) else { throw .wrongKind(path: name(key), expected: expected) }
        return known
    }

    mutating func string(_ key: String) throws(AgentDecodeError) -> String? {
        try optional(key, "a string") { $0.string }
    }
    mutating func bool(_ key: String) throws(AgentDecodeError) -> Bool? {
        try optional(key, "true or false") { $0.bool }
    }
    mutating func integer(_ key: String) throws(AgentDecodeError) -> Int? {
        try optional(key, "an integer") { $0.integer }
    }
    mutating func number(_ key: String) throws(AgentDecodeError) -> Double? {
        try optional(key, "a number") { $0.number }
    }
    mutating func object(_ key: String) throws(AgentDecodeError) -> WireObject? {
        try optional(key, "an object") { $0.object }
    }
    mutating func array(_ key: String) throws(AgentDecodeError) -> [WireJSON]? {
        try optional(key, "an array") { $0.array }
    }
    mutating func strings(_ key: String) throws(AgentDecodeError) -> [String]? {
        try optional(key, "an array of strings") { value in
            guard let values = value.array else { return nil }
            let texts = values.compactMap(\.string)
            return texts.count == values.count ? texts : nil
        }
    }

    mutating func required<T>(_ key: String, _ value: T?) throws(AgentDecodeError) -> T {
        guard let value else { throw .missingField(path: name(key)) }
        return value
    }
    mutating func requiredString(_ key: String) throws(AgentDecodeError) -> String {
        try required(key, try string(key))
    }

    /// Refuses the first field nobody asked for.
    func finish() throws(AgentDecodeError) {
        if let extra = object.keys.first(where: { !asked.contains($0) }) {
            throw .unknownKey(path: name(String(extra.prefix(80))))
        }
    }

    static func message(_ text: [UInt8], lenient: Bool) throws(AgentDecodeError) -> (String, FieldReader) {
        guard text.count <= AgentDecodeError.messageBytesMax else { throw .tooLong(bytes: text.count) }
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

/// A field that holds JSON text, given as a string or, by some servers, as the value itself.
func jsonText(_ value: WireJSON?) -> String {
    switch value {
    case .string(let text)?: text
    case let value?: value.text
    case nil: ""
    }
}

extension String {
    /// At most its first `bytesMax` bytes of UTF-8, cut between two characters of Unicode.
    func cut(bytesMax: Int) -> String {
        guard utf8.count > bytesMax else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: bytesMax)
        while end.samePosition(in: unicodeScalars) == nil { utf8.formIndex(before: &end) }
        return String(unicodeScalars[..<end])
    }
}
