import CallModel
import Foundation
import SpokenLanguage

/// What the caller says at once, cut into words for all rules: one turn, or several transcripts that make up an answer.
struct CallerTurn {
    /// An answer takes no more transcripts than this.
    static let piecesMax = 8

    /// All pieces as one: the number and the start of the first, the words of all.
    let turn: Turn
    let text: SpokenText
    let words: CodedWords
    let question: AgentQuestion
    let answer: YesNo
    let times: [TimeMention]
    /// Times at which it cannot be.
    let ruledOut: [TimeMention]
    /// When it was said.
    let now: Date
    /// The turns it is made of, and where each stands in ``text``.
    private let pieces: [(turn: Turn, words: Range<Int>)]

    /// - Parameters:
    ///   - turns: one or more, in order.
    ///   - spokenOf: the time that the talk was about last.
    init(
        _ turns: [Turn], _ question: AgentQuestion, now: Date, _ context: ExtractionContext,
        spokenOf: SpokenTime.Anchor? = nil
    ) {
        self.question = question
        self.now = now
        var joined = turns.first ?? Turn(number: 0, speaker: .caller, startedMs: 0, endedMs: 0, text: "")
        var starts = [0]
        for next in turns.dropFirst() {
            let isOpen = CallerTurn.isOpen(between: joined.heardText, and: next.heardText)
            joined.heardText += isOpen ? " " : "\n"
            starts.append(joined.heardText.utf8.count)
            joined.heardText += next.heardText
            joined.endedMs = next.endedMs
        }
        turn = joined
        let text = SpokenText(joined.heardText, in: context.tongue)
        self.text = text
        words = text.texts
        let firsts = starts.map { start in
            let index = joined.heardText.utf8.index(joined.heardText.startIndex, offsetBy: start)
            return text.firstWord(from: index)
        }
        pieces = turns.indices.map { place in
            let end = place + 1 < firsts.count ? firsts[place + 1] : text.texts.count
            return (turns[place], firsts[place]..<max(end, firsts[place]))
        }
        answer = YesNo.classify(text)
        let named = SpokenTime.all(
            in: text, now: now, timeZone: context.timeZone, asked: question.asksForTime, anchor: spokenOf)
        times = named.filter { !$0.isRuledOut }
        ruledOut = named.filter(\.isRuledOut)
    }

    var topic: AgentQuestion.Topic? { question.topic }

    // MARK: Evidence

    /// - Parameter words: as they stand in one of the pieces; nil for all of the first.
    func evidence(_ words: String? = nil) -> Evidence {
        guard let first = pieces.first else { return Evidence(turn) }
        guard let words else { return Evidence(first.turn) }
        if let piece = pieces.first(where: { $0.turn.heardText.contains(words) }) {
            return Evidence(piece.turn, words: words)
        }
        // What begins in one piece and goes on in the next rests on the one that it begins in.
        let quoted = SpokenText(words, in: text.tongue).texts
        let start = text.texts.indices.first { text.texts[$0...].starts(with: quoted) }
        return start.map { quote($0..<($0 + quoted.count)) } ?? Evidence(first.turn)
    }

    /// The words of the sentence a match stands in: what a person reading the evidence wants to see.
    func evidence(_ range: Range<Int>) -> Evidence {
        guard let first = text.words[range].first else { return evidence() }
        let sentence = text.words.indices.filter { text.words[$0].sentence == first.sentence }
        guard let lower = sentence.first, let upper = sentence.last else { return evidence() }
        return quote(lower..<(upper + 1), around: range.lowerBound)
    }

    /// The part of `range` that one piece holds: the piece of the word `place`.
    private func quote(_ range: Range<Int>, around place: Int? = nil) -> Evidence {
        guard let piece = pieces.last(where: { $0.words.lowerBound <= place ?? range.lowerBound }) else {
            return evidence()
        }
        return Evidence(piece.turn, words: text.quote(range.clamped(to: piece.words)))
    }

    /// The words of the sentence around a match.
    func sentenceWords(around range: Range<Int>) -> CodedWords {
        guard let first = text.words[range].first else { return words }
        return CodedWords(text.words.filter { $0.sentence == first.sentence }.map(\.text))
    }

    // MARK: Pieces

    /// Whether a sentence goes on from one transcript to the next: it breaks off in the first ("we have about"), or the
    /// second cannot begin one ("dollars", "at example dot com").
    static func isOpen(between said: String, and next: String) -> Bool {
        let before = SpokenText(said)
        let after = SpokenText(next)
        guard let last = before.texts.last, let first = after.texts.first else { return true }
        if dangling.contains(last) || continuing.contains(first) { return true }
        // Digits and numbers are told in pieces.
        guard let number = SpokenNumber.find(in: before).last, number.words.upperBound == before.texts.count else {
            return false
        }
        return SpokenNumber.parse(after, at: 0) != nil
    }

    private static let dangling: WordSet = [
        "about", "around", "at", "on", "in", "for", "the", "a", "an", "my", "our", "is", "are", "and", "or", "to", "of",
        "from", "with", "dot", "point", "by", "than", "until", "dash", "underscore", "between", "roughly", "was",
        "would",
        "next", "every", "half", "plus", "per", "und", "bei", "am", "im", "bis", "gegen", "para", "por", "el", "la",
        "los", "alrededor", "unos", "etwa", "ungefahr", "zirka",
    ]
    private static let continuing: WordSet = [
        "at", "dot", "thousand", "hundred", "million", "k", "grand", "dollars", "euros", "pounds", "bucks", "percent",
        "am", "pm", "o'clock", "per", "underscore", "dash", "or", "lakh", "lakhs", "crore", "rupees", "francs", "euro",
        "tausend", "millionen", "uhr", "mil", "millones", "dolares", "pesos",
    ]
}
