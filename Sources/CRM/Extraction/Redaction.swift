import Foundation
import SpokenLanguage

/// The one boundary at which card numbers, national ids and what the tenant names leave a text: applied to every
/// transcript turn before it is stored, logged, or sent to a model.
///
/// Knows payment cards (13 to 19 digits that pass Luhn), United States social security numbers and IBANs, in digits and
/// in digits said as words ("four one one one …"), and regular expressions of the tenant's. Telephone numbers stay.
package struct Redaction: Sendable {
    package enum PatternError: Error, Equatable, CustomStringConvertible {
        case unreadable(index: Int)
        case tooLong(index: Int, bytes: Int)

        package var description: String {
            switch self {
            case .unreadable(let index):
                "Redaction pattern \(index + 1) of the tenant is not a regular expression; correct it in the settings."
            case .tooLong(let index, let bytes):
                "Redaction pattern \(index + 1) of the tenant has \(bytes) bytes, at most \(patternBytesMax) are taken."
            }
        }
    }

    package static let patternBytesMax = 256
    package static let mark = "[redacted]"

    private let patterns: [NSRegularExpression]

    /// Cards, national ids and IBANs only.
    package init() { patterns = [] }

    /// - Parameter tenantPatterns: regular expressions (ICU), matched whatever the case.
    package init(tenantPatterns: [String]) throws(PatternError) {
        var patterns: [NSRegularExpression] = []
        for (index, pattern) in tenantPatterns.enumerated() {
            guard pattern.utf8.count <= Redaction.patternBytesMax else {
                throw .tooLong(index: index, bytes: pattern.utf8.count)
            }
            guard !pattern.isEmpty,
                let expression = try? NSRegularExpression(pattern: pattern, options: .caseInsensitive)
            else { throw .unreadable(index: index) }
            patterns.append(expression)
        }
        self.patterns = patterns
    }

    package func redact(_ text: String) -> String {
        // The shortest secret, a social security number, has nine digits; an account number shows at least two.
        let digitsMax = SpokenNumber.digitsMax(in: text)
        var ranges = digitsMax < 9 ? [] : Redaction.runs(in: text)
        for pattern in patterns {
            for match in pattern.matches(in: text, range: NSRange(text.startIndex..., in: text))
            where match.range.length > 0 {
                if let range = Range(match.range, in: text) { ranges.append(range) }
            }
        }
        if digitsMax > 1 { ranges.append(contentsOf: Redaction.accounts(in: text)) }
        guard !ranges.isEmpty else { return text }
        var redacted = ""
        var at = text.startIndex
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound > at {
            if range.lowerBound >= at { redacted += text[at..<range.lowerBound] + Redaction.mark }
            at = range.upperBound
        }
        return redacted + text[at...]
    }

    /// Runs of digits, written or said, that are a card number or a social security number.
    private static func runs(in text: String) -> [Range<String.Index>] {
        var found: [Range<String.Index>] = []
        var digits: [(value: Int, range: Range<String.Index>)] = []
        var groups: [Int] = []
        var sawNationalID = false
        func close() {
            if let range = secret(digits, groups: groups, isNamed: sawNationalID) { found.append(range) }
            digits = []
            groups = []
        }
        for token in tokens(of: text) {
            let written = text[token]
            let word = written.lowercased()
            if let number = Int(word.filter(\.isNumber)), number >= 0, word.allSatisfy({ $0.isASCII && $0.isNumber }) {
                groups.append(word.count)
                for index in written.indices {
                    digits.append((written[index].wholeNumberValue ?? 0, index..<text.index(after: index)))
                }
            } else if let said = saidDigits(word) {
                groups.append(said.count)
                digits += said.map { ($0, token) }
            } else if ["double", "triple", "and", "uh", "um", "dash", "space", "then"].contains(word), !digits.isEmpty {
                continue
            } else {
                close()
                if word == "social" || word == "ssn" { sawNationalID = true }
            }
        }
        close()
        return found
    }

    /// Words and groups of digits; separators between groups are skipped.
    private static func tokens(of text: String) -> [Range<String.Index>] {
        var tokens: [Range<String.Index>] = []
        var index = text.startIndex
        while index < text.endIndex {
            let isDigit = isDigit(text[index])
            guard isDigit || text[index].isLetter else {
                index = text.index(after: index)
                continue
            }
            let end =
                text[index...].firstIndex { isDigit ? !self.isDigit($0) : !($0.isLetter || $0 == "'") } ?? text.endIndex
            tokens.append(index..<end)
            index = end
        }
        return tokens
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    /// `four` → 4, `oh` → 0, `twelve` → 12, `forty` → 4 (a unit may follow) or 40: as a card is read aloud.
    private static func saidDigits(_ word: String) -> [Int]? {
        if word == "oh" || word == "o" { return [0] }
        if word == "hundred" { return [0, 0] }
        if let unit = SpokenNumber.units[word] { return String(Int(unit)).compactMap(\.wholeNumberValue) }
        return SpokenNumber.tens[word].map { String(Int($0)).compactMap(\.wholeNumberValue) }
    }

    private static func secret(
        _ digits: [(value: Int, range: Range<String.Index>)], groups: [Int], isNamed: Bool
    ) -> Range<String.Index>? {
        guard let first = digits.first, let last = digits.last else { return nil }
        let values = digits.map(\.value)
        let whole = first.range.lowerBound..<last.range.upperBound
        // Any stretch of whole groups counts, as numbers run on in recognised speech.
        var bounds = [0]
        for size in groups.prefix(64) { bounds.append(bounds[bounds.count - 1] + size) }
        for start in bounds {
            for end in bounds where (13...19).contains(end - start) && isCard(values[start..<end]) { return whole }
        }
        let isGrouped = groups == [3, 2, 4]
        let isSpelled = groups.allSatisfy { $0 <= 2 } && isNamed
        if values.count == 9, isGrouped || isSpelled || isNamed, values[0] != 9, Array(values[..<3]) != [0, 0, 0] {
            return whole
        }
        return nil
    }

    /// Luhn, and a first digit that networks issue.
    private static func isCard(_ digits: ArraySlice<Int>) -> Bool {
        guard let first = digits.first, (2...6).contains(first), Set(digits).count > 1 else { return false }
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let doubled = place % 2 == 1 ? digit * 2 : digit
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }

    /// IBANs: two letters, two check digits, 11 to 30 more, spaced or not; the check digits must be right.
    private static func accounts(in text: String) -> [Range<String.Index>] {
        // Most of what is said has no digit, and so no account.
        guard let account, text.utf8.contains(where: { (0x30...0x39).contains($0) || $0 >= 0x80 }) else { return [] }
        return account.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap { match in
            guard let range = Range(match.range, in: text) else { return nil }
            // What follows the account number may look like part of it: the longest prefix that checks is it.
            var end = range.upperBound
            while end > range.lowerBound {
                let last = text[text.index(before: end)]
                if last != " ", last != "-", isIBAN(text[range.lowerBound..<end]) { return range.lowerBound..<end }
                end = text.index(before: end)
            }
            return nil
        }
    }

    private static let account = try? NSRegularExpression(
        pattern: #"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}"#, options: .caseInsensitive)

    private static func isIBAN(_ text: Substring) -> Bool {
        let characters = text.uppercased().filter { $0 != " " && $0 != "-" }
        guard (15...34).contains(characters.count) else { return false }
        var remainder = 0
        for character in characters.dropFirst(4) + characters.prefix(4) {
            guard let value = character.wholeNumberValue ?? character.asciiValue.map({ Int($0) - 55 }) else {
                return false
            }
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
        }
        return remainder == 1
    }
}
