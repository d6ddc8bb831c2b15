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
        package var contact: KnownContact?
        /// When the next of our own follow-ups is due that a call answered at a given time does not settle.
        package var followUpDueAt: Date?
    }

    package struct KnownContact: Decodable {
        var id: UUID
        package var contactName: String?
        package var contactEmail: String?
        package var businessName: String?
        package var contactRole: String?
        package var doNotContact: Bool
        var industry: String?
        var companySize: String?

        /// By field of a demographic rule.
        var profile: [String: String] {
            [
                "name": contactName, "email": contactEmail, "company": businessName, "position": contactRole,
                "industry": industry, "company_size": companySize,
            ].compactMapValues(\.self)
        }
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

        /// Of ``followUps``.
        var row: BulkRow<FollowUpColumn> {
            [.leadID: .uuid(leadID), .agentID: .uuid(userID), .dueAt: .timestamp(answeredAt)]
        }
    }

    static let leads = BulkStatement<LeadColumn>(
        """
        select \([.id, .stage, .qualificationStatus, .leadScore, .budget, .authority, .need, .timeline], of: "l"),
            \([.contactID, .companyName, .contactPerson, .email, .industry], of: "l"),
            l.\(.qualificationData), l.\(.extractedInfo) -> 'contact' as contact_findings,
            (select count(*) from calls c
                where c.\(CallColumn.leadID) = l.\(.id) and c.\(CallColumn.disposition) = 'completed') as completed_calls
        from leads l where l.\(.id) = any(\(all: .id)) order by l.\(.id) for no key update of l
        """)

    private struct LeadRow: Decodable {
        var id: UUID
        var stage: String
        var qualificationStatus: String
        var leadScore: Int
        var budget: String
        var authority: String
        var need: String
        var timeline: String
        var qualificationData: String
        var contactFindings: String?
        var completedCalls: Int
        var contactID: UUID?
        var companyName: String?
        var contactPerson: String?
        var email: String?
        var industry: String?
    }

    static let scores = BulkStatement<LeadScoreColumn>(
        """
        select distinct on (\([.leadID, .scoreType]))
            \([.leadID, .scoreType, .score, .confidence, .scoreFactors, .reasoning])
        from lead_scores where \(.leadID) = any(\(all: .leadID)) order by \([.leadID, .scoreType, .scoredAt]) desc
        """)

    private struct ScoreRow: Decodable {
        var leadID: UUID
        var scoreType: String
        var score: Int
        var confidence: Double
        var scoreFactors: String
        var reasoning: String
    }

    static let contacts = BulkStatement<ContactColumn>(
        """
        select \([.id, .contactName, .contactEmail, .businessName, .contactRole, .doNotContact, .industry, .companySize])
        from contacts
        where \(.id) = any(\(all: .id)) order by \(.id) for no key update
        """)

    /// Follow-ups that calls made and that are still to come, after the time given if there is one; those of people are left to
    /// them.
    static let followUps = BulkStatement<FollowUpColumn>(
        """
        select \(given: .leadID), min(f.\(.dueAt)) as \(.dueAt)
        from given g join follow_ups f
            on f.\(.leadID) = \(given: .leadID) and f.\(.agentID) is not distinct from \(given: .agentID)
        where f.\(.leadID) = any(\(all: .leadID)) and f.\(.status) = 'Pending' and f.\(.callID) is not null
            and (\(given: .dueAt) is null or f.\(.dueAt) > \(given: .dueAt))
        group by \(given: .leadID)
        """)

    private struct FollowUpRow: Decodable {
        var leadID: UUID
        var dueAt: Date?
    }

    /// Takes the row locks of leads and contacts, in one round trip, in the order of their ids.
    package static func read(_ wanted: [Wanted], in tx: borrowing Transaction) throws -> [UUID: Known] {
        guard !wanted.isEmpty else { return [:] }
        let rows = try tx.queries([
            BulkRows(leads, wanted.map { [.id: .uuid($0.leadID)] }).query,
            BulkRows(scores, wanted.map { [.leadID: .uuid($0.leadID)] }).query,
            BulkRows(contacts, wanted.compactMap { $0.contactID.map { [.id: .uuid($0)] } }).query,
            BulkRows(followUps, wanted.map(\.row)).query,
        ])
        func byID<View: Decodable>(_ rows: [Row], _ id: KeyPath<View, UUID>) throws -> [UUID: View] {
            try Dictionary(rows.map { try $0.decode(View.self) }.map { ($0[keyPath: id], $0) }) { first, _ in first }
        }
        let leads = try byID(rows[0], \LeadRow.id)
        let scores = try Dictionary(grouping: rows[1].map { try $0.decode(ScoreRow.self) }, by: \.leadID)
        let contacts = try byID(rows[2], \KnownContact.id)
        let followUps = try byID(rows[3], \FollowUpRow.leadID)
        var known: [UUID: Known] = [:]
        for each in wanted {
            let contact = each.contactID.flatMap { contacts[$0] }
            var lead = state(each.leadID, leads[each.leadID], scores[each.leadID] ?? [])
            lead.profile.merge(contact?.profile ?? [:]) { _, contact in contact }
            known[each.leadID] = Known(
                lead: lead, contact: contact, followUpDueAt: followUps[each.leadID]?.dueAt)
        }
        return known
    }

    private static func state(_ leadID: UUID, _ row: LeadRow?, _ scores: [ScoreRow]) -> LeadState {
        var lead = LeadState(id: leadID)
        guard let row else { return lead }
        lead.stage = row.stage
        lead.qualificationStatus = row.qualificationStatus
        lead.leadScore = row.leadScore
        lead.budget = BudgetLevel(rawValue: row.budget) ?? .unknown
        lead.authority = AuthorityLevel(rawValue: row.authority) ?? .unknown
        lead.need = NeedLevel(rawValue: row.need) ?? .unknown
        lead.timeline = TimelineLevel(rawValue: row.timeline) ?? .unknown
        lead.findings = findings(row.qualificationData)
        lead.contactFindings = findings(row.contactFindings)
        lead.completedCalls = row.completedCalls
        lead.profile = [
            "company": row.companyName, "name": row.contactPerson, "email": row.email, "industry": row.industry,
        ].compactMapValues(\.self)
        lead.scores = scores.map { row in
            LeadScoreRow(
                scoreType: row.scoreType, score: row.score, confidence: row.confidence,
                factors: StoredText.decode([String: Lenient<Int>].self, from: row.scoreFactors)?
                    .compactMapValues(\.value) ?? [:],
                reasoning: row.reasoning)
        }
        return lead
    }

    private static func findings(_ json: String?) -> [String: StoredFinding] {
        StoredText.decode([String: Lenient<StoredFinding>].self, from: json)?.compactMapValues(\.value) ?? [:]
    }
}
