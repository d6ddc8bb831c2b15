package import Endpoints
package import FoundationEssentials

extension View {
    package struct Score: Codable, Sendable {
        package var type: String
        package var score: Int
        package var confidence: Double
        package var factors: JSONValue
        package var reasoning: String
        package var scoredAt: Date
    }

    package struct FollowUp: Codable, Sendable {
        package var id: UUID
        package var dueAt: Date
        package var status: String
        package var reason: String
        package var recommendation: String?
    }

    package struct Meeting: Codable, Sendable {
        package var id: UUID
        package var title: String
        package var startsAt: Date
        package var endsAt: Date
        package var status: String
    }

    /// As a call shows it.
    package struct LeadOfCall: Codable, Sendable {
        package var id: UUID
        package var contactID: UUID?
        package var companyName: String?
        package var contactPerson: String?
        package var email: String?
        package var phone: String?
        package var stage: String
        package var statusBucket: String
        package var qualificationStatus: String
        package var leadScore: Int
        package var budget: String
        package var authority: String
        package var need: String
        package var timeline: String
        package var qualification: [String: JSONValue]
        package var source: String
        package var dealValue: Double?
        package var currency: String
        package var winProbability: Int?
        package var expectedCloseDate: String?
        package var summary: String?
        package var createdAt: Date
        package var updatedAt: Date
        package var scores: [Score]
        package var followUps: [FollowUp]
        package var meetings: [Meeting]
    }

    /// The way a lead's scores are told: each type with its weight, and what it stands on.
    package struct Scores: Codable, Sendable {
        package var leadID: UUID
        package var combined: Int
        package var statusBucket: String
        package var types: [WeighedScore]
        package var history: [PastScore]
        package var nextCursor: String?
    }

    package struct WeighedScore: Codable, Sendable {
        package var type: String
        package var weight: Double
        /// Absent where the lead has none of the type.
        package var score: Int?
        package var confidence: Double?
        package var factors: JSONValue?
        package var reasoning: String?
        package var scoredAt: Date?
    }

    package struct PastScore: Codable, Sendable {
        package var id: UUID
        package var type: String
        package var score: Int
        package var confidence: Double
        package var factors: JSONValue
        package var reasoning: String
        package var callID: UUID?
        package var scoredBy: UUID?
        package var scoredAt: Date
    }

    package struct Qualification: Codable, Sendable {
        package enum Verdict: String, Codable, CaseIterable, Sendable {
            case qualified = "QUALIFIED"
            case nurture = "NURTURE"
            case disqualified = "DISQUALIFIED"
        }
        package var leadID: UUID
        package var result: Verdict
        package var combined: Int
        package var statusBucket: String
        package var qualificationStatus: String
        package var previousStage: String
        package var stage: String
        package var promoted: Bool
        package var winProbability: Int
        package var scores: [WeighedScore]
    }

    /// What became of one id of a bulk write.
    package struct BulkResult: Codable, Sendable {
        package enum Result: String, Codable, CaseIterable, Sendable {
            case done, conflict
            case notFound = "not_found"
        }
        package var id: UUID
        package var result: Result
        package var detail: String?
    }

    package struct BulkAnswer: Codable, Sendable {
        package var done: Int
        package var results: [BulkResult]
    }

    package struct TimelinePage: Codable, Sendable {
        package var data: [TimelineEntry]
        package var nextCursor: String?
    }

    package struct TimelineEntry: Codable, Sendable {
        package enum Kind: String, Codable, CaseIterable, Sendable {
            case call, message, activity, meeting, consent
            case stageChange = "stage_change"
        }
        package var kind: Kind
        package var id: UUID
        package var at: Date
        package var title: String
        package var text: String?
        package var by: UUID?
        package var details: [String: JSONValue]
    }

    /// Leads that have something in common.
    package struct LeadGroup: Codable, Sendable {
        /// Absent for those that have none of it.
        package var key: String?
        package var count: Int
        /// By currency.
        package var value: [String: Double]
    }

    /// Leads that have come as far as `from`, and of those the ones that have come as far as `to`.
    package struct StageConversion: Codable, Sendable {
        package var from: String
        package var to: String
        package var reached: Int
        package var converted: Int
        package var rate: Double?
    }

    /// How long leads were in a stage that they have left.
    package struct StageStay: Codable, Sendable {
        package var stage: String
        package var stays: Int
        package var averageDays: Double?
    }

    package struct LeadStats: Codable, Sendable {
        package var total: Int
        package var byStage: [LeadGroup]
        package var byBucket: [LeadGroup]
        package var bySource: [LeadGroup]
        package var byAssignee: [LeadGroup]
        package var conversion: [StageConversion]
        package var daysInStage: [StageStay]
    }
}
