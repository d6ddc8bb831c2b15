import CallModel
import Database
import FoundationEssentials

/// A value of a JSON object that may also hold other things, written by people or by later versions.
private struct Lenient<Value: Decodable>: Decodable {
    var value: Value?
    init(from decoder: any Decoder) { value = try? Value(from: decoder) }
}

extension LeadState {
    /// Takes the lead's row lock.
    static func read(_ leadID: UUID, in tx: borrowing Transaction) throws -> LeadState {
        var lead = LeadState(id: leadID)
        let rows = try tx.query(
            """
            select stage, qualification_status, lead_score, budget, authority, need, timeline, qualification_data,
                extracted_info -> 'contact' as contact_findings,
                (select count(*) from calls c where c.lead_id = l.id and c.disposition = 'completed') as completed_calls
            from leads l where id = $1 for update
            """, [.uuid(leadID)])
        guard let row = rows.first else { return lead }
        lead.stage = try row.text("stage")
        lead.qualificationStatus = try row.text("qualification_status")
        lead.leadScore = try row.int("lead_score")
        lead.budget = BudgetLevel(rawValue: try row.text("budget")) ?? .unknown
        lead.authority = AuthorityLevel(rawValue: try row.text("authority")) ?? .unknown
        lead.need = NeedLevel(rawValue: try row.text("need")) ?? .unknown
        lead.timeline = TimelineLevel(rawValue: try row.text("timeline")) ?? .unknown
        lead.findings = findings(try row.textOrNil("qualification_data"))
        lead.contactFindings = findings(try row.textOrNil("contact_findings"))
        lead.completedCalls = try row.int("completed_calls")
        lead.scores = try tx.query(
            """
            select distinct on (score_type) score_type, score, confidence, score_factors, reasoning
            from lead_scores where lead_id = $1 order by score_type, scored_at desc
            """, [.uuid(leadID)]
        ).map { row in
            LeadScoreRow(
                scoreType: try row.text("score_type"), score: try row.int("score"),
                confidence: try row.double("confidence"),
                factors: StoredText.decode([String: Lenient<Int>].self, from: try row.text("score_factors"))?
                    .compactMapValues(\.value) ?? [:],
                reasoning: try row.text("reasoning"))
        }
        return lead
    }

    private static func findings(_ json: String?) -> [String: StoredFinding] {
        StoredText.decode([String: Lenient<StoredFinding>].self, from: json)?.compactMapValues(\.value) ?? [:]
    }
}

extension TenantRules {
    static func read(in tx: borrowing Transaction) throws -> TenantRules {
        var rules = TenantRules()
        if let row = try tx.query("select currency, time_zone, settings from tenants", []).first {
            rules.currency = try row.text("currency")
            rules.timeZone = try row.text("time_zone")
            rules.settingsJSON = try row.text("settings")
        }
        let criteria = try tx.query(
            """
            select weights, demographic_rules, thresholds from lead_scoring_criteria where is_active
            order by updated_at desc limit 1
            """, [])
        if let row = criteria.first {
            rules.weightsJSON = try row.text("weights")
            rules.demographicRulesJSON = try row.text("demographic_rules")
            rules.thresholdsJSON = try row.text("thresholds")
        }
        return rules
    }
}
