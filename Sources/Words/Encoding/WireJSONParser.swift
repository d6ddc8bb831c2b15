/// Where JSON text stops being JSON, or is more than is read: a byte offset into the text.
package struct WireJSONError: Error, Equatable {
    package var offset: Int
    /// It may well be JSON, of more values than are read.
    package var isTooMuch = false
}

extension WireJSON {
    /// Reads one JSON value (RFC 8259) that fills `text`.
    ///
    /// - Throws: the offset of the first byte that does not fit: bad syntax, bad UTF-8, a lone surrogate, nesting
    ///   deeper than 32, more than `valuesMax` values, a number of more than 64 bytes.
    package init(parsing text: [UInt8], valuesMax: Int = valuesMax) throws(WireJSONError) {
        var parser = WireJSONParser(text: text, valuesMax: valuesMax)
        self = try parser.document()
    }

    package init(parsing text: String) throws(WireJSONError) { try self.init(parsing: Array(text.utf8)) }
}

/// Recursive descent over a bounded text.
private struct WireJSONParser {
    let text: [UInt8]
    let valuesMax: Int
    var at = 0
    private var values = 0

    init(text: [UInt8], valuesMax: Int) {
        self.text = text
        self.valuesMax = valuesMax
    }

    mutating func document() throws(WireJSONError) -> WireJSON {
        let value = try value(depth: 0)
        skipSpace()
        guard at == text.count else { throw WireJSONError(offset: at) }
        return value
    }

    private var byte: UInt8? { at < text.count ? text[at] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func expect(_ wanted: UInt8) throws(WireJSONError) {
        guard byte == wanted else { throw WireJSONError(offset: at) }
        at += 1
    }

    private mutating func literal(_ word: StaticString, _ value: WireJSON) throws(WireJSONError) -> WireJSON {
        for wanted in word.description.utf8 { try expect(wanted) }
        return value
    }

    private mutating func value(depth: Int) throws(WireJSONError) -> WireJSON {
        guard depth < WireJSON.depthMax else { throw WireJSONError(offset: at) }
        guard values < valuesMax else { throw WireJSONError(offset: at, isTooMuch: true) }
        values += 1
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(WireJSONError) -> WireObject {
        var object = WireObject()
        try expect(UInt8(ascii: "{"))
        skipSpace()
        if byte == UInt8(ascii: "}") {
            at += 1
            return object
        }
        while true {
            skipSpace()
            let key = try string()
            skipSpace()
            try expect(UInt8(ascii: ":"))
            object[key] = try value(depth: depth + 1)
            skipSpace()
            if byte == UInt8(ascii: ",") {
                at += 1
                continue
            }
            try expect(UInt8(ascii: "}"))
            return object
        }
    }

    private mutating func array(depth: Int) throws(WireJSONError) -> [WireJSON] {
        var values: [WireJSON] = []
        try expect(UInt8(ascii: "["))
        skipSpace()
        if byte == UInt8(ascii: "]") {
            at += 1
            return values
        }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            if byte == UInt8(ascii: ",") {
                at += 1
                continue
            }
            try expect(UInt8(ascii: "]"))
            return values
        }
    }

    private mutating func string() throws(WireJSONError) -> String {
        let start = at
        try expect(UInt8(ascii: "\""))
        // Nearly all of it, and most often all, is as it stands.
        let plain = text[at...].prefix { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        at = plain.endIndex
        if byte == UInt8(ascii: "\"") {
            at += 1
            guard let text = String(validating: plain, as: UTF8.self) else { throw WireJSONError(offset: start) }
            return text
        }
        var bytes = Array(plain)
        while let next = byte {
            at += 1
            switch next {
            case UInt8(ascii: "\""):
                guard let text = String(validating: bytes, as: UTF8.self) else { throw WireJSONError(offset: start) }
                return text
            case UInt8(ascii: "\\"):
                bytes.append(contentsOf: UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter)
            case 0..<0x20: throw WireJSONError(offset: at - 1)
            default: bytes.append(next)
            }
        }
        throw WireJSONError(offset: at)
    }

    private mutating func escape() throws(WireJSONError) -> Unicode.Scalar {
        guard let kind = byte else { throw WireJSONError(offset: at) }
        at += 1
        switch kind {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw WireJSONError(offset: at - 1)
        }
        let start = at
        var code = try hex4()
        if (0xD800..<0xDC00).contains(code) {
            try expect(UInt8(ascii: "\\"))
            try expect(UInt8(ascii: "u"))
            let low = try hex4()
            guard (0xDC00..<0xE000).contains(low) else { throw WireJSONError(offset: start) }
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw WireJSONError(offset: start) }
        return scalar
    }

    private mutating func hex4() throws(WireJSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte, let digit = byte.hexadecimalValue else { throw WireJSONError(offset: at) }
            code = code << 4 | UInt32(truncatingIfNeeded: digit)
            at += 1
        }
        return code
    }

    private mutating func digits() throws(WireJSONError) {
        let start = at
        while let byte, byte.isASCIIDigit { at += 1 }
        guard at > start else { throw WireJSONError(offset: at) }
    }

    private mutating func number() throws(WireJSONError) -> WireJSON {
        let start = at
        var whole = true
        if byte == UInt8(ascii: "-") { at += 1 }
        if byte == UInt8(ascii: "0") { at += 1 } else { try digits() }
        if byte == UInt8(ascii: ".") {
            whole = false
            at += 1
            try digits()
        }
        if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            whole = false
            at += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        guard at - start <= WireJSON.numberBytesMax else { throw WireJSONError(offset: start) }
        let digits = String(decoding: text[start..<at], as: UTF8.self)
        if whole, let value = Int(digits, radix: 10) { return .integer(value) }
        guard let value = Double(digits), value.isFinite else { throw WireJSONError(offset: start) }
        return .number(value)
    }
}
