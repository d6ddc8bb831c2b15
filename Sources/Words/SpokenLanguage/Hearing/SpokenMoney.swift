/// An amount of money somebody named.
package struct MoneyMention: Equatable, Sendable {
    package enum Period: String, Sendable { case week, month, quarter, year }

    /// The amount as spoken; of a range the lower end, of which the speaker is sure.
    package var amount: Double
    /// ISO 4217, or nil when only a number was said.
    package var currency: String?
    /// A country came with the name of the currency: "Canadian dollars", and not only "dollars".
    package var isNational = false
    /// "about", "roughly", a range, a bound: not to the dollar.
    package var approximate: Bool
    /// The ends of "ten to fifteen thousand"; one of them for "up to", "at least".
    package var lower: Double?
    package var upper: Double?
    /// "Six figures": how large it is, and no amount.
    package var isMagnitude = false
    /// "two hundred a month".
    package var period: Period?
    /// "forty dollars per user", "an hour": times something that is not said.
    package var isRate = false
    /// "not fifty thousand", "can't afford ten".
    package var negated: Bool
    /// The words as said, qualifier and currency included, and their place in ``SpokenText/words``.
    package var quote: String
    package var words: Range<Int>

    package var isRange: Bool { lower != nil && upper != nil }

    /// The amount over a year, when a period was named; the amount itself otherwise.
    package var yearly: Double {
        switch period {
        case .week: amount * 52
        case .month: amount * 12
        case .quarter: amount * 4
        case .year, nil: amount
        }
    }
}

/// Finds amounts of money in speech and text.
package enum SpokenMoney {
    /// - Parameter asked: the words answer a question for an amount, so that a bare number of a hundred or more is one.
    package static func find(in text: String, asked: Bool = false) -> [MoneyMention] {
        find(in: SpokenText(text), asked: asked)
    }

    /// - Returns: amounts in their order, no two of which share a word.
    package static func find(in text: SpokenText, asked: Bool = false) -> [MoneyMention] {
        let numbers = SpokenNumber.find(in: text)
        guard !numbers.isEmpty || text.texts.contains(where: { $0.hasPrefix("figure") }) else { return [] }
        var reader = MoneyReader(text, asked: asked)
        return apart(figures(in: text) + reader.mentions(of: numbers))
    }

    /// In their order; of words that two could have, the first one has them: "ten $ five".
    private static func apart(_ mentions: [MoneyMention]) -> [MoneyMention] {
        mentions.sorted { $0.words.lowerBound < $1.words.lowerBound }.reduce(into: []) { apart, mention in
            var mention = mention
            let begin = max(mention.words.lowerBound, apart.last?.words.upperBound ?? 0)
            guard begin < mention.words.upperBound else { return }
            mention.words = begin..<mention.words.upperBound
            apart.append(mention)
        }
    }

    /// The words that say there is no money, not merely no figure yet: "we don't have any budget".
    package static func noBudget(in text: String) -> String? { noBudget(in: SpokenText(text)) }

    package static func noBudget(in spoken: SpokenText) -> String? {
        let words = MoneyWords.of(spoken.tongue)
        guard let found = words.noBudget.first(in: spoken.plainTexts) else { return nil }
        let after = spoken.plainTexts[found.upperBound...].prefix(4)
        return after.contains(where: words.undecided.contains) ? nil : spoken.quote(found)
    }

    /// "six figures", but not a "high" or "low" six, which is no amount.
    private static func figures(in text: SpokenText) -> [MoneyMention] {
        let sizes: WordTable<Double> = ["four": 1e3, "five": 1e4, "six": 1e5, "seven": 1e6]
        return text.words.indices.compactMap { index in
            guard text[index + 1] == "figures" || text[index + 1] == "figure", let least = sizes[text.texts[index]],
                !["low", "mid", "middle", "high"].contains(text[index - 1] ?? "")
            else { return nil }
            return MoneyMention(
                amount: least, currency: nil, approximate: true, lower: least, upper: nil, isMagnitude: true,
                period: nil,
                negated: false, quote: text.quote(index..<(index + 2)), words: index..<(index + 2))
        }
    }
}
