import CRM
package import CallReading
import Foundation

extension PostCallPipeline {
    /// The product's own judgement of a call, with each tenant's criteria, holidays and zone.
    ///
    /// - Parameter extractor: rules, or a language model with rules behind it.
    package static func standard(_ extractor: CallExtractor = CallExtractor()) -> PostCallPipeline {
        PostCallPipeline(
            insight: { record in await extractor.insight(for: record, context: ExtractionContext(record: record)) },
            assess: { insight, record, lead, rules in
                LeadAssessor.assess(
                    insight: insight, record: record, prior: PriorLead(lead), criteria: ScoringCriteria(rules))
            },
            plan: { insight, record, rules in
                let zone = TimeZone(identifier: rules.timeZone) ?? .gmt
                return FollowUpPlanner.plan(
                    insight: insight, record: record,
                    calendar: TenantCalendar(timeZone: zone, settingsJSON: rules.settingsJSON),
                    criteria: ScoringCriteria(rules))
            })
    }
}

extension PriorLead {
    init(_ lead: LeadState) {
        self.init()
        stage = lead.stage
        qualificationStatus = lead.qualificationStatus
        scores = lead.scores
        completedCalls = lead.completedCalls
    }
}

extension ScoringCriteria {
    init(_ rules: TenantRules) {
        self.init(
            weightsJSON: rules.weightsJSON, demographicRulesJSON: rules.demographicRulesJSON,
            thresholdsJSON: rules.thresholdsJSON)
    }
}
