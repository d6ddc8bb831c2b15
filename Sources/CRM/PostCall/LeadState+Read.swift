import CallModel
import Database
import FoundationEssentials

/// A value of a JSON object that may also hold other things, written by people or by later versions.
private struct Lenient<Value: Decodable>: Decodable {
    var value: Value?
    init(from decoder: any Decoder) { value = try? Value(from: decoder) }
}

extension LeadState {
    /// A lead with its contact and its next follow-up.
    struct Known {
        var lead: LeadState
        var contact: Row?
        /// When the next of our own follow-ups is due that a call answered at a given time does not settle.
        var followUpDueAt: Date?
    }

    /// Follow-ups that calls made and that are still to come; those of people are left to them. `$1` is the lead, `$2` the
    /// AI agent.
    static let isOurFollowUp =
        "status = 'Pending' and lead_id = $1 and call_id is not null and agent_id is not distinct from $2"

    /// Takes the row locks of lead and contact, in one round trip.
    ///
    /// - Parameter answeredAt: follow-ups due by then are settled; nil when nobody spoke.
    static func read(
        _ leadID: UUID, _ parties: CallParties, answeredAt: Date?, in tx: borrowing Transaction
    ) throws -> Known {
        let rows = try tx.queries([
            (
                """
                select stage, qualification_status, lead_score, budget, authority, need, timeline, qualification_data,
                    extracted_info -> 'contact' as contact_findings,
                    (select count(*) from calls c where c.lead_id = l.id and c.disposition = 'completed')
                        as completed_calls
                from leads l where id = $1 for update
                """, [.uuid(leadID)]
            ),
            (
                """
                select distinct on (score_type) score_type, score, confidence, score_factors, reasoning
                from lead_scores where lead_id = $1 order by score_type, scored_at desc
                """, [.uuid(leadID)]
            ),
            (
                """
                select contact_name, contact_email, business_name, contact_role, do_not_contact from contacts
                where id = $1 for update
                """, [.uuid(parties.contactID)]
            ),
            (
                """
                select min(due_at) as due_at from follow_ups
                where \(isOurFollowUp) and ($3::timestamptz is null or due_at > $3)
                """, [.uuid(leadID), .uuid(parties.userID), .timestamp(answeredAt)]
            ),
        ])
        return Known(
            lead: try state(leadID, rows[0].first, rows[1]), contact: rows[2].first,
            followUpDueAt: try rows[3].first?.timestampOrNil("due_at"))
    }

    private static func state(_ leadID: UUID, _ row: Row?, _ scores: [Row]) throws -> LeadState {
        var lead = LeadState(id: leadID)
        guard let row else { return lead }
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
        lead.scores = try scores.map { row in
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
        let rows = try tx.query(
            """
            select currency, time_zone, settings, weights, demographic_rules, thresholds from tenants left join lateral (
                select weights, demographic_rules, thresholds from lead_scoring_criteria where is_active
                order by updated_at desc limit 1) criteria on true
            """, [])
        if let row = rows.first {
            rules.currency = try row.text("currency")
            rules.timeZone = try row.text("time_zone")
            rules.settingsJSON = try row.text("settings")
            rules.weightsJSON = try row.textOrNil("weights")
            rules.demographicRulesJSON = try row.textOrNil("demographic_rules")
            rules.thresholdsJSON = try row.textOrNil("thresholds")
        }
        return rules
    }
}
