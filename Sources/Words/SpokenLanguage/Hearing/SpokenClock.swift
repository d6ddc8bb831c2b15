/// A time of day read from words: a clock time, a part of the day, or both.
struct SpokenClock {
    enum Part: String { case morning, noon, afternoon, evening }

    var hour: Int?
    var minute = 0
    /// `am` or `pm` was said, or the hour is above twelve.
    var isSettled = false
    var part: Part?
    var end: Int

    var isWhole: Bool { hour != nil && (isSettled || part != nil) }

    /// 24-hour clock, after the business-hours reading of what was left open.
    var resolved: (hour: Int, minute: Int) {
        guard let hour else {
            switch part {
            case .noon: return (12, 0)
            case .afternoon: return (14, 0)
            case .evening: return (18, 0)
            case .morning, nil: return (9, 0)
            }
        }
        guard !isSettled, hour <= 12 else { return (hour, minute) }
        switch part {
        case .morning: return (hour % 12, minute)
        case .afternoon, .evening, .noon: return (hour % 12 + 12, minute)
        case nil: return (hour < 8 || hour == 12 ? hour % 12 + 12 : hour, minute)
        }
    }

    func merged(with other: SpokenClock) -> SpokenClock {
        var merged = other
        merged.hour = other.hour ?? hour
        if other.hour == nil { (merged.minute, merged.isSettled) = (minute, isSettled) }
        merged.part = other.part ?? part
        return merged
    }

    mutating func refine(_ part: Part) { self.part = part }

    /// - Parameter isExpected: a day stands before, so that "tuesday three thirty" is a time without an "at".
    static func read(_ text: SpokenText, at start: Int, isExpected: Bool) -> SpokenClock? {
        var index = start
        var introduced = isExpected
        while let word = text[index], ["at", "around", "about", "by", "say"].contains(word), index - start < 2 {
            introduced = introduced || word == "at" || word == "by" || (word == "around")
            index += 1
        }
        if text[index] == "lunchtime" || text[index] == "lunch", introduced {
            return SpokenClock(hour: 12, isSettled: true, end: index + 1)
        }
        if ["noon", "midday"].contains(text[index] ?? "") {
            return SpokenClock(hour: 12, isSettled: true, end: index + 1)
        }
        if introduced, let part = partOfDay(text, at: index) { return SpokenClock(part: part.part, end: part.end) }
        if ["this", "tonight"].contains(text[index - 1] ?? "") || text[index] == "tonight",
            let part = partOfDay(text, at: index)
        {
            return SpokenClock(part: part.part, end: part.end)
        }
        if let spoken = pastOrTo(text, index) { return spoken }
        guard var clock = hourAndMinute(text, index) else { return nil }
        let said = clock.isSettled
        settle(&clock, text)
        if let part = partOfDay(text, at: clock.end) { (clock.part, clock.end) = (part.part, part.end) }
        if let next = text[clock.end], !clock.isSettled {
            if isCount(next) { return nil }
            if !isExpected, clock.part == nil, clock.minute == 0, !mayFollow(next) { return nil }
        }
        return introduced || said || clock.isSettled || text[clock.end - 1] == "o'clock" ? clock : nil
    }

    /// "morning", "in the afternoon", "evening", "tonight".
    static func partOfDay(_ text: SpokenText, at start: Int) -> (part: Part, end: Int)? {
        var index = start
        while let word = text[index], ["in", "the", "sometime", "early", "late", "mid"].contains(word),
            index - start < 4
        {
            index += 1
        }
        switch text[index] {
        case "morning", "mornings": return (.morning, index + 1)
        case "afternoon", "afternoons": return (.afternoon, index + 1)
        case "evening", "evenings", "night", "tonight": return (.evening, index + 1)
        default: return nil
        }
    }

    /// What follows makes the number a quantity: "at ten percent", "at ten thousand".
    private static func isCount(_ word: String) -> Bool {
        SpokenNumber.scales[word] != nil || word.hasSuffix("%")
            || [
                "percent", "dollars", "euros", "pounds", "people", "employees", "users", "calls", "weeks", "days",
                "months",
                "years", "hours", "minutes", "points", "times", "a", "per", "of", "bucks", "seats", "agents", "dot",
                "main",
                "street", "avenue",
            ].contains(word)
    }

