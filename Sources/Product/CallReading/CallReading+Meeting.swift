import CallModel
import Foundation
import SpokenLanguage

extension CallReading {
    /// A meeting is agreed when one side names a day and time and the other says yes to it.
    mutating func readMeeting(_ turn: CallerTurn) {
        let words = turn.text.plainTexts
        if CallReading.meetingWords.matches(words), !turn.times.isEmpty || turn.question.time == nil {
            subject = .meeting
        }
        if CallReading.callBacks.matches(words), !CallReading.meetingWords.matches(words) { subject = .callBack }
        if let found = CallReading.cancellations.first(in: words), meeting != nil || meetingProposed != nil {
            meeting = nil
            meetingProposed = nil
            meetingEvidence = turn.evidence(found)
            return
        }
        if let agreed = meeting, turn.times.isEmpty,
            turn.ruledOut.contains(where: { isSameDay($0.date, agreed.startsAt) })
        {
            meeting = nil
            meetingEvidence = turn.evidence()
            return
        }
        guard subject == .meeting else { return }
        let isHedged = Hedge.holdsBesidesAmounts(words) || CallReading.evasions.matches(words)
        if let named = turn.times.last(where: \.hasTimeOfDay) {
            if let asked = turn.question.time, asked.hasTimeOfDay, asked.date == named.date {
                if turn.answer != .no, !isHedged { agree(on: named.date, turn) }
            } else {
                meeting = nil
                meetingProposed = isHedged ? nil : (named, turn.evidence(named.words))
            }
        } else if let moved = movedTo(turn), !isHedged {
            meeting = nil
            meetingProposed = (moved, turn.evidence(moved.words))
        } else if let proposed = turn.question.time, namesNoOther(turn, than: proposed) {
            if turn.answer == .no {
                meeting = nil
                meetingProposed = nil
            } else if proposed.hasTimeOfDay, !proposed.isAlternative, accepts(turn), !isHedged {
                agree(on: proposed.date, turn)
            }
        } else if turn.answer == .no, turn.topic == .meeting, turn.question.confirms {
            meeting = nil
            meetingProposed = nil
        }
    }

    /// "Can we do Wednesday instead": the day is another, the hour stays.
    private func movedTo(_ turn: CallerTurn) -> TimeMention? {
        guard let known = turn.question.time ?? meetingTime, known.hasTimeOfDay, var day = turn.times.last,
            day.precision == .day,
            !isSameDay(day.date, known.date)
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = context.timeZone
        let clock = calendar.dateComponents([.hour, .minute], from: known.date)
        guard
            let date = calendar.date(bySettingHour: clock.hour ?? 0, minute: clock.minute ?? 0, second: 0, of: day.date)
        else { return nil }
        (day.date, day.precision) = (date, .time)
        return day
    }

    /// What was agreed on, or read back.
    private var meetingTime: TimeMention? {
        meeting.map {
            TimeMention(date: $0.startsAt, precision: .time, words: meetingEvidence?.words ?? "", wordRange: 0..<0)
        }
    }

    /// No other day than the one proposed: "Monday is fine".
    private func namesNoOther(_ turn: CallerTurn, than proposed: TimeMention) -> Bool {
        turn.times.allSatisfy { $0.precision == .day && isSameDay($0.date, proposed.date) }
            && !turn.ruledOut.contains { isSameDay($0.date, proposed.date) }
    }

