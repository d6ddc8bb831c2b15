import CallModel
package import Database
package import FoundationEssentials

/// Scores leads by what is on record: one that a person asks about, and all of a tenant every night.
package struct LeadScoring: Sendable {
    private let criteria: ScoringCriteria
    private let moment: Date

    /// - Parameter moment: now.
    package init(_ criteria: ScoringCriteria, at moment: Date) {
        self.criteria = criteria
        self.moment = moment
    }

    /// What came of one lead.
    package struct Outcome: Sendable {
        package let before: LeadState
        /// Its `stage` is the lead's from now on.
        package let assessment: LeadAssessment
    }

    static let parties = BulkStatement<LeadColumn>(
        "select \([.id, .contactID]) from leads where \(.id) = any(\(all: .id))")

    private struct Parties: Decodable {
        var id: UUID
        var contactID: UUID?
    }

    static let scored = BulkStatement<LeadColumn>(
        update: .id, set: [.leadScore: .given, .statusBucket: .given],
        where: "(t.\(.leadScore), t.\(.statusBucket)) is distinct from (\(given: .leadScore), \(given: .statusBucket))")

    static let qualified = BulkStatement<LeadColumn>(
        update: .id,
        set: [
            .leadScore: .given, .statusBucket: .given, .qualificationStatus: .given, .winProbability: .given,
            .expectedCloseDate:
                "coalesce(t.\(.expectedCloseDate), (\(given: .expectedCloseDate) at time zone 'UTC')::date)",
            .previousStage: .sql(LeadMove.previousStage), .stageChangedAt: .sql(LeadMove.stageChangedAt),
            .pipelineStageID: .sql(LeadMove.pipelineStageID), .stage: .given,
        ])

    /// Computes the scores of leads anew and keeps those that have changed, with their factors; score and bucket of the
    /// lead follow. What they are qualified as and where they stand is left alone.
    ///
    /// - Returns: how many leads have another score now.
    @discardableResult
    package func rescore(_ leads: [UUID], in tx: borrowing Transaction) throws -> Int {
        var rows = BulkRows(LeadScoreRow.statement)
        var changed = BulkRows(Self.scored)
        var count = 0
        for (id, outcome) in try assess(leads, in: tx) {
            let now = outcome.assessment
            guard add(outcome, of: id, by: nil, to: &rows) else { continue }
            if outcome.before.leadScore != now.combined { count += 1 }
            changed.add([.id: .uuid(id), .leadScore: .int(now.combined), .statusBucket: .text(now.bucket)])
        }
        try tx.send(rows.query)
        try tx.send(changed.query)
        return count
    }

    /// Computes the scores of one lead and lets the rules decide on it. A lost lead and a customer keep their stage:
    /// back onto the way it is moved by hand.
    ///
    /// - Parameter userID: who asked.
    package func qualify(_ lead: UUID, by userID: UUID?, in tx: borrowing Transaction) throws -> Outcome? {
        guard var outcome = try assess([lead], in: tx)[lead] else { return nil }
        var now = outcome.assessment
        if outcome.before.stage == LeadStage.lost.rawValue {
            now.stage = outcome.before.stage
            now.winProbability = 0
        }
        outcome = Outcome(before: outcome.before, assessment: now)
        var rows = BulkRows(LeadScoreRow.statement)
        _ = add(outcome, of: lead, by: userID, to: &rows)
        try tx.send(rows.query)
        try tx.send("select set_config('app.stage_reason', $1, true)", [.text("qualified with \(now.combined)")])
        try tx.send(
            Self.qualified,
            [
                [
                    .id: .uuid(lead), .leadScore: .int(now.combined), .statusBucket: .text(now.bucket),
                    .qualificationStatus: .text(now.qualificationStatus), .winProbability: .int(now.winProbability),
                    .expectedCloseDate: .timestamp(now.expectedCloseDate), .stage: .text(now.stage),
                    .stageChangedAt: .timestamp(moment),
                ]
            ])
        try tx.send("select set_config('app.stage_reason', '', true)")
        return outcome
    }

    /// A score that a person gives; the combined one follows.
    package func rate(
        _ lead: UUID, _ score: Int, confidence: Double, reasoning: String, by userID: UUID?,
        in tx: borrowing Transaction
    ) throws -> Outcome? {
        guard let known = try known([lead], in: tx)[lead] else { return nil }
        let manual = LeadScoreRow(
            scoreType: "manual", score: score, confidence: confidence, factors: ["given": score], reasoning: reasoning)
        var prior = PriorLead(known.lead)
        prior.scores.removeAll { $0.scoreType == "manual" }
        prior.scores.append(manual)
        let (combined, bucket) = LeadAssessor.combine(prior, criteria)
        let now = LeadAssessment(
            scores: [manual, combined], combined: combined.score, bucket: bucket,
            qualificationStatus: known.lead.qualificationStatus, stage: known.lead.stage, winProbability: 0)
        let outcome = Outcome(before: known.lead, assessment: now)
        var rows = BulkRows(LeadScoreRow.statement)
        for row in [manual, combined] { rows.add(row.stored(of: lead, by: userID, at: moment)) }
        try tx.send(rows.query)
        try tx.send(
            Self.scored,
            [[.id: .uuid(lead), .leadScore: .int(combined.score), .statusBucket: .text(bucket)]])
        return outcome
    }

    // MARK: - Parts

    /// Locked until the transaction ends.
    private func known(_ leads: [UUID], in tx: borrowing Transaction) throws -> [UUID: LeadState.Known] {
        let parties = try tx.query(Self.parties, leads.map { [.id: .uuid($0)] }).map { try $0.decode(Parties.self) }
        return try LeadState.read(
            parties.map { LeadState.Wanted(leadID: $0.id, contactID: $0.contactID, userID: nil, answeredAt: nil) },
            in: tx)
    }

    private func assess(_ leads: [UUID], in tx: borrowing Transaction) throws -> [UUID: Outcome] {
        let known = try known(leads, in: tx)
        let signals = try LeadSignals.read(Array(known.keys), in: tx)
        return known.reduce(into: [:]) { outcomes, lead in
            let facts = LeadFacts(lead.value, signals[lead.key] ?? LeadSignals())
            let assessment = LeadAssessor.assess(facts, PriorLead(lead.value.lead), criteria, at: moment)
            outcomes[lead.key] = Outcome(before: lead.value.lead, assessment: assessment)
        }
    }

    /// The rows that say something new; false when none does.
    private func add(
        _ outcome: Outcome, of lead: UUID, by userID: UUID?, to rows: inout BulkRows<LeadScoreColumn>
    ) -> Bool {
        let prior = PriorLead(outcome.before)
        let news = outcome.assessment.scores.filter { row in
            guard let known = prior.score(row.scoreType) else { return true }
            return (known.score, known.factors) != (row.score, row.factors)
        }
        for row in news { rows.add(row.stored(of: lead, by: userID, at: moment)) }
        return !news.isEmpty
    }
}
