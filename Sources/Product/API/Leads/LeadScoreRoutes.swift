import CRM
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// How well a lead scores, why, and what follows from it.
enum LeadScoreRoutes {
    static let routes: [Endpoint] = [
        .write(
            .post, "\(LeadRoutes.path)/{id}/qualify", id: "qualifyLead", .role(.agent),
            "Computes a lead's scores from all that is on record and lets the rules decide.", OneLead.self,
            View.Qualification.self
        ) { transaction, context, lead in
            try .value(qualify(lead.id, transaction, context))
        },
        .write(
            .post, "\(LeadRoutes.path)/{id}/scores", id: "rateLead", .role(.agent),
            "Gives a lead a score by hand, which weighs in the combined one.", RateLead.self, View.Scores.self,
            status: 201
        ) { transaction, context, rating in
            try rate(rating, transaction, context)
            return try .value(scores(ScoresAsk(id: rating.id, limit: 50), in: transaction), status: 201)
        },
        .get(
            "\(LeadRoutes.path)/{id}/scores", id: "getLeadScores", .role(.agent),
            "A lead's scores: seven types with weights and factors, and their history.", ScoresAsk.self,
            View.Scores.self
        ) { context, ask in
            let principal = try context.principal
            return try .value(
                try await context.read { transaction in
                    try LeadSight.check(ask.id, for: principal, in: transaction)
                    return try scores(ask, in: transaction)
                })
        },
    ]

    struct OneLead: EndpointInput {
        var id: UUID
        static let rules: [String: FieldRule] = ["id": .help("The lead's id.")]
    }

    struct RateLead: EndpointInput {
        var id: UUID
        var score: Int
        var reasoning: String
        static let rules: [String: FieldRule] = [
            "id": .help("The lead's id."), "score": .range(0...100, "The score."),
            "reasoning": .lengths(1...2_000, "Why: whoever reads the score reads this."),
        ]
    }

    enum ScoreType: String, Codable, CaseIterable {
        case aiIntent = "ai_intent"
        case engagement, demographic, workflow, manual, behavioral, combined
    }

    struct ScoresAsk: EndpointInput {
        var id: UUID
        var limit: Int
        var cursor: TimeCursor?
        var type: ScoreType?
        static let rules: [String: FieldRule] = [
            "id": .help("The lead's id."), "limit": .range(1...200, standard: 50, "Rows of history a page."),
            "cursor": TimeCursor.field, "type": .help("Only these, in the history."),
        ]
    }

    // MARK: - Writes

    private static func scoring(
        _ context: RequestContext, in transaction: borrowing Transaction
    ) throws -> (LeadScoring, ScoringCriteria) {
        let criteria = ScoringCriteria(try TenantRules.read(in: transaction))
        return (LeadScoring(criteria, at: context.now), criteria)
    }

    private static func qualify(
        _ lead: UUID, _ transaction: borrowing Transaction, _ context: RequestContext
    ) throws -> View.Qualification {
        let principal = try context.principal
        try LeadSight.check(lead, for: principal, in: transaction)
        let user = try principal.userID(in: transaction)
        let (scoring, criteria) = try scoring(context, in: transaction)
        guard let outcome = try scoring.qualify(lead, by: user, in: transaction) else { throw Problem.notFound }
        let (before, now) = (outcome.before, outcome.assessment)
        let result: View.Qualification.Verdict =
            switch now.qualificationStatus {
            case "disqualified": .disqualified
            case "nurture": .nurture
            default: .qualified
            }
        try note(
            lead, "Qualified: \(result.rawValue) with \(now.combined), \(now.bucket)", now, before, user, transaction,
            context)
        if before.stage != now.stage {
            try transaction.send(
                LeadActivity.statement,
                [
                    LeadActivity.row(
                        lead, .stageChange, by: user, "Stage: \(before.stage) to \(now.stage)",
                        "Qualified with \(now.combined).",
                        metadata: (["from": .text(before.stage), "to": .text(now.stage)] as JSONValue).json,
                        at: context.now)
                ])
        }
        let prior = PriorLead(before)
        let weighed = criteria.weights.keys.sorted().map { type in
            let row = now.scores.first { $0.scoreType == type } ?? prior.score(type)
            return View.WeighedScore(type, criteria.weights[type] ?? 0, row)
        }
        return View.Qualification(
            leadID: lead, result: result, combined: now.combined, statusBucket: now.bucket,
            qualificationStatus: now.qualificationStatus, previousStage: before.stage, stage: now.stage,
            promoted: before.stage != now.stage, winProbability: now.winProbability, scores: weighed)
    }

    private static func rate(
        _ rating: RateLead, _ transaction: borrowing Transaction, _ context: RequestContext
    ) throws {
        let principal = try context.principal
        try LeadSight.check(rating.id, for: principal, in: transaction)
        let user = try principal.userID(in: transaction)
        let (scoring, _) = try scoring(context, in: transaction)
        guard
            let outcome = try scoring.rate(
                rating.id, rating.score, confidence: 1, reasoning: rating.reasoning, by: user, in: transaction)
        else { throw Problem.notFound }
        try note(
            rating.id, "Rated \(rating.score) by hand: \(outcome.assessment.combined) combined", outcome.assessment,
            outcome.before, user, transaction, context)
    }

