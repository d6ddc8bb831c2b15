/// The grammar of amounts: a number with its currency, two of them as a range, as a correction or as a denial, and what
/// qualifies them: bounds, a period.
struct MoneyReader {
    /// A number with the names of the currency around it.
    struct Side {
        var number: SpokenNumber
        var words: Range<Int>
        var currency: String?
        var isNational = false

        var scale: Double { number.scale }
    }

    enum Relation { case range, corrected, denied }

    let text: SpokenText
    let plain: CodedWords
    let asked: Bool
    let words: MoneyWords

    init(_ text: SpokenText, asked: Bool) {
        self.text = text
        plain = text.plainTexts
        self.asked = asked
        words = MoneyWords.of(text.tongue)
    }

    mutating func mentions(of numbers: [SpokenNumber]) -> [MoneyMention] {
        let sides = impliedHundreds(numbers).map(side)
        var found: [MoneyMention] = []
        var index = 0
        while index < sides.count {
            var first = sides[index]
            index += 1
            // What was corrected is forgotten: the last of "fifteen, no, fifty thousand".
            while index < sides.count, let next = related(first, sides[index]), next.relation == .corrected {
                first = next.second
                index += 1
            }
            guard index < sides.count, let next = related(first, sides[index]) else {
                if let mention = mention(first, nil) { found.append(mention) }
                continue
            }
            index += 1
            if next.relation == .range {
                if let mention = mention(next.first, next.second) { found.append(mention) }
            } else {
                if let mention = mention(next.first, nil) { found.append(mention) }
                if var denied = mention(next.second, nil) {
                    denied.negated = true
                    found.append(denied)
                }
            }
        }
        nameCurrency(&found, sides)
        // Beside thousands a bare number is none of them: "a third of a million, so three hundred and thirty".
        guard found.contains(where: { $0.amount >= 10_000 }) else { return found }
        return found.filter { $0.amount >= 1_000 || $0.currency != nil || $0.period != nil }
    }

    // MARK: One number

    func side(_ number: SpokenNumber) -> Side {
        var side = Side(number: number, words: number.words, currency: number.currency)
        // Only rupees are counted in lakhs.
        if side.currency == nil, plain[number.words].contains(where: MoneyReader.indian.contains) {
            side.currency = "INR"
        }
        if side.currency == nil, let before = at(side.words.lowerBound - 1), MoneyReader.codes.contains(before),
            let currency = words.currencies[before]
        {
            side.currency = currency
            side.words = (side.words.lowerBound - 1)..<side.words.upperBound
        }
        let first = side.words.lowerBound
        if side.currency == "USD", let letters = at(first - 1), let national = MoneyWords.dollars[letters],
            text.words[first - 1].range.upperBound == text.words[first].range.lowerBound
        {
            (side.currency, side.isNational) = (national, true)
            side.words = (first - 1)..<side.words.upperBound
        }
        var end = side.words.upperBound
        if at(end) == "or", at(end + 1) == "so" { end += 2 }
        if at(end) == "in" || at(end) == "de",
            at(end + 1).flatMap({ words.currencies[$0] }) != nil
                || at(end + 1).flatMap({ words.countries[$0] }) != nil
        {
            end += 1
        }
        guard let named = currency(at: end) else { return side }
        if side.currency == nil || named.isNational || side.currency == "INR" {
            (side.currency, side.isNational) = (named.code, named.isNational)
        }
        side.words = side.words.lowerBound..<named.end
        // "Eight thousand euros, sorry, pounds."
        for length in 1...3 where named.end + length < plain.count {
            let between = CodedWords(plain[named.end..<(named.end + length)])
            guard let found = words.corrections.first(in: between), found == 0..<length,
                let meant = currency(at: named.end + length)
            else { continue }
            (side.currency, side.isNational) = (meant.code, meant.isNational)
            side.words = side.words.lowerBound..<meant.end
            break
        }
        return side
    }

