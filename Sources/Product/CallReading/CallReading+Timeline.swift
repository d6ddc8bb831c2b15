import CallModel
import Foundation
import SpokenLanguage

extension CallReading {
    mutating func readTimeline(_ turn: CallerTurn) {
        // "In two weeks, is that right?"
        let isReadBack =
            turn.topic == nil && subject == nil && timeline.isKnown && turn.question.isQuestion
            && turn.question.horizon != nil
        let asked = turn.topic == .timeline || isReadBack
        let words = turn.text.plainTexts
        guard asked || Timeline.starts.matches(words) else { return }
        guard turn.topic != .meeting, turn.topic != .followUp || asked else { return }
        if let found = Timeline.none.first(in: words) {
            if timeline.isKnown { timeline.withdraw(turn.evidence(found)) }
            return
        }
        guard let (level, range) = Timeline.level(in: turn.text, turn.times, now: turn.now) else {
            guard asked, let level = turn.question.horizon else { return }
            if turn.answer == .yes {
                timeline.hear(level, 0.75, turn.evidence())
            } else if turn.answer == .no, timeline.value == level {
                timeline.withdraw(turn.evidence())
            }
            return
        }
        let before = words[..<range.lowerBound].suffix(3)
        if before.contains(where: Timeline.denials.contains), words[range.lowerBound] != "another" {
            if timeline.value == level { timeline.withdraw(turn.evidence(range)) }
            return
        }
        guard level != .unknown else {
            if timeline.isKnown { timeline.withdraw(turn.evidence(range)) }
            return
        }
        let isHedged = Hedge.holdsBesidesAmounts(turn.sentenceWords(around: range))
        timeline.hear(level, isHedged ? 0.45 : asked ? 0.85 : 0.7, turn.evidence(range))
    }
}

/// How soon something is wanted.
enum Timeline {
    /// The last statement of time that names a horizon; ``TimelineLevel/unknown`` for one more than a year away.
    static func level(in text: SpokenText, _ times: [TimeMention], now: Date) -> (TimelineLevel, Range<Int>)? {
        let named = horizon(in: text.plainTexts)
        guard let time = times.last else { return named }
        let counted = (level(days: time.date.timeIntervalSince(now) / 86_400), time.wordRange)
        guard let named else { return counted }
        // "The end of next month" says more than "next month", and "next month" is this quarter's whatever its day.
        if named.1.overlaps(time.wordRange) { return named.1.count + 2 >= time.wordRange.count ? named : counted }
        return named.1.lowerBound > time.wordRange.lowerBound ? named : counted
    }

    /// What a question supposes.
    static func horizon(in text: SpokenText, _ time: TimeMention?, now: Date) -> TimelineLevel? {
        level(in: text, [time].compactMap(\.self), now: now).flatMap { $0.0 == .unknown ? nil : $0.0 }
    }

    private static func horizon(in words: CodedWords) -> (TimelineLevel, Range<Int>)? {
        var best: (TimelineLevel, Range<Int>)?
        for (level, phrases) in horizons {
            for phrase in phrases {
                var from = 0
                while let found = phrase.first(in: words, from: from) {
                    from = found.lowerBound + 1
                    let before = found.lowerBound > 0 ? words[found.lowerBound - 1] : ""
                    // "A year from now" is no "now", and "not this month" is some other one.
                    if ["from", "after", "not", "before", "for"].contains(before) { continue }
                    if let known = best?.1, found.lowerBound < known.upperBound, found.count <= known.count { continue }
                    if let known = best?.1, found.upperBound <= known.lowerBound { continue }
                    best = (level, found)
                }
            }
        }
        return best
    }

    private static func level(days: Double) -> TimelineLevel {
        switch days {
        case ...14.5: .immediate
        case ...31.5: .thisMonth
        case ...92: .thisQuarter
        case ...366: .thisYear
        default: .unknown
        }
    }

    static let denials: WordSet = ["not", "never", "nicht", "nunca"]

    private static let horizons: [(TimelineLevel, PhraseList)] = [
        (
            .immediate,
            Phrase.list(
                "immediately|asap|now|today|tomorrow|yesterday", "right away|now",
                "as soon as ?we ?you ?possible|possibly|we|you ?can",
                "straight away", "this|next week", "in|within days", "sooner|quicker|faster|earlier the better",
                "very soon",
                "at once", "cuanto antes", "ya mismo", "inmediatamente|hoy|ahora", "lo antes posible",
                "esta|proxima semana",
                "sofort|umgehend|heute", "so schnell|bald wie moglich", "diese|nachste woche", "schnellstmoglich")
        ),
        (
            .thisMonth,
            Phrase.list(
                "this month", "end of the|this month", "within the month", "month end", "este mes",
                "diesen|diesem monat",
                "ende des monats")
        ),
        (
            .thisQuarter,
            Phrase.list(
                "this quarter", "next month", "end of the|this quarter", "next few|couple ?of months",
                "few|couple ?of months",
                "proximo mes", "este trimestre", "mes que viene", "nachsten|nachster monat", "dieses|diesem quartal",
                "in den nachsten monaten", "proximos meses")
        ),
        (
            .thisYear,
            Phrase.list(
                "this year", "next quarter|year|summer|spring|fall|autumn|winter", "end of the|this|next year",
                "later this year", "second half", "half a year", "within a|the year", "sometime next", "este ano",
                "proximo ano|trimestre", "ano que viene", "dieses|diesem|nachstes|nachsten jahr",
                "nachstes|nachsten quartal",
                "medio ano", "halbes|halben jahr")
        ),
    ]
    static let none = Phrase.list(
        "no ?real|fixed|particular|specific timeline|timeframe|deadline|rush|hurry|idea|date", "do not ?really know",
        "do not have a|any ?fixed timeline|deadline|date", "not sure ?when|yet", "someday|eventually", "some day",
        "not decided", "whenever", "not in any|a rush|hurry", "no date has", "depends", "no lo se", "sin prisa",
        "no hay prisa|fecha",
        "weiss ?ich ?es nicht", "weiss ich ?noch nicht", "keine eile|ahnung")
    static let starts = Phrase.list(
        "start|starting|begin|launch|implement|install|implemented|deploy|running|live|deadline|timeline|rollout",
        "roll ?it|this|that out", "switch|change ?our providers|provider|systems|over", "ready by|in|within",
        "need|want it|this|something|that|one ?up ?and ?running in|by|within|this|next|before",
        "need|want ~ now|immediately|today|asap|right",
        "have|get it|this|something in place|running|done|by|ready", "in place", "up and running",
        "decide|decision|buy|purchase|sign by|this|next|within|in", "empezar|necesitamos|necesito|arrancar|lanzar",
        "starten|beginnen|brauchen|brauche|benotigen|einfuhren|umstellen")
}
