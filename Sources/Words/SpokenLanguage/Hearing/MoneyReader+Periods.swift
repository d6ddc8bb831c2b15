/// What an amount is per: a month, a year, or a user.
extension MoneyReader {
    // MARK: Periods

    /// "a month", "monthly": the period and the place behind it.
    func period(at place: Int) -> (period: MoneyMention.Period, end: Int)? {
        guard let word = at(place) else { return nil }
        if let adverb = words.periodAdverbs[word] { return (adverb, place + 1) }
        if let period = words.periods[word], isSlashed(place) { return (period, place + 1) }
        guard words.periodLeads.contains(word), let period = at(place + 1).flatMap({ words.periods[$0] }) else {
            return nil
        }
        return (period, place + 2)
    }

    /// `$500/month`
    func isSlashed(_ place: Int) -> Bool {
        guard place > 0 else { return false }
        let gap = text.words[place - 1].range.upperBound..<text.words[place].range.lowerBound
        return text.source[gap].contains("/")
    }

    func readPeriod(_ mention: inout MoneyMention) {
        let end = mention.words.upperBound
        if let found = meantPeriod(at: end) ?? period(at: end)
            ?? (at(end + 1) != nil && isFiller(end) ? period(at: end + 1) : nil)
        {
            mention.period = found.period
            mention.words = mention.words.lowerBound..<found.end
        } else if let word = at(end), MoneyReader.rateLeads.contains(word), let next = at(end + 1),
            MoneyReader.rates.contains(next)
        {
            mention.isRate = true
        } else if ["each", "apiece", "biweekly", "fortnightly", "daily", "hourly", "cents"].contains(at(end) ?? "") {
            mention.isRate = true
        } else if let before = periodBefore(mention.words.lowerBound) {
            mention.period = before
        }
    }

    /// "A month, I mean a year."
    func meantPeriod(at place: Int) -> (period: MoneyMention.Period, end: Int)? {
        guard let said = period(at: place) else { return nil }
        for length in 1...3 where said.end + length < plain.count {
            guard words.corrections.first(in: CodedWords(plain[said.end..<(said.end + length)])) == 0..<length else {
                continue
            }
            if let meant = period(at: said.end + length) { return meant }
        }
        return nil
    }

    func isFiller(_ place: Int) -> Bool {
        ["maybe", "or", "like", "total", "max", "maximum", "tops", "maximal", "more"].contains(at(place) ?? "")
    }

    /// "our monthly budget is", "per month we could do": a few words before the amount.
    func periodBefore(_ start: Int) -> MoneyMention.Period? {
        for place in stride(from: start - 1, through: max(0, start - 7), by: -1) {
            guard let word = at(place), !MoneyReader.clauseJoints.contains(word),
                text.words[place].sentence == text.words[start].sentence,
                SpokenNumber.parse(text, at: place) == nil || word == "a"
            else { return nil }
            if let adverb = words.periodAdverbs[word], word != "pm" { return adverb }
            if place + 1 < start, let found = period(at: place), found.end <= start, word != "the" {
                return found.period
            }
            if word == "annual" { return .year }
        }
        return nil
    }

    private static let clauseJoints: WordSet = ["but", "and", "so", "pero", "y", "aber", "und"]
    private static let rateLeads: WordSet = ["a", "an", "per", "for", "pro", "por"]
    private static let rates: WordSet = [
        "user", "seat", "head", "person", "hour", "day", "call", "minute", "licence", "license", "employee", "agent",
        "unit", "piece", "item", "line", "lead", "customer", "store", "location", "night", "nutzer", "stunde", "tag",
        "usuario", "hora", "dia", "mitarbeiter", "anruf", "persona",
    ]
}
