package import CallModel
package import FoundationEssentials

/// What the extractor took from a call; every field with its confidence and its evidence.
package struct CallInsight: Equatable, Sendable, Codable {
    package struct ContactDetails: Equatable, Sendable, Codable {
        package var name: Finding<String>?
        package var email: Finding<String>?
        package var company: Finding<String>?
        package var position: Finding<String>?
        /// A number to be called on, in E.164 form, as the caller gave it.
        package var phone: Finding<String>?
        package init() {}
    }

    package struct MeetingAgreed: Equatable, Sendable, Codable {
        package var title: String
        package var startsAt: Date
        package var durationMinutes: Int
        package init(title: String, startsAt: Date, durationMinutes: Int) {
            self.title = title
            self.startsAt = startsAt
            self.durationMinutes = durationMinutes
        }
    }

    /// `rules/1`, or `llm/<model>`.
    package var extractor: String
    package var summary: String
    package var bant = BANT()
    package var intent = Finding(CallIntent.unknown)
    package var sentiment = Finding(Sentiment.neutral)
    package var contact = ContactDetails()
    package var objections: [Finding<String>] = []
    package var nextStep: Finding<String>?
    package var meeting: MeetingAgreed?
    /// A time for the next contact that the caller named.
    package var followUpNamedAt: Finding<Date>?
    /// Present when the caller asked not to be called again; the value is the caller's words.
    package var doNotContact: Finding<String>?
    package var outcome: CallOutcome

    package init(extractor: String, summary: String, outcome: CallOutcome) {
        self.extractor = extractor
        self.summary = summary
        self.outcome = outcome
    }
}

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

/// Where a lead stands after a call, in the words of spec/crm.md.
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

/// The next contact after a call: a row of `follow_ups`.
package struct FollowUpPlan: Equatable, Sendable, Codable {
    package var dueAt: Date
    package var reason: String
    package var recommendation: String

    package init(dueAt: Date, reason: String, recommendation: String) {
        self.dueAt = dueAt
        self.reason = reason
        self.recommendation = recommendation
    }
}