    /// After a bare "at two": words that leave it a time, unlike "at two things".
    private static func mayFollow(_ word: String) -> Bool {
        SpokenDay.weekdays[word] != nil || SpokenDay.months[word] != nil
            || [
                "on", "tomorrow", "today", "or", "and", "please", "works", "work", "is", "would", "if", "then",
                "thanks",
                "thank", "eastern", "pacific", "central", "mountain", "your", "my", "our", "i", "we", "you", "so",
                "but",
                "that", "next", "this", "in", "will", "for", "maybe", "can", "with", "the", "okay", "if", "the",
                "sounds",
                "they", "perhaps", "should", "sharp", "local", "instead", "not", "when", "because", "by", "there", "it",
            ].contains(word)
    }

    private static let minutesPastOrTo: WordTable<Int> = [
        "half": 30, "quarter": 15, "ten": 10, "twenty": 20, "five": 5,
    ]

    private static func pastOrTo(_ text: SpokenText, _ index: Int) -> SpokenClock? {
        guard let word = text[index] else { return nil }
        let minutes = minutesPastOrTo[word]
        let at = word == "a" && text[index + 1] == "quarter" ? index + 2 : index + 1
        guard let minutes = minutes ?? (at == index + 2 ? 15 : nil), let relation = text[at],
            ["past", "after", "to", "before", "till"].contains(relation), let hour = hour(text[at + 1])
        else { return nil }
        let isPast = relation == "past" || relation == "after"
        guard word != "half" || isPast, isPast || word == "quarter" || at == index + 2 else { return nil }
        var clock = SpokenClock(
            hour: isPast ? hour : (hour + 10) % 12 + 1, minute: isPast ? minutes : 60 - minutes, end: at + 2)
        settle(&clock, text)
        return clock
    }

    private static func hour(_ word: String?) -> Int? {
        guard let word else { return nil }
        let value = SpokenNumber.units[word].map(Int.init) ?? Int(word)
        return value.flatMap { (1...12).contains($0) ? $0 : nil }
    }

    private static func hourAndMinute(_ text: SpokenText, _ index: Int) -> SpokenClock? {
        guard let word = text[index] else { return nil }
        for suffix in ["am", "pm"] where word.hasSuffix(suffix) && word.count > 2 {  // `3pm`, `3:30pm`
            guard
                var clock = digital(String(word.dropLast(2)), index)
                    ?? hour(String(word.dropLast(2))).map({
                        SpokenClock(hour: $0, end: index + 1)
                    })
            else { continue }
            clock.settle(isAfternoon: suffix == "pm")
            return clock
        }
        if let clock = digital(word, index) { return clock }
        guard let hour = hour(word) else { return nil }
        var clock = SpokenClock(hour: hour, end: index + 1)
        if text[clock.end] == "o'clock" {
            clock.end += 1
            clock.isSettled = false
            return clock
        }
        guard let next = text[clock.end] else { return clock }
        if next == "oh", let minute = text[clock.end + 1].flatMap({ SpokenNumber.units[$0] }), minute < 10 {
            clock.minute = Int(minute)
            clock.end += 2
        } else if let tens = SpokenNumber.tens[next], tens < 60 {
            let unit = text[clock.end + 1].flatMap { SpokenNumber.units[$0] }.flatMap {
                (1...9).contains($0) ? $0 : nil
            }
            clock.minute = Int(tens + (unit ?? 0))
            clock.end += unit == nil ? 1 : 2
        } else if ["fifteen", "ten"].contains(next) {
            clock.minute = next == "ten" ? 10 : 15
            clock.end += 1
        } else if let other = SpokenNumber.units[next], other > 0 || other == 0 {
            return nil  // A row of digits, not a time.
        }
        return clock
    }

    private static func digital(_ word: String, _ index: Int) -> SpokenClock? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), (0...23).contains(hour),
            (0...59).contains(minute), parts[1].count == 2
        else { return nil }
        return SpokenClock(hour: hour, minute: minute, isSettled: hour > 12 || hour == 0, end: index + 1)
    }

    /// `am`, `pm`, `a m`, `p m`, `o'clock`.
    private static func settle(_ clock: inout SpokenClock, _ text: SpokenText) {
        if text[clock.end] == "o'clock" { clock.end += 1 }
        switch (text[clock.end], text[clock.end + 1]) {
        case ("am", _), ("pm", _):
            clock.settle(isAfternoon: text[clock.end] == "pm")
            clock.end += 1
        case ("a", "m"), ("p", "m"):
            clock.settle(isAfternoon: text[clock.end] == "p")
            clock.end += 2
        case ("sharp", _): clock.end += 1
        default: break
        }
    }

    private mutating func settle(isAfternoon: Bool) {
        guard let hour, hour <= 12 else { return }
        self.hour = hour % 12 + (isAfternoon ? 12 : 0)
        isSettled = true
    }
}
