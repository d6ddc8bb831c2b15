/// One XML element with attributes, text and children: as much of XML as TwiML uses.
struct XMLElement {
    var name: String
    var attributes: [(String, String)]
    var text: String
    var children: [XMLElement]

    init(_ name: String, _ attributes: [(String, String)] = [], text: String = "", children: [XMLElement] = []) {
        self.name = name
        self.attributes = attributes
        self.text = text
        self.children = children
    }

    subscript(_ attribute: String) -> String? { attributes.first { $0.0 == attribute }?.1 }

    var xml: String {
        var written = "<\(name)"
        for (name, value) in attributes { written += " \(name)=\"\(XMLElement.escaped(value))\"" }
        guard !text.isEmpty || !children.isEmpty else { return written + "/>" }
        return written + ">" + XMLElement.escaped(text) + children.map(\.xml).joined() + "</\(name)>"
    }

    /// Markup escaped; characters XML 1.0 cannot hold left out.
    static func escaped(_ text: String) -> String {
        var written = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": written += "&amp;"
            case "<": written += "&lt;"
            case ">": written += "&gt;"
            case "\"": written += "&quot;"
            case "'": written += "&apos;"
            case "\n", "\t", "\r": written += "&#\(scalar.value);"
            default: if canHold(scalar) { written.unicodeScalars.append(scalar) }
            }
        }
        return written
    }

    /// Whether XML 1.0 has the character, be it written as it is or by its number (section 2.2).
    static func canHold(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\t", "\r": true
        case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": false
        default: true
        }
    }
}

/// A strict, bounded parser for documents of that kind: no DTD, no CDATA, no entities but the five and numbers.
struct XMLParser {
    static let bytesMax = 65_536
    static let depthMax = 8
    static let elementsMax = 256

    private let bytes: [UInt8]
    private var at = 0
    private var elements = 0

    /// - Throws: ``TwiMLError/malformed(at:expected:)`` or ``TwiMLError/tooLarge(bytes:)``.
    static func parse(_ document: String) throws(TwiMLError) -> XMLElement {
        var parser = XMLParser(bytes: Array(document.utf8))
        return try parser.document()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func document() throws(TwiMLError) -> XMLElement {
        guard bytes.count <= XMLParser.bytesMax else { throw .tooLarge(bytes: bytes.count) }
        if starts("<?xml") { try skip(past: "?>") }
        try skipMisc()
        let root = try element(depth: 0)
        try skipMisc()
        guard at == bytes.count else { throw malformed("nothing after the root element") }
        return root
    }

    private mutating func element(depth: Int) throws(TwiMLError) -> XMLElement {
        guard depth < XMLParser.depthMax, elements < XMLParser.elementsMax else { throw malformed("fewer elements") }
        elements += 1
        try take("<")
        var element = XMLElement(try name())
        while true {
            let hadSpace = skipSpace()
            if starts("/>") {
                at += 2
                return element
            }
            if starts(">") { break }
            guard hadSpace else { throw malformed("a space before an attribute") }
            let attribute = try name()
            skipSpace()
            try take("=")
            skipSpace()
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") else {
                throw malformed("a quoted value")
            }
            let quote = bytes[at]
            at += 1
            let value = try characters(until: quote)
            try take(quote == UInt8(ascii: "\"") ? "\"" : "'")
            guard element[attribute] == nil else { throw malformed("each attribute once") }
            element.attributes.append((attribute, value))
        }
        at += 1
        while true {
            element.text += try characters(until: UInt8(ascii: "<"))
            if starts("</") { break }
            if starts("<!--") {
                try skip(past: "-->")
            } else {
                element.children.append(try self.element(depth: depth + 1))
            }
        }
        at += 2
        guard try name() == element.name else { throw malformed("the end of \(element.name)") }
        skipSpace()
        try take(">")
        return element
    }

    private mutating func characters(until end: UInt8) throws(TwiMLError) -> String {
        var text: [UInt8] = []
        while at < bytes.count, bytes[at] != end {
            switch bytes[at] {
            case UInt8(ascii: "&"): text.append(contentsOf: try entity().utf8)
            case UInt8(ascii: "<"): throw malformed("no < in an attribute")
            default:
                text.append(bytes[at])
                at += 1
            }
        }
        guard at < bytes.count else { throw malformed("more text") }
        let read = String(decoding: text, as: UTF8.self)
        guard read.unicodeScalars.allSatisfy(XMLElement.canHold) else { throw malformed("characters that XML has") }
        return read
    }

    private mutating func entity() throws(TwiMLError) -> String {
        for (name, character) in XMLParser.entities where starts(name) {
            at += name.utf8.count
            return character
        }
        guard starts("&#"), let end = bytes[at...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
            throw malformed("a known entity")
        }
        let digits = String(decoding: bytes[(at + 2)..<end], as: UTF8.self)
        let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
        guard let value, value > 0, let scalar = Unicode.Scalar(value) else { throw malformed("a character's number") }
        at = end + 1
        return String(scalar)
    }

    private static let entities = [
        ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"),
    ]

    private mutating func name() throws(TwiMLError) -> String {
        let start = at
        while at < bytes.count, XMLParser.isNameByte(bytes[at]) { at += 1 }
        guard at > start, at - start <= 64 else { throw malformed("a name") }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private func starts(_ text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

    private mutating func take(_ text: String) throws(TwiMLError) {
        guard starts(text) else { throw malformed(text) }
        at += text.utf8.count
    }

    private mutating func skip(past end: String) throws(TwiMLError) {
        while at < bytes.count, !starts(end) { at += 1 }
        try take(end)
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = at
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
        return at > start
    }

    private mutating func skipMisc() throws(TwiMLError) {
        skipSpace()
        while starts("<!--") {
            try skip(past: "-->")
            skipSpace()
        }
    }

    private func malformed(_ expected: String) -> TwiMLError { .malformed(at: at, expected: expected) }
}
