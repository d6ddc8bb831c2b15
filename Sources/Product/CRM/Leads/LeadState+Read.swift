import CallModel
package import Database
package import FoundationEssentials

/// A value of a JSON object that may also hold other things, written by people or by later versions.
private struct Lenient<Value: Decodable>: Decodable {
    var value: Value?
    init(from decoder: any Decoder) { value = try? Value(from: decoder) }
}

extension LeadState {
    /// A lead with its contact and its next follow-up.
    package struct Known {
        package var lead: LeadState
        package var contact: Row?
        /// When the next of our own follow-ups is due that a call answered at a given time does not settle.
        package var followUpDueAt: Date?
    }

    /// A lead that a call is about.
    package struct Wanted {
        package var leadID: UUID
        package var contactID: UUID?
        /// The AI agent, whose follow-ups are ours.
        package var userID: UUID?
        /// Follow-ups due by then are settled; nil when nobody spoke.
        package var answeredAt: Date?

        package init(leadID: UUID, contactID: UUID?, userID: UUID?, answeredAt: Date?) {
            self.leadID = leadID
            self.contactID = contactID
            self.userID = userID
            self.answeredAt = answeredAt
        }
    }

    private static let leadsStatement = BulkStatement(
        columns: [.uuid],
        """
        select l.id, stage, qualification_status, lead_score, budget, authority, need, timeline, qualification_data,
            extracted_info -> 'contact' as contact_findings,
            (select count(*) from calls c where c.lead_id = l.id and c.disposition = 'completed') as completed_calls
        from leads l where l.id = any($1::uuid[]) order by l.id for no key update of l
        """)

    private static let scoresStatement = BulkStatement(
        columns: [.uuid],
        """
        select distinct on (lead_id, score_type) lead_id, score_type, score, confidence, score_factors, reasoning
        from lead_scores where lead_id = any($1::uuid[]) order by lead_id, score_type, scored_at desc
        """)

    private static let contactsStatement = BulkStatement(
        columns: [.uuid],
        """
        select id, contact_name, contact_email, business_name, contact_role, do_not_contact from contacts
        where id = any($1::uuid[]) order by id for no key update
        """)

    /// Follow-ups that calls made and that are still to come; those of people are left to them.
    private static let followUpsStatement = BulkStatement(
        given: ["lead_id": .uuid, "agent_id": .uuid, "answered_at": .timestamptz],
        """
        select g.lead_id, min(f.due_at) as due_at
        from given g join follow_ups f on f.lead_id = g.lead_id and f.agent_id is not distinct from g.agent_id
        where f.lead_id = any($1) and f.status = 'Pending' and f.call_id is not null and (g.answered_at is null or f.due_at > g.answered_at)
        group by g.lead_id
        """)

    /// Takes the row locks of leads and contacts, in one round trip, in the order of their ids.
    package static func read(_ wanted: [Wanted], in tx: borrowing Transaction) throws -> [UUID: Known] {
        guard !wanted.isEmpty else { return [:] }
        let leadIDs = wanted.map { [SQLValue.uuid($0.leadID)] }
        let rows = try tx.queries([
            (leadsStatement, leadIDs), (scoresStatement, leadIDs),
            (contactsStatement, wanted.compactMap { $0.contactID.map { [.uuid($0)] } }),
            (followUpsStatement, wanted.map { [.uuid($0.leadID), .uuid($0.userID), .timestamp($0.answeredAt)] }),
        ])
        let leads = try Dictionary(rows[0].map { (try $0.uuid("id"), $0) }) { first, _ in first }
        let scores = try Dictionary(grouping: rows[1]) { try $0.uuid("lead_id") }
        let contacts = try Dictionary(rows[2].map { (try $0.uuid("id"), $0) }) { first, _ in first }
        let followUps = try Dictionary(
            rows[3].map { (try $0.uuid("lead_id"), try $0.timestampOrNil("due_at")) }
        ) { first, _ in first }
        var known: [UUID: Known] = [:]
        for each in wanted {
            known[each.leadID] = Known(
                lead: try state(each.leadID, leads[each.leadID], scores[each.leadID] ?? []),
                contact: each.contactID.flatMap { contacts[$0] }, followUpDueAt: followUps[each.leadID] ?? nil)
        }
        return known
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
