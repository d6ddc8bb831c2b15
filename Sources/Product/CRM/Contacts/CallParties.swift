package import CallModel
package import Database
package import FoundationEssentials

/// Whose call it is: the tenant's AI agent, the caller's contact and lead, found or made by phone number.
package struct CallParties: Equatable {
    package var userID: UUID?
    package var contactID: UUID?
    package var leadID: UUID?
    /// The call's record is committed already.
    package var isFinal = false
    /// It was committed without what was journalled under the call's own id, made of another part of the call.
    package var isPartial = false

    /// Which contact and which lead of a phone number are meant, when there are several: the oldest contact, and its
    /// newest lead that is still open.
    package static let contactOrder: SQL<ContactColumn> = "order by \([.createdAt, .id]) limit 1"
    static let leadOrder: SQL<LeadColumn> = """
        order by (\(.stage) in ('CUSTOMER', 'LOST')), \(.createdAt) desc, \(.id) limit 1
        """

    /// Two calls from one new number make one contact: the second waits here. Numbers in the order in which they are given.
    static let phoneLocks = BulkStatement<ContactColumn>(
        "select app.lock_phone(\(given: .phone)) from given g")

    static let known = BulkStatement<ContactColumn>(
        """
        select a.id as user_id, \(given: .phone), c.\(.id) as contact_id, l.\(LeadColumn.id) as lead_id
        from (select (select id from users where is_ai_agent limit 1) as id) a
        left join given g on true
        left join lateral (
            select \(.id) from contacts where \(.phone) = \(given: .phone) \(contactOrder)) c on true
        left join lateral (
            select \(LeadColumn.id) from leads where \(LeadColumn.contactID) = c.\(.id) \(leadOrder)) l on true
        """)

    private struct Known: Decodable {
        var userID: UUID?
        var phone: String?
        var contactID: UUID?
        var leadID: UUID?
    }

    static let newContacts = BulkStatement<ContactColumn>(
        insert: [.id, .phone, .status, .lifecycleStage, .leadSource, .createdByUserID])

    static func newContact(_ id: UUID, _ phone: String?, by userID: UUID?) -> BulkRow<ContactColumn> {
        [
            .id: .uuid(id), .phone: .text(phone), .status: "lead", .lifecycleStage: "lead",
            .leadSource: "voice_assistant", .createdByUserID: .uuid(userID),
        ]
    }

    /// Each begins with what is on record of its contact.
    static let newLeads = BulkStatement<LeadColumn>(
        """
        insert into leads (
            tenant_id, \([.contactID, .agentID, .phone, .companyName, .contactPerson, .email, .industry]),
            \([.stage, .leadSource, .utmMedium, .currency, .pipelineStageID, .stageChangedAt]))
        select (select app.tenant_id()), \(given: [.contactID, .agentID]),
            \([ContactColumn.phone, .businessName, .contactName, .contactEmail, .industry], of: "c"),
            'LEAD', 'voice_assistant', 'voice', \(given: .currency),
            (select id from pipeline_stages where stage = 'LEAD' order by position limit 1), now()
        from given g join contacts c on c.\(ContactColumn.id) = \(given: .contactID)
        where c.\(ContactColumn.id) = any(\(all: .contactID))
        returning \([.id, .contactID])
        """)

    static func newLead(of contactID: UUID, by userID: UUID?, currency: String) -> BulkRow<LeadColumn> {
        [.contactID: .uuid(contactID), .agentID: .uuid(userID), .currency: .text(currency)]
    }

    private struct NewLead: Decodable {
        var id: UUID
        var contactID: UUID
    }

    /// The customer of a call, by number; without one there is nobody to be found.
    package struct Wanted {
        package var phone: E164?
        /// Of what a new lead is worth.
        package var currency: String

        package init(phone: E164?, currency: String) {
            self.phone = phone
            self.currency = currency
        }
    }

    /// The parties of each call, in their order; runs inside the tenant's transaction. A caller who withheld the number has
    /// neither contact nor lead.
    package static func find(_ wanted: [Wanted], in tx: borrowing Transaction) throws -> [CallParties] {
        let phones = Set(wanted.compactMap { $0.phone?.text }).sorted()
        let rows = phones.map { phone -> BulkRow<ContactColumn> in [.phone: .text(phone)] }
        try tx.send(phoneLocks, rows)
        var agent: UUID?
        var byPhone: [String: CallParties] = [:]
        for row in try tx.query(known, rows) {
            let known = try row.decode(Known.self)
            agent = known.userID
            guard let phone = known.phone else { continue }
            byPhone[phone] = CallParties(userID: agent, contactID: known.contactID, leadID: known.leadID)
        }
        var parties: [CallParties] = []
        var missing: [Int] = []
        for (place, one) in wanted.enumerated() {
            parties.append(one.phone.flatMap { byPhone[$0.text] } ?? CallParties(userID: agent))
            if one.phone != nil, parties[place].leadID == nil { missing.append(place) }
        }
        try makeMissing(missing, of: &parties, wanted, in: tx)
        return parties
    }

    /// Makes the contact and the lead that are not there yet, one of each for a phone number.
    ///
    /// - Parameters:
    ///   - places: of the calls that are to have both.
    ///   - parties: of `wanted`, in their order.
    package static func makeMissing(
        _ places: [Int], of parties: inout [CallParties], _ wanted: [Wanted], in tx: borrowing Transaction
    ) throws {
        var contacts: [BulkRow<ContactColumn>] = []
        var made: [String: UUID] = [:]
        for place in places where parties[place].contactID == nil {
            let phone = wanted[place].phone?.text
            let contactID = phone.flatMap { made[$0] } ?? UUID()
            parties[place].contactID = contactID
            if let phone, made.updateValue(contactID, forKey: phone) != nil { continue }
            contacts.append(newContact(contactID, phone, by: parties[place].userID))
        }
        try tx.send(newContacts, contacts)
        var leads: [UUID: BulkRow<LeadColumn>] = [:]
        for place in places where parties[place].leadID == nil {
            guard let contactID = parties[place].contactID else { continue }
            leads[contactID] = newLead(of: contactID, by: parties[place].userID, currency: wanted[place].currency)
        }
        guard !leads.isEmpty else { return }
        var leadOf: [UUID: UUID] = [:]
        for row in try tx.query(newLeads, Array(leads.values)) {
            let lead = try row.decode(NewLead.self)
            leadOf[lead.contactID] = lead.id
        }
        for place in places where parties[place].leadID == nil {
            parties[place].leadID = parties[place].contactID.flatMap { leadOf[$0] }
        }
    }
}
