import Encoding
import Foundation

/// The one boundary at which card numbers, national ids and what the tenant names leave a text: applied to every
/// transcript turn before it is stored, logged, or sent to a model.
///
/// Knows payment cards (13 to 19 digits that pass Luhn, anywhere in a row of digits), check numbers that are named as such,
/// United States social security numbers and IBANs, in digits and in digits said as words ("four one double one …"), and
/// regular expressions of the tenant's. Telephone numbers stay. What only the conversation shows is the business of
/// ``ConversationRedaction``.
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
        let digits = Redaction.digits(in: text).map { SecretDigits.find(in: $0).map(\.range) } ?? []
        return Redaction.cut(text, ranges(in: text) + digits)
    }

    /// Nil for the many texts that are too short of digits to hold a secret: the shortest has three.
    static func digits(in text: String) -> SpokenDigits? {
        SpokenDigits.mayHold(SecretDigits.checkDigits.lowerBound, in: text) ? SpokenDigits(text) : nil
    }

    /// What is secret besides rows of digits: account numbers and what the tenant names.
    func ranges(in text: String) -> [Range<String.Index>] {
        var ranges: [Range<String.Index>] = []
        for pattern in patterns {
            for match in pattern.matches(in: text, range: NSRange(text.startIndex..., in: text))
            where match.range.length > 0 {
                if let range = Range(match.range, in: text) { ranges.append(range) }
            }
        }
        return ranges + Redaction.accounts(in: text)
    }

    /// `text` with a mark in place of each range; those that touch or overlap share one.
    ///
    /// - Parameter end: where the text is to stop; nil: at its end.
    static func cut(_ text: String, _ ranges: [Range<String.Index>], upTo end: String.Index? = nil) -> String {
        let end = end ?? text.endIndex
        guard !ranges.isEmpty else { return String(text[..<end]) }
        var redacted = ""
        var at = text.startIndex
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound })
        where range.upperBound > at && range.lowerBound < end {
            if range.lowerBound >= at { redacted += text[at..<range.lowerBound] + Redaction.mark }
            at = range.upperBound
        }
        return at < end ? redacted + text[at..<end] : redacted
    }

    /// IBANs: two letters, two check digits, 11 to 30 more, spaced or not; the check digits must be right.
    private static func accounts(in text: String) -> [Range<String.Index>] {
        // Most of what is said has no digit, and so no account: it shows two at least.
        guard let account, text.utf8.contains(where: { $0.isASCIIDigit || $0 >= 0x80 }) else { return [] }
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
