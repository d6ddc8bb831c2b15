package import CRM
package import CallModel
package import CallReading
import FoundationEssentials

/// The judgements made about a call, as the writer uses them: pure functions over what was said and what is on record.
package struct PostCallPipeline: Sendable {
    /// Reads a call. May take its time; runs outside of any transaction, once a call.
    package var insight: @Sendable (CallRecord) async -> CallInsight
    /// Runs inside the transaction, possibly more than once.
    package var assess: @Sendable (CallInsight, CallRecord, LeadState, TenantRules) -> LeadAssessment
    package var plan: @Sendable (CallInsight, CallRecord, TenantRules) -> FollowUpPlan?

    package init(
        insight: @escaping @Sendable (CallRecord) async -> CallInsight,
        assess: @escaping @Sendable (CallInsight, CallRecord, LeadState, TenantRules) -> LeadAssessment,
        plan: @escaping @Sendable (CallInsight, CallRecord, TenantRules) -> FollowUpPlan?
    ) {
        self.insight = insight
        self.assess = assess
        self.plan = plan
    }
}
