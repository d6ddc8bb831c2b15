import Encoding
import FoundationEssentials

extension Row {
    /// A value of the row's columns by their names, those of its fields in snake case: `leadID` is read from `lead_id`. A column
    /// that is null is an optional field's nil.
    ///
    /// - Throws: ``DatabaseError/unexpectedValue(column:expected:)`` for the column that is missing, null or something else.
    package func decode<View: Decodable>(_ type: View.Type) throws -> View {
        try View(from: RowDecoder(row: self))
    }
}

private struct RowDecoder: Decoder {
    let row: Row
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Columns(row: row))
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw unreadable() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw unreadable() }
}

private func unreadable(_ column: String = "*", _ expected: String = "record of columns") -> DatabaseError {
    .unexpectedValue(column: column, expected: expected)
}

private struct Columns<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let row: Row
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { row.columns.keys.compactMap { Key(stringValue: $0) } }

    private func column(_ key: Key) -> String { SnakeCase.of(key.stringValue) }

    func contains(_ key: Key) -> Bool { row.columns[column(key)] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try row.textOrNil(column(key)) == nil }

    func decode(_ type: String.Type, forKey key: Key) throws -> String { try row.text(column(key)) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try row.int(column(key)) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try row.double(column(key)) }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try row.bool(column(key)) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        let column = column(key)
        let known: Any? =
            switch type {
            case is UUID.Type: try row.uuid(column)
            case is Date.Type: try row.timestamp(column)
            case is [String].Type: try row.textArray(column)
            default: nil
            }
        if let known = known as? T { return known }
        let text = try row.text(column)
        // What a decoder says of a value may quote it.
        do { return try T(from: TextDecoder(text: text)) } catch { throw unreadable(column, "\(type)") }
    }

    // A column that is not there at all is no null.
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try row.textOrNil(column(key)) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try row.intOrNil(column(key)) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try row.doubleOrNil(column(key)) }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try row.boolOrNil(column(key)) }
    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        try decodeNil(forKey: key) ? nil : try decode(type, forKey: key)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw unreadable(column(key)) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw unreadable(column(key))
    }
    func superDecoder() throws -> any Decoder { throw unreadable() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw unreadable(column(key)) }
}

/// Of a type that is one text, such as an enumeration.
private struct TextDecoder: Decoder, SingleValueDecodingContainer {
    let text: String
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> { throw unreadable() }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw unreadable() }
    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { false }
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        guard let text = text as? T else { throw unreadable() }
        return text
    }
}
