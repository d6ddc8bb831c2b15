package import CallModel
package import FoundationEssentials

/// One thing found out about a lead, as `leads.qualification_data` keeps it: the value, how sure, and the words.
package struct StoredFinding: Equatable, Sendable, Codable {
    package var value: String
    package var confidence: Double
    /// The amount named, for the budget.
    package var amount: Double?
    package var currency: String?
    package var evidence: [Evidence]
    package var callId: String
    /// True of a call whose caller may have been somebody else.
    package var unverified: Bool?

    package init(
        value: String, confidence: Double, amount: Double? = nil, currency: String? = nil, evidence: [Evidence],
        callId: String, unverified: Bool? = nil
    ) {
        self.value = value
        self.confidence = confidence
        self.amount = amount
        self.currency = currency
        self.evidence = evidence
        self.callId = callId
        self.unverified = unverified
    }
}

/// What the database holds of a lead when a call about it is written.
package struct LeadState: Equatable, Sendable {
    package var id: UUID
    package var stage = "LEAD"
    package var qualificationStatus = "new"
    package var leadScore = 0
    package var budget = BudgetLevel.unknown
    package var authority = AuthorityLevel.unknown
    package var need = NeedLevel.unknown
    package var timeline = TimelineLevel.unknown
    /// By field: `budget`, `authority`, `need`, `timeline`.
    package var findings: [String: StoredFinding] = [:]
    /// What is on record of person and company, by field of a demographic rule: `company`, `industry`, …
    package var profile: [String: String] = [:]
    /// What calls found out about the contact, by field: `name`, `email`, `company`, `position`.
    package var contactFindings: [String: StoredFinding] = [:]
    /// The newest score of each type.
    package var scores: [LeadScoreRow] = []
    /// Calls of this lead that were completed before.
    package var completedCalls = 0

    package init(id: UUID) { self.id = id }

    /// The stage after an assessment: a call moves a lead forward or loses it, never back; a customer stays one.
    package func stage(after assessed: String) -> String {
        guard stage != "CUSTOMER", assessed != stage else { return stage }
        if assessed == "LOST" { return assessed }
        let rank = LeadStage(rawValue: assessed)?.rank ?? 0
        if stage == "LOST" { return rank > 0 ? assessed : stage }
        return rank > (LeadStage(rawValue: stage)?.rank ?? 0) ? assessed : stage
    }
}
