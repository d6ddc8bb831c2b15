import CallModel
import Foundation
import SpokenLanguage

extension CallReading {
    func insight() -> CallInsight {
        let intent = intent
        var insight = CallInsight(extractor: RuleExtractor.name, summary: "", outcome: .nurture)
        insight.bant = BANT(
            budget: budget.finding, budgetAmount: budgetAmount, budgetCurrency: budgetCurrency,
            authority: authority.finding, need: need.finding,
            timeline: timeline.finding)
        insight.intent = intent
        insight.sentiment = sentiment
        insight.contact = contact
        insight.objections = objections
        insight.doNotContact = doNotContact
        insight.refused = doNotContact == nil ? refused : []
        insight.language = language
        if doNotContact == nil {
            insight.meeting = meeting
            insight.followUpNamedAt = followUpNamedAt
        }
        insight.outcome = CallOutcome.strongest(
            of: record, intent: intent.value, isOptOut: doNotContact != nil, hasMeeting: meeting != nil,
            agreedFollowUp: followUpAgreed, transferRequested: transferRequested != nil, refused: isNotInterested != nil
        )
        insight.nextStep = nextStep(insight)
        insight.summary = CallSummary(record: record, insight: insight, context: context).text
        return insight
    }

    private func nextStep(_ insight: CallInsight) -> Finding<String>? {
        if let words = insight.doNotContact {
            return Finding("do not contact again", confidence: words.confidence, evidence: words.evidence)
        }
        if let meeting = insight.meeting {
            let day = CallSummary.day(meeting.startsAt, context.timeZone)
            return Finding("meeting on \(day)", confidence: 0.85, evidence: [meetingEvidence].compactMap(\.self))
        }
        if insight.outcome == .transferred {
            return Finding(
                "taken over by a colleague", confidence: 0.9, evidence: [transferRequested].compactMap(\.self))
        }
        if let named = insight.followUpNamedAt {
            let day = CallSummary.day(named.value, context.timeZone)
            return Finding("call back on \(day)", confidence: named.confidence, evidence: named.evidence)
        }
        if followUpAgreed { return Finding("call back", confidence: 0.7) }
        if let asked = wantsInformation, asked.words.lowercased().contains("send") {
            return Finding("send information", confidence: 0.6, evidence: [asked])
        }
        return nil
    }
}

extension CallOutcome {
    /// The strongest outcome that holds, in the order the cases are listed.
    static func strongest(
        of record: CallRecord, intent: CallIntent, isOptOut: Bool, hasMeeting: Bool, agreedFollowUp: Bool,
        transferRequested: Bool, refused: Bool
    ) -> CallOutcome {
        let reason = record.ending?.reason ?? ""
        let callerSpoke = record.personTurns.contains { !$0.heardText.isEmpty }
        let wasTransferred =
            reason == "transferred"
            // One that was asked for and failed brought the caller back, and the call has another end.
            || record.ending == nil
                && record.facts.contains { if case .transferRequested(_) = $0 { true } else { false } }
        if isOptOut { return .doNotCall }
        if hasMeeting { return .meetingBooked }
        if wasTransferred { return .transferred }
        if agreedFollowUp { return .followUpAgreed }
        if intent == .salesQualified { return .qualified }
        if record.answeredAt == nil {
            return record.ending == nil ? .interrupted : faults.contains(reason) ? .failed : .noSpeech
        }
        let isMachine =
            reason == "voicemail" || [.voicemailLeft, .answeringMachine].contains(record.machineEnding)
            || record.notes.contains { $0.lowercased().contains("voicemail") }
        if !callerSpoke {
            if isMachine { return .voicemail }
            if record.ending == nil { return .interrupted }
            return faults.contains(reason) ? .failed : .noSpeech
        }
        let interested: Set<CallIntent> = [.marketingQualified, .information, .support]
        if interested.contains(intent), !refused { return .nurture }
        if refused || intent == .wrongNumber { return .notInterested }
        if isMachine { return .voicemail }
        if record.ending == nil { return .interrupted }
        if faults.contains(reason) { return .failed }
        return record.transcript.callerTurns.count >= 2 ? .nurture : .interrupted
    }

    /// Endings that are nobody's wish.
    private static let faults: Set<String> = ["agent_fault", "carrier_failed"]
}

/// One to three plain sentences about a call.
struct CallSummary {
    let record: CallRecord
    let insight: CallInsight
    let context: ExtractionContext

