import CallModel
import Foundation
import SpokenLanguage

extension CallReading {
    /// What a tool call settled, resting on the caller's turn before it.
    mutating func read(_ fact: CallFact) {
        let turn = factTurn
        let evidence = turn.map { Evidence($0) }
        switch fact {
        case .contactDetails(let name, let email, let company, let position):
            contact.name = merged(contact.name, name, evidence)
            contact.company = merged(contact.company, company, evidence)
            contact.position = merged(contact.position, position, evidence)
            if let email, SpokenEmail.isAddress(email.lowercased()) {
                contact.email = merged(contact.email, email.lowercased(), evidence)
            }
        case .qualification(let budget, let amount, let authority, let need, let timeline, _):
            readQualification(budget, amount, authority, need, timeline)
        case .meetingBooked(let title, let startsAt, let durationMinutes):
            meeting = CallInsight.MeetingAgreed(title: title, startsAt: startsAt, durationMinutes: durationMinutes)
            meetingEvidence = evidence
            meetingProposed = nil
        case .followUpAgreed(let dueAt, _):
            followUpAgreed = true
            if let dueAt {
                let known = followUpNamedAt?.value == dueAt ? followUpNamedAt?.evidence : nil
                followUpNamedAt = Finding(dueAt, confidence: 0.85, evidence: known ?? [evidence].compactMap(\.self))
            }
        case .doNotContact(let words):
            let kept = doNotContact?.evidence ?? [evidence].compactMap(\.self)
            doNotContact = Finding(doNotContact?.value ?? words, confidence: 0.95, evidence: kept)
        case .transferRequested: transferRequested = evidence ?? transferRequested
        case .consent: break
        }
    }

    private mutating func readQualification(
        _ budgetSaid: String?, _ amount: Double?, _ authoritySaid: String?, _ needSaid: String?, _ timelineSaid: String?
    ) {
        guard let turn = factTurn else { return }
        let evidence = Evidence(turn)
        let isHedged = Hedge.holdsBesidesAmounts(Normalised.words(turn.heardText))
        let confidence = isHedged ? 0.45 : 0.7
        if let amount, amount.isFinite, (1...1e12).contains(amount) {
            if hear(
                &budget, context.thresholds.level(of: amount), confidence, evidence, replaces: budgetAmount != amount)
            {
                if budgetAmount != amount { budgetCurrency = nil }
                budgetAmount = amount
            }
        } else if let level = budgetSaid.flatMap({ BudgetLevel(rawValue: $0.lowercased()) }), level != .unknown,
            !budget.isKnown
        {
            budget.hear(level, confidence, evidence)
        }
        if let level = authoritySaid.flatMap({ AuthorityLevel(rawValue: $0.lowercased()) }), level != .unknown {
            _ = hear(&authority, level == .yes && isHedged ? .influencer : level, confidence, evidence)
        }
        if let level = needSaid.flatMap({ NeedLevel(rawValue: $0.lowercased()) }), level != .unknown {
            _ = hear(&need, level, confidence, evidence)
        }
        if let level = timelineSaid.flatMap({ TimelineLevel(rawValue: $0.lowercased()) }), level != .unknown {
            _ = hear(&timeline, level, confidence, evidence)
        }
    }

    /// The caller's own words of the same turn or later outweigh what a tool made of them.
    private func hear<Value>(
        _ heard: inout Heard<Value>, _ value: Value, _ confidence: Double, _ evidence: Evidence, replaces: Bool = false
    ) -> Bool {
        let isOurs = heard.finding.evidence.contains { $0.turnNumber >= evidence.turnNumber }
        if isOurs, heard.isKnown, heard.value != value || replaces, heard.finding.confidence >= confidence {
            return false
        }
        if heard.isKnown, heard.value == value, !replaces {
            heard.hear(value, confidence, evidence)
        } else {
            heard.withdraw(evidence)
            heard.hear(value, confidence, evidence)
        }
        return true
    }

    private func merged(_ known: Finding<String>?, _ said: String?, _ evidence: Evidence?) -> Finding<String>? {
        guard let said = said.map({ String($0.prefix(200)) })?.trimmingCharacters(in: .whitespacesAndNewlines),
            !said.isEmpty
        else { return known }
        if var known, known.value.lowercased() == said.lowercased() {
            known.confidence = max(known.confidence, 0.9)
            return known
        }
        return Finding(said, confidence: 0.75, evidence: [evidence].compactMap(\.self))
    }
}