    /// `dollars`, `Canadian dollars`, `dólares canadienses`, `Canadian`.
    func currency(at place: Int) -> (code: String, isNational: Bool, end: Int)? {
        guard let word = at(place) else { return nil }
        if let next = at(place + 1), let country = MoneyWords.longCountries["\(word) \(next)"],
            let code = MoneyWords.national["\(country) USD"], at(place + 2).flatMap({ words.currencies[$0] }) == "USD"
        {
            return (code, true, place + 3)
        }
        if let country = words.countries[word] {
            let next = at(place + 1).flatMap { words.currencies[$0] }
            guard let code = MoneyWords.national["\(country) \(next == "CHF" ? "FRF" : next ?? "USD")"] else {
                return nil
            }
            return (code, true, next == nil ? place + 1 : place + 2)
        }
        guard let code = words.currencies[word] else { return nil }
        if let country = at(place + 1).flatMap({ words.countries[$0] }),
            let national = MoneyWords.national["\(country) \(code == "CHF" ? "FRF" : code)"]
        {
            return (national, true, place + 2)
        }
        return (code, false, at(place + 1) == "sterling" ? place + 2 : place + 1)
    }

    private static let indian: WordSet = ["lakh", "lakhs", "lac", "lacs", "crore", "crores", "cr"]
    /// Names that stand before the number.
    private static let codes: WordSet = [
        "usd", "eur", "gbp", "chf", "inr", "rs", "aed", "jpy", "mxn", "cad", "aud", "nzd", "sgd", "cny", "sar", "zar",
        "brl",
        "pln", "sek", "nok", "dkk", "€", "$", "£", "¥", "₹",
    ]

    /// "two fifty a month", "twelve fifty dollars": hundreds that nobody says.
    func impliedHundreds(_ numbers: [SpokenNumber]) -> [SpokenNumber] {
        var joined: [SpokenNumber] = []
        for number in numbers {
            if let last = joined.last, asked, text.tongue == .english, last.words.upperBound == number.words.lowerBound,
                !last.isWritten, !number.isWritten, last.scale == 1, number.scale == 1,
                (1...19).contains(last.value), last.value != 10, (20...90).contains(number.value),
                number.value.truncatingRemainder(dividingBy: 10) == 0,
                period(at: number.words.upperBound) != nil || currency(at: number.words.upperBound) != nil
            {
                joined[joined.count - 1].value = last.value * 100 + number.value
                joined[joined.count - 1].words = last.words.lowerBound..<number.words.upperBound
            } else {
                joined.append(number)
            }
        }
        return joined
    }

    // MARK: Two numbers

    /// How two numbers belong together, and what each is then worth: scales are lent both ways.
    func related(_ first: Side, _ second: Side) -> (relation: Relation, first: Side, second: Side)? {
        // A currency between two amounts can belong to either: "ten $ five".
        guard first.words.upperBound <= second.words.lowerBound else { return nil }
        let between = CodedWords(plain[first.words.upperBound..<second.words.lowerBound])
        guard between.count <= 6, let relation = relation(first, between, second) else { return nil }
        var (first, second) = (first, second)
        let isRange = relation == .range
        let lead = plain[..<first.words.lowerBound].suffix(6)
        if isRange, lead.last == "from", lead.contains(where: MoneyReader.changes.contains) {
            second.number.value = max(second.number.value, lent(first.number, by: second.number, isRange: false))
            return (.corrected, first, second)
        }
        if second.scale >= 1_000 || first.scale == 1 {
            first.number.value = lent(first.number, by: second.number, isRange: isRange)
        }
        if first.scale >= 1_000, second.scale == 1, !second.number.isWritten || second.number.value < 1_000,
            second.number.value < 1_000
        {
            second.number.value *= first.number.lends.first ?? 1
            second.number.scale = first.scale
        }
        if isRange, first.number.value >= second.number.value { return nil }
        first.currency = first.currency ?? second.currency
        second.currency = second.currency ?? first.currency
        if !isRange {
            first.number.scale = max(first.number.scale, second.number.scale)
        }
        return (relation, first, second)
    }

    /// "It went up from ten to twelve thousand": no range.
    private static let changes: WordSet = [
        "went", "up", "down", "raised", "increased", "changed", "moved", "cut", "dropped", "reduced", "grown", "grew",
        "bumped", "gone",
    ]

