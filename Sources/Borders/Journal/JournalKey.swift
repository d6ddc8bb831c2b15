import CallModel
import FoundationEssentials

/// A key in a journal's JSON. What stands in the file is the literal where the key is written or read, never the name of
/// something in Swift: files outlive those.
struct JournalKey: CodingKey, ExpressibleByStringLiteral, Equatable {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringLiteral value: String) { stringValue = value }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

typealias JournalFields = KeyedDecodingContainer<JournalKey>
typealias JournalObject = KeyedEncodingContainer<JournalKey>

extension KeyedDecodingContainer<JournalKey> {
    func text(_ key: JournalKey) throws -> String { try decode(String.self, forKey: key) }
    func textOrNil(_ key: JournalKey) throws -> String? { try decodeIfPresent(String.self, forKey: key) }
    func int(_ key: JournalKey) throws -> Int { try decode(Int.self, forKey: key) }
    func intOrNil(_ key: JournalKey) throws -> Int? { try decodeIfPresent(Int.self, forKey: key) }
    func bool(_ key: JournalKey) throws -> Bool { try decode(Bool.self, forKey: key) }
    /// Seconds since the beginning of 2001, UTC, as are all times in a journal.
    func time(_ key: JournalKey) throws -> Date { try decode(Date.self, forKey: key) }
    func object(_ key: JournalKey) throws -> JournalFields {
        try nestedContainer(keyedBy: JournalKey.self, forKey: key)
    }

    func objects<Value>(_ key: JournalKey, _ read: (JournalFields) throws -> Value) throws -> [Value] {
        var list = try nestedUnkeyedContainer(forKey: key)
        var values: [Value] = []
        while !list.isAtEnd { values.append(try read(list.nestedContainer(keyedBy: JournalKey.self))) }
        return values
    }

    /// A text that `make` takes; format 1 has some of them as the one field of an object.
    func value<Value>(_ key: JournalKey, in field: JournalKey? = nil, _ make: (String) -> Value?) throws -> Value {
        var text: String
        if let field, let object = try? object(key) { text = try object.text(field) } else { text = try self.text(key) }
        guard let value = make(text) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "not a \(Value.self)")
        }
        return value
    }
}

extension KeyedEncodingContainer<JournalKey> {
    mutating func object(_ key: JournalKey) -> JournalObject {
        nestedContainer(keyedBy: JournalKey.self, forKey: key)
    }

    mutating func write(_ value: some Encodable, _ key: JournalKey) throws { try encode(value, forKey: key) }

    /// Leaves the key out where there is no value.
    mutating func write(_ value: (some Encodable)?, _ key: JournalKey) throws {
        try encodeIfPresent(value, forKey: key)
    }

    mutating func objects<Value>(
        _ values: [Value], _ key: JournalKey, _ write: (Value, inout JournalObject) throws -> Void
    ) throws {
        var list = nestedUnkeyedContainer(forKey: key)
        for value in values {
            var object = list.nestedContainer(keyedBy: JournalKey.self)
            try write(value, &object)
        }
    }
}
