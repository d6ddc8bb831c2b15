package import CallModel
package import Database
import Encoding
package import FoundationEssentials

/// One row of `lead_scores`.
package struct LeadScoreRow: Equatable, Sendable, Codable {
    /// `ai_intent`, `engagement`, `demographic`, `workflow`, `manual`, `behavioral`, `combined`.
    package var scoreType: String
    /// 0 … 100.
    package var score: Int
    package var confidence: Double
    /// What each part added, so that a person can see why.
    package var factors: [String: Int]
    package var reasoning: String

    package init(scoreType: String, score: Int, confidence: Double, factors: [String: Int], reasoning: String) {
        self.scoreType = scoreType
        self.score = score
        self.confidence = confidence
        self.factors = factors
        self.reasoning = reasoning
    }
}

extension LeadScoreRow {
    package static let statement = BulkStatement<LeadScoreColumn>(insert: LeadScoreColumn.allCases)

    /// As a row of the table.
    ///
    /// - Parameter call: that told it; nil where no call did.
    package func stored(
        of lead: UUID, call: CallID? = nil, by userID: UUID?, at moment: Date
    ) -> BulkRow<LeadScoreColumn> {
        [
            .leadID: .uuid(lead), .callID: .uuid(call?.uuid), .scoreType: .text(scoreType),
            .score: .int(min(100, max(0, score))),
            .confidence: .double(confidence.isFinite ? min(1, max(0, confidence)) : 0),
            .scoreFactors: .json(factors.json), .reasoning: .text(reasoning), .scoredBy: .uuid(userID),
            .scoredAt: .timestamp(moment),
        ]
    }
}

/// Where a lead stands after a call.
package struct LeadAssessment: Equatable, Sendable, Codable {
    package var scores: [LeadScoreRow]
    /// The combined score, 0 … 100.
    package var combined: Int
    /// `P1`, `P2`, `P3`.
    package var bucket: String
    /// `new`, `in_progress`, `marketing_qualified`, `sales_qualified`, `nurture`, `disqualified`.
    package var qualificationStatus: String
    /// `LEAD`, `MQL`, `SQL`, `OPPORTUNITY`, `CUSTOMER`, `LOST`.
    package var stage: String
    /// 0 … 100.
    package var winProbability: Int
    package var expectedCloseDate: Date?
    package var dealValue: Double?

    package init(
        scores: [LeadScoreRow], combined: Int, bucket: String, qualificationStatus: String, stage: String,
        winProbability: Int, expectedCloseDate: Date? = nil, dealValue: Double? = nil
    ) {
        self.scores = scores
        self.combined = combined
        self.bucket = bucket
        self.qualificationStatus = qualificationStatus
        self.stage = stage
        self.winProbability = winProbability
        self.expectedCloseDate = expectedCloseDate
        self.dealValue = dealValue
    }
}