    func relation(_ first: Side, _ between: CodedWords, _ second: Side) -> Relation? {
        let isDenied = at(first.words.lowerBound - 1).map(words.not.contains) ?? false
        if between == ["-"], at(second.words.upperBound) == "-" || at(first.words.lowerBound - 1) == "-" { return nil }
        if between.isEmpty, first.number.isWritten, second.number.isWritten, isDashed(first, second) { return .range }
        if between.isEmpty {
            let isRising =
                at(first.words.lowerBound - 1) != "an" && first.scale == 1 && second.scale >= 1_000
                && !first.number.isWritten
                && second.number.value / second.scale > first.number.value
                && second.number.value / second.scale <= first.number.value * 2.5
                && SpokenNumber.units[at(first.words.lowerBound - 1) ?? ""] == nil
            return isRising && !isDenied ? .range : nil
        }
        if between.count <= 2, let last = between.last, words.not.contains(last), between.first.map(isJoint) ?? false {
            if isDenied { return nil }
            // "Diez no, quince mil."
            return text.words[second.words.lowerBound - 1].pauses && last == "no" ? .corrected : .denied
        }
        if words.to.matches(between) { return .range }
        if between.count == 1, words.and.contains(between[0]) || words.to.matches(between) {
            return plain[..<first.words.lowerBound].suffix(3).contains(where: words.between.contains) ? .range : nil
        }
        if let found = words.corrections.first(in: between), found.lowerBound <= 1,
            found.upperBound >= between.count - 2, !isMoreThanCorrection(between[found.upperBound...])
        {
            return .corrected
        }
        return nil
    }

    func isDashed(_ first: Side, _ second: Side) -> Bool {
        let from = text.words[first.words.upperBound - 1].range.upperBound
        let to = text.words[second.words.lowerBound].range.lowerBound
        return from < to && text.source[from..<to].contains { $0 == "-" || $0 == "–" || $0 == "—" }
    }

    func isJoint(_ word: String) -> Bool {
        words.not.contains(word) || word == "and" || word == "but" || word == "y"
    }

    /// What may come between "no" and the amount that is meant.
    func isMoreThanCorrection(_ rest: Slice<CodedWords>) -> Bool {
        !rest.allSatisfy { words.loose.contains($0) || ["it", "is", "um", "uh", "that", "a"].contains($0) }
    }

    /// "ten to fifteen thousand": the ten is meant in thousands, the two of "two to three hundred thousand" in hundreds of
    /// them.
    func lent(_ first: SpokenNumber, by second: SpokenNumber, isRange: Bool) -> Double {
        guard first.scale < 1_000, !first.isWritten || first.value < 1_000 else { return first.value }
        var scales = second.lends
        if scales.isEmpty, second.isWritten, second.value >= 1_000,
            second.value.truncatingRemainder(dividingBy: 1_000) == 0
        {
            scales = [1_000]
        }
        if first.scale > 1 { scales = scales.filter { $0 >= 1_000 }.suffix(1) }
        let worth = scales.first { first.value * $0 < second.value || !isRange }
        return worth.map { first.value * $0 } ?? first.value
    }

    // MARK: A mention

    func mention(_ first: Side, _ second: Side?) -> MoneyMention? {
        let last = second ?? first
        let end = last.words.upperBound
        let currency = first.currency ?? last.currency
        guard isMoney(first, last, currency) else { return nil }
        var mention = MoneyMention(
            amount: first.number.value, currency: currency, isNational: first.isNational || last.isNational,
            approximate: first.number.isLoose || second != nil, lower: nil, upper: nil, period: nil, negated: false,
            quote: "", words: first.words.lowerBound..<end)
        if second != nil {
            mention.lower = mention.amount
            mention.upper = last.number.value
        }
        readPeriod(&mention)
        readQualifiers(&mention)
        mention.quote = text.quote(mention.words)
        return mention
    }

    func isMoney(_ first: Side, _ last: Side, _ currency: String?) -> Bool {
        let end = last.words.upperBound
        let next = at(end)
        guard next?.hasSuffix("%") != true else { return false }
        if currency != nil { return last.number.value > 0 || first.number.value > 0 }
        guard last.number.value > 0 else { return false }
        let saysGrand = ["grand", "k"].contains(at(last.number.words.upperBound - 1) ?? "")
        if saysGrand { return true }
        guard !isThing(at: end), !isYear(last) else { return false }
        if at(first.words.lowerBound - 1) == "of", isLabelled(first) { return false }
        return last.scale >= 1_000
            || (asked && last.number.value >= 100 && !(first.words == last.words && isRowOfDigits(last))
                && !isLabelled(first))
    }

    func isLabelled(_ side: Side) -> Bool {
        let start = side.words.lowerBound
        if at(start - 1) == "of", at(start - 2).map(MoneyWords.groups.contains) ?? false { return true }
        return (1...3).contains { at(start - $0).map(MoneyWords.labels.contains) ?? false }
    }

