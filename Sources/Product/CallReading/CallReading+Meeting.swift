import CallModel
import Foundation
import SpokenLanguage

extension CallReading {
    /// A meeting is agreed when one side names a day and time and the other says yes to it.
    mutating func readMeeting(_ turn: CallerTurn) {
        if let found = CallReading.cancellations.first(in: turn.words), meeting != nil || meetingProposed != nil {
            meeting = nil
            meetingProposed = nil
            meetingEvidence = turn.evidence(found)
            return
        }
        let isAsked = turn.topic == .meeting || (turn.question.speaksOfMeeting && turn.topic != .followUp)
        let asksForOne = CallReading.meetingWords.matches(turn.words)
        guard isAsked || asksForOne || meetingProposed != nil else { return }
        let named = turn.times.last(where: \.hasTimeOfDay)
        if let named {
            guard turn.answer != .no || !isAsked || turn.times.count >= 1 else { return }
            if let asked = turn.question.time, asked.hasTimeOfDay, asked.date == named.date, turn.answer == .yes {
                agree(on: named.date, turn)
            } else {
                meeting = nil
                if !Hedge.holdsBesidesAmounts(turn.words) { meetingProposed = (named, turn.evidence(named.words)) }
            }
        } else if let proposed = turn.question.time, isAsked {
            switch turn.answer {
            case .yes where proposed.hasTimeOfDay: agree(on: proposed.date, turn)
            case .no:
                meeting = nil
                meetingProposed = nil
            default: break
            }
        } else if turn.answer == .no, turn.topic == .meeting, turn.question.confirms {
            meeting = nil
            meetingProposed = nil
        }
    }

    /// "Perfect, Tuesday at three it is": the agent takes up the caller's proposal.
    mutating func confirmProposal(by agent: AgentQuestion) {
        guard let proposed = meetingProposed else { return }
        let isSame = agent.time.map { $0.date == proposed.time.date }
        guard isSame ?? agent.confirms, agent.confirms || isSame == true else {
            if isSame == false { meetingProposed = nil }
            return
        }
        let asksAgain = agent.topic == .meeting && !agent.confirms
        guard !asksAgain else { return }
        meeting = CallInsight.MeetingAgreed(title: "Meeting", startsAt: proposed.time.date, durationMinutes: 30)
        meetingEvidence = proposed.evidence
        meetingProposed = nil
    }

    private mutating func agree(on date: Date, _ turn: CallerTurn) {
        meeting = CallInsight.MeetingAgreed(title: "Meeting", startsAt: date, durationMinutes: 30)
        meetingEvidence = turn.evidence()
        meetingProposed = nil
    }

    /// A time the caller names for the next contact.
    mutating func readFollowUp(_ turn: CallerTurn) {
        let wantsCall = CallReading.callBacks.matches(turn.words)
        let isAsked = turn.topic == .followUp
        if wantsCall || isAsked, let time = turn.times.last, turn.answer != .no || wantsCall {
            let confidence = Hedge.holdsBesidesAmounts(turn.words) ? 0.5 : 0.85
            followUpNamedAt = Finding(time.date, confidence: confidence, evidence: [turn.evidence(time.words)])
            followUpAgreed = true
        } else if isAsked || (turn.question.speaksOfCallBack && !turn.question.speaksOfMeeting), turn.times.isEmpty,
            turn.answer != .unclear
        {
            followUpAgreed = turn.answer == .yes
            if turn.answer == .no {
                followUpNamedAt = nil
            } else if let time = turn.question.time {
                followUpNamedAt = Finding(time.date, confidence: 0.8, evidence: [turn.evidence()])
            }
        }
    }

    private static let cancellations = Phrase.list(
        "cancel that|it|the|this|my ?meeting|appointment|demo", "can not make it|that", "forget the|that|it ?meeting",
        "changed my mind", "no ?need ?for ?a meeting $", "do not want|need a|the|that ?meeting|demo|appointment")
    private static let meetingWords = Phrase.list(
        "meet|meeting|demo|demonstration|appointment|book|schedule", "set up a call|time")
    private static let callBacks = Phrase.list(
        "call|ring|phone|try|reach|contact me ?back", "call ?me back", "get back to me", "follow up",
        "talk|speak ?to ?me again|then|next|on|later|tomorrow", "give me a call|ring",
        "call ?me ?again next|on|at|tomorrow|in")
}
