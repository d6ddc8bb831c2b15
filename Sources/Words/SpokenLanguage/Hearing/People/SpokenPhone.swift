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
        return spoken.rows.flatMap { row -> [Mention] in
            let stretches = corrected(row.stretches, spoken)
            let whole = stretches.reduce(0) { $0 + $1.flatMap(\.digits).count }
            let candidates = (digits.lowerBound...wholeMax).contains(whole) ? [stretches.flatMap(\.self)] : stretches
            return candidates.compactMap { mention($0, spoken, text) }
        }
    }

    /// Of digits with words between them no more than this are one number.
    private static let wholeMax = 13

    /// What is said after "no" or "sorry" stands for what was said before it: all of it, or its last digits.
    private static func corrected(_ stretches: [[SpokenDigits.Piece]], _ spoken: SpokenDigits) -> [[SpokenDigits.Piece]]
    {
        var kept: [[SpokenDigits.Piece]] = []
        for stretch in stretches {
            guard let last = kept.last?.last, let first = stretch.first,
                spoken.words[last.word..<first.word].contains(where: corrections.contains)
            else {
                kept.append(stretch)
                continue
            }
            let said = stretch.flatMap(\.digits).count
            let before = kept.removeLast()
            if said >= digits.lowerBound || before.flatMap(\.digits).count < digits.lowerBound {
                kept.append(stretch)
            } else {
                kept.append(replaced(before, by: stretch, said))
            }
        }
        return kept
    }

    /// The pieces with their last digits replaced; all as they were where the pieces do not come out even.
    private static func replaced(
        _ pieces: [SpokenDigits.Piece], by tail: [SpokenDigits.Piece], _ count: Int
    ) -> [SpokenDigits.Piece] {
        var kept = pieces
        var dropped = 0
        while dropped < count, let last = kept.popLast() { dropped += last.digits.count }
        guard dropped >= count else { return pieces }
        if dropped > count, var last = pieces.dropFirst(kept.count).first {
            last.digits = Array(last.digits.prefix(dropped - count))
            kept.append(last)
        }
        return kept + tail
    }

    private static let corrections: WordSet = ["no", "sorry", "wait", "correction", "actually", "mean", "oops", "nope"]

    private static func mention(
        _ pieces: [SpokenDigits.Piece], _ spoken: SpokenDigits, _ text: String
    ) -> Mention? {
        let said = digitsFitting(pieces, spoken)
        guard digits.contains(said.count), let first = pieces.first, let last = pieces.last else { return nil }
        let before = CodedWords(spoken.words[..<first.word].suffix(wordsBefore))
        guard !isOtherKind(before), !isOthers(before), before.last != "not" else { return nil }
        let isInternational = before.last == "plus" || text[..<first.range.lowerBound].hasSuffix("+")
        return Mention(
            number: (isInternational ? "+" : "") + said.map { String($0) }.joined(),
            quote: String(text[first.range.lowerBound..<last.range.upperBound]), isNamed: isNamed(before))
    }

    /// Whether what stands nearest before it calls it an order, an account, a number that was.
    private static func isOtherKind(_ before: CodedWords) -> Bool {
        guard let other = others.lastStart(in: before) else { return false }
        return (names.lastStart(in: before) ?? -1) <= other + 1
    }

    /// "my lawyer's number is": somebody else's.
    private static func isOthers(_ before: CodedWords) -> Bool {
        if let owner = before.suffix(3).last(where: { $0.hasSuffix("'s") }), before.last == "is",
            !owners.contains(owner)
        {
            return true
        }
        guard let named = before.lastIndex(where: ["number", "phone", "cell", "mobile", "line", "extension"].contains),
            named > 0
        else {
            return false
        }
        let owner = before[named - 1]
        return ["his", "her", "their", "your"].contains(owner)
            || owner.hasSuffix("'s") && !owners.contains(owner)
    }

    /// Contractions that own nothing.
    private static let owners: WordSet = [
        "that's", "it's", "here's", "number's", "what's", "let's", "there's", "cell's", "phone's",
    ]

    /// The digits, those that can be told in two ways as the length of the country's numbers asks: "twenty seven" is 27, and
    /// 20 7 in London.
    private static func digitsFitting(_ pieces: [SpokenDigits.Piece], _ spoken: SpokenDigits) -> [UInt8] {
        let said = pieces.flatMap(\.digits)
        guard let first = pieces.first, first.word > 0, spoken.words[first.word - 1] == "plus",
            let country = lengths.first(where: { said.starts(with: $0.code) }), said.count < country.length
        else { return said }
        let length = country.length
        for (index, piece) in pieces.enumerated() {
            guard pieces[..<index].reduce(0, { $0 + $1.digits.count }) >= country.code.count, let other = piece.other,
                said.count - piece.digits.count + other.count == length
            else { continue }
            return pieces[..<index].flatMap(\.digits) + other + pieces[(index + 1)...].flatMap(\.digits)
        }
        return said
    }

    /// Countries whose numbers all have one length, the code included.
    private static let lengths: [(code: [UInt8], length: Int)] = [
        ([1], 11), ([4, 4], 12), ([3, 3], 11), ([3, 4], 11), ([6, 1], 11), ([9, 1], 12), ([4, 1], 11), ([4, 5], 10),
        ([4, 8], 11), ([3, 2], 11),
    ]

    /// Whether the words lead up to a number to be called.
    package static func isNamed(_ words: CodedWords) -> Bool { names.matches(words) }

    private static let names = Phrase.list(
        "number", "my|direct|home|office|work|business ?phone|cell|mobile|line|telephone",
        "call|ring|phone|reach|text|try|contact|get|dial ?me|us ?back at|on|under",
        "phone|cell|cellphone|mobile|telephone",
        "call ?me ?back")
    /// Numbers that nobody is to call.
    private static let others = Phrase.list(
        "order|account|reference|case|ticket|invoice|tax|serial|customer|tracking|policy|member|license|card|routing|part|claim|booking "
            + "?number|id|is",
        "confirmation|passport|security|registration|vat|zip|postal|flight|room|badge|purchase|model|version|pin|fax ?number|code|is",
        "extension", "old|former|previous number|phone|cell", "number was", "used to be|have",
        "not|never|stop|without ?ever call|calling|ring|ringing|text|texting|use|using|dial|try ?me|us ?at|on|under",
        "called|rang|phoned|texted ?me|us from|by", "calls|messages|texts|voicemail ?that come|came from",
        "\(kin) is|has|answers ?at|on|under", "he|she is at|on|under|has|answers")
    private static let kin =
        "boss|manager|director|wife|husband|partner|colleague|assistant|secretary|lawyer|son|daughter|brother|sister|mother|father|accountant|doctor|neighbor|neighbour|friend"
}
