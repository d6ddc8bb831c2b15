import Encoding

/// A text cut into what its words are in the naming of a time.
struct TimeTokens {
    struct Token {
        var word: TimeWord
        /// In ``SpokenText/words``.
        var words: Range<Int>
    }

    let text: SpokenText
    let words: TimeWords
    private(set) var tokens: [Token] = []

    init(_ text: SpokenText) {
        self.text = text
        words = TimeWords.of(text.tongue)
        let plain = text.plainTexts
        var numbers = SpokenNumber.find(in: text)[...]
        var index = 0
        while index < plain.count {
            while let number = numbers.first, number.words.lowerBound < index { numbers.removeFirst() }
            if text.tongue == .german, let parts = compound(plain[index]) {
                tokens += parts.map { Token(word: $0, words: index..<(index + 1)) }
                index += 1
                continue
            }
            let token = next(at: index, plain, numbers.first.flatMap { $0.words.lowerBound == index ? $0 : nil })
            tokens.append(token)
            index = token.words.upperBound
        }
    }

    subscript(_ place: Int) -> TimeWord? { tokens.indices.contains(place) ? tokens[place].word : nil }

    /// The words of the tokens `range`.
    func wordRange(_ range: Range<Int>) -> Range<Int> {
        guard let first = tokens[range].first, let last = tokens[range].last else { return 0..<0 }
        return first.words.lowerBound..<last.words.upperBound
    }

    /// The first plain word of the token at `place`.
    func plain(_ place: Int) -> String? {
        tokens.indices.contains(place) ? text.plainTexts[tokens[place].words.lowerBound] : nil
    }

    /// Whether a pause follows the token.
    func pauses(_ place: Int) -> Bool {
        tokens.indices.contains(place) && text.words[tokens[place].words.upperBound - 1].pauses
    }

    /// `montagvormittag`
    private func compound(_ word: String) -> [TimeWord]? {
        guard word.utf8.count > 10 else { return nil }
        for end in ["vormittag", "nachmittag", "mittag", "abend", "morgen"] where word.hasSuffix(end) {
            let day = String(word.dropLast(end.count))
            guard let weekday = words.index.longest(in: [day], at: 0)?.label, case .weekday = weekday,
                let part = words.index.longest(in: [end == "morgen" ? "morgens" : end], at: 0)?.label
            else { continue }
            return [weekday, part]
        }
        return nil
    }

    private func next(at index: Int, _ plain: CodedWords, _ number: SpokenNumber?) -> Token {
        let word = plain[index]
        if let number, number.words.count > 1, number.currency == nil {
            return Token(word: .number(number.value), words: number.words)
        }
        if let first = word.utf8.first, first.isASCIIDigit, let written = WrittenTime.read(text, at: index) {
            return Token(word: written.word, words: index..<written.end)
        }
        let named = words.index.longest(in: plain, at: index)
        if let number, number.words.upperBound >= named?.end ?? 0, number.currency == nil {
            return Token(word: .number(number.value), words: number.words)
        }
        if let named { return Token(word: named.label, words: index..<named.end) }
        // `threeish`
        if word.hasSuffix("ish") {
            let stem = String(word.dropLast(3))
            let word = SpokenNumber.parse(stem).map { .number($0) } ?? words.index.longest(in: [stem], at: 0)?.label
            if let word { return Token(word: word, words: index..<(index + 1)) }
        }
        return Token(word: .other, words: index..<(index + 1))
    }
}

/// Times and dates in figures.
enum WrittenTime {
    /// What stands at word `index` and where it ends: `3:30`, `2.30pm`, `14h30`, `5th`, `12/9`, `14.12.`, `2026-12-09`.
    static func read(_ text: SpokenText, at index: Int) -> (word: TimeWord, end: Int)? {
        let word = text.plainTexts[index]
        guard word.utf8.count <= 16 else { return nil }
        if let date = iso(text, index) { return date }
        if let clock = clock(word) { return (.written(clock), index + 1) }
        for suffix in ["st", "nd", "rd", "th"] where word.hasSuffix(suffix) {
            if let day = Int(word.dropLast(2)), (1...31).contains(day) { return (.ordinal(day), index + 1) }
        }
        if let date = slashed(word, text.tongue) ?? dotted(word, text, index) { return (date, index + 1) }
        return nil
    }

