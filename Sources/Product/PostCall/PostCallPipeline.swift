package import CRM
package import CallModel
package import CallReading
import FoundationEssentials

/// The judgements made about a call, as the writer uses them: pure functions over what was said and what is on record.
package struct PostCallPipeline: Sendable {
    /// Reads a call, outside of any transaction; the record waits for it.
    package var insight: @Sendable (CallRecord) async -> CallInsight
    /// Reads a call once more, over what was read of it at first, and may take its time. Nil where nothing better is to be had.
    package var enrich: (@Sendable (CallInsight, CallRecord) async throws -> CallInsight)?
    /// Runs inside the transaction, possibly more than once.
    package var assess: @Sendable (CallInsight, CallRecord, LeadState, TenantRules) -> LeadAssessment
    package var plan: @Sendable (CallInsight, CallRecord, TenantRules) -> FollowUpPlan?

    package init(
        insight: @escaping @Sendable (CallRecord) async -> CallInsight,
        enrich: (@Sendable (CallInsight, CallRecord) async throws -> CallInsight)? = nil,
        assess: @escaping @Sendable (CallInsight, CallRecord, LeadState, TenantRules) -> LeadAssessment,
        plan: @escaping @Sendable (CallInsight, CallRecord, TenantRules) -> FollowUpPlan?
    ) {
        self.insight = insight
        self.enrich = enrich
        self.assess = assess
        self.plan = plan
    }
}
