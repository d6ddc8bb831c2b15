import Foundation

/// A tenant's weights, rules and thresholds of lead scoring; the standard ones are those of the product.
package struct ScoringCriteria: Equatable, Sendable {
    /// Points for a lead's fit.
    package struct DemographicRule: Equatable, Sendable, Codable {
        /// One of ``fields``.
        package var field: String
        /// The value must contain one of these, whatever the case; empty means that any value will do.
        package var anyOf: [String]
        /// 0 … 100.
        package var points: Int

        package init(field: String, anyOf: [String] = [], points: Int) {
            self.field = field
            self.anyOf = anyOf
            self.points = points
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            field = try container.decode(String.self, forKey: .field)
            anyOf = try container.decodeIfPresent([String].self, forKey: .anyOf) ?? []
            points = try container.decode(Int.self, forKey: .points)
        }

        /// What is known of a lead's person and company; `role` is another word for `position`.
        package static let fields = ["company", "position", "role", "email", "name", "company_size", "industry"]
        var knownField: String { field == "role" ? "position" : field }

        private enum CodingKeys: String, CodingKey {
            case field, points
            case anyOf = "any_of"
        }
    }

    /// By score type; `combined` has none.
    package var weights: [String: Double]
    package var demographicRules: [DemographicRule]
    /// Combined from which a lead is qualified, is promoted to MQL, and below which it is disqualified.
    package var qualifiedFrom = 70
    package var promotedFrom = 75
    package var disqualifiedBelow = 40
    /// Combined from which a lead is in bucket P1 and P2.
    package var p1From = 75
    package var p2From = 50
    /// Combined from which a lead is hot: offered a demo at once.
    package var hotFrom = 80

    package static let standardWeights: [String: Double] = [
        "ai_intent": 25, "engagement": 25, "demographic": 15, "workflow": 20, "manual": 15, "behavioral": 0,
    ]
    package static let standardRules = [
        DemographicRule(field: "company", points: 40), DemographicRule(field: "position", points: 15),
        DemographicRule(
            field: "position", anyOf: ["owner", "founder", "ceo", "president", "director", "head", "vp"], points: 25),
        DemographicRule(field: "email", points: 20),
    ]
    package static let standard = ScoringCriteria()

    package init(
        weights: [String: Double] = ScoringCriteria.standardWeights,
        demographicRules: [DemographicRule] = ScoringCriteria.standardRules
    ) {
        self.weights = weights
        self.demographicRules = demographicRules
    }

    /// The keys of `lead_scoring_criteria.thresholds`.
    package enum Threshold: String, CaseIterable, Sendable {
        case disqualified, qualified, promoted, p1, p2, hot

        /// Each is at most the other.
        package static let order: [(Threshold, Threshold)] = [
            (.disqualified, .qualified), (.qualified, .promoted), (.p2, .p1),
        ]
    }

    package subscript(_ threshold: Threshold) -> Int {
        get {
            switch threshold {
            case .disqualified: disqualifiedBelow
            case .qualified: qualifiedFrom
            case .promoted: promotedFrom
            case .p1: p1From
            case .p2: p2From
            case .hot: hotFrom
            }
        }
        set {
            switch threshold {
            case .disqualified: disqualifiedBelow = newValue
            case .qualified: qualifiedFrom = newValue
            case .promoted: promotedFrom = newValue
            case .p1: p1From = newValue
            case .p2: p2From = newValue
            case .hot: hotFrom = newValue
            }
        }
    }

    private static let weightMax = 1_000.0
    package static let rulesMax = 100

    /// The tenant's row of `lead_scoring_criteria`; what it does not set, or sets to nonsense, stays standard.
    package init(weightsJSON: String?, demographicRulesJSON: String?, thresholdsJSON: String?) {
        self.init()
        for (type, weight) in ScoringCriteria.read([String: Double].self, weightsJSON) ?? [:]
        where weights[type] != nil && weight.isFinite && (0...ScoringCriteria.weightMax).contains(weight) {
            weights[type] = weight
        }
        if let rules = ScoringCriteria.read([DemographicRule].self, demographicRulesJSON), !rules.isEmpty {
            demographicRules = rules.prefix(ScoringCriteria.rulesMax).filter { (0...100).contains($0.points) }
        }
        for (name, value) in ScoringCriteria.read([String: Int].self, thresholdsJSON) ?? [:]
        where (0...100).contains(value) {
            if let threshold = Threshold(rawValue: name) { self[threshold] = value }
        }
    }

    package init(_ rules: TenantRules) {
        self.init(
            weightsJSON: rules.weightsJSON, demographicRulesJSON: rules.demographicRulesJSON,
            thresholdsJSON: rules.thresholdsJSON)
    }

    private static func read<Value: Decodable>(_ type: Value.Type, _ json: String?) -> Value? {
        guard let json, json.utf8.count <= 65_536 else { return nil }
        return try? JSONDecoder().decode(type, from: Data(json.utf8))
    }
}

/// What is on record of a lead before a call is judged.
package struct PriorLead: Equatable, Sendable {
    /// `LEAD`, `MQL`, `SQL`, `OPPORTUNITY`, `CUSTOMER`, `LOST`.
    package var stage = "LEAD"
    package var qualificationStatus = "new"
    /// The newest row of each score type.
    package var scores: [LeadScoreRow] = []
    /// Calls completed before this one.
    package var completedCalls = 0
    /// Campaign messages sent to the lead, and what it did with them.
    package var messages = LeadFacts.Messages()
    /// See ``LeadState/profile``.
    package var profile: [String: String] = [:]

    package init() {}

    package init(_ lead: LeadState) {
        stage = lead.stage
        qualificationStatus = lead.qualificationStatus
        scores = lead.scores
        completedCalls = lead.completedCalls
        profile = lead.profile
    }

    package func score(_ type: String) -> LeadScoreRow? { scores.last { $0.scoreType == type } }
}
