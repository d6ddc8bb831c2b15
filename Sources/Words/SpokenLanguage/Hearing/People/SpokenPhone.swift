/// Telephone numbers as people give them: `my number is 212 555 0177`, `call me at two one two double five …`.
package enum SpokenPhone {
    package struct Mention: Equatable, Sendable {
        /// The digits, behind a `+` where one was said or written.
        package var number: String
        package var quote: String
        /// The number was said to be the speaker's, or one to call.
        package var isNamed: Bool
    }

    /// A subscriber's number without an area code has seven digits, no number more than fifteen.
    package static let digits = 7...15
    /// How far behind its name a number may begin, in words.
    private static let wordsBefore = 10

    /// Numbers in the order in which they are said; of two in a row both.
    package static func find(in text: String) -> [Mention] {
        guard SpokenDigits.mayHold(digits.lowerBound, in: text) else { return [] }
        let spoken = SpokenDigits(text)
        return spoken.rows.flatMap { row in
            let whole = row.digits.count
            let candidates = isPlausible(whole) ? [row.pieces] : row.stretches
            return candidates.compactMap { mention($0, spoken, text) }
        }
    }

    private static func isPlausible(_ count: Int) -> Bool { (digits.lowerBound...13).contains(count) }

    private static func mention(
        _ pieces: [SpokenDigits.Piece], _ spoken: SpokenDigits, _ text: String
    ) -> Mention? {
        let said = pieces.flatMap(\.digits)
        guard digits.contains(said.count), let first = pieces.first, let last = pieces.last else { return nil }
        let before = Array(spoken.words[..<first.word].suffix(wordsBefore))
        guard !others.matches(before) else { return nil }
        let isInternational = before.last == "plus" || text[..<first.range.lowerBound].hasSuffix("+")
        return Mention(
            number: (isInternational ? "+" : "") + said.map { String($0) }.joined(),
            quote: String(text[first.range.lowerBound..<last.range.upperBound]), isNamed: isNamed(before))
    }

    /// Whether the words lead up to a number to be called.
    package static func isNamed(_ words: [String]) -> Bool { names.matches(words) }

    private static let names = Phrase.list(
        "number", "my|direct|home|office|work|business ?phone|cell|mobile|line|telephone",
        "call|ring|phone|reach|text|try|contact|get|dial ?me|us ?back at|on|under",
        "phone|cell|cellphone|mobile|telephone",
        "call ?me ?back")
    /// Numbers that nobody is to call.
    private static let others = Phrase.list(
        "order|account|reference|case|ticket|invoice|tax|serial|customer|tracking|policy|member|license|card|routing|part "
            + "?number|id|is", "extension")
}
