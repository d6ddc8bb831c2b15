import Encoding

/// Header fields of an HTTP/1.1 message, strictly as RFC 9112, 5 has them: `name: value` and CRLF, nothing else.
enum FieldLines {
    typealias Fields = [(name: String, value: String)]

    enum Refusal: Error { case malformed, tooMany }

    static let fieldsMax = 100

    /// - Parameter lines: everything between the first line and the empty one, each line with its CRLF.
    static func parse(_ lines: ArraySlice<UInt8>) throws(Refusal) -> Fields {
        var fields: Fields = []
        var rest = lines
        while !rest.isEmpty {
            guard let line = cutLine(&rest) else { throw .malformed }
            guard fields.count < fieldsMax else { throw .tooMany }
            fields.append(try field(line))
        }
        return fields
    }

    /// Takes the first line off, without its CRLF; nil when there is no CRLF.
    static func cutLine(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let end = bytes.firstIndex(of: 0x0D), end + 1 < bytes.endIndex, bytes[end + 1] == 0x0A else { return nil }
        defer { bytes = bytes[(end + 2)...] }
        return bytes[..<end]
    }

    private static func field(_ line: ArraySlice<UInt8>) throws(Refusal) -> (name: String, value: String) {
        // No fold (a line that begins with white space), no space before the colon, no empty name.
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
            line[..<colon].allSatisfy(isTokenByte)
        else { throw .malformed }
        let value = trimmed(line[(colon + 1)...])
        guard value.allSatisfy(isValueByte) else { throw .malformed }
        return (
            name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
            value: String(decoding: value, as: UTF8.self)
        )
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
        return bytes
    }

    /// RFC 9110, 5.6.2.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: byte.isASCIILetterOrDigit
        }
    }

    static func isValueByte(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    /// The members of a comma-separated list, ASCII letters in lower case, over all fields of that name (RFC 9110, 5.6.1).
    static func list(_ name: String, in fields: Fields) -> [String] {
        fields.filter { $0.name == name }.flatMap { field in
            field.value.utf8.split(separator: UInt8(ascii: ",")).compactMap { member in
                // Byte by byte: Unicode has letters of its own that become a k or an i in lower case.
                let bytes = trimmed(Array(member)[...]).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
                return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
            }
        }
    }
}
