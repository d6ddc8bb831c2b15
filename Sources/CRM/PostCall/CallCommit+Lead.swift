import CallModel
import Database
import FoundationEssentials

extension CallCommit {
    struct Assessed {
        /// With BANT as it stands now.
        var insight: CallInsight
        /// Whether the contact may be approached at all.
        var mayContact: Bool
        /// When the next of our own follow-ups is due that this call does not settle.
        var followUpDueAt: Date?
    }

    /// Updates contact and lead, and keeps a row of every score.
    func writeLead(
        _ leadID: UUID, _ parties: CallParties, in tx: borrowing Transaction
    ) throws -> Assessed {
        let known = try LeadState.read(
            leadID, parties, answeredAt: record.transcript.callerTurns.isEmpty ? nil : endedAt, in: tx)
        let lead = known.lead
        var standing = insight
        standing.bant = FactMerge.bant(insight.bant, over: lead)
        let contact = try writeContact(parties.contactID, known.contact, lead, in: tx)
        standing.contact.fill(
            name: contact.name, email: contact.email, company: contact.company, position: contact.position)

        // A call in which nobody spoke says nothing new about a lead that was scored before.
        let isSilent = record.transcript.callerTurns.isEmpty && record.facts.isEmpty
        let assessment = isSilent && !lead.scores.isEmpty ? nil : pipeline.assess(standing, record, lead, rules)
        let stage = lead.stage(after: assessment?.stage ?? lead.stage)
        let value = assessment?.dealValue.flatMap { $0.isFinite && (0..<1e12).contains($0) ? $0 : nil }
        try tx.send(
            """
            update leads set budget = $2, authority = $3, need = $4, timeline = $5,
                qualification_data = qualification_data || $6::jsonb, extracted_info = extracted_info || $7::jsonb,
                company_name = coalesce($8, company_name), contact_person = coalesce($9, contact_person),
                email = coalesce($10, email), conversation_summary = coalesce($11, conversation_summary),
                lead_score = coalesce($12, lead_score), status_bucket = coalesce($13, status_bucket),
                qualification_status = coalesce($14, qualification_status),
                win_probability = coalesce($15, win_probability),
                expected_close_date = coalesce($16::timestamptz at time zone 'UTC', expected_close_date),
                deal_value = coalesce($17, deal_value),
                previous_stage = case when stage = $18 then previous_stage else stage end,
                stage_changed_at = case when stage = $18 then stage_changed_at else $19 end,
                pipeline_stage_id = case when stage = $18 then pipeline_stage_id else coalesce(
                    (select id from pipeline_stages p where p.stage = $18 order by position limit 1),
                    pipeline_stage_id) end,
                stage = $18
            where id = $1
            """,
            [
                .uuid(leadID), .text(standing.bant.budget.value.rawValue),
                .text(standing.bant.authority.value.rawValue),
                .text(standing.bant.need.value.rawValue), .text(standing.bant.timeline.value.rawValue),
                .json(try StoredText.json(newFindings(lead))), .json(try extractedInfo(contact.findings)),
                .text(contact.company), .text(contact.name), .text(contact.email),
                .text(isSilent ? nil : StoredText.bounded(insight.summary, charactersMax: 4_000)),
                .int(assessment.map { min(100, max(0, $0.combined)) }), .text(assessment?.bucket),
                .text(assessment?.qualificationStatus), .int(assessment.map { min(100, max(0, $0.winProbability)) }),
                .timestamp(assessment?.expectedCloseDate), .double(value), .text(stage), .timestamp(endedAt),
            ])
        try writeScores(assessment?.scores ?? [], leadID, parties, in: tx)
        if let status = assessment?.qualificationStatus, let contactID = parties.contactID {
            try promote(contactID, stage: stage, status: status, in: tx)
        }
        return Assessed(insight: standing, mayContact: contact.mayContact, followUpDueAt: known.followUpDueAt)
    }

    private func writeScores(
        _ scores: [LeadScoreRow], _ leadID: UUID, _ parties: CallParties, in tx: borrowing Transaction
    ) throws {
        let rows = try scores.map { score in
            [
                tenant, .uuid(leadID), call, .text(score.scoreType), .int(min(100, max(0, score.score))),
                .double(CallCommit.share(score.confidence)), .json(try StoredText.json(score.factors)),
                .text(score.reasoning), .uuid(parties.userID), .timestamp(endedAt),
            ] as [SQLValue]
        }
        try tx.send(
            into: "lead_scores",
            [
                "tenant_id": "uuid", "lead_id": "uuid", "call_id": "uuid", "score_type": "text", "score": "integer",
                "confidence": "double precision", "score_factors": "jsonb", "reasoning": "text", "scored_by": "uuid",
                "scored_at": "timestamptz",
            ], rows: rows)
    }