    /// `2026-12-09`, also with a time behind it: `2026-12-10T09:30`.
    private static func iso(_ text: SpokenText, _ index: Int) -> (word: TimeWord, end: Int)? {
        let plain = text.plainTexts
        let first = plain[index]
        guard index + 4 < plain.count, plain[index + 1] == "-", plain[index + 3] == "-", let first = Int(first),
            let second = Int(plain[index + 2])
        else { return nil }
        let last = plain[index + 4]
        let found =
            first > 31
            ? Int(last.prefix(2)).flatMap { date(year: first, second, $0) }
            : last.utf8.count == 4 ? slashed("\(first)/\(second)/\(last)", text.tongue) : nil
        return found.map { ($0, index + 5) }
    }

    /// The time in `10t09:30`, the last part of an ISO date.
    static func isoClock(_ word: String) -> SpokenClock? {
        guard let mark = word.firstIndex(of: "t"), mark != word.startIndex else { return nil }
        return colon(word[word.index(after: mark)...].prefix(5))
    }

    /// `12/9`, `12/9/2027` month first, as in the US; `9/12/2026` day first elsewhere; `2026/12/08`.
    private static func slashed(_ word: String, _ tongue: Tongue) -> TimeWord? {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard word != "24/7", (2...3).contains(parts.count), parts.allSatisfy({ $0 != nil }) else { return nil }
        let numbers = parts.compactMap(\.self)
        if numbers.count == 3, numbers[0] > 31 { return date(year: numbers[0], numbers[1], numbers[2]) }
        let year = numbers.count == 3 ? numbers[2] < 100 ? numbers[2] + 2_000 : numbers[2] : nil
        let isMonthFirst = tongue == .english ? numbers[0] <= 12 : numbers[1] > 12
        return isMonthFirst ? date(year: year, numbers[0], numbers[1]) : date(year: year, numbers[1], numbers[0])
    }

    /// `14.12.`, `14.12.2026`: with a year, or where the sentence shows that it is no time of day.
    private static func dotted(_ word: String, _ text: SpokenText, _ index: Int) -> TimeWord? {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, (2...3).contains(numbers.count) else { return nil }
        if numbers.count == 3 {
            return date(year: numbers[2] < 100 ? numbers[2] + 2_000 : numbers[2], numbers[1], numbers[0])
        }
        let end = text.words[index].range.upperBound
        guard end < text.source.endIndex, text.source[end] == "." else { return nil }
        return date(year: nil, numbers[1], numbers[0])
    }

    private static func date(year: Int?, _ month: Int, _ day: Int) -> TimeWord? {
        guard (1...12).contains(month), (1...31).contains(day), (2_000...2_100).contains(year ?? 2_000) else {
            return nil
        }
        return .date(year: year, month: month, day: day)
    }

    /// `3:30`, `3pm`, `3:30pm`, `2.30pm`, `14h30`, `16h`, `17:00h`.
    private static func clock(_ word: String) -> SpokenClock? {
        for suffix in ["am", "pm"] where word.hasSuffix(suffix) {
            let rest = word.dropLast(2)
            guard var clock = colon(rest) ?? dot(rest) ?? hour(rest), let hour = clock.hour, (1...12).contains(hour)
            else {
                return nil
            }
            clock.settle(isAfternoon: suffix == "pm")
            return clock
        }
        if let mark = word.firstIndex(of: "h") {
            let minutes = word[word.index(after: mark)...]
            if minutes.isEmpty, let number = Int(word[..<mark]), number >= 100, number % 100 < 60, number < 2_400 {
                return SpokenClock(hour: number / 100, minute: number % 100, isSettled: true)
            }
            guard
                var clock = minutes.isEmpty
                    ? colon(word[..<mark]) ?? hour(word[..<mark])
                    : colon(word[..<mark] + ":" + minutes)
            else { return nil }
            clock.isSettled = true
            return clock
        }
        return colon(word[...])
    }

    private static func colon(_ word: Substring) -> SpokenClock? { pair(word, ":") }
    static func dot(_ word: Substring) -> SpokenClock? { pair(word, ".") }

    private static func pair(_ word: Substring, _ mark: Character) -> SpokenClock? {
        let parts = word.split(separator: mark, omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), (0...23).contains(hour),
            (0...59).contains(minute), parts[1].utf8.count == 2, parts[0].utf8.count <= 2
        else { return nil }
        return SpokenClock(hour: hour, minute: minute, isSettled: hour > 12 || parts[0].first == "0")
    }

    private static func hour(_ word: Substring) -> SpokenClock? {
        guard word.utf8.count <= 2, let hour = Int(word), (0...23).contains(hour) else { return nil }
        return SpokenClock(hour: hour, isSettled: hour > 12)
    }
}