    var text: String {
        var sentences = [opening]
        if let facts = qualification { sentences.append(facts) }
        if let end = ending { sentences.append(end) }
        return sentences.joined(separator: " ")
    }

    private var who: String {
        let name = insight.contact.name?.value ?? "The caller"
        return insight.contact.company.map { "\(name) of \($0.value)" } ?? name
    }

    private var opening: String {
        if record.answeredAt == nil { return "The caller hung up before the call was answered." }
        if record.machineEnding == .voicemailLeft { return "A mailbox answered and has the message." }
        if record.machineEnding == .answeringMachine { return "A machine answered, and the call was ended." }
        if record.machineEnding == .networkAnnouncement { return "The network answered: there was nobody on the line." }
        if insight.outcome == .noSpeech { return "The call was answered, but the caller said nothing." }
        if record.transcript.callerTurns.isEmpty { return "The call ended before the caller spoke." }
        switch insight.intent.value {
        case .optOut: return "\(who) asked not to be called again."
        case .wrongNumber: return "\(who) had the wrong number."
        case .support: return "\(who) called for support."
        case .information: return "\(who) wanted information."
        case .salesQualified: return "\(who) is a qualified lead."
        case .marketingQualified: return "\(who) showed interest."
        case .unknown:
            if let language = insight.language {
                return "\(who) spoke \(ForeignSpeech.name(of: language.value)), which was not understood."
            }
            return "\(who) said nothing that shows what the call was about."
        }
    }

    private var qualification: String? {
        guard insight.doNotContact == nil else { return nil }
        var parts: [String] = []
        switch (insight.bant.need.value, insight.bant.need.evidence.first) {
        case (.urgent, let words): parts.append("the need is urgent" + quoted(words))
        case (.moderate, let words): parts.append("there is a need" + quoted(words))
        case (.low, _): parts.append("the need is low")
        case (.unknown, _): break
        }
        if let amount = insight.bant.budgetAmount {
            parts.append(
                "the budget is about \(CallSummary.grouped(amount)) \(insight.bant.budgetCurrency ?? context.currency)")
        } else if insight.bant.budget.value == .low {
            parts.append("there is little or no budget")
        }
        switch insight.bant.authority.value {
        case .yes: parts.append("the caller decides")
        case .influencer: parts.append("others decide too")
        case .no: parts.append("somebody else decides")
        case .unknown: break
        }
        switch insight.bant.timeline.value {
        case .immediate: parts.append("the start is immediate")
        case .thisMonth: parts.append("the start is this month")
        case .thisQuarter: parts.append("the start is this quarter")
        case .thisYear: parts.append("the start is within the year")
        case .unknown: break
        }
        guard let first = parts.first else { return nil }
        let rest = parts.dropFirst()
        let all = ([first.prefix(1).uppercased() + first.dropFirst()] + rest).joined(separator: "; ")
        return all + "."
    }

    private var ending: String? {
        if let meeting = insight.meeting {
            return "A meeting is agreed for \(CallSummary.day(meeting.startsAt, context.timeZone))."
        }
        switch insight.outcome {
        case .transferred: return "The call was passed to a colleague."
        case .followUpAgreed:
            let day = insight.followUpNamedAt.map { " on " + CallSummary.day($0.value, context.timeZone) } ?? ""
            return "A call back was agreed\(day)."
        case .interrupted where record.ending == nil: return "The call was cut short."
        case .notInterested where insight.intent.value != .wrongNumber: return "They are not interested."
        case .failed: return "The call failed on our side."
        default:
            guard let objection = insight.objections.first else { return nil }
            return "Objection: \(objection.value)."
        }
    }

    private func quoted(_ evidence: Evidence?) -> String {
        guard let words = evidence?.words, !words.isEmpty else { return "" }
        return words.count <= 100 ? " (“\(words)”)" : " (“\(words.prefix(97))…”)"
    }

    static func day(_ date: Date, _ zone: TimeZone) -> String {
        var style = Date.ISO8601FormatStyle(timeZone: zone).year().month().day().dateTimeSeparator(.space)
        style = style.time(includingFractionalSeconds: false).timeSeparator(.colon)
        return String(date.formatted(style).prefix(16))
    }

    /// `25,000`.
    static func grouped(_ amount: Double) -> String {
        let digits = Array(String(Int64(amount.rounded())))
        return String(
            digits.enumerated().flatMap { index, digit in
                index > 0 && (digits.count - index) % 3 == 0 ? [",", digit] : [digit]
            })
    }
}
