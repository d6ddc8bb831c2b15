import Encoding

/// What a request line asks for: `/path?query`, `http://host/path?query`, or `*` (RFC 9112, 3.2).
struct RequestTarget: Equatable {
    /// Percent-encoding undone; begins with `/`, or is `*`.
    var path: String
    /// After the `?` as it came; empty when there is none.
    var query: String
    /// Path and query as they came, the `?` included where there was one.
    var raw: String
    /// Of an absolute target; it overrides the Host field.
    var authority: String?

    enum Refusal: Error { case malformed, tooLong }

    /// RFC 9112, 3 recommends 8,000 at least.
    static let bytesMax = 8_192

    init(_ bytes: ArraySlice<UInt8>, method: String) throws(Refusal) {
        guard bytes.count <= Self.bytesMax else { throw .tooLong }
        if bytes.elementsEqual("*".utf8) {
            guard method == "OPTIONS" else { throw .malformed }
            (path, query, raw) = ("*", "", "*")
            return
        }
        var rest = bytes
        if bytes.first != UInt8(ascii: "/") {
            guard let scheme = ["http://", "https://"].first(where: { Self.begins(bytes, with: $0) }) else {
                throw .malformed
            }
            rest = bytes.dropFirst(scheme.utf8.count)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            guard HostField.isValid(rest[..<end]) else { throw .malformed }
            authority = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[end...]
        }
        let mark = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        let (pathBytes, queryBytes) = (rest[..<mark], rest[mark...].dropFirst())
        guard let decoded = Self.decoded(pathBytes), Self.isQuery(queryBytes) else { throw .malformed }
        path = decoded.isEmpty ? "/" : decoded
        query = String(decoding: queryBytes, as: UTF8.self)
        raw = (pathBytes.isEmpty ? "/" : "") + String(decoding: rest, as: UTF8.self)
    }

    private static func begins(_ bytes: ArraySlice<UInt8>, with scheme: String) -> Bool {
        // Schemes are case-insensitive; these have letters and `://` only.
        bytes.count >= scheme.utf8.count && zip(bytes, scheme.utf8).allSatisfy { $0 == $1 || $0 | 0x20 == $1 }
    }

    /// Undoes percent-encoding; nil for bytes that have no place in a path, a NUL in disguise, or what is not UTF-8 then.
    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                guard let value = escaped(bytes, at: index) else { return nil }
                out.append(value)
                index += 3
            } else {
                guard isPathByte(byte) else { return nil }
                out.append(byte)
                index += 1
            }
        }
        return String(validating: out, as: UTF8.self)
    }

    /// A query keeps its bytes, since signatures are over them; it must not hide a NUL or a broken escape.
    private static func isQuery(_ bytes: ArraySlice<UInt8>) -> Bool {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "%"):
                guard escaped(bytes, at: index) != nil else { return false }
                index += 3
            case UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"): return false
            case 0x21...0x7E: index += 1
            default: return false
            }
        }
        return true
    }

    /// The byte behind `%xx`, unless it is NUL or the digits are none.
    private static func escaped(_ bytes: ArraySlice<UInt8>, at index: Int) -> UInt8? {
        guard bytes.endIndex - index >= 3, let high = bytes[index + 1].hexadecimalValue,
            let low = bytes[index + 2].hexadecimalValue,
            high | low != 0
        else { return nil }
        return high << 4 | low
    }

    /// RFC 3986, 3.3: pchar and `/`.
    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"): true
        default: HostField.isNameByte(byte)
        }
    }
}

/// The value of a Host field: a name or an address, and a port if one is given (RFC 9110, 7.2).
enum HostField {
    static let bytesMax = 260

    static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count <= bytesMax else { return false }
        var name = bytes
        var port = bytes[bytes.endIndex...]
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            name = bytes[bytes.startIndex + 1..<end]
            port = bytes[(end + 1)...]
            guard !name.isEmpty, name.allSatisfy({ $0.hexadecimalValue != nil || $0 == 0x3A || $0 == 0x2E }) else {
                return false
            }
        } else {
            if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
                name = bytes[..<colon]
                port = bytes[colon...]
            }
            guard !name.isEmpty, isName(name) else { return false }
        }
        guard let colon = port.first else { return true }
        let digits = port.dropFirst()
        return colon == UInt8(ascii: ":") && digits.count <= 5 && digits.allSatisfy(\.isASCIIDigit)
            && digits.reduce(0, { $0 * 10 + Int(truncatingIfNeeded: $1 &- 0x30) }) <= 65_535
    }

    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "%") {
                guard bytes.endIndex - index >= 3, bytes[index + 1].hexadecimalValue != nil,
                    bytes[index + 2].hexadecimalValue != nil
                else { return false }
                index += 3
            } else {
                guard isNameByte(bytes[index]) else { return false }
                index += 1
            }
        }
        return true
    }

    /// RFC 3986: unreserved and sub-delims.
    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"),
            UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="):
            true
        default: byte.isASCIILetterOrDigit
        }
    }
}
