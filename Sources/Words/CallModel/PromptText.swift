/// What others wrote or said, on its way into the prompt of a language model, which is to read it and not to follow it.
///
/// On one line, so that it cannot pass for a part of the prompt of its own; between quotation marks that nothing inside
/// can close; without characters that a model reads and a person does not see.
package enum PromptText {
    /// `"Jane Doe, CTO at Acme"`: ``line(_:charactersMax:)`` between quotation marks, those inside written as apostrophes.
    package static func quoted(_ text: String, charactersMax: Int) -> String {
        var quoted = "\"".unicodeScalars
        for scalar in line(text, charactersMax: charactersMax).unicodeScalars {
            quoted.append(isQuotationMark(scalar) ? "'" : scalar)
        }
        quoted.append("\"")
        return String(quoted)
    }

    /// At most `charactersMax` Unicode scalars, the last an ellipsis where there were more; every run of white space, line
    /// breaks and control characters is one space.
    package static func line(_ text: String, charactersMax: Int) -> String {
        var line = String.UnicodeScalarView()
        var length = 0
        var isSpaced = false
        for scalar in text.unicodeScalars where !isInvisible(scalar) {
            if isSpace(scalar) {
                isSpaced = length > 0
                continue
            }
            guard length + (isSpaced ? 1 : 0) < charactersMax else {
                if !line.isEmpty { line.removeLast() }
                if charactersMax > 0 { line.append("…") }
                break
            }
            if isSpaced {
                line.append(" ")
                length += 1
            }
            isSpaced = false
            line.append(scalar)
            length += 1
        }
        return String(line)
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value <= 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: return true
        default: return false
        }
    }

    /// Zero-width spaces, overrides of the writing direction and tags; not the joiners, which belong to words.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x200B, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0000...0xE007F: true
        default: false
        }
    }

    private static func isQuotationMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x22, 0xAB, 0xBB, 0x201C...0x201F, 0x300C...0x300F, 0x301D...0x301F, 0xFF02: true
        default: false
        }
    }
}
