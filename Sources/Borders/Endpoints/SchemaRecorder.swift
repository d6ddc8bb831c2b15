import Encoding
import FoundationEssentials

/// Learns what a type's JSON looks like by decoding it from nothing and noting what it asks for.
///
/// A type decodes as usual; a nested one becomes a record of its own, an optional field one that may be absent or null. What
/// checks its text while it decodes says what it is by being ``SchemaDescribed``.
enum SchemaRecorder {
    /// Fails for a type that cannot be decoded from samples: a mistake of ours, with the type's name.
    static func schema<T: Decodable>(of type: T.Type) -> Schema {
        do {
            return try learn(type, inside: []).schema
        } catch {
            preconditionFailure("the schema of \(type) cannot be learned: \(error)")
        }
    }

    fileprivate static func learn<T: Decodable>(_ type: T.Type, inside: [String]) throws -> (schema: Schema, sample: T)
    {
        if let known = type as? any SchemaDescribed.Type, let (schema, sample) = described(known) as? (Schema, T) {
            return (schema, sample)
        }
        let sample: (Schema, Any)? =
            switch type {
            case is String.Type: (.text(), "")
            case is Int.Type: (.integer(), 0)
            case is Double.Type: (.number(), 0.0)
            case is Bool.Type: (.boolean, false)
            case is UUID.Type: (.text(.uuid), UUID())
            case is Date.Type: (.text(.dateTime), Date(timeIntervalSince1970: 0))
            case let type as any (CaseIterable & RawRepresentable).Type: try choice(of: type)
            case let type as any Sequenced.Type: (try type.schema(inside: inside), type.none)
            default: nil
            }
        if let (schema, value) = sample, let value = value as? T { return (schema, value) }
        let name = "\(type)"
        let notes = Notes(name: name, inside: inside + [name])
        let value = try T(from: Recorder(notes: notes, codingPath: []))
        return (notes.schema, value)
    }

    private static func described<D: SchemaDescribed>(_ type: D.Type) -> (Schema, Any) { (D.schema, D.sample) }

    /// What one type has asked for.
    fileprivate final class Notes {
        let name: String
        let inside: [String]
        var fields: [Schema.Field] = []
        var single: Schema?

        init(name: String, inside: [String]) {
            self.name = name
            self.inside = inside
        }

        var schema: Schema { single ?? .record(Schema.Record(name: name, fields)) }

        func note(_ key: any CodingKey, _ schema: Schema, isRequired: Bool) {
            let name = SnakeCase.of(key.stringValue)
            guard !fields.contains(where: { $0.name == name }) else { return }
            fields.append(Schema.Field(name, isRequired ? schema : .nullable(schema), isRequired: isRequired))
        }
    }
}

private struct Unlearnable: Error, CustomStringConvertible {
    let description: String
}

/// An enumeration by its texts; nil for one of numbers.
private func choice<T: CaseIterable & RawRepresentable>(of type: T.Type) throws -> (Schema, Any)? {
    guard let texts = T.allCases.map(\.rawValue) as? [String], let first = T.allCases.first else { return nil }
    return (.choice(texts), first)
}

private protocol Sequenced {
    static func schema(inside: [String]) throws -> Schema
    static var none: Any { get }
}

extension Array: Sequenced where Element: Decodable {
    fileprivate static func schema(inside: [String]) throws -> Schema {
        .list(try SchemaRecorder.learn(Element.self, inside: inside).schema)
    }
    fileprivate static var none: Any { [Element]() }
}

extension Dictionary: Sequenced where Key == String, Value: Decodable {
    fileprivate static func schema(inside: [String]) throws -> Schema {
        .map(try SchemaRecorder.learn(Value.self, inside: inside).schema)
    }
    fileprivate static var none: Any { [String: Value]() }
}

private struct Recorder: Decoder {
    let notes: SchemaRecorder.Notes
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(RecordedFields(notes: notes))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw Unlearnable(description: "\(notes.name) is a list of its own making")
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { RecordedValue(notes: notes) }
}

private struct RecordedFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let notes: SchemaRecorder.Notes
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) -> Bool { false }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try learn(type, key, isRequired: true)
    }

    // Of these the protocol has ways of its own, past the one below.
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try optional(type, key) }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try optional(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try optional(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try optional(type, key) }
    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? { try optional(type, key) }

    private func optional<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T? {
        // A record inside of itself ends here.
        guard !notes.inside.contains("\(type)") else {
            notes.note(key, .reference("\(type)"), isRequired: false)
            return nil
        }
        return try learn(type, key, isRequired: false)
    }

    private func learn<T: Decodable>(_ type: T.Type, _ key: Key, isRequired: Bool) throws -> T {
        let (schema, sample) = try SchemaRecorder.learn(type, inside: notes.inside)
        notes.note(key, schema, isRequired: isRequired)
        return sample
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        throw Unlearnable(description: "\(notes.name).\(key.stringValue) is decoded by hand")
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw Unlearnable(description: "\(notes.name).\(key.stringValue) is decoded by hand")
    }

    func superDecoder() throws -> any Decoder { throw Unlearnable(description: "\(notes.name) inherits") }
    func superDecoder(forKey key: Key) throws -> any Decoder { try superDecoder() }
}

private struct RecordedValue: SingleValueDecodingContainer {
    let notes: SchemaRecorder.Notes
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let (schema, sample) = try SchemaRecorder.learn(type, inside: notes.inside)
        notes.single = schema
        return sample
    }
}
