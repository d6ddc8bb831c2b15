import Encoding

/// What a character is, as `Character` has it by its first scalar. Texts here are almost all ASCII, where a comparison does
/// what a search in Unicode's tables takes many times as long for.
extension Unicode.Scalar {
    package var isLetter: Bool {
        isASCII ? (0x61...0x7A).contains(value | 0x20) : properties.isAlphabetic
    }

    package var isNumber: Bool {
        isASCII ? (0x30...0x39).contains(value) : properties.numericType != nil
    }

    package var isWhite: Bool {
        isASCII ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace
    }

    package var isUpper: Bool {
        isASCII ? (0x41...0x5A).contains(value) : properties.isUppercase
    }

    package var isLower: Bool {
        isASCII ? (0x61...0x7A).contains(value) : properties.isLowercase
    }
}

extension StringProtocol {
    /// Whether anything in it can be said.
    package var hasLetterOrNumber: Bool { unicodeScalars.contains { $0.isLetter || $0.isNumber } }
}

extension String {
    /// At most `charactersMax` characters of it; characters are counted only where there may be more.
    package func cut(charactersMax: Int) -> String {
        utf8.count > charactersMax ? String(prefix(charactersMax)) : self
    }
}

extension Character {
    var isASCIIDigit: Bool { asciiValue?.isASCIIDigit == true }
}
