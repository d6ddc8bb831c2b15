import CallModel
import Foundation
import SpokenLanguage

extension CallReading {
    mutating func readTimeline(_ turn: CallerTurn) {
        let asked = turn.topic == .timeline
        guard asked || CallReading.startWords.matches(turn.words) else { return }
        guard turn.topic != .meeting, turn.topic != .followUp || asked else { return }
        if let found = CallReading.noTimeline.first(in: turn.words) {
            if timeline.isKnown { timeline.withdraw(turn.evidence(found)) }
            return
        }
        guard let (level, range) = CallReading.level(turn) else { return }
        let before = turn.words[..<range.lowerBound].suffix(3)
        if before.contains("not") || before.contains("never") {
            if timeline.value == level { timeline.withdraw(turn.evidence(range)) }
            return
        }
        let isHedged = Hedge.holdsBesidesAmounts(turn.sentenceWords(around: range))
        timeline.hear(level, isHedged ? 0.45 : asked ? 0.85 : 0.7, turn.evidence(range))
    }

    /// The last statement of time in the turn that names a horizon.
    private static func level(_ turn: CallerTurn) -> (TimelineLevel, Range<Int>)? {
        var best: (TimelineLevel, Range<Int>)?
        for (level, phrases) in horizons {
            for phrase in phrases {
                var from = 0
                while let found = phrase.first(in: turn.words, from: from) {
                    from = found.lowerBound + 1
                    // "A year from now" is no "now".
                    if ["from", "after"].contains(turn.text[found.lowerBound - 1] ?? "") { continue }
                    if let known = best?.1, found.lowerBound < known.upperBound, found.count <= known.count { continue }
                    if let known = best?.1, found.upperBound <= known.lowerBound { continue }
                    best = (level, found)
                }
            }
        }
        if let span = span(turn), span.1.lowerBound >= (best?.1.lowerBound ?? 0) { best = span }
        if best == nil, let time = turn.times.last { best = (level(of: time, turn), time.wordRange) }
        return best
    }

    private static let days: WordTable<Double> = [
        "day": 1.0, "days": 1, "week": 7, "weeks": 7, "month": 30.5, "months": 30.5, "year": 365, "years": 365,
    ]
    private static let looseSpan = Phrase("a|one|couple|few ?of day|days|week|weeks|month|months|year")

    /// "within six weeks", "about two months".
    private static func span(_ turn: CallerTurn) -> (TimelineLevel, Range<Int>)? {
        for number in SpokenNumber.find(in: turn.text).reversed() {
            let end = number.words.upperBound
            let at = turn.text[end] == "or" || turn.text[end] == "to" ? end + 2 : turn.text[end] == "of" ? end + 1 : end
            guard let length = turn.text[at].flatMap({ days[$0] }), turn.text[at + 1] != "ago" else { continue }
            return (level(days: number.value * length), number.words.lowerBound..<(at + 1))
        }
        guard let found = looseSpan.first(in: turn.words),
            let length = turn.text[found.upperBound - 1].flatMap({ days[$0] }), turn.text[found.upperBound] != "ago"
        else { return nil }
        let count = turn.words[found].contains("few") ? 3.0 : turn.words[found].contains("couple") ? 2 : 1
        return (level(days: count * length), found)
    }

    private static func level(of time: TimeMention, _ turn: CallerTurn) -> TimelineLevel {
        level(days: time.date.timeIntervalSince(turn.now) / 86_400)
    }

    private static func level(days: Double) -> TimelineLevel {
        switch days {
        case ...14.5: .immediate
        case ...31: .thisMonth
        case ...92: .thisQuarter
        case ...366: .thisYear
        default: .unknown
        }
    }

    private static let horizons: [(TimelineLevel, PhraseList)] = [
        (
            .immediate,
            Phrase.list(
                "immediately|asap|now|today|tomorrow|yesterday", "right away|now", "as soon as possible|we|you",
                "straight away", "this|next week", "in|within days", "sooner the better", "very soon", "at once")
        ),
        (
            .thisMonth,
            Phrase.list("this month", "end of the|this month", "few|couple weeks", "within the month", "month end")
        ),
        (
            .thisQuarter,
            Phrase.list(
                "this quarter", "next month", "end of the|this quarter", "next few|couple ?of months",
                "few|couple ?of months", "before christmas")
        ),
        (
            .thisYear,
            Phrase.list(
                "this year", "next quarter|year|summer|spring|fall|autumn|winter", "end of the|this|next year",
                "later this year", "second half", "half a year", "within a|the year", "sometime next")
        ),
    ]
    private static let noTimeline = Phrase.list(
        "no ?real|fixed|particular|specific timeline|timeframe|deadline|rush|hurry|idea|date", "do not ?really know",
        "do not have a|any ?fixed timeline|deadline|date", "not sure ?when|yet", "someday|eventually", "some day",
        "not decided", "whenever")
    private static let startWords = Phrase.list(
        "start|starting|begin|launch|implement|install|implemented|deploy|running|live|deadline|timeline|rollout",
        "roll out",
        "need|want it|this|something|that|one ?up ?and ?running in|by|within|this|next|before",
        "need|want it|this|something|that|one now|immediately|today|asap|right",
        "have|get it|this|something in place|running|done|by",
        "decide|decision|buy|purchase by|this|next|within|in")
}
