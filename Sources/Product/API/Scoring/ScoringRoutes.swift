import CRM
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// What a tenant scores leads by, and the columns of its board. Everybody reads them; admins change them.
enum ScoringRoutes {
    static let routes: [Endpoint] = criteria.endpoints + stages.endpoints

    static let criteria = Resource(
        "lead_scoring_criteria", path: "scoring-criteria", of: "ScoringCriteria",
        access: [.create: .admin, .patch: .admin, .delete: .admin],
        completedBy: { _, _, given, before in
            let faults = faults(in: given, over: before)
            guard faults.isEmpty else { throw Problem.unprocessable(faults) }
            return given
        },
        [
            .text(CriteriaColumn.name, [.required, .search], max: 100),
            .json(CriteriaColumn.weights, weights, standard: [:]),
            .json(CriteriaColumn.demographicRules, rules, standard: []),
            .json(CriteriaColumn.thresholds, thresholds, standard: [:]),
            .flag(CriteriaColumn.isActive, .filter, standard: true),
        ])

    static let stages = Resource(
        "pipeline_stages", of: "PipelineStage", access: [.create: .admin, .patch: .admin, .delete: .admin],
        sortedBy: "position",
        [
            .text(PipelineStageColumn.name, [.required, .search], max: 100),
            .choice(PipelineStageColumn.stage, LeadStage.allCases.map(\.rawValue), [.required, .filter]),
            .integer(PipelineStageColumn.position, 0...10_000, [.required, .sort]),
            .integer(PipelineStageColumn.winProbability, 0...100, .required),
        ])

    private static let weights: Schema = .record(
        Schema.Record(
            name: "ScoringWeights",
            ScoringCriteria.standardWeights.keys.sorted().map { type in
                Schema.Field(
                    type, .nullable(.number(0...100)),
                    help: "Usually \(Int(ScoringCriteria.standardWeights[type] ?? 0)).")
            }))

    private static let rules: Schema = .list(
        .record(
            Schema.Record(
                name: "DemographicRule",
                [
                    Schema.Field("field", .choice(ScoringCriteria.DemographicRule.fields), isRequired: true),
                    Schema.Field(
                        "any_of", .list(.text(lengths: 1...200), countMax: 100),
                        help: "The value contains one of these, whatever the case; empty: any value."),
                    Schema.Field("points", .integer(0...100), isRequired: true),
                ])), countMax: ScoringCriteria.rulesMax)

    private static let thresholds: Schema = .record(
        Schema.Record(
            name: "ScoringThresholds",
            ScoringCriteria.Threshold.allCases.map { threshold in
                Schema.Field(
                    threshold.rawValue, .nullable(.integer(0...100)),
                    help: "Usually \(ScoringCriteria.standard[threshold]).")
            }))

    /// What no single field is wrong about: weights of which nothing is left, and thresholds in the wrong order.
    static func faults(in given: [String: JSONValue], over before: JSONValue?) -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        let weights = (given["weights"] ?? before?["weights"])?.json
        let thresholds = (given["thresholds"] ?? before?["thresholds"])?.json
        let criteria = ScoringCriteria(weightsJSON: weights, demographicRulesJSON: nil, thresholdsJSON: thresholds)
        if criteria.weights.values.reduce(0, +) <= 0 {
            faults.append(Problem.Fault(.pointer("/weights"), "One weight at least is above 0."))
        }
        for (lower, upper) in ScoringCriteria.Threshold.order where criteria[lower] > criteria[upper] {
            faults.append(
                Problem.Fault(
                    .pointer("/thresholds/\(lower.rawValue)"),
                    "`\(lower.rawValue)`, \(criteria[lower]), is at most `\(upper.rawValue)`, \(criteria[upper])."))
        }
        return faults
    }
}
