import CRM
import CallModel
import CallReading
import Database
import Encoding
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

    /// Contact and lead as they are from now on, and a row of every score.
    func addLead(_ known: LeadState.Known, _ parties: CallParties, to rows: inout CallRows) -> Assessed {
        let lead = known.lead
        var standing = insight
        standing.bant = FactMerge.bant(insight.bant, over: lead)
        let contact = contact(known.contact, lead)
        standing.contact.fill(
            name: contact.name, email: contact.email, company: contact.company, position: contact.position)

        // A call in which nobody spoke says nothing new about a lead that was scored before.
        let isSilent = record.personTurns.isEmpty && record.facts.isEmpty
        let assessment = isSilent && !lead.scores.isEmpty ? nil : pipeline.assess(standing, record, lead, rules)
        let stage = lead.stage(after: assessment?.stage ?? lead.stage)
        let value = assessment?.dealValue.flatMap { $0.isFinite && (0..<1e12).contains($0) ? $0 : nil }
        rows.leads.add([
            .id: .uuid(lead.id), .budget: .text(standing.bant.budget.value.rawValue),
            .authority: .text(standing.bant.authority.value.rawValue),
            .need: .text(standing.bant.need.value.rawValue), .timeline: .text(standing.bant.timeline.value.rawValue),
            .qualificationData: .json(newFindings(lead).json),
            .extractedInfo: .json(extractedInfo(contact.findings).json), .companyName: .text(contact.company),
            .contactPerson: .text(contact.name), .email: .text(contact.email),
            .conversationSummary: .text(isSilent ? nil : StoredText.bounded(insight.summary, charactersMax: 4_000)),
            .leadScore: .int(assessment.map { min(100, max(0, $0.combined)) }),
            .statusBucket: .text(assessment?.bucket),
            .qualificationStatus: .text(assessment?.qualificationStatus),
            .winProbability: .int(assessment.map { min(100, max(0, $0.winProbability)) }),
            .expectedCloseDate: .timestamp(assessment?.expectedCloseDate), .dealValue: .double(value),
            .currency: .text(value.map { _ in standing.bant.budgetCurrency ?? record.opening.currency }),
            .stage: .text(stage), .stageChangedAt: .timestamp(endedAt),
        ])
        for score in assessment?.scores ?? [] {
            rows.scores.add(
                score.stored(of: lead.id, call: record.opening.callID, by: parties.userID, at: endedAt))
        }
        if let contactID = parties.contactID, assessment != nil || contact.hasNews {
            rows.contacts.add([
                .id: .uuid(contactID), .contactName: .text(contact.new.name), .contactEmail: .text(contact.new.email),
                .businessName: .text(contact.new.company), .contactRole: .text(contact.new.position),
                .lifecycleStage: .text(assessment == nil ? nil : stage.lowercased()),
                .status: .text(
                    ["sales_qualified": "qualified", "marketing_qualified": "prospect"][
                        assessment?.qualificationStatus ?? ""]),
            ])
        }
        return Assessed(insight: standing, mayContact: contact.mayContact, followUpDueAt: known.followUpDueAt)
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
                callId: record.opening.callID.description, unverified: isUnverified ? true : nil)
        }
        add("budget", insight.bant.budget, merged.budget)
        add("authority", insight.bant.authority, merged.authority)
        add("need", insight.bant.need, merged.need)
        add("timeline", insight.bant.timeline, merged.timeline)
        if found["budget"] != nil {
            found["budget"]?.amount = merged.budgetAmount
            found["budget"]?.currency = merged.budgetCurrency ?? record.opening.currency
        }
        return found
    }

    private struct ExtractedInfo: JSONWritable {
        var contact: [String: StoredFinding]
        var objections: [Finding<String>]
        var nextStep: Finding<String>?
        var intent: CallIntent
        var sentiment: Sentiment
        var outcome: CallOutcome
        var extractor: String
        var callID: CallID

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.add("contact", contact)
                json.add("objections", objections)
                json.add("next_step", nextStep)
                json.add("intent", intent)
                json.add("sentiment", sentiment)
                json.add("outcome", outcome)
                json.add("extractor", extractor)
                json.add("call_id", callID.description)
            }
        }
    }

    private func extractedInfo(_ contact: [String: StoredFinding]) -> ExtractedInfo {
        ExtractedInfo(
            contact: contact, objections: insight.objections, nextStep: insight.nextStep, intent: insight.intent.value,
            sentiment: insight.sentiment.value, outcome: insight.outcome, extractor: insight.extractor,
            callID: record.opening.callID)
    }

    private func stored(_ found: Finding<String>, as value: String, isSure: Bool) -> StoredFinding {
        StoredFinding(
            value: value, confidence: CallCommit.share(found.confidence), evidence: found.evidence,
            callId: record.opening.callID.description, unverified: isSure ? nil : true)
    }

    private struct ContactNow {
        var name: String?
        var email: String?
        var company: String?
        var position: String?
        var findings: [String: StoredFinding]
        var mayContact = true
        /// Where this call has something new.
        var new: (name: String?, email: String?, company: String?, position: String?)
        var hasNews: Bool { new != (nil, nil, nil, nil) }
    }

    /// Fills what is not known yet, and replaces what a call had put there less surely.
    private func contact(_ known: LeadState.KnownContact?, _ lead: LeadState) -> ContactNow {
        var now = ContactNow(findings: lead.contactFindings, mayContact: !isOptOut)
        guard let known else { return now }
        if known.doNotContact { now.mayContact = false }
        // A stranger who knows a customer's number, or calls from it, adds nothing to what is on record of the customer.
        let isSomebodys = known.contactName != nil || known.contactEmail != nil
        let mayChange = !(isSomebodys && (isUnverified || statedPhone != nil))
        func merge(_ field: String, _ known: String?, _ found: Finding<String>?) -> (new: String?, now: String?) {
            let new =
                mayChange
                ? FactMerge.contactValue(known: known, recorded: lead.contactFindings[field], found: found) : nil
            if let new, let found { now.findings[field] = stored(found, as: new, isSure: !isUnverified) }
            if !mayChange, let found, let value = StoredText.line(found.value), value != known {
                now.findings["unverified_" + field] = stored(found, as: value, isSure: false)
            }
            return (new, new ?? known)
        }
        let name = merge("name", known.contactName, insight.contact.name)
        let email = merge("email", known.contactEmail, insight.contact.email)
        let company = merge("company", known.businessName, insight.contact.company)
        let position = merge("position", known.contactRole, insight.contact.position)
        if let phone = insight.contact.phone {
            now.findings["phone"] = stored(phone, as: phone.value, isSure: !isUnverified)
        }
        now.new = (name.new, email.new, company.new, position.new)
        (now.name, now.email, now.company, now.position) = (name.now, email.now, company.now, position.now)
        return now
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
