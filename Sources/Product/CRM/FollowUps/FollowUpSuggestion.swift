import CallReading
package import Database
package import FoundationEssentials

/// When to speak again, as a call on record says: the same plan that was made when the call ended, by the tenant's
/// rules of today.
package struct FollowUpSuggestion: Equatable, Sendable {
    package var leadID: UUID?
    /// Nil after an opt-out, a wrong number, and where nothing of the call was understood.
    package var plan: FollowUpPlan?

    /// Nil for a call that is not there.
    package static func read(callID: UUID, in tx: borrowing Transaction) throws -> FollowUpSuggestion? {
        let rows = try tx.query(
            """
            select c.lead_id, c.extraction, coalesce(c.call_end_time, c.call_start_time) as ended_at,
                coalesce(l.lead_score, 0) as score
            from calls c left join leads l on l.id = c.lead_id where c.id = $1
            """, [.uuid(callID)])
        guard let call = try rows.first?.decode(RecordedCall.self) else { return nil }
        guard let insight = StoredText.decode(CallInsight.self, from: call.extraction) else {
            return FollowUpSuggestion(leadID: call.leadID, plan: nil)
        }
        let rules = try TenantRules.read(in: tx)
        let criteria = ScoringCriteria(
            weightsJSON: rules.weightsJSON, demographicRulesJSON: rules.demographicRulesJSON,
            thresholdsJSON: rules.thresholdsJSON)
        return FollowUpSuggestion(
            leadID: call.leadID,
            plan: FollowUpPlanner.plan(
                insight: insight, endedAt: call.endedAt, calendar: TenantCalendar(rules), score: call.score,
                criteria: criteria))
    }

    private struct RecordedCall: Decodable {
        var leadID: UUID?
        var extraction: String?
        var endedAt: Date
        var score: Int
    }
}

extension TenantCalendar {
    /// As the tenant's settings have it.
    package init(_ rules: TenantRules) {
        self.init(timeZone: TimeZone(identifier: rules.timeZone) ?? .gmt, settingsJSON: rules.settingsJSON)
    }
}
