import Encoding
import Glibc

/// A strict, bounded reader of one JSON text: walks bytes, allocates nothing unless asked for a string.
///
/// Numbers, literals and strings that are skipped are checked as well; nesting is bounded; nothing past the last byte is
/// ever read. Errors carry the position, never the content.
struct JSONScanner: ~Escapable {
    static let depthMax = 16
    /// Keys of a whole text: a `start` with all its parameters has some 120.
    static let keysMax = 512

    let bytes: Span<UInt8>
    private(set) var at = 0
    private var keys = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, at: Int = 0) {
        self.bytes = bytes
        self.at = at
    }

    /// A string's bytes between its quotes, still escaped.
    struct Text {
        var range: Range<Int>
        var isEscaped: Bool
    }

    func malformed(_ what: StaticString) -> TwilioDecodeError { .notJSON(at: at, expected: what) }

    /// The carrier writes no white space: one look at the next byte is the whole cost.
    @inline(__always)
    mutating func skipSpace() {
        while at < bytes.count, bytes[at] <= 0x20, isSpace(bytes[at]) { at += 1 }
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// The next byte that is not white space, left unread.
    @inline(__always)
    mutating func peek() throws(TwilioDecodeError) -> UInt8 {
        skipSpace()
        guard at < bytes.count else { throw malformed("more text") }
        return bytes[at]
    }

    @inline(__always)
    mutating func take(_ byte: UInt8, _ what: StaticString) throws(TwilioDecodeError) {
        guard try peek() == byte else { throw malformed(what) }
        at += 1
    }

    /// Takes the opening brace; true when the object has a first key to read.
    mutating func beginObject() throws(TwilioDecodeError) -> Bool {
        try take(UInt8(ascii: "{"), "an object")
        guard try peek() == UInt8(ascii: "}") else { return true }
        at += 1
        return false
    }

    /// A key and its colon.
    mutating func key() throws(TwilioDecodeError) -> Text {
        guard keys < JSONScanner.keysMax else { throw malformed("no more than 512 keys") }
        keys += 1
        let key = try text()
        try take(UInt8(ascii: ":"), "a colon")
        return key
    }

    /// After a value: true when another key follows, false when the object has ended.
    mutating func objectContinues() throws(TwilioDecodeError) -> Bool { try continues(until: UInt8(ascii: "}")) }

    /// Takes the opening bracket; true when the array has a first element to read.
    mutating func beginArray() throws(TwilioDecodeError) -> Bool {
        try take(UInt8(ascii: "["), "an array")
        guard try peek() == UInt8(ascii: "]") else { return true }
        at += 1
        return false
    }

    mutating func arrayContinues() throws(TwilioDecodeError) -> Bool { try continues(until: UInt8(ascii: "]")) }

    @inline(__always)
    private mutating func continues(until close: UInt8) throws(TwilioDecodeError) -> Bool {
        let byte = try peek()
        guard byte == close || byte == UInt8(ascii: ",") else { throw malformed("a comma or the end") }
        at += 1
        return byte != close
    }

    /// Only white space may follow the outermost value.
    mutating func end() throws(TwilioDecodeError) {
        skipSpace()
        guard at == bytes.count else { throw malformed("nothing after the value") }
    }

    /// A string, its escapes checked but not resolved.
    mutating func text() throws(TwilioDecodeError) -> Text {
        try take(UInt8(ascii: "\""), "a string")
        let start = at
        var isEscaped = false
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                at += 1
                return Text(range: start..<(at - 1), isEscaped: isEscaped)
            }
            guard byte >= 0x20 else { throw malformed("no control character in a string") }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                try skipEscape()
            } else {
                at += 1
            }
        }
        throw malformed("a closing quote")
    }

    private mutating func skipEscape() throws(TwilioDecodeError) {
        at += 1
        guard at < bytes.count else { throw malformed("an escape") }
        switch bytes[at] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 1
        case UInt8(ascii: "u"):
            guard hexadecimal(at + 1) != nil else { throw malformed("four hexadecimal digits") }
            at += 5
        default: throw malformed("a known escape")
        }
    }

    /// Whether the string, escapes resolved, is this name. The length decides most cases, before any call.
    @inline(__always)
    func equals(_ text: Text, _ name: StaticString) -> Bool {
        if text.isEscaped { return string(text) == name.description }
        return text.range.count == name.utf8CodeUnitCount && spells(text.range.lowerBound, name)
    }

    @inline(__always)
    private func spells(_ start: Int, _ name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        return unsafe bytes.extracting(start..<(start + length)).withUnsafeBytes { letters in
            guard let first = letters.baseAddress else { return length == 0 }
            return unsafe memcmp(first, name.utf8Start, length) == 0
        }
    }

    /// The string with its escapes resolved; nil when that is not valid UTF-8.
    func string(_ text: Text) -> String? {
        guard !text.isEscaped else { return String(validating: resolved(text), as: UTF8.self) }
        return unsafe bytes.withUnsafeBufferPointer { all in
            unsafe String(validating: UnsafeBufferPointer(rebasing: all[text.range]), as: UTF8.self)
        }
    }

    /// The string's bytes with its escapes resolved; a lone surrogate becomes U+FFFD.
    func resolved(_ text: Text) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.range.count)
        var index = text.range.lowerBound
        while index < text.range.upperBound {
            guard bytes[index] == UInt8(ascii: "\\") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            index += 1
            switch bytes[index] {
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                let scalar = unicodeEscape(index + 1)
                result.append(contentsOf: UTF8.encode(scalar.value) ?? UTF8.encodedReplacementCharacter)
                index += scalar.length
                continue
            default: result.append(bytes[index])
            }
            index += 1
        }
        return result
    }

    /// The scalar of `\uXXXX`, or of a surrogate pair, whose digits start here; the length counts from the `u`.
    private func unicodeEscape(_ start: Int) -> (value: Unicode.Scalar, length: Int) {
        let high = hexadecimal(start) ?? 0xFFFD
        if let scalar = Unicode.Scalar(high) { return (scalar, 5) }
        if (0xD800...0xDBFF).contains(high), start + 10 <= bytes.count, bytes[start + 4] == UInt8(ascii: "\\"),
            bytes[start + 5] == UInt8(ascii: "u"), let low = hexadecimal(start + 6), (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        {
            return (scalar, 11)
        }
        return ("\u{FFFD}", 5)
    }

    private func hexadecimal(_ start: Int) -> UInt32? {
        guard start + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in start..<(start + 4) {
            guard let digit = bytes[index].hexadecimalValue else { return nil }
            value = value << 4 | UInt32(truncatingIfNeeded: digit)
        }
        return value
    }

    /// A whole number of at most 15 digits, written as a number or as a string: the carrier sends both.
    mutating func integer() throws(TwilioDecodeError) -> Int {
        let quoted = try peek() == UInt8(ascii: "\"")
        if quoted { at += 1 }
        let start = at
        var value = 0
        while at < bytes.count, bytes[at] &- 0x30 <= 9 {
            guard at - start < 15 else { throw malformed("at most 15 digits") }
            value = value * 10 + Int(truncatingIfNeeded: bytes[at] &- 0x30)
            at += 1
        }
        guard at > start, at - start == 1 || bytes[start] != 0x30 else { throw malformed("a whole number") }
        guard at < bytes.count else { throw malformed("more text") }
        if quoted {
            guard bytes[at] == UInt8(ascii: "\"") else { throw malformed("a whole number") }
            at += 1
        } else if bytes[at] == UInt8(ascii: ".") || bytes[at] | 0x20 == UInt8(ascii: "e") {
            throw malformed("a whole number")
        }
        return value
    }

    /// Passes over any value, checking it.
    mutating func skipValue(depth: Int = 0) throws(TwilioDecodeError) {
        guard depth < JSONScanner.depthMax else { throw malformed("nesting no deeper than 16") }
        switch try peek() {
        case UInt8(ascii: "\""): _ = try text()
        case UInt8(ascii: "{"):
            guard try beginObject() else { return }
            repeat {
                _ = try key()
                try skipValue(depth: depth + 1)
            } while try objectContinues()
        case UInt8(ascii: "["):
            guard try beginArray() else { return }
            repeat { try skipValue(depth: depth + 1) } while try arrayContinues()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        default: try skipNumber()
        }
    }

    /// Advances to `index`, which an earlier pass over the same bytes has returned.
    mutating func move(to index: Int) { at = index }

    private mutating func literal(_ word: StaticString) throws(TwilioDecodeError) {
        let length = word.utf8CodeUnitCount
        guard at + length <= bytes.count, equals(Text(range: at..<(at + length), isEscaped: false), word) else {
            throw malformed("true, false or null")
        }
        at += length
    }

    private mutating func skipNumber() throws(TwilioDecodeError) {
        if at < bytes.count, bytes[at] == UInt8(ascii: "-") { at += 1 }
        let start = at
        try digits()
        guard at - start == 1 || bytes[start] != 0x30 else { throw malformed("a number without leading zeros") }
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            try digits()
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(TwilioDecodeError) {
        let start = at
        while at < bytes.count, bytes[at] &- 0x30 <= 9 { at += 1 }
        guard at > start else { throw malformed("a value") }
    }
}
