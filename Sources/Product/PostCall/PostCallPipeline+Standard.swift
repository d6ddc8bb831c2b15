import CRM
import CallModel
package import CallReading
import Foundation

extension PostCallPipeline {
    /// The product's own judgement of a call, with each tenant's criteria, holidays and zone.
    ///
    /// - Parameter extractor: rules, and a language model that reads over them where one is set.
    package static func standard(_ extractor: CallExtractor = CallExtractor()) -> PostCallPipeline {
        let enrich: @Sendable (CallInsight, CallRecord) async throws -> CallInsight = { heard, record in
            try await extractor.enriched(heard, of: record, context: ExtractionContext(record: record))
        }
        return PostCallPipeline(
            insight: { record in extractor.insight(for: record, context: ExtractionContext(record: record)) },
            enrich: extractor.hasModel ? enrich : nil,
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
