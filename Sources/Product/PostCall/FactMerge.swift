package import CRM
package import CallModel
package import CallReading
import FoundationEssentials

/// What tool calls settled beats what was read from the text; what was known before a call is not undone by its silence.
package enum FactMerge {
    /// How sure a fact is that the agent confirmed aloud before it called the tool.
    static let toolConfidence = 0.95
    /// From here on a newer finding replaces an older one, however sure that one was.
    static let clearConfidence = 0.6
    private static let amountMax = 1e12

    /// The insight with the call's facts over it, and the outcome that follows.
    ///
    /// An extractor by rules has read the facts in their place among the caller's words, later corrections included: of
    /// those only an opt-out is repeated here, which nothing may lose. For any other extractor a fact beats what the
    /// caller said before it; what the caller said after it stands.
    package static func insight(
        _ insight: CallInsight, record: CallRecord, thresholds: ExtractionContext.BudgetThresholds = .init()
    ) -> CallInsight {
        var merged = insight
        let hasReadFacts = insight.extractor.hasPrefix("rules/")
        for (index, fact) in record.facts.enumerated() {
            if case .doNotContact(let words) = fact {
                merged.doNotContact = Finding(
                    merged.doNotContact?.value ?? words, confidence: toolConfidence,
                    evidence: merged.doNotContact?.evidence ?? [])
            } else if !hasReadFacts {
                let atMs = index < record.factsAtMs.count ? record.factsAtMs[index] : .max
                apply(fact, atMs, thresholds, to: &merged)
            }
        }
        if record.ending?.reason == "transferred" { merged.outcome = stronger(merged.outcome, .transferred) }
        if merged.doNotContact != nil {
            merged.outcome = .doNotCall
            merged.intent = Finding(
                .optOut, confidence: max(merged.intent.confidence, toolConfidence), evidence: merged.intent.evidence)
            merged.followUpNamedAt = nil
        }
        return merged
    }

    private static func apply(
        _ fact: CallFact, _ atMs: Int, _ thresholds: ExtractionContext.BudgetThresholds, to merged: inout CallInsight
    ) {
        switch fact {
        case .contactDetails(let name, let email, let company, let position):
            settle(&merged.contact.name, name)
            settle(&merged.contact.email, email.flatMap(address))
            settle(&merged.contact.company, company)
            settle(&merged.contact.position, position)
        case .qualification(let budget, let amount, let authority, let need, let timeline, _):
            let amount = amount.flatMap { $0.isFinite && (0...amountMax).contains($0) ? $0 : nil }
            let level = amount.map(thresholds.level) ?? budget.flatMap(BudgetLevel.init)
            if settle(&merged.bant.budget, level, atMs, unknown: .unknown), let amount {
                if merged.bant.budgetAmount != amount { merged.bant.budgetCurrency = nil }
                merged.bant.budgetAmount = amount
            }
            _ = settle(&merged.bant.authority, authority.flatMap(AuthorityLevel.init), atMs, unknown: .unknown)
            _ = settle(&merged.bant.need, need.flatMap(NeedLevel.init), atMs, unknown: .unknown)
            _ = settle(&merged.bant.timeline, timeline.flatMap(TimelineLevel.init), atMs, unknown: .unknown)
        case .meetingBooked(let title, let startsAt, let minutes):
            merged.meeting = CallInsight.MeetingAgreed(title: title, startsAt: startsAt, durationMinutes: minutes)
            merged.outcome = stronger(merged.outcome, .meetingBooked)
        case .followUpAgreed(let dueAt, _):
            if let dueAt {
                merged.followUpNamedAt = Finding(
                    dueAt, confidence: toolConfidence, evidence: merged.followUpNamedAt?.evidence ?? [])
            }
            merged.outcome = stronger(merged.outcome, .followUpAgreed)
        case .doNotContact, .transferRequested, .consent: break
        }
    }

    /// A call cut short is `interrupted`, unless something that binds us was settled before.
    package static func interrupted(_ insight: CallInsight) -> CallInsight {
        var merged = insight
        merged.outcome =
            insight.doNotContact != nil ? .doNotCall : insight.outcome == .meetingBooked ? .meetingBooked : .interrupted
        return merged
    }

    /// BANT as it stands after the call: unknown never lowers what was known, and a hedged answer does not replace a
    /// surer one.
    package static func bant(_ call: BANT, over lead: LeadState) -> BANT {
        var merged = call
        let budget = lead.findings["budget"]
        if keeps(lead.budget, .unknown, budget, over: call.budget) {
            merged.budget = known(lead.budget, budget)
            merged.budgetAmount = budget?.amount
            merged.budgetCurrency = budget?.currency
        }
        if keeps(lead.authority, .unknown, lead.findings["authority"], over: call.authority) {
            merged.authority = known(lead.authority, lead.findings["authority"])
        }
        if keeps(lead.need, .unknown, lead.findings["need"], over: call.need) {
            merged.need = known(lead.need, lead.findings["need"])
        }
        if keeps(lead.timeline, .unknown, lead.findings["timeline"], over: call.timeline) {
            merged.timeline = known(lead.timeline, lead.findings["timeline"])
        }
        return merged
    }

    /// The value to store for a contact's field, or nil when what is there stays.
    ///
    /// A value that no call put there was entered by a person, and only an empty field takes another.
    package static func contactValue(
        known: String?, recorded: StoredFinding?, found: Finding<String>?
    ) -> String? {
        guard let found, let value = StoredText.line(found.value), value != known else { return nil }
        guard let known, !known.isEmpty else { return value }
        guard let recorded, recorded.value == known else { return nil }
        if recorded.unverified == true { return value }
        return found.confidence > recorded.confidence ? value : nil
    }

    private static func keeps<Level: Equatable>(
        _ old: Level, _ unknown: Level, _ stored: StoredFinding?, over new: Finding<Level>
    ) -> Bool {
        if new.value == unknown { return true }
        if old == unknown || stored?.unverified == true { return false }
        // A level without a stored finding was set by a person.
        return new.confidence < min(stored?.confidence ?? 1, clearConfidence)
    }

    private static func known<Level>(_ level: Level, _ stored: StoredFinding?) -> Finding<Level> {
        Finding(level, confidence: stored?.confidence ?? 1, evidence: stored?.evidence ?? [])
    }

    private static func settle(_ finding: inout Finding<String>?, _ value: String?) {
        guard let value = StoredText.line(value) else { return }
        let evidence = finding?.value.lowercased() == value.lowercased() ? finding?.evidence : nil
        finding = Finding(value, confidence: toolConfidence, evidence: evidence ?? [])
    }

    /// False when the caller said otherwise after the fact, or the fact says nothing.
    private static func settle<Level: Equatable>(
        _ finding: inout Finding<Level>, _ value: Level?, _ atMs: Int, unknown: Level
    ) -> Bool {
        guard let value, value != unknown, !finding.evidence.contains(where: { $0.startedMs > atMs }) else {
            return false
        }
        finding = Finding(
            value, confidence: max(toolConfidence, finding.value == value ? finding.confidence : 0),
            evidence: finding.value == value || finding.value == unknown ? finding.evidence : [])
        return true
    }

    /// Something that can be an email address: one `@`, a dot behind it, no blanks.
    private static func address(_ text: String) -> String? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), !text.contains(where: \.isWhitespace),
            text.utf8.count <= 254
        else { return nil }
        return text.lowercased()
    }

    static func stronger(_ a: CallOutcome, _ b: CallOutcome) -> CallOutcome {
        let order = CallOutcome.allCases
        return (order.firstIndex(of: a) ?? order.count) <= (order.firstIndex(of: b) ?? order.count) ? a : b
    }
}
