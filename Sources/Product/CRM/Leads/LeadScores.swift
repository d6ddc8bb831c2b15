import CallModel
import FoundationEssentials

/// Each score from what is known, with the points of each part. Nil where there is nothing to go by.
enum LeadScores {
    static func aiIntent(_ call: LeadFacts.CallSignal?, _ prior: PriorLead) -> LeadScoreRow? {
        guard let call else { return nil }
        // A call that tells nothing leaves what an earlier one told.
        if call.intent == .unknown, !call.optsOut, prior.score("ai_intent") != nil { return nil }
        var factors: [String: Int] = [:]
        let (base, reach): (Int, Double) =
            switch call.intent {
            case .salesQualified: (75, 20)
            case .marketingQualified: (50, 20)
            case .information: (40, 15)
            case .support: (40, 10)
            case .unknown: (30, 0)
            case .wrongNumber, .optOut: (0, 0)
            }
        factors["intent_\(call.intent.rawValue)"] = base
        if reach > 0 { factors["confidence"] = Int((reach * min(1, max(0, call.confidence))).rounded()) }
        if base > 0 {
            if call.hasMeeting { factors["meeting_agreed"] = 10 }
            if call.sentiment == .positive { factors["positive_sentiment"] = 5 }
            if call.sentiment == .negative { factors["negative_sentiment"] = -10 }
            if call.outcome == .notInterested { factors["not_interested"] = -30 }
        }
        return row(
            "ai_intent", factors, confidence: call.confidence,
            reasoning: "What the caller wants, as heard in the call.")
    }

    static func engagement(_ facts: LeadFacts, _ prior: PriorLead) -> LeadScoreRow? {
        let messages = facts.messages
        guard messages.isAny || prior.score("engagement") != nil else { return nil }
        var factors = ["completed_calls": points(facts.completedCalls, each: 5, max: 15)]
        if messages.isAny {
            factors["opens"] = points(messages.opens, each: 6, max: 30)
            factors["clicks"] = points(messages.clicks, each: 10, max: 30)
            factors["replies"] = points(messages.replies, each: 25, max: 25)
        } else if let known = prior.score("engagement")?.factors {
            factors.merge(known.filter { ["opens", "clicks", "replies"].contains($0.key) }) { _, new in new }
        }
        return row(
            "engagement", factors, confidence: 1, reasoning: "Messages opened, clicked and answered, calls completed.")
    }

    static func demographic(_ facts: LeadFacts, _ prior: PriorLead, _ criteria: ScoringCriteria) -> LeadScoreRow? {
        let known = facts.profile
        // A name alone says nothing of how well somebody fits.
        guard known.contains(where: { $0.key != "name" }) else { return nil }
        var factors: [String: Int] = [:]
        for (index, rule) in criteria.demographicRules.enumerated() {
            guard let value = known[rule.knownField]?.value.lowercased() else { continue }
            guard rule.anyOf.isEmpty || rule.anyOf.contains(where: { value.contains($0.lowercased()) }) else {
                continue
            }
            factors["\(index + 1)_\(rule.field)"] = rule.points
        }
        let scored = row(
            "demographic", factors, confidence: known.values.map(\.confidence).max() ?? 0,
            reasoning: "How well the company and the person fit.")
        // Silence about the company in a later call does not undo what an earlier one told.
        if facts.isOneCall, let earlier = prior.score("demographic"), earlier.score > scored.score { return nil }
        return scored
    }

    static func workflow(_ bant: BANT) -> LeadScoreRow? {
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

    static func behavioral(_ facts: LeadFacts, _ prior: PriorLead) -> LeadScoreRow? {
        let events = facts.siteEvents
        // What was done long ago is worth nothing any more; a call says nothing of it.
        guard events.contains(where: { $0.value > 0 }) || !facts.isOneCall && prior.score("behavioral") != nil else {
            return nil
        }
        var factors: [String: Int] = [:]
        for (event, count) in events where count > 0 {
            factors[event.rawValue] = points(count, each: event.points.each, max: event.points.max)
        }
        return row(
            "behavioral", factors, confidence: 1,
            reasoning: "What the contact did on the site in \(LeadFacts.siteDays) days.")
    }

    /// The weighted mean of the types that exist: new ones, and those on record that are not computed anew.
    static func combined(_ rows: [LeadScoreRow], _ prior: PriorLead, _ criteria: ScoringCriteria) -> LeadScoreRow {
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

    /// `count` times `each`, without overflow, at most `max`.
    private static func points(_ count: Int, each: Int, max: Int) -> Int {
        min(max, min(Swift.max(0, count), max) * each)
    }

    private static func row(_ type: String, _ factors: [String: Int], confidence: Double, reasoning: String)
        -> LeadScoreRow
    {
        LeadScoreRow(
            scoreType: type, score: min(100, max(0, factors.values.reduce(0, +))),
            confidence: min(1, max(0, confidence)), factors: factors, reasoning: reasoning)
    }
}
