import FoundationEssentials

/// The type of a column of a table, as rows are given it.
package enum ColumnType: String, Sendable {
    case text, uuid, integer, bigint, boolean, jsonb, timestamptz
    case double = "double precision"
    /// Travels as text: an array of arrays would be taken apart into their elements.
    case textArray = "text[]"

    /// Of the array that holds a column of many rows.
    var element: String { self == .textArray ? ColumnType.text.rawValue : rawValue }

    /// Of the type itself, the same in every PostgreSQL (its `pg_type.dat`).
    var oid: Int32 {
        switch self {
        case .boolean: 16
        case .bigint: 20
        case .integer: 23
        case .text, .textArray: 25
        case .double: 701
        case .timestamptz: 1_184
        case .uuid: 2_950
        case .jsonb: 3_802
        }
    }

    /// Appends a value as the type's receive function reads it, its length before it; false, and nothing useful, when the value
    /// is not one of the type.
    func append(_ value: SQLValue, to bytes: inout [UInt8]) -> Bool {
        switch (self, value) {
        case (_, .null): bytes.append(bigEndian: Int32(-1))
        case (.text, .text), (.textArray, .textArray): append(text: value.wireText ?? "", to: &bytes)
        case (.jsonb, .json): append(text: value.wireText ?? "", version: 1, to: &bytes)
        case (.bigint, .int(let value)): append(Int64(value), to: &bytes)
        case (.integer, .int(let value)):
            guard let value = Int32(exactly: value) else { return false }
            append(value, to: &bytes)
        case (.boolean, .bool(let value)): append(UInt8(value ? 1 : 0), to: &bytes)
        case (.double, .double(let value)): append(value.bitPattern, to: &bytes)
        case (.timestamptz, .timestamp(let date)):
            append(Int64(SQLTimestamp.micros(date) - ColumnType.microsTo2000), to: &bytes)
        case (.uuid, .uuid(let value)):
            bytes.append(bigEndian: Int32(16))
            unsafe withUnsafeBytes(of: value.uuid) { unsafe bytes.append(contentsOf: $0) }
        default: return false
        }
        return true
    }

    /// The server counts time from the year 2000.
    private static let microsTo2000 = 946_684_800_000_000

    private func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        bytes.append(bigEndian: Int32(value.bitWidth / 8))
        bytes.append(bigEndian: value)
    }

    /// - Parameter version: of the notation; `jsonb` says it before the text.
    private func append(text: String, version: UInt8? = nil, to bytes: inout [UInt8]) {
        bytes.append(bigEndian: Int32(clamping: text.utf8.count + (version == nil ? 0 : 1)))
        if let version { bytes.append(version) }
        bytes.append(contentsOf: text.utf8)
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }
}
