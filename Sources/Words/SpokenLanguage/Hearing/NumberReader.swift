/// The grammar of numbers, over what each word is in one.
///
/// A number is a row of factors, each with its scales, whose worth falls from left to right: `two million` `three hundred
/// thousand` `and fifty`. A factor is digits, or words below a thousand; `one twenty five` is one before a thousand.
struct NumberReader {
    enum Part: Equatable {
        case word(CountingWords.Part)
        case written(WrittenNumber)
        case other
    }

    struct Atom {
        var part: Part
        /// The word it belongs to; a word written together has several atoms.
        var word: Int
    }

    struct Factor {
        var value: Double
        var end: Int
        var currency: String?
        var isLoose = false
        var isWritten = false
        var isDotted = false
        /// A scale within it: a hundred, or the `k` behind digits.
        var scale = 1.0
        /// No number without a scale: `a quarter`, and the hundreds that `one twenty five thousand` leaves out.
        var needsScale = false
    }

    /// Words that a number takes at most.
    static let wordsMax = 24
    private static let valueMax = 1e12
    private static let hums: WordSet = ["uh", "um", "er", "erm", "eh", "ah", "ahm", "ish"]

    private static let vague: WordSet = ["several", "many", "some", "multiple", "varios", "mehrere", "einige"]

    let text: SpokenText
    var atoms: [Atom] = []
    let unitComesFirst: Bool

    init(_ text: SpokenText, _ range: Range<Int>) {
        self.text = text
        let words = CountingWords.of(text.tongue)
        unitComesFirst = words.unitComesFirst
        for index in range {
            let word = text.plainTexts[index]
            // "Twelve uh thousand."
            if NumberReader.hums.contains(word) { continue }
            let parts = words.parts(of: word)
            if !parts.isEmpty {
                for part in parts { atoms.append(Atom(part: .word(part), word: index)) }
            } else {
                atoms.append(Atom(part: WrittenNumber(text.texts[index]).map { .written($0) } ?? .other, word: index))
            }
        }
    }

    mutating func all() -> [SpokenNumber] {
        var found: [SpokenNumber] = []
        var at = 0
        while at < atoms.count {
            let opens = at == 0 || atoms[at - 1].word != atoms[at].word
            if atoms[at].part != .other, opens, let number = number(at: at) {
                found.append(number)
                at = atoms[at...].firstIndex { $0.word >= number.words.upperBound } ?? atoms.count
            } else {
                at += 1
            }
        }
        return found
    }

    /// The longest number that begins at atom `start`.
    mutating func number(at start: Int) -> SpokenNumber? {
        guard let first = term(at: start, below: .infinity) else { return nil }
        var (value, end, scales) = (first.value, first.end, first.scales)
        var smallest = first.scale
        while smallest >= 100 {
            if let half = halfBehind(end, scale: smallest) {
                value += half.value
                end = half.end
                break
            }
            let joined = word(end) == .and
            guard let next = term(at: joined ? end + 1 : end, below: smallest, mayOpenBare: false),
                next.currency == nil, !isDigit(next, followedBy: word(next.end)),
                !next.isWritten || !first.isWritten || first.hasScaleWord,
                !joined || !isBetween(start)
            else { break }
            // "Ten thousand, twelve at most."
            if !joined, next.value < 100, text.words[atoms[end - 1].word].pauses { break }
            value += next.value
            end = next.end
            smallest = next.scale
            if next.scale == 1 { break }
            scales = next.scales
        }
        // A word written together is a number whole or not at all.
        guard atoms.indices.contains(end - 1), end == atoms.count || atoms[end].word != atoms[end - 1].word,
            value.isFinite, value < NumberReader.valueMax
        else { return nil }
        // A third of a million is that to the unit.
        return SpokenNumber(
            value: value >= 1_000 && !first.isWritten ? value.rounded() : value,
            words: atoms[start].word..<(atoms[end - 1].word + 1), scale: scales.first ?? 1,
            currency: first.currency, isLoose: first.isLoose, isWritten: first.isWritten, lends: scales)
    }

    /// "Twelve thousand, one two zero": digits that spell the number once more.
    func isDigit(_ term: Term, followedBy next: CountingWords.Part?) -> Bool {
        guard case .unit(let digit)? = next else { return false }
        return term.value < 10 && term.scale == 1 && digit < 10
    }

