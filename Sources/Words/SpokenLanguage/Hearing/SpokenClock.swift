/// A time of day read from words: a clock time, a part of the day, or both.
struct SpokenClock: Equatable {
    enum Part: Sendable {
        case earlyMorning, morning, midMorning, lunch, afternoon, lateAfternoon, afterWork, evening

        /// Where nothing closer was said.
        var time: (hour: Int, minute: Int) {
            switch self {
            case .earlyMorning: (8, 0)
            case .morning: (9, 0)
            case .midMorning: (10, 0)
            case .lunch: (12, 0)
            case .afternoon: (14, 0)
            case .lateAfternoon: (16, 0)
            case .afterWork: (17, 30)
            case .evening: (18, 0)
            }
        }

        var isBeforeNoon: Bool { [.earlyMorning, .morning, .midMorning].contains(self) }
    }

    var hour: Int?
    var minute = 0
    /// `am` or `pm` was said, or the hour is above twelve.
    var isSettled = false
    var part: Part?

    init(hour: Int? = nil, minute: Int = 0, isSettled: Bool = false, part: Part? = nil) {
        self.hour = hour
        self.minute = minute
        self.isSettled = isSettled
        self.part = part
    }

    var isWhole: Bool { hour != nil && (isSettled || part != nil) }

    /// 24-hour clock, after the business-hours reading of what was left open.
    var resolved: (hour: Int, minute: Int) {
        guard let hour else { return part?.time ?? (9, 0) }
        guard !isSettled, hour <= 12 else { return (hour, minute) }
        guard let part else { return (hour < 8 || hour == 12 ? hour % 12 + 12 : hour, minute) }
        // "Twelve at night" is midnight, and is rarely meant.
        return (part.isBeforeNoon || (part == .lunch && hour > 3 && hour < 12) ? hour % 12 : hour % 12 + 12, minute)
    }

    mutating func settle(isAfternoon: Bool) {
        guard let hour, hour <= 12 else { return }
        self.hour = hour % 12 + (isAfternoon ? 12 : 0)
        isSettled = true
    }
}

/// The grammar of the time of day.
extension TimeReader {
    /// - Parameter isExpected: a day stands before, or the question was for a time: "tuesday three thirty" is one without
    ///   an "at".
    func clock(at start: Int, isExpected: Bool) -> (clock: SpokenClock, end: Int)? {
        switch tokens[start] {
        case .named(let hour, let minute): return (SpokenClock(hour: hour, minute: minute, isSettled: true), start + 1)
        case .part(let part):
            let isSaid =
                isExpected || tokens[start - 1] == .this || ["tonight", "first"].contains(tokens.plain(start) ?? "")
            return isSaid ? (SpokenClock(part: part), start + 1) : nil
        case .half, .quarterHour, .unit(.quarter), .number, .written: break
        default: return nil
        }
        guard var (clock, end) = relative(start) ?? hourAndMinute(start) else { return nil }
        // "Fifteen thirty", "fifteen hundred" may be anything.
        var isSure = clock.isSettled
        if case .number(let value)? = tokens[start], value > 12, !isWritten(start), tokens[end - 1] != .unit(.hour) {
            isSure = false
        }
        if tokens[end] == .oclock { (end, isSure) = (end + 1, true) }
        if text.tongue != .english, tokens[end - 1] == .oclock, case .number(let minutes)? = tokens[end],
            let minute = minuteValue(minutes),
            clock.minute == 0
        {
            (clock.minute, end) = (minute, end + 1)
        }
        if tokens[end] == .am || tokens[end] == .pm {
            clock.settle(isAfternoon: tokens[end] == .pm)
            (end, isSure) = (end + 1, true)
        }
        if case .part(let part)? = tokens[end], clock.hour.map({ $0 <= 12 }) ?? false, !clock.isSettled {
            (clock.part, end, isSure) = (part, end + 1, true)
        }
        guard isSure || clock.minute != 0 && isExpected || isHour(end, isExpected) else { return nil }
        return (clock, end)
    }

    /// Whether what follows leaves a bare number an hour.
    private func isHour(_ end: Int, _ isExpected: Bool) -> Bool {
        guard tokens.tokens.indices.contains(end) else { return isExpected }
        let next = text.plainTexts[tokens.tokens[end].words.lowerBound]
        if tokens.words.counted.contains(next) || next.hasSuffix("%") { return false }
        if case .unit? = tokens[end] { return false }
        if isExpected { return true }
        return false
    }

    /// `half past two`, `ten to five`, `quarter of three`, `half three`, `halb vier`, `fünf vor halb vier`.
    private func relative(_ start: Int) -> (SpokenClock, Int)? {
        if tokens[start] == .half, let hour = hour(start + 1) {
            let isBefore = tokens.words.halfIsBefore
            return (SpokenClock(hour: isBefore ? (hour + 10) % 12 + 1 : hour, minute: 30), start + 2)
        }
        guard let minutes = minutes(start) else { return nil }
        let at = tokens[start + 1] == .unit(.minute) ? start + 2 : start + 1
        let isPast: Bool
        switch tokens[at] {
        case .past, .after: isPast = true
        case .of where text.tongue == .english && minutes == 15: isPast = false
        case .to where minutes != 30, .before where minutes != 30: isPast = false
        default: return nil
        }
        if tokens.plain(at) == "-" { return nil }
        // "Between ten and five to six" is a range, and so is "ten to twelve" after "from".
        if tokens[at] == .to, [.from, .between].contains(tokens[start - 1]) { return nil }
        if tokens[at + 1] == .half, tokens.words.halfIsBefore, let hour = hour(at + 2) {
            let before = (hour + 10) % 12 + 1
            return (SpokenClock(hour: before, minute: 30 + (isPast ? minutes : -minutes)), at + 3)
        }
        guard let hour = hour(at + 1) else { return nil }
        if case .part(.lunch)? = tokens[at + 1] { return nil }
        return (
            SpokenClock(hour: isPast ? hour : (hour + 10) % 12 + 1, minute: isPast ? minutes : 60 - minutes), at + 2
        )
    }

