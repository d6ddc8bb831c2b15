package import CallModel
package import CallReading
import Foundation

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
        var rows = [
            aiIntent(insight, prior), engagement(record, prior), demographic(insight, prior, criteria),
            workflow(insight, prior),
        ].compactMap(\.self)
        let combined = combined(rows, prior, criteria)
        rows.append(combined)
        let isLost = insight.doNotContact != nil || insight.intent.value == .wrongNumber
        let isConfirmed = isSalesQualified(insight)
        let stage = stage(combined.score, isLost: isLost, isConfirmed: isConfirmed, prior, criteria)
        return LeadAssessment(
            scores: rows, combined: combined.score, bucket: bucket(combined.score, criteria),
            qualificationStatus: status(combined.score, isLost: isLost, isConfirmed: isConfirmed, criteria),
            stage: stage,
            winProbability: winProbability(combined.score, stage, insight, isLost: isLost),
            expectedCloseDate: isLost ? nil : expectedClose(insight.bant.timeline.value, record.endedAt),
            dealValue: insight.bant.budgetAmount)
    }

    // MARK: Score types

    private static func aiIntent(_ insight: CallInsight, _ prior: PriorLead) -> LeadScoreRow? {
        let intent = insight.intent
        if intent.value == .unknown, insight.doNotContact == nil, prior.score("ai_intent") != nil { return nil }
        var factors: [String: Int] = [:]
        let (base, reach): (Int, Double) =
            switch intent.value {
            case .salesQualified: (75, 20)
            case .marketingQualified: (50, 20)
            case .information: (40, 15)
            case .support: (40, 10)
            case .unknown: (30, 0)
            case .wrongNumber, .optOut: (0, 0)
            }
        factors["intent_\(intent.value.rawValue)"] = base
        if reach > 0 { factors["confidence"] = Int((reach * intent.confidence).rounded()) }
        if base > 0 {
            if insight.meeting != nil { factors["meeting_agreed"] = 10 }
            if insight.sentiment.value == .positive { factors["positive_sentiment"] = 5 }
            if insight.sentiment.value == .negative { factors["negative_sentiment"] = -10 }
            if insight.outcome == .notInterested { factors["not_interested"] = -30 }
        }
        return row(
            "ai_intent", factors, confidence: intent.confidence,
            reasoning: "What the caller wants, as heard in the call.")
    }

    private static func engagement(_ record: CallRecord, _ prior: PriorLead) -> LeadScoreRow? {
        let messaged = prior.messagesSent > 0 || prior.opens + prior.clicks + prior.replies > 0
        guard messaged || prior.score("engagement") != nil else { return nil }
        let isCompleted = record.answeredAt != nil && !record.transcript.callerTurns.isEmpty
        let calls = prior.completedCalls + (isCompleted ? 1 : 0)
        var factors = ["completed_calls": points(calls, each: 5, max: 15)]
        if messaged {
            factors["opens"] = points(prior.opens, each: 6, max: 30)
            factors["clicks"] = points(prior.clicks, each: 10, max: 30)
            factors["replies"] = points(prior.replies, each: 25, max: 25)
        } else if let known = prior.score("engagement")?.factors {
            factors.merge(known.filter { ["opens", "clicks", "replies"].contains($0.key) }) { _, new in new }
        }
        return row(
            "engagement", factors, confidence: 1, reasoning: "Messages opened, clicked and answered, calls completed.")
    }

    /// `count` times `each`, without overflow, at most `max`.
    private static func points(_ count: Int, each: Int, max: Int) -> Int {
        min(max, min(Swift.max(0, count), max) * each)
    }

    private static func demographic(
        _ insight: CallInsight, _ prior: PriorLead, _ criteria: ScoringCriteria
    ) -> LeadScoreRow? {
        let known: [String: Finding<String>] = [
            "company": insight.contact.company, "position": insight.contact.position, "email": insight.contact.email,
            "name": insight.contact.name,
        ].compactMapValues(\.self)
        guard known.contains(where: { $0.key != "name" }) else { return nil }
        var factors: [String: Int] = [:]
        for (index, rule) in criteria.demographicRules.enumerated() {
            guard let value = known[rule.field]?.value.lowercased() else { continue }
            guard rule.anyOf.isEmpty || rule.anyOf.contains(where: { value.contains($0.lowercased()) }) else {
                continue
            }
            factors["\(index + 1)_\(rule.field)"] = rule.points
        }
        let scored = row(
            "demographic", factors, confidence: known.values.map(\.confidence).max() ?? 0,
            reasoning: "How well the company and the person fit.")
        // Silence about the company in a later call does not undo what an earlier one told.
        if let earlier = prior.score("demographic"), earlier.score > scored.score { return nil }
        return scored
    }

    private static func workflow(_ insight: CallInsight, _ prior: PriorLead) -> LeadScoreRow? {
        let bant = insight.bant
        let answered = [
            bant.budget.value != .unknown, bant.authority.value != .unknown, bant.need.value != .unknown,
            bant.timeline.value != .unknown,
        ].count(where: \.self)
        guard answered > 0 else { return nil }
        let sure = 0.6
        var factors = ["question_completion": answered * 50 / 4]
        let isBudgetConfirmed = bant.budgetAmount != nil || bant.budget.value == .high || bant.budget.value == .medium
        if isBudgetConfirmed, bant.budget.confidence >= sure { factors["budget_confirmed"] = 15 }
        if bant.timeline.value != .unknown, bant.timeline.confidence >= sure { factors["timeline_defined"] = 15 }
        if bant.authority.value == .yes, bant.authority.confidence >= sure { factors["decision_maker"] = 20 }
        let confidence = [
            bant.budget.confidence, bant.authority.confidence, bant.need.confidence, bant.timeline.confidence,
        ]
        return row(
            "workflow", factors, confidence: confidence.reduce(0, +) / 4, reasoning: "Qualification questions answered."
        )
    }

    private static func combined(
        _ rows: [LeadScoreRow], _ prior: PriorLead, _ criteria: ScoringCriteria
    ) -> LeadScoreRow {
        var weighed = 0.0
        var weights = 0.0
        var sureness = 0.0
        var factors: [String: Int] = [:]
        for type in criteria.weights.keys.sorted() {
            guard let row = rows.first(where: { $0.scoreType == type }) ?? prior.score(type) else { continue }
            factors[type] = row.score
            let weight = criteria.weights[type] ?? 0
            weighed += weight * Double(row.score)
            sureness += weight * row.confidence
            weights += weight
        }
        let score = weights > 0 ? Int((weighed / weights).rounded()) : 0
        let names = factors.keys.sorted().map { "\($0) \(factors[$0] ?? 0) × \(Int(criteria.weights[$0] ?? 0))" }
        return LeadScoreRow(
            scoreType: "combined", score: min(100, max(0, score)), confidence: weights > 0 ? sureness / weights : 0,
            factors: factors, reasoning: "Weighted mean of \(names.joined(separator: ", ")).")
    }

    private static func row(_ type: String, _ factors: [String: Int], confidence: Double, reasoning: String)
        -> LeadScoreRow
    {
        LeadScoreRow(
            scoreType: type, score: min(100, max(0, factors.values.reduce(0, +))), confidence: confidence,
            factors: factors,
            reasoning: reasoning)
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
    private static func isSalesQualified(_ insight: CallInsight) -> Bool {
        let bant = insight.bant
        guard insight.intent.value == .salesQualified, bant.need.value == .urgent || bant.need.value == .moderate else {
            return false
        }
        let part = bant.budgetAmount != nil || bant.authority.value == .yes || bant.timeline.value != .unknown
        let agreed =
            insight.meeting != nil || insight.followUpNamedAt != nil || insight.outcome == .transferred
            || insight.outcome == .followUpAgreed || insight.outcome == .meetingBooked
        return part && agreed
    }

    private static let stages = ["LEAD", "MQL", "SQL", "OPPORTUNITY", "CUSTOMER"]

    /// Forward only: a weak call never takes a lead back. A lost lead returns when it is promoted again.
    private static func stage(
        _ combined: Int, isLost: Bool, isConfirmed: Bool, _ prior: PriorLead, _ criteria: ScoringCriteria
    ) -> String {
        guard !isLost, combined >= criteria.promotedFrom else { return prior.stage }
        let reached = isConfirmed ? "SQL" : "MQL"
        guard let known = stages.firstIndex(of: prior.stage), let new = stages.firstIndex(of: reached) else {
            return reached
        }
        return stages[max(known, new)]
    }

    /// Half the stage's usual chance, half the score; 100 and 0 are kept for what is decided.
    private static func winProbability(_ combined: Int, _ stage: String, _ insight: CallInsight, isLost: Bool) -> Int {
        if stage == "CUSTOMER" { return 100 }
        if isLost || stage == "LOST" { return 0 }
        let usual = ["LEAD": 10, "MQL": 25, "SQL": 50, "OPPORTUNITY": 65][stage] ?? 10
        let refused = insight.outcome == .notInterested ? 20 : 0
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
