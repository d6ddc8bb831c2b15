/// An amount of money somebody named.
package struct MoneyMention: Equatable, Sendable {
    package enum Period: String, Sendable { case week, month, quarter, year }

    /// The amount as spoken; of a range the lower end, of which the speaker is sure.
    package var amount: Double
    /// ISO 4217, or nil when only a number was said.
    package var currency: String?
    /// "about", "roughly", a range, a bound: not to the dollar.
    package var approximate: Bool
    /// The ends of "ten to fifteen thousand"; one of them for "up to", "at least".
    package var lower: Double?
    package var upper: Double?
    /// "two hundred a month".
    package var period: Period?
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

    package static func find(in text: SpokenText, asked: Bool = false) -> [MoneyMention] {
        var mentions: [MoneyMention] = figures(in: text)
        let numbers = SpokenNumber.find(in: text)
        var index = 0
        while index < numbers.count {
            let first = numbers[index]
            var second: SpokenNumber?
            if index + 1 < numbers.count, isRange(text, first, numbers[index + 1]) { second = numbers[index + 1] }
            if let mention = mention(text, first, second, asked: asked) { mentions.append(mention) }
            index += second == nil ? 1 : 2
        }
        return mentions.sorted { $0.words.lowerBound < $1.words.lowerBound }
    }

    /// The words that say there is no money, not merely no figure yet: "we don't have any budget".
    package static func noBudget(in text: String) -> String? { noBudget(in: SpokenText(text)) }

    package static func noBudget(in spoken: SpokenText) -> String? {
        guard let found = noBudgetPhrases.first(in: spoken.texts) else { return nil }
        let after = spoken.texts[found.upperBound...].prefix(4)
        let undecided = [
            "yet", "set", "fixed", "limit", "limits", "constraints", "mind", "problem", "defined", "decided",
        ]
        return after.contains(where: undecided.contains) ? nil : spoken.quote(found)
    }

    private static let noBudgetPhrases = Phrase.list(
        "no ?real budget|money|funds|funding", "do|does|did not have ?any ?the|a|much ?real budget|money|funds|funding",
        "have not got ?any ?the|a budget|money|funds", "have|got zero|no ?real budget|money|funds",
        "can|could not afford ?it|that|this|anything|any", "budget is zero|nothing|gone|frozen|nil",
        "budget was cut|frozen",
        "not have ?any|a ?kind|sort ?of budget|money", "zero budget", "without ?any|a budget", "budget freeze")

    private static let currencies: WordTable<String> = [
        "dollar": "USD", "dollars": "USD", "bucks": "USD", "usd": "USD", "euro": "EUR", "euros": "EUR", "eur": "EUR",
        "pound": "GBP", "pounds": "GBP", "gbp": "GBP", "quid": "GBP", "francs": "CHF",
    ]
    /// What a thousand of is not an amount of money.
    private static let things: WordSet = [
        "people", "employees", "users", "customers", "clients", "calls", "call", "seats", "agents", "staff", "minutes",
        "hours", "hour", "days", "day", "weeks", "week", "months", "month", "years", "year", "percent", "miles",
        "orders",
        "leads", "units", "times", "locations", "stores", "square", "feet", "emails", "messages", "o'clock", "am", "pm",
        "of", "persons", "members", "accounts", "licenses", "phones", "trucks", "vehicles", "visitors", "words",
        "street",
        "per", "a", "an", "reasons", "things", "questions", "tickets", "requests", "workers", "companies", "drivers",
    ]
    private static let loose: WordSet = [
        "about", "around", "roughly", "approximately", "maybe", "perhaps", "like", "say", "probably", "nearly",
        "almost",
        "somewhere", "ish", "circa",
    ]

    private static func isRange(_ text: SpokenText, _ first: SpokenNumber, _ second: SpokenNumber) -> Bool {
        let between = Array(text.texts[first.words.upperBound..<second.words.lowerBound])
        let joined =
            switch between {
            case ["to"], ["-"], ["or"], ["up", "to"], ["or", "maybe"], ["maybe"], ["to", "maybe"], ["dollars", "to"]:
                true
            case []: first.scale == 1 && second.scale >= 1_000 && second.value / second.scale > first.value
            case ["and"], ["dollars", "and"]:
                text.texts[..<first.words.lowerBound].suffix(3).contains("between")
            default: false
            }
        return joined && lent(first, by: second) < second.value
    }

    /// "ten to fifteen thousand": the ten is meant in thousands.
    private static func lent(_ first: SpokenNumber, by second: SpokenNumber) -> Double {
        guard second.scale >= 1_000, first.scale == 1 || (first.scale == 100 && second.scale >= 1_000) else {
            return first.value
        }
        return first.value < second.value / second.scale ? first.value * second.scale : first.value
    }

    private static func mention(
        _ text: SpokenText, _ first: SpokenNumber, _ second: SpokenNumber?, asked: Bool
    ) -> MoneyMention? {
        let last = second ?? first
        var end = last.words.upperBound
        if text[end] == "or", text[end + 1] == "so" { end += 2 }
        if text[end] == "us" || text[end] == "u.s", text[end + 1].flatMap({ currencies[$0] }) == "USD" { end += 1 }
        var currency = first.currency ?? last.currency
        if let named = text[end].flatMap({ currencies[$0] }) {
            currency = currency ?? named
            end += 1
        }
        let next = text[end]
        let isThing = next.map { things.contains($0) && !isPeriod(text, end) } ?? false
        let saysGrand = ["grand", "k"].contains(text[last.words.upperBound - 1] ?? "")
        let scaled = last.scale >= 1_000
        guard currency != nil || saysGrand || (scaled && !isThing) || (asked && !isThing && last.value >= 100) else {
            return nil
        }
        guard next?.hasSuffix("%") != true, !(currency == nil && last.value == 0) else { return nil }
        var mention = MoneyMention(
            amount: second == nil ? first.value : lent(first, by: last), currency: currency,
            approximate: first.isLoose || second != nil, lower: nil, upper: nil, period: nil, negated: false, quote: "",
            words: first.words.lowerBound..<end)
        if second != nil {
            mention.lower = mention.amount
            mention.upper = last.value
        }
        readPeriod(text, &mention)
        readQualifiers(text, &mention)
        mention.quote = text.quote(mention.words)
        return mention
    }

    private static func isPeriod(_ text: SpokenText, _ at: Int) -> Bool {
        ["a", "per", "an", "each", "every", "of"].contains(text[at] ?? "") && period(text[at + 1] ?? "") != nil
    }

    private static func period(_ word: String) -> MoneyMention.Period? {
        switch word {
        case "week", "weekly": .week
        case "month", "monthly", "mo": .month
        case "quarter", "quarterly": .quarter
        case "year", "yearly", "annually", "annum": .year
        default: nil
        }
    }

    private static func readPeriod(_ text: SpokenText, _ mention: inout MoneyMention) {
        let end = mention.words.upperBound
        for place in [end, end + 1] {
            guard let word = text[place], let period = period(word) else { continue }
            let isAdverb = word.hasSuffix("ly") || word == "mo"
            guard place == end ? isAdverb : ["a", "per", "each", "every", "an", "this"].contains(text[end] ?? "") else {
                continue
            }
            mention.period = period
            mention.words = mention.words.lowerBound..<(place + 1)
            return
        }
    }

    /// "about", "up to", "at least", "not": what stands before the amount.
    private static func readQualifiers(_ text: SpokenText, _ mention: inout MoneyMention) {
        var start = mention.words.lowerBound
        let before = Array(text.texts[..<start].suffix(3))
        switch before.suffix(2) {
        case ["up", "to"], ["less", "than"], ["at", "most"], ["more", "than"], ["at", "least"]:
            mention.approximate = true
            let isLower = ["at", "more"].contains(before.suffix(2).first ?? "") && before.last != "most"
            let isDenied = before.first == "no" || before.first == "not"
            if isLower != (isDenied && before.suffix(2).first == "more") {
                mention.lower = mention.lower ?? mention.amount
            } else {
                mention.upper = mention.upper ?? mention.amount
            }
            start -= isDenied && before.count == 3 ? 3 : 2
        default:
            if let word = before.last, loose.contains(word) {
                mention.approximate = true
                start -= 1
            } else if ["under", "below", "max", "maximum"].contains(before.last ?? "") {
                mention.approximate = true
                mention.upper = mention.upper ?? mention.amount
                start -= 1
            } else if ["over", "above", "minimum"].contains(before.last ?? "") {
                mention.approximate = true
                mention.lower = mention.lower ?? mention.amount
                start -= 1
            }
        }
        mention.words = start..<mention.words.upperBound
        if text[mention.words.upperBound] == "ish" { mention.approximate = true }
        let place = text.texts[..<start].suffix(3)
        let denials: WordSet = ["not", "never"]
        let affordable = place.contains("afford") || place.contains("have") || place.contains("spend")
        mention.negated =
            denials.contains(place.last ?? "") || (affordable && text.texts[..<start].suffix(5).contains("not"))
            || (place.count == 3 && denials.contains(place[place.startIndex]) && affordable)
            || (place.suffix(2).first.map(denials.contains) ?? false
                && ["quite", "the", "exactly"].contains(place.last ?? ""))
    }

    /// "six figures".
    private static func figures(in text: SpokenText) -> [MoneyMention] {
        let sizes: WordTable<Double> = ["four": 1e3, "five": 1e4, "six": 1e5, "seven": 1e6]
        return text.words.indices.compactMap { index in
            guard text[index + 1] == "figures" || text[index + 1] == "figure", let least = sizes[text.texts[index]]
            else {
                return nil
            }
            return MoneyMention(
                amount: least, currency: nil, approximate: true, lower: least, upper: nil, period: nil, negated: false,
                quote: text.quote(index..<(index + 2)), words: index..<(index + 2))
        }
    }
}
