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
    /// Where it is another than the tenant's.
    var budgetCurrency: String?
    var authority = Heard(nothing: AuthorityLevel.unknown)
    var need = Heard(nothing: NeedLevel.unknown)
    var timeline = Heard(nothing: TimelineLevel.unknown)
    var contact = CallInsight.ContactDetails()
    var objections: [Finding<String>] = []
    var meeting: CallInsight.MeetingAgreed?
    var meetingEvidence: Evidence?
    enum Subject { case meeting, callBack }
    /// What a time that is named is for.
    var subject: Subject?
    /// The time that was spoken of last: "at three" is on its day.
    var spokenOf: SpokenTime.Anchor?
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
    /// Turns of the caller that are read as one, once it is known where they end.
    private var pieces: [Turn] = []
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
                readPieces()
                read(next.fact)
                facts.removeFirst()
            }
            if turn.speaker == .caller {
                agentSaid = ""
                if let last = pieces.last, !goesOn(last, turn) { readPieces() }
                pieces.append(turn)
            } else {
                readPieces()
                agentSaid += (agentSaid.isEmpty ? "" : " ") + turn.heardText
                question = AgentQuestion(heard: agentSaid, now: moment(turn), context, spokenOf: spokenOf)
                agentSpoke()
            }
        }
        readPieces()
        for next in facts { read(next.fact) }
    }

    /// Whether `next` is said in one breath with what came before it: an answer that comes in several transcripts, or a
    /// sentence that one broke off in.
    private func goesOn(_ last: Turn, _ next: Turn) -> Bool {
        guard pieces.count < CallerTurn.piecesMax else { return false }
        return question.topic != nil || question.asksForPhone
            || CallerTurn.isOpen(between: last.heardText, and: next.heardText)
    }

    /// Reads what the caller has said since the agent spoke.
    private mutating func readPieces() {
        guard let first = pieces.first else { return }
        callerTurns += pieces
        let turn = CallerTurn(pieces, question, now: moment(first), context, spokenOf: spokenOf)
        pieces = []
        question = .none
        read(turn)
        speak(of: turn.times.last { $0.namesDay && $0.precision >= .day })
    }

    private mutating func agentSpoke() {
        if question.topic == .followUp {
            subject = .callBack
        } else if question.speaksOfMeeting || question.topic == .meeting {
            subject = .meeting
        } else if question.speaksOfCallBack {
            subject = .callBack
        } else if question.topic != nil {
            subject = nil
        }
        confirmProposal(by: question)
        speak(of: question.time)
    }

    /// The time that the talk is about from now on; what was said of none keeps the one before.
    private mutating func speak(of time: TimeMention?) {
        guard let time else { return }
        spokenOf = SpokenTime.Anchor(date: time.date, hasTimeOfDay: time.hasTimeOfDay)
    }

    private mutating func read(_ turn: CallerTurn) {
        readOptOut(turn)
        // A mailbox wants nothing; that it asks to be left alone shows that it was none.
        guard record.machineEnding == nil else { return }
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
