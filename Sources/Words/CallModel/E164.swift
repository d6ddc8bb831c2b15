import Encoding

/// A telephone number in E.164 form: `+`, a first digit 1–9, 7 to 15 digits in all.
package struct E164: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// Takes a number as people and carriers write it and normalises it.
    ///
    /// Accepts `tel:` and marks of the writing direction, separators, full-width and Arabic-Indic digits, `00` and `011` prefixes, an extension (dropped) and,
    /// for numbers without a country code, the trunk form of `defaultCountryCode`. Returns nil for anything that is
    /// not a possible number, withheld caller ids (`anonymous`, `+266696687`, …) included.
    package init?(_ written: String, defaultCountryCode: String = "1") {
        guard written.utf8.count <= 64 else { return nil }
        if E164.isPlain(written) {
            text = written
            return
        }
        var digits: [UInt8] = []
        var international = false
        let number = written.unicodeScalars.drop { E164.isMark($0) || $0.properties.isWhitespace }
        let scheme = "tel:".unicodeScalars
        let isURI = number.prefix(scheme.count).map { $0.properties.lowercaseMapping }.joined() == "tel:"
        scan: for scalar in isURI ? number.dropFirst(scheme.count) : number {
            switch scalar.value {
            case 0x30...0x39: digits.append(UInt8(scalar.value - 0x30))
            case 0xFF10...0xFF19: digits.append(UInt8(scalar.value - 0xFF10))
            case 0x0660...0x0669: digits.append(UInt8(scalar.value - 0x0660))
            case 0x06F0...0x06F9: digits.append(UInt8(scalar.value - 0x06F0))
            case 0x2B, 0xFF0B:  // +
                guard digits.isEmpty, !international else { return nil }
                international = true
            case 0x20, 0x09, 0xA0, 0x28, 0x29, 0x2D, 0x2E, 0x2F, 0x2010...0x2015, 0x202F: continue
            case 0x65, 0x78, 0x23, 0x3B, 0x2C:  // e(xt), x, #, ;ext=, pause
                guard digits.count >= 7 else { return nil }
                break scan
            default:
                guard E164.isMark(scalar) else { return nil }
            }
        }
        if !international {
            if digits.starts(with: [0, 1, 1]), defaultCountryCode == "1" {
                digits.removeFirst(3)
            } else if digits.starts(with: [0, 0]) {
                digits.removeFirst(2)
            } else {
                let country = defaultCountryCode.utf8.compactMap { $0.isASCIIDigit ? $0 - 0x30 : nil }
                if defaultCountryCode == "1" {
                    if digits.count == 10 { digits = [1] + digits }
                    guard digits.count == 11, digits.first == 1 else { return nil }
                } else {
                    if digits.first == 0 { digits.removeFirst() }
                    digits = country + digits
                }
            }
        } else if let zero = E164.trunkZero(in: written, digits: digits) {
            digits.remove(at: zero)
        }
        guard (7...15).contains(digits.count), let first = digits.first, first != 0 else { return nil }
        // Whether an area code is in service is nobody's business here: new ones appear, and carriers know.
        guard first != 1 || (digits.count == 11 && digits[1] >= 2) else { return nil }
        let text = "+" + String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
        guard !E164.withheld.contains(text) else { return nil }
        self.text = text
    }

    /// Whether it is one of these already: most are, and to find that out is a tenth of reading them as people write.
    private static func isPlain(_ written: String) -> Bool {
        let bytes = Array(written.utf8)
        guard (8...16).contains(bytes.count), bytes[0] == UInt8(ascii: "+"),
            bytes[1...].allSatisfy(\.isASCIIDigit), bytes[1] != UInt8(ascii: "0"),
            bytes[1] != UInt8(ascii: "1") || bytes.count == 12 && bytes[2] >= UInt8(ascii: "2")
        else { return false }
        return !withheld.contains(written)
    }

    /// A mark, an override or an isolate of the writing direction: comes with numbers that are copied from screens.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// The `(0)` of `+44 (0)20 …`: the position of that zero among the digits, if the number is written so.
    private static func trunkZero(in written: String, digits: [UInt8]) -> Int? {
        var count = 0
        var previous: Character = " "
        for character in written {
            if character == "0", previous == "(" { return count < digits.count ? count : nil }
            if character.isNumber { count += 1 }
            previous = character
        }
        return nil
    }

    /// Historic pseudo-numbers carriers use for withheld caller ids.
    private static let withheld: Set<String> = ["+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"]

    /// `1`, `44`, `971`: ITU-T E.164 assigns one to three digits.
    package var countryCode: String {
        let digits = text.dropFirst()
        if digits.hasPrefix("1") || digits.hasPrefix("7") { return String(digits.prefix(1)) }
        return String(digits.prefix(E164.twoDigitCountries.contains(String(digits.prefix(2))) ? 2 : 3))
    }

    private static let twoDigitCountries: Set<String> = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51",
        "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86",
        "90",
        "91", "92", "93", "94", "95", "98",
    ]

    /// `+1415•••2671`: what logs may show.
    package var masked: String {
        let kept = text.prefix(max(3, text.count - 7))
        return kept + "•••" + text.suffix(4)
    }

    package var description: String { text }
}

extension E164: Codable {
    package init(from decoder: any Decoder) throws {
        let written = try decoder.singleValueContainer().decode(String.self)
        guard let number = E164(written) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an E.164 number"))
        }
        self = number
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
