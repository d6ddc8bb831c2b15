package import CallModel
package import CallReading
package import FoundationEssentials

/// Judges a lead by a call and what is on record.
///
/// The combined score is the weighted mean over the score types that exist. Engagement exists for a lead that has been
/// sent messages or has an engagement score already: a first call is no reason to count messages never sent against it.
/// Demographic exists once something is known of the contact, workflow once a qualification question has an answer.
/// A call that tells nothing leaves an earlier AI-intent score as it is.
package enum LeadAssessor {
    package static func assess(
        insight: CallInsight, record: CallRecord, prior: PriorLead = PriorLead(), criteria: ScoringCriteria = .standard
    ) -> LeadAssessment {
        assess(LeadFacts(insight, record, prior), prior, criteria, at: record.endedAt)
    }

    /// - Parameter moment: when the facts were as they are.
    package static func assess(
        _ facts: LeadFacts, _ prior: PriorLead, _ criteria: ScoringCriteria, at moment: Date
    ) -> LeadAssessment {
        var rows = [
            LeadScores.aiIntent(facts.call, prior), LeadScores.engagement(facts, prior),
            LeadScores.demographic(facts, prior, criteria), LeadScores.workflow(facts.bant),
            LeadScores.behavioral(facts, prior),
        ].compactMap(\.self)
        let combined = LeadScores.combined(rows, prior, criteria)
        rows.append(combined)
        let isLost = facts.doNotContact || facts.call?.optsOut == true || facts.call?.intent == .wrongNumber
        let isConfirmed = isSalesQualified(facts)
        let stage = stage(combined.score, isLost: isLost, isConfirmed: isConfirmed, prior, criteria)
        return LeadAssessment(
            scores: rows, combined: combined.score, bucket: bucket(combined.score, criteria),
            qualificationStatus: status(combined.score, isLost: isLost, isConfirmed: isConfirmed, criteria),
            stage: stage, winProbability: winProbability(combined.score, stage, facts.call, isLost: isLost),
            expectedCloseDate: isLost ? nil : expectedClose(facts.bant.timeline.value, moment),
            dealValue: facts.bant.budgetAmount)
    }

    /// The scores on record, combined: after one of them was set by hand, or the weights have changed.
    package static func combine(_ prior: PriorLead, _ criteria: ScoringCriteria) -> (row: LeadScoreRow, bucket: String)
    {
        let row = LeadScores.combined([], prior, criteria)
        return (row, bucket(row.score, criteria))
    }

    // MARK: What follows from the combined score

    private static func bucket(_ combined: Int, _ criteria: ScoringCriteria) -> String {
        combined >= criteria.p1From ? "P1" : combined >= criteria.p2From ? "P2" : "P3"
    }

    private static func status(
        _ combined: Int, isLost: Bool, isConfirmed: Bool, _ criteria: ScoringCriteria
    ) -> String {
        if isLost || combined < criteria.disqualifiedBelow { return "disqualified" }
        if combined >= criteria.qualifiedFrom { return isConfirmed ? "sales_qualified" : "marketing_qualified" }
        return "nurture"
    }

    /// A conversation that confirmed the need and part of budget, authority and timeline, with a next step agreed.
    private static func isSalesQualified(_ facts: LeadFacts) -> Bool {
        let bant = facts.bant
        guard let call = facts.call, call.intent == .salesQualified,
            bant.need.value == .urgent || bant.need.value == .moderate
        else { return false }
        let part = bant.budgetAmount != nil || bant.authority.value == .yes || bant.timeline.value != .unknown
        let agreed =
            call.hasMeeting || call.namesTime
            || [.transferred, .followUpAgreed, .meetingBooked].contains(call.outcome)
        return part && agreed
    }

    /// Forward only: a weak call never takes a lead back. A lost lead returns when it is promoted again.
    private static func stage(
        _ combined: Int, isLost: Bool, isConfirmed: Bool, _ prior: PriorLead, _ criteria: ScoringCriteria
    ) -> String {
        guard !isLost, combined >= criteria.promotedFrom else { return prior.stage }
        let reached = isConfirmed ? LeadStage.sql : .mql
        guard let known = LeadStage(rawValue: prior.stage)?.rank, let new = reached.rank, known > new else {
            return reached.rawValue
        }
        return prior.stage
    }

    /// Half the stage's usual chance, half the score; 100 and 0 are kept for what is decided.
    private static func winProbability(_ combined: Int, _ stage: String, _ call: LeadFacts.CallSignal?, isLost: Bool)
        -> Int
    {
        if stage == "CUSTOMER" { return 100 }
        if isLost || stage == "LOST" { return 0 }
        let usual = ["LEAD": 10, "MQL": 25, "SQL": 50, "OPPORTUNITY": 65][stage] ?? 10
        let refused = call?.outcome == .notInterested ? 20 : 0
        return min(95, max(1, (usual + combined) / 2 - refused))
    }

    private static func expectedClose(_ timeline: TimelineLevel, _ endedAt: Date) -> Date? {
        let days: Double? =
            switch timeline {
            case .immediate: 14
            case .thisMonth: 30
            case .thisQuarter: 90
            case .thisYear: 365
            case .unknown: nil
            }
        return days.map { endedAt.addingTimeInterval($0 * 86_400) }
    }
}
