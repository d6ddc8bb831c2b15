package import CallModel
import Foundation
import SpokenLanguage

/// Takes BANT, intent, contact details, meetings and the rest out of a transcript by rules: the same call always yields
/// the same insight, and every value rests on words of the caller.
///
/// An answer is read in the frame of the question that the caller really heard. "Maybe" is never a yes, and what the
/// caller takes back later is withdrawn. What tools settled during the call counts as said in the turn before it.
package struct RuleExtractor: Sendable {
    package static let name = "rules/1"

    package init() {}

    package func insight(for record: CallRecord, context: ExtractionContext) -> CallInsight {
        var reading = CallReading(record: record, context: context)
        reading.readAll()
        return reading.insight()
    }
}

/// The state of one pass over a call. Each topic has its own file.
struct CallReading {
    let record: CallRecord
    let context: ExtractionContext

    var budget = Heard(nothing: BudgetLevel.unknown)
    var budgetAmount: Double?
    var authority = Heard(nothing: AuthorityLevel.unknown)
    var need = Heard(nothing: NeedLevel.unknown)
    var timeline = Heard(nothing: TimelineLevel.unknown)
    var contact = CallInsight.ContactDetails()
    var objections: [Finding<String>] = []
    var meeting: CallInsight.MeetingAgreed?
    var meetingEvidence: Evidence?
    /// A time the caller proposed and the agent has not confirmed yet.
    var meetingProposed: (time: TimeMention, evidence: Evidence)?
    var followUpNamedAt: Finding<Date>?
    var followUpAgreed = false
    var doNotContact: Finding<String>?
    var refused: [Finding<String>] = []
    var language: Finding<String>?
    var wantsInformation: Evidence?
    var wantsSupport: Evidence?
    var isWrongNumber: Evidence?
    var isNotInterested: Evidence?
    var showsInterest: Evidence?
    var transferRequested: Evidence?
    var pleased: [Evidence] = []
    var displeased: [Evidence] = []

    /// What the last agent turns asked.
    var question = AgentQuestion.none
    private var callerTurns: [Turn] = []
    /// Digits of a telephone number that was not told to its end: those of the turn before.
    var phoneBegun = ""

    init(record: CallRecord, context: ExtractionContext) {
        self.record = record
        self.context = context
    }

    /// The moment a turn was spoken.
    func moment(_ turn: Turn) -> Date { record.opening.rangAt.addingTimeInterval(Double(turn.startedMs) / 1_000) }

    mutating func readAll() {
        var facts = zip(record.facts, record.factsAtMs + Array(repeating: .max, count: record.facts.count))
            .map { (fact: $0.0, atMs: $0.1) }[...]
        var agentSaid = ""
        for turn in record.transcript.turns where !turn.heardText.isEmpty {
            while let next = facts.first, next.atMs <= turn.startedMs {
                read(next.fact)
                facts.removeFirst()
            }
            if turn.speaker == .caller {
                agentSaid = ""
                callerTurns.append(turn)
                read(CallerTurn(turn, question, now: moment(turn), timeZone: context.timeZone))
                question = .none
            } else {
                agentSaid += (agentSaid.isEmpty ? "" : " ") + turn.heardText
                question = AgentQuestion(heard: agentSaid, now: moment(turn), timeZone: context.timeZone)
                confirmProposal(by: question)
            }
        }
        for next in facts { read(next.fact) }
    }

    private mutating func read(_ turn: CallerTurn) {
        readOptOut(turn)
        if let spoken = ForeignSpeech.language(of: turn.text) {
            // What is not understood is not guessed at.
            language = Finding(spoken, confidence: 0.8, evidence: [turn.evidence()])
            return
        }
        readContact(turn)
        readPhone(turn)
        readBudget(turn)
        readAuthority(turn)
        readNeed(turn)
        readTimeline(turn)
        readMeeting(turn)
        readFollowUp(turn)
        readIntent(turn)
        readMood(turn)
    }

    /// The caller's turn that a fact rests on: the last one so far.
    var factTurn: Turn? { callerTurns.last }
}

/// One turn of the caller, cut into words once for all rules.
struct CallerTurn {
    let turn: Turn
    let text: SpokenText
    let words: [String]
    let question: AgentQuestion
    let answer: YesNo
    let times: [TimeMention]
    /// When it was said.
    let now: Date

    init(_ turn: Turn, _ question: AgentQuestion, now: Date, timeZone: TimeZone) {
        self.turn = turn
        self.question = question
        self.now = now
        text = SpokenText(turn.heardText)
        words = text.texts
        answer = YesNo.classify(text)
        times = SpokenTime.find(in: text, now: now, timeZone: timeZone)
    }

    var topic: AgentQuestion.Topic? { question.topic }

    func evidence(_ words: String? = nil) -> Evidence { Evidence(turn, words: words) }

    func evidence(_ range: Range<Int>) -> Evidence { Evidence(turn, words: sentence(around: range)) }

    /// The words of the sentence a match stands in: what a person reading the evidence wants to see.
    private func sentence(around range: Range<Int>) -> String {
        guard let first = text.words[range].first else { return turn.heardText }
        let all = text.words.indices.filter { text.words[$0].sentence == first.sentence }
        guard let lower = all.first, let upper = all.last else { return turn.heardText }
        return text.quote(lower..<(upper + 1))
    }

    /// The words of the sentence around a match.
    func sentenceWords(around range: Range<Int>) -> [String] {
        guard let first = text.words[range].first else { return words }
        return text.words.filter { $0.sentence == first.sentence }.map(\.text)
    }
}
