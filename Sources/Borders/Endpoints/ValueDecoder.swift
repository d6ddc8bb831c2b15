import Encoding
import FoundationEssentials

extension JSONValue {
    /// A type whose names are those here in snake case.
    package func read<T: Decodable>(_ type: T.Type) throws -> T { try ValueDecoder.read(type, from: self) }
}

/// Reads a type from a ``JSONValue`` that its schema has found to fit: names in snake case, times as RFC 3339 has them.
///
/// What a type refuses all the same, by its own rules, comes out with the place it stands at.
struct ValueDecoder: Decoder {
    let value: JSONValue
    var codingPath: [any CodingKey] = []
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func read<T: Decodable>(_ type: T.Type, from value: JSONValue) throws -> T {
        try ValueDecoder(value: value).read(type)
    }

    fileprivate func read<T: Decodable>(_ type: T.Type) throws -> T {
        let known: Any? =
            switch (type, value) {
            case (is JSONValue.Type, _): value
            case (is String.Type, .text(let text)): text
            case (is Bool.Type, .bool(let flag)): flag
            case (is Int.Type, .integer(let number)): number
            case (is Double.Type, .integer(let number)): Double(number)
            case (is Double.Type, .number(let number)): number
            case (is UUID.Type, .text(let text)): UUID(uuidString: text)
            case (is Date.Type, .text(let text)): InternetTime(text)?.date
            default: nil
            }
        if let known = known as? T { return known }
        let isPlain =
            type is String.Type || type is Bool.Type || type is Int.Type || type is Double.Type || type is UUID.Type
            || type is Date.Type
        guard !isPlain else { throw mismatch(type) }
        return try T(from: self)
    }

    fileprivate func mismatch(_ type: Any.Type) -> DecodingError {
        .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "not a \(type)"))
    }

    fileprivate func inside(_ value: JSONValue, _ key: any CodingKey) -> ValueDecoder {
        ValueDecoder(value: value, codingPath: codingPath + [key])
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let fields) = value else { throw mismatch([String: JSONValue].self) }
        return KeyedDecodingContainer(Fields(decoder: self, fields: fields))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let values) = value else { throw mismatch([JSONValue].self) }
        return Elements(decoder: self, values: values)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

    private struct Fields<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let decoder: ValueDecoder
        let fields: [String: JSONValue]
        var codingPath: [any CodingKey] { decoder.codingPath }
        /// Of a map: its names are data and stay as they are.
        var allKeys: [Key] { fields.keys.compactMap { Key(stringValue: $0) } }

        private func value(_ key: Key) -> JSONValue? {
            fields[key.stringValue] ?? fields[SnakeCase.of(key.stringValue)]
        }

        func contains(_ key: Key) -> Bool { value(key) != nil }
        func decodeNil(forKey key: Key) -> Bool { value(key) ?? .null == .null }

        func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
            guard let value = value(key) else {
                throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "missing"))
            }
            return try decoder.inside(value, key).read(type)
        }

        func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
            guard let value = value(key), value != .null else { return nil }
            return try decoder.inside(value, key).read(type)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> {
            try decoder.inside(value(key) ?? .null, key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try decoder.inside(value(key) ?? .null, key).unkeyedContainer()
        }

        func superDecoder() -> any Decoder { decoder }
        func superDecoder(forKey key: Key) -> any Decoder { decoder.inside(value(key) ?? .null, key) }
    }

    private struct Index: CodingKey {
        let intValue: Int?
        var stringValue: String { intValue.map { "\($0)" } ?? "" }
        init(_ index: Int) { intValue = index }
        init?(stringValue: String) { nil }
        init?(intValue: Int) { self.intValue = intValue }
    }

    private struct Elements: UnkeyedDecodingContainer {
        let decoder: ValueDecoder
        let values: [JSONValue]
        var currentIndex = 0
        var codingPath: [any CodingKey] { decoder.codingPath }
        var count: Int? { values.count }
        var isAtEnd: Bool { currentIndex >= values.count }

        private mutating func next() throws -> ValueDecoder {
            guard !isAtEnd else { throw decoder.mismatch(JSONValue.self) }
            defer { currentIndex += 1 }
            return decoder.inside(values[currentIndex], Index(currentIndex))
        }

        mutating func decodeNil() -> Bool {
            guard !isAtEnd, values[currentIndex] == .null else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().read(type) }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> {
            try next().container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
        mutating func superDecoder() throws -> any Decoder { try next() }
    }

    private struct Single: SingleValueDecodingContainer {
        let decoder: ValueDecoder
        var codingPath: [any CodingKey] { decoder.codingPath }

        func decodeNil() -> Bool { decoder.value == .null }
        func decode<T: Decodable>(_ type: T.Type) throws -> T {
            // A type that asks for itself in turn would never end.
            try decoder.read(type)
        }
    }
}