    private func minutes(_ start: Int) -> Int? {
        switch tokens[start] {
        case .half: 30
        case .quarterHour, .unit(.quarter): 15
        case .number(let value): [5, 10, 15, 20, 25, 50].contains(value) ? Int(value) : nil
        default: nil
        }
    }

    func hour(_ place: Int) -> Int? {
        switch tokens[place] {
        case .number(let value): value == value.rounded() && (1...12).contains(value) ? Int(value) : nil
        case .named(12, 0): 12
        default: nil
        }
    }

    private func minuteValue(_ value: Double) -> Int? {
        value == value.rounded() && (1...59).contains(value) ? Int(value) : nil
    }

    private func hourAndMinute(_ start: Int) -> (SpokenClock, Int)? {
        if case .written(let clock)? = tokens[start] { return (clock, start + 1) }
        guard case .number(let value)? = tokens[start] else { return nil }
        let words = tokens.tokens[start].words
        let isWritten = text.texts[words.lowerBound].utf8.first.map { (0x30...0x39).contains($0) } ?? false
        if isWritten, words.count == 1, let clock = WrittenTime.dot(text.texts[words.lowerBound][...]) {
            return (clock, start + 1)  // `13.15`
        }
        if let clock = military(value, start, isWritten: isWritten) { return clock }
        let next = tokens[start + 1]
        // `las tres y media`
        if text.tongue == .spanish, value != value.rounded(), (1..<13).contains(value) {
            let minute = (value - value.rounded(.down)) * 60
            return (SpokenClock(hour: Int(value.rounded(.down)), minute: Int(minute.rounded())), start + 1)
        }
        guard value == value.rounded(), (0...23).contains(value), !isInRow(start) else { return nil }
        let hour = Int(value)
        if hour > 12 || hour == 0 {
            if case .number(let minutes)? = next, !tokens.pauses(start), let minute = minuteValue(minutes),
                minute >= 10, !isWritten
            {
                return (SpokenClock(hour: hour, minute: minute, isSettled: true), start + 2)
            }
            return next == .oclock || isWindow(start) || (tokens[start - 1] == .at && text.tongue != .english)
                ? (SpokenClock(hour: hour, isSettled: true), start + 1) : nil
        }
        if text.tongue == .spanish, let clock = spanish(hour, start) { return clock }
        if next == .oh, case .number(let minute)? = tokens[start + 2], minute < 10, minute > 0 {
            return (SpokenClock(hour: hour, minute: Int(minute)), start + 3)
        }
        if case .number(let minutes)? = next, !tokens.pauses(start), let minute = minuteValue(minutes) {
            // A row of digits is no time.
            guard minute >= 10 else { return nil }
            return (SpokenClock(hour: hour, minute: minute), start + 2)
        }
        if case .number? = next, !tokens.pauses(start) { return nil }
        return (SpokenClock(hour: hour), start + 1)
    }

    /// Digits one after the other are no hours, unless the first is a day of a month.
    private func isInRow(_ start: Int) -> Bool {
        guard case .number? = tokens[start - 1], !tokens.pauses(start - 1) else { return false }
        if case .month? = tokens[start - 2] { return false }
        return true
    }

    /// "Between 14 and 16", "from 14 to 16".
    private func isWindow(_ start: Int) -> Bool {
        guard [.between, .from].contains(tokens[start - 1]), [.and, .to].contains(tokens[start + 1]) else {
            return false
        }
        if case .number? = tokens[start + 2] { return true }
        return false
    }

    /// `1430`, `fourteen hundred hours`.
    private func military(_ value: Double, _ start: Int, isWritten: Bool) -> (SpokenClock, Int)? {
        guard value == value.rounded(), (100...2_359).contains(value) else { return nil }
        let (hour, minute) = (Int(value) / 100, Int(value) % 100)
        guard minute < 60, hour < 24 else { return nil }
        let saysHours = tokens[start + 1] == .unit(.hour)
        let digits = isWritten ? text.texts[tokens.tokens[start].words.lowerBound].utf8.count : 0
        guard
            saysHours || (digits == 0 && minute == 0 && hour > 12)
                || (digits == 4 && tokens[start - 1] == .at || digits == 4 && minute % 5 == 0 && hour >= 7)
        else {
            return nil
        }
        return (SpokenClock(hour: hour, minute: minute, isSettled: true), start + (saysHours ? 2 : 1))
    }

    /// `las diez y veinte`, `las cuatro menos cuarto`.
    private func spanish(_ hour: Int, _ start: Int) -> (SpokenClock, Int)? {
        let isMinus = tokens[start + 1] == .minus
        guard isMinus || tokens[start + 1] == .and else { return nil }
        let minute: Int
        switch tokens[start + 2] {
        case .quarterHour: minute = 15
        case .half: minute = 30
        case .number(let value):
            guard let exact = minuteValue(value) else { return nil }
            minute = exact
        default: return nil
        }
        return (
            SpokenClock(hour: isMinus ? (hour + 10) % 12 + 1 : hour, minute: isMinus ? 60 - minute : minute), start + 3
        )
    }
}
