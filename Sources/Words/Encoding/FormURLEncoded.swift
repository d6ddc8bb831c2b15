/// One field of a form or of a query, decoded.
package struct FormField: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [FormField] {
    /// The first value of this name; names are case-sensitive.
    package subscript(_ name: String) -> String? { first { $0.name == name }?.value }
}

/// `application/x-www-form-urlencoded`: the body of webhooks and of REST requests, and the query of a URL.
package enum FormURLEncoded {
    package static let bytesMax = 65_536
    package static let fieldsMax = 256

    package enum DecodeError: Error, Equatable, CustomStringConvertible {
        case tooLarge(bytes: Int)
        case tooManyFields
        case brokenEscape(at: Int)
        case notUTF8(field: Int)

        package var description: String {
            switch self {
            case .tooLarge(let bytes): "Form of \(bytes) bytes, \(bytesMax) are allowed; answer 413."
            case .tooManyFields: "Form of more than \(fieldsMax) fields; answer 400."
            case .brokenEscape(let at): "Form with a % at byte \(at) that no two hex digits follow; answer 400."
            case .notUTF8(let field): "Form whose field \(field) is not UTF-8; answer 400."
            }
        }
    }

    /// Reads a form in the order sent, empty values and repeated names included.
    package static func decode(_ form: Span<UInt8>) throws(DecodeError) -> [FormField] {
        guard form.count <= bytesMax else { throw .tooLarge(bytes: form.count) }
        var fields: [FormField] = []
        var name: [UInt8]?
        var current: [UInt8] = []
        var isEmptyPair = true
        var at = 0
        while at <= form.count {
            if at == form.count || form[at] == UInt8(ascii: "&") {
                if !isEmptyPair {
                    guard fields.count < fieldsMax else { throw .tooManyFields }
                    guard let text = String(validating: name ?? current, as: UTF8.self),
                        let value = String(validating: name == nil ? [] : current, as: UTF8.self)
                    else { throw .notUTF8(field: fields.count + 1) }
                    fields.append(FormField(text, value))
                }
                name = nil
                current = []
                isEmptyPair = true
                at += 1
                continue
            }
            isEmptyPair = false
            switch form[at] {
            case UInt8(ascii: "=") where name == nil:
                name = current
                current = []
            case UInt8(ascii: "+"): current.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard at + 2 < form.count, let high = form[at + 1].hexadecimalValue,
                    let low = form[at + 2].hexadecimalValue
                else { throw .brokenEscape(at: at) }
                current.append(high << 4 | low)
                at += 2
            default: current.append(form[at])
            }
            at += 1
        }
        return fields
    }

    package static func decode(_ form: [UInt8]) throws(DecodeError) -> [FormField] { try decode(form.span) }

    /// Reads a query, with or without its question mark.
    package static func decode(query: String) throws(DecodeError) -> [FormField] {
        try decode(Array((query.hasPrefix("?") ? query.dropFirst() : query[...]).utf8).span)
    }

    /// Writes fields in the order given; whatever is not a letter, a digit or one of `-._*` is escaped.
    package static func encode(_ fields: [FormField]) -> String {
        var text: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "&")) }
            append(field.name, to: &text)
            text.append(UInt8(ascii: "="))
            append(field.value, to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ part: String, to text: inout [UInt8]) {
        for byte in part.utf8 {
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "*"): text.append(byte)
            case _ where byte.isASCIILetterOrDigit: text.append(byte)
            case UInt8(ascii: " "): text.append(UInt8(ascii: "+"))
            default:
                text.append(UInt8(ascii: "%"))
                text.append(Hex.capitalDigit(byte >> 4))
                text.append(Hex.capitalDigit(byte & 15))
            }
        }
    }
}