    struct Term {
        var value: Double
        var end: Int
        /// Of the last word; 1 where none was said.
        var scale: Double
        /// Products of the scales said, the greatest first.
        var scales: [Double]
        var currency: String?
        var isLoose: Bool
        var isWritten: Bool
        var hasScaleWord: Bool
    }

    /// A factor and its scales, worth less than `limit`.
    func term(at start: Int, below limit: Double, mayOpenBare: Bool = true) -> Term? {
        guard var factor = factor(at: start) ?? (mayOpenBare ? bare(at: start) : nil) else { return nil }
        var scales: [Double] = []
        var product = 1.0
        var end = factor.end
        if factor.scale > 1 { scales.append(factor.scale) }
        while let scale = scale(at: end), product * scale < NumberReader.valueMax {
            if scale == 100, factor.value >= 100 || product > 1 { break }
            if factor.isDotted { (factor.value, factor.isDotted) = (factor.value / 1_000, false) }
            product *= scale
            scales = scales.map { $0 * scale }
            scales.append(scale)
            end += 1
        }
        let said = product
        if product == 1, factor.scale == 1 { scales = [] }
        guard !factor.needsScale || product >= 1_000 || (factor.isLoose && !factor.needsScale) else { return nil }
        let value = factor.value * product
        guard value < limit, product < limit else { return nil }
        return Term(
            value: value, end: end, scale: said > 1 ? said : factor.scale, scales: scales.sorted(by: >),
            currency: factor.currency, isLoose: factor.isLoose, isWritten: factor.isWritten,
            hasScaleWord: said > 1)
    }

    /// `hundred`, `thousand` without a count.
    func bare(at start: Int) -> Factor? {
        // "Several thousand" are not a thousand.
        if let before = text[atoms[start].word - 1], NumberReader.vague.contains(before) { return nil }
        return switch word(start) {
        case .hundred: withRest(100, at: start + 1)
        case .scale: Factor(value: 1, end: start)
        default: nil
        }
    }

    func scale(at place: Int) -> Double? {
        switch word(place) {
        case .hundred: 100
        case .scale(let scale), .slang(let scale): scale
        default: nil
        }
    }

    // MARK: Factors

    func factor(at start: Int) -> Factor? {
        if case .written(let number)? = part(start) { return written(number, start) }
        if let opened = fraction(at: start) ?? handful(at: start) { return opened }
        if word(start) == .article, let next = word(start + 1) {
            switch next {
            case .hundred: return withRest(100, at: start + 2)
            case .scale, .slang: return Factor(value: 1, end: start + 1)
            default: return nil
            }
        }
        if case .mixed(let value)? = word(start) { return Factor(value: value, end: start + 1) }
        if word(start) == .point, let decimals = decimals(at: start, onto: 0) {
            return Factor(value: decimals.value, end: decimals.end, needsScale: true)
        }
        guard var factor = belowThousand(at: start) else { return nil }
        if let decimals = decimals(at: factor.end, onto: factor.value) {
            (factor.value, factor.end) = decimals
        } else if factor.scale == 1, let mixed = mixed(behind: factor) {
            factor = mixed
        }
        return factor
    }

    func written(_ number: WrittenNumber, _ start: Int) -> Factor {
        var factor = Factor(
            value: number.value, end: start + 1, currency: number.currency, isWritten: true, isDotted: number.isDotted,
            scale: number.scale)
        if number.isPlain, isPointed(start) {
            // `.5 million`
            for _ in 0..<text.texts[atoms[start].word].utf8.count { factor.value /= 10 }
            return factor
        }
        if number.isFraction {
            factor.end = behindOf(factor.end)
            factor.needsScale = true
            return factor
        }
        // `25 000`, `1 200 000`
        while number.isPlain || factor.end > start + 1, factor.value >= 1, factor.value < 1e9,
            case .written(let group)? = part(factor.end), group.isPlain,
            text.texts[atoms[factor.end].word].utf8.count == 3,
            closesThousands(factor.end)
        {
            factor.value = factor.value * 1_000 + group.value
            factor.end += 1
        }
        // `2 1/2 million`
        if number.isPlain, case .written(let fraction)? = part(factor.end), fraction.isFraction {
            factor.value += fraction.value
            factor.end += 1
        } else if number.isPlain, case .fraction(let fraction)? = word(factor.end), scale(at: factor.end + 1) != nil {
            factor.value += fraction
            factor.end += 1
        } else if factor.scale == 1, let mixed = mixed(behind: factor) {
            factor = mixed
        }
        return factor
    }