    /// Activity and audit of new scores.
    private static func note(
        _ lead: UUID, _ subject: String, _ now: LeadAssessment, _ before: LeadState, _ user: UUID?,
        _ transaction: borrowing Transaction, _ context: RequestContext
    ) throws {
        let scores = Dictionary(now.scores.map { ($0.scoreType, JSONValue.integer($0.score)) }) { $1 }
        try transaction.send(
            LeadActivity.statement,
            [
                LeadActivity.row(
                    lead, .scoreChange, by: user, subject, now.scores.first { $0.scoreType == "manual" }?.reasoning,
                    metadata: JSONValue.object(scores).json, at: context.now)
            ])
        let id = JSONValue.text(lead.uuidString.lowercased())
        let was: JSONValue = [
            "id": id, "lead_score": .integer(before.leadScore), "stage": .text(before.stage),
            "qualification_status": .text(before.qualificationStatus),
        ]
        let isNow: JSONValue = [
            "id": id, "lead_score": .integer(now.combined), "stage": .text(now.stage),
            "qualification_status": .text(now.qualificationStatus), "scores": .object(scores),
        ]
        try Audit(context).note("leads", before: was.json, after: isNow.json, in: transaction)
    }

    // MARK: - Reads

    static let newest = """
        select distinct on (s.score_type) s.score_type, s.score, s.confidence, s.score_factors, s.reasoning, s.scored_at
        from lead_scores s where s.lead_id = $1::uuid order by s.score_type, s.scored_at desc, s.id
        """

    static let past = """
        select s.id, s.score_type, s.score, s.confidence, s.score_factors, s.reasoning, s.call_id, s.scored_by,
            s.scored_at, (extract(epoch from s.scored_at) * 1000000)::bigint as micros
        from lead_scores s
        where s.lead_id = $1::uuid and ($2::text is null or s.score_type = $2)
            and ($3::bigint is null or (s.scored_at, s.id)
                < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
        order by s.scored_at desc, s.id desc limit $5::bigint
        """

    private static func scores(_ ask: ScoresAsk, in transaction: borrowing Transaction) throws -> View.Scores {
        let weights = ScoringCriteria(try TenantRules.read(in: transaction)).weights
        let rows = try transaction.queries([
            ("select lead_score, status_bucket from leads where id = $1::uuid", [.uuid(ask.id)]),
            (newest, [.uuid(ask.id)]),
            (
                past,
                [
                    .uuid(ask.id), .text(ask.type?.rawValue), .int(ask.cursor?.micros), .uuid(ask.cursor?.id),
                    .int(ask.limit + 1),
                ]
            ),
        ])
        guard let lead = rows[0].first else { throw Problem.notFound }
        let known = try Dictionary(rows[1].map { (try $0.text("score_type"), $0) }) { first, _ in first }
        let types = try ScoreType.allCases.map { type in
            try View.WeighedScore(type.rawValue, weights[type.rawValue] ?? 0, known[type.rawValue])
        }
        let shown = try rows[2].prefix(ask.limit).map(View.PastScore.init)
        var next: String?
        if rows[2].count > ask.limit, let last = rows[2].dropLast().last {
            next = TimeCursor(micros: try last.int("micros"), id: try last.uuid("id")).text
        }
        return View.Scores(
            leadID: ask.id, combined: try lead.int("lead_score"), statusBucket: try lead.text("status_bucket"),
            types: types, history: shown, nextCursor: next)
    }
}

extension View.WeighedScore {
    fileprivate init(_ type: String, _ weight: Double, _ row: LeadScoreRow?) {
        self.init(
            type: type, weight: weight, score: row?.score, confidence: row?.confidence,
            factors: row.map { .object($0.factors.mapValues { .integer($0) }) }, reasoning: row?.reasoning,
            scoredAt: nil)
    }

    fileprivate init(_ type: String, _ weight: Double, _ row: Row?) throws {
        self.init(
            type: type, weight: weight, score: try row?.int("score"), confidence: try row?.double("confidence"),
            factors: try row.flatMap { JSONValue(Array(try $0.text("score_factors").utf8)) },
            reasoning: try row?.text("reasoning"), scoredAt: try row?.timestamp("scored_at"))
    }
}

extension View.PastScore {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try row.uuid("id"), type: try row.text("score_type"), score: try row.int("score"),
            confidence: try row.double("confidence"),
            factors: JSONValue(Array(try row.text("score_factors").utf8)) ?? [:], reasoning: try row.text("reasoning"),
            callID: try row.uuidOrNil("call_id"), scoredBy: try row.uuidOrNil("scored_by"),
            scoredAt: try row.timestamp("scored_at"))
    }
}