    func isThing(at end: Int) -> Bool {
        guard let next = at(end), period(at: end) == nil else { return false }
        if words.things.contains(next) { return true }
        guard let after = at(end + 1), !MoneyReader.linking.contains(next) else { return false }
        return words.things.contains(after) && after != "of" && after != "a" && after != "an" && after != "per"
            && after != "por" && after != "de" && after != "pro"
    }

    /// Between an amount and a word for a thing that is another matter: "ten thousand for the first year".
    private static let linking: WordSet = [
        "for", "in", "this", "next", "every", "each", "a", "the", "and", "or", "but", "if", "with", "per", "over", "to",
        "at",
        "is", "by", "on", "we", "i", "so", "not", "all", "within", "pro", "im", "fur", "por", "al", "para", "y", "und",
        "the", "these", "our", "because", "since", "until", "from", "about", "first",
    ]

    /// `in 2027`
    func isYear(_ side: Side) -> Bool {
        (1_990...2_060).contains(side.number.value) && side.number.words.count <= 4
            && ["in", "since", "by", "until", "year", "of", "for", "ano", "jahr", "en", "desde", "seit", "bis"]
                .contains(at(side.words.lowerBound - 1) ?? "")
    }

    /// A telephone number is told in groups: none of them is an amount.
    func isRowOfDigits(_ side: Side) -> Bool {
        guard side.number.isWritten else { return false }
        return [side.words.lowerBound - 1, side.words.upperBound].contains { place in
            at(place)?.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D } ?? false
        }
    }

    // MARK: Qualifiers

    /// "about", "up to", "at least", "not": what stands before the amount.
    func readQualifiers(_ mention: inout MoneyMention) {
        var start = mention.words.lowerBound
        let upTo = ending(words.upTo, at: start)
        let atLeast = ending(words.atLeast, at: start)
        if let begin = [upTo, atLeast].compactMap(\.self).min() {
            mention.approximate = true
            if begin == upTo {
                mention.upper = mention.upper ?? mention.amount
            } else {
                mention.lower = mention.lower ?? mention.amount
            }
            start = begin
        } else {
            while let word = at(start - 1), words.loose.contains(word), mention.words.lowerBound - start < 3 {
                mention.approximate = true
                start -= 1
            }
        }
        mention.words = start..<mention.words.upperBound
        let end = mention.words.upperBound
        if at(end) == "ish" { mention.approximate = true }
        if ["max", "maximum", "tops"].contains(at(end) ?? "") {
            mention.approximate = true
            mention.upper = mention.upper ?? mention.amount
        }
        mention.negated =
            isDenied(before: start)
            || words.deniedAfter.matches(CodedWords(plain[mention.words.upperBound...].prefix(8)))
    }

    /// Where the longest of `phrases` begins that ends at `end`.
    func ending(_ phrases: PhraseList, at end: Int) -> Int? {
        (max(0, end - 4)..<max(0, end)).first { begin in phrases.contains { $0.end(in: plain, from: begin) == end } }
    }

    func isDenied(before start: Int) -> Bool {
        let place = CodedWords(plain[..<start].suffix(5))
        let near = place.suffix(3)
        let affordable = near.contains { ["afford", "have", "spend", "pay", "do", "tenemos", "haben"].contains($0) }
        guard let last = place.last, place.suffix(2).first != "why" else { return false }
        if words.not.contains(last) {
            return text.tongue != .spanish || at(start - 2) == nil || !text.words[start - 1].pauses
        }
        if affordable, place.contains(where: { words.not.contains($0) }) { return true }
        return near.dropLast().last.map(words.not.contains) ?? false && ["quite", "the", "exactly", "a"].contains(last)
    }

    /// A currency that was named apart from the number: "in Swiss francs, about forty thousand".
    func nameCurrency(_ mentions: inout [MoneyMention], _ sides: [Side]) {
        guard mentions.contains(where: { $0.currency == nil }) else { return }
        var named: (code: String, isNational: Bool)?
        for place in plain.indices where !sides.contains(where: { $0.words.contains(place) }) {
            guard words.currencies[plain[place]] != nil, let found = currency(at: place) ?? nil else { continue }
            let whole = place > 0 && words.countries[plain[place - 1]] != nil ? currency(at: place - 1) : found
            guard let whole, named == nil || named?.code == whole.code else { return }
            named = (whole.code, whole.isNational)
        }
        guard let named else { return }
        for index in mentions.indices where mentions[index].currency == nil {
            (mentions[index].currency, mentions[index].isNational) = named
        }
    }

    func at(_ place: Int) -> String? { plain.indices.contains(place) ? plain[place] : nil }
}