    /// The BANT findings this call brought, for `leads.qualification_data`: only those that now hold.
    private func newFindings(_ lead: LeadState) -> [String: StoredFinding] {
        let merged = FactMerge.bant(insight.bant, over: lead)
        var found: [String: StoredFinding] = [:]
        func add<Level: RawRepresentable<String> & Equatable>(
            _ field: String, _ call: Finding<Level>, _ merged: Finding<Level>
        ) {
            guard call == merged, call.value.rawValue != "unknown" else { return }
            found[field] = StoredFinding(
                value: call.value.rawValue, confidence: CallCommit.share(call.confidence), evidence: call.evidence,
                callId: record.opening.callID.description)
        }
        add("budget", insight.bant.budget, merged.budget)
        add("authority", insight.bant.authority, merged.authority)
        add("need", insight.bant.need, merged.need)
        add("timeline", insight.bant.timeline, merged.timeline)
        if found["budget"] != nil {
            found["budget"]?.amount = merged.budgetAmount
            found["budget"]?.currency = record.opening.currency
        }
        return found
    }

    private struct ExtractedInfo: Encodable {
        var contact: [String: StoredFinding]
        var objections: [Finding<String>]
        var nextStep: Finding<String>?
        var intent: CallIntent
        var sentiment: Sentiment
        var outcome: CallOutcome
        var extractor: String
        var callId: String
    }

    private func extractedInfo(_ contact: [String: StoredFinding]) throws -> String {
        try StoredText.json(
            ExtractedInfo(
                contact: contact, objections: insight.objections, nextStep: insight.nextStep,
                intent: insight.intent.value, sentiment: insight.sentiment.value, outcome: insight.outcome,
                extractor: insight.extractor, callId: record.opening.callID.description))
    }

    private struct ContactNow {
        var name: String?
        var email: String?
        var company: String?
        var position: String?
        var findings: [String: StoredFinding]
        var mayContact = true
    }

    /// Fills what is not known yet, and replaces what a call had put there less surely.
    private func writeContact(
        _ contactID: UUID?, _ known: Row?, _ lead: LeadState, in tx: borrowing Transaction
    ) throws -> ContactNow {
        var now = ContactNow(findings: lead.contactFindings, mayContact: !isOptOut)
        guard let contactID, let row = known else { return now }
        if try row.bool("do_not_contact") { now.mayContact = false }
        func merge(_ field: String, _ column: String, _ found: Finding<String>?) throws -> (new: String?, now: String?)
        {
            let known = try row.textOrNil(column)
            let new = FactMerge.contactValue(known: known, recorded: lead.contactFindings[field], found: found)
            if let new, let found {
                now.findings[field] = StoredFinding(
                    value: new, confidence: CallCommit.share(found.confidence), evidence: found.evidence,
                    callId: record.opening.callID.description)
            }
            return (new, new ?? known)
        }
        let name = try merge("name", "contact_name", insight.contact.name)
        let email = try merge("email", "contact_email", insight.contact.email)
        let company = try merge("company", "business_name", insight.contact.company)
        let position = try merge("position", "contact_role", insight.contact.position)
        if [name.new, email.new, company.new, position.new].contains(where: { $0 != nil }) {
            try tx.send(
                """
                update contacts set contact_name = coalesce($2, contact_name),
                    contact_email = coalesce($3, contact_email), business_name = coalesce($4, business_name),
                    contact_role = coalesce($5, contact_role)
                where id = $1
                """, [.uuid(contactID), .text(name.new), .text(email.new), .text(company.new), .text(position.new)])
        }
        (now.name, now.email, now.company, now.position) = (name.now, email.now, company.now, position.now)
        return now
    }

    /// Moves the contact along with its lead; a customer, or one a person closed, stays as it is.
    private func promote(_ contactID: UUID, stage: String, status: String, in tx: borrowing Transaction) throws {
        try tx.send(
            """
            update contacts set lifecycle_stage = lower($2::text), status = case
                when status in ('lead', 'prospect') and $3 = 'sales_qualified' then 'qualified'
                when status = 'lead' and $3 = 'marketing_qualified' then 'prospect'
                else status end
            where id = $1 and status in ('lead', 'prospect', 'qualified')
            """, [.uuid(contactID), .text(stage), .text(status)])
    }
}

extension CallInsight.ContactDetails {
    /// What is on record of a contact counts as known, said in this call or not.
    fileprivate mutating func fill(name: String?, email: String?, company: String?, position: String?) {
        self.name = self.name ?? name.map { Finding($0, confidence: 1) }
        self.email = self.email ?? email.map { Finding($0, confidence: 1) }
        self.company = self.company ?? company.map { Finding($0, confidence: 1) }
        self.position = self.position ?? position.map { Finding($0, confidence: 1) }
    }
}