    private func isSameDay(_ a: Date, _ b: Date) -> Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = context.timeZone
        return calendar.isDate(a, inSameDayAs: b)
    }

    /// A yes to what was proposed, in words that are one only there.
    private func accepts(_ turn: CallerTurn) -> Bool {
        turn.answer == .yes || CallReading.acceptances.matches(turn.text.plainTexts)
    }

    /// "Perfect, Tuesday at three it is": the agent takes up the caller's proposal.
    mutating func confirmProposal(by agent: AgentQuestion) {
        guard let proposed = meetingProposed else { return }
        let isSame = agent.time.map { $0.date == proposed.time.date }
        if isSame == false {
            meetingProposed = nil
        } else if agent.isQuestion ? isSame == true && agent.confirms : isSame == true || agent.confirms {
            meeting = CallInsight.MeetingAgreed(title: "Meeting", startsAt: proposed.time.date, durationMinutes: 30)
            meetingEvidence = proposed.evidence
            meetingProposed = nil
        }
    }

    private mutating func agree(on date: Date, _ turn: CallerTurn) {
        meeting = CallInsight.MeetingAgreed(title: "Meeting", startsAt: date, durationMinutes: 30)
        meetingEvidence = turn.evidence()
        meetingProposed = nil
    }

    /// A time the caller names for the next contact.
    mutating func readFollowUp(_ turn: CallerTurn) {
        let words = turn.text.plainTexts
        if CallReading.noCallBack.matches(words) {
            (followUpNamedAt, followUpAgreed) = (nil, false)
            return
        }
        if let named = followUpNamedAt, turn.times.isEmpty,
            turn.ruledOut.contains(where: { isSameDay($0.date, named.value) })
        {
            (followUpNamedAt, followUpAgreed) = (nil, false)
            return
        }
        let wantsCall = CallReading.callBacks.matches(words)
        let isAsked = turn.topic == .followUp || (subject == .callBack && turn.question.time != nil)
        if wantsCall || isAsked, let time = turn.times.last {
            let confidence = Hedge.holdsBesidesAmounts(words) ? 0.5 : 0.85
            followUpNamedAt = Finding(time.date, confidence: confidence, evidence: [turn.evidence(time.words)])
            followUpAgreed = true
        } else if isAsked || (turn.question.speaksOfCallBack && !turn.question.speaksOfMeeting), turn.times.isEmpty {
            if turn.answer == .no {
                followUpAgreed = false
                followUpNamedAt = nil
            } else if accepts(turn), !CallReading.evasions.matches(words) {
                followUpAgreed = true
                if let time = turn.question.time, !time.isAlternative {
                    followUpNamedAt = Finding(time.date, confidence: 0.8, evidence: [turn.evidence()])
                }
            }
        }
    }

    private static let cancellations = Phrase.list(
        "cancel ?that|it|the|this|my ?meeting|appointment|demo", "can not make it|that",
        "forget the|that|it|about ?the ?meeting|demo",
        "changed my mind", "no ?need ?for ?a meeting $", "do not want|need a|the|that ?meeting|demo|appointment",
        "leave it",
        "call it|the|this ?meeting|demo off", "scrap that|the|it", "something came up",
        "skip ?it|that|the ?meeting|demo $", "have|need|want to cancel", "cancel $", "let us not",
        "cancelar|cancele|cancelo", "mejor no",
        "absagen|stornieren|doch nicht")
    private static let acceptances = Phrase.list(
        "not see why not", "why not", "i will take it|that", "^ it does|would|is",
        "fine|good|okay|great by|for|with me|us",
        "that|it|this would|will|does|should work|do|suit|be", "sounds like a plan",
        "sounds|suits|fits ?me|us ?good|great|fine|perfect",
        "count me in|on", "count on me", "i will be there|come", "^ ?yes i am in $", "you bet", "put me down",
        "is doable", "i|we can make it|that", "no problem", "works for", "i would ?yes|yeah|like|love", "sure thing",
        "be great|lovely|perfect|fine|good",
        "can do $", "is ?absolutely ?all good|okay|fine|perfect|great|right", "it is good|okay|fine", "you can",
        "let us do",
        "perfecto|vale|claro|estupendo|genial|si", "de acuerdo", "parece bien", "esta bien", "por supuesto",
        "me viene bien",
        "passt|gerne|perfekt|einverstanden|geht|ja|klar", "klingt gut", "in ordnung")
    private static let evasions = Phrase.list(
        "think about|it over", "only if", "let me check|get", "check with", "get back to you",
        "rather ?read|have|see|get|not|just",
        "have to check|ask|see", "need to check|ask|see", "not yet", "if ~ free", "pensarlo|pensar", "uberlegen",
        "not do meetings|demos",
        "first $")
    private static let meetingWords = Phrase.list(
        "meet|demo|demonstration|book|schedule", "a|the meeting|appointment", "set up a call|time",
        "reunion|cita|demostracion|reunirnos",
        "termin|treffen|besprechung")
    private static let callBacks = Phrase.list(
        "call|ring|phone|try|reach|contact me ?back", "call ?me back", "get back to me", "follow up",
        "talk|speak ?to ?me again|then|next|on|later|tomorrow", "give me a call|ring",
        "call ?me ?again next|on|at|tomorrow|in",
        "llame|llameme|llamenme|llamarme|llamen|llamar", "zuruckrufen|anrufen|zuruckzurufen",
        "rufen|ruf|melden sie|mich")
    private static let noCallBack = Phrase.list(
        "no need|reason ?for ?you ?to call|ring", "let me call|ring|phone|get", "get back to you", "be in touch",
        "email me", "send it|me|us ?the|an|a", "not bother|need|have ?to call|calling|ring|ringing",
        "i will call|ring|phone you",
        "no hace falta", "no me llame|llamen", "brauchen ?mich nicht", "nicht zuruckzurufen|zuruckrufen")
}