    /// A point stands before the digits, and no digit before the point.
    func isPointed(_ place: Int) -> Bool {
        let start = text.words[atoms[place].word].range.lowerBound
        guard start > text.source.startIndex else { return false }
        let point = text.source.index(before: start)
        guard text.source[point] == "." else { return false }
        return point == text.source.startIndex || text.source[text.source.index(before: point)] == " "
    }

    /// Groups of three digits are one number when the last of them is 000, or a currency follows.
    func closesThousands(_ place: Int) -> Bool {
        var at = place
        while case .written(let group)? = part(at), group.isPlain, text.texts[atoms[at].word].utf8.count == 3 {
            if group.value == 0 { return true }
            at += 1
        }
        return atoms.indices.contains(at) && MoneyWords.signs.contains(text.plainTexts[atoms[at].word])
    }

    /// Words up to 999, and up to 9,999 in hundreds.
    func belowThousand(at start: Int) -> Factor? {
        if case .hundreds(let value)? = word(start) { return withRest(value, at: start + 1) }
        guard let first = belowHundred(at: start) else { return nil }
        if word(first.end) == .hundred, first.value >= 1, first.value.rounded() == first.value {
            return withRest(first.value * 100, at: first.end + 1)
        }
        if let implied = impliedHundreds(first) { return implied }
        return Factor(value: first.value, end: first.end)
    }

    /// What follows hundreds: `two hundred and fifty`.
    func withRest(_ hundreds: Double, at place: Int) -> Factor {
        let joined = word(place) == .and
        var factor = Factor(value: hundreds, end: place, scale: 100)
        guard let rest = belowHundred(at: joined ? place + 1 : place), rest.value > 0, word(rest.end) != .hundred,
            !joined || !followsBetween(place)
        else { return factor }
        factor.value += rest.value
        factor.end = rest.end
        factor.scale = 1
        return factor
    }

    func belowHundred(at start: Int) -> (value: Double, end: Int)? {
        switch word(start) {
        case .unit(let unit):
            if unitComesFirst, word(start + 1) == .and, case .tens(let tens, _)? = word(start + 2), unit < 10 {
                return (tens + unit, start + 3)
            }
            return (unit, start + 1)
        case .tens(let tens, let isWhole):
            if isWhole { return (tens, start + 1) }
            let next = word(start + 1) == .and && text.tongue == .spanish ? start + 2 : start + 1
            if !unitComesFirst, case .unit(let unit)? = word(next), (1...9).contains(unit) {
                return (tens + unit, next + 1)
            }
            return (tens, start + 1)
        default: return nil
        }
    }

    /// `one twenty five thousand`, `one oh five thousand`: hundreds that nobody says, before a thousand only.
    func impliedHundreds(_ first: (value: Double, end: Int)) -> Factor? {
        guard text.tongue == .english, (1...9).contains(first.value), first.value.rounded() == first.value else {
            return nil
        }
        let isOh = word(first.end) == .oh
        switch word(isOh ? first.end + 1 : first.end) {
        case .tens? where !isOh: break
        case .unit(let unit)? where isOh && unit < 10: break
        default: return nil
        }
        guard let rest = belowHundred(at: isOh ? first.end + 1 : first.end), let scale = scale(at: rest.end),
            scale >= 1_000
        else { return nil }
        return Factor(value: first.value * 100 + rest.value, end: rest.end)
    }

    /// `point two five`, also in one number: `coma veinticinco`, `2,5` are elsewhere.
    func decimals(at place: Int, onto whole: Double) -> (value: Double, end: Int)? {
        guard word(place) == .point else { return nil }
        var (value, end, worth) = (whole, place + 1, 0.1)
        while case .unit(let digit)? = word(end), digit < 10, worth > 1e-7 {
            value += digit * worth
            worth /= 10
            end += 1
        }
        if end > place + 1 { return (value, end) }
        guard let two = belowHundred(at: end), two.value >= 10 else { return nil }
        return (whole + two.value / 100, two.end)
    }

    // MARK: Places

    func part(_ place: Int) -> Part? { atoms.indices.contains(place) ? atoms[place].part : nil }

    func word(_ place: Int) -> CountingWords.Part? {
        guard case .word(let word)? = part(place) else { return nil }
        return word
    }

    /// `between one hundred and two hundred` are two numbers.
    func isBetween(_ start: Int) -> Bool { text[atoms[start].word - 1] == "between" }

    func followsBetween(_ place: Int) -> Bool {
        text.texts[..<atoms[place].word].suffix(3).contains("between")
    }
}
