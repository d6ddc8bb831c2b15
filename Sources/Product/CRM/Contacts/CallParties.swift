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
    package static let contactOrder: StaticString = "order by created_at, id limit 1"
    static let leadOrder: StaticString = "order by (stage in ('CUSTOMER', 'LOST')), created_at desc, id limit 1"

    /// Two calls from one new number make one contact: the second waits here. Numbers in the order in which they are given.
    private static let phoneLocks = BulkStatement(
        columns: [.text], "select app.lock_phone(phone) from unnest($1::text[]) given (phone)")

    private static let known = BulkStatement(
        columns: [.text],
        """
        select a.id as user_id, g.phone, c.id as contact_id, l.id as lead_id
        from (select (select id from users where is_ai_agent limit 1) as id) a
        left join unnest($1::text[]) g (phone) on true
        left join lateral (select id from contacts where phone = g.phone
        """,
        " ", contactOrder, ") c on true left join lateral (select id from leads where contact_id = c.id ", leadOrder,
        ") l on true")

    private static let newContacts = BulkStatement(
        given: ["id": .uuid, "phone": .text, "user_id": .uuid],
        """
        insert into contacts (id, tenant_id, phone, status, lifecycle_stage, lead_source, created_by_user_id)
        select id, (select app.tenant_id()), phone, 'lead', 'lead', 'voice_assistant', user_id from given
        """)

    private static let newLeads = BulkStatement(
        given: ["contact_id": .uuid, "user_id": .uuid, "currency": .text],
        """
        insert into leads (
            tenant_id, contact_id, agent_id, phone, company_name, contact_person, email, industry, stage,
            lead_source, utm_medium, currency, pipeline_stage_id, stage_changed_at)
        select (select app.tenant_id()), c.id, g.user_id, c.phone, c.business_name, c.contact_name, c.contact_email,
            c.industry, 'LEAD', 'voice_assistant', 'voice', g.currency,
            (select id from pipeline_stages where stage = 'LEAD' order by position limit 1), now()
        from given g join contacts c on c.id = g.contact_id where c.id = any($1)
        returning id, contact_id
        """)

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
        let rows = phones.map { [SQLValue.text($0)] }
        try tx.send(phoneLocks, rows: rows)
        var agent: UUID?
        var byPhone: [String: CallParties] = [:]
        for row in try tx.queries([(known, rows)])[0] {
            agent = try row.uuidOrNil("user_id")
            guard let phone = try row.textOrNil("phone") else { continue }
            byPhone[phone] = CallParties(
                userID: agent, contactID: try row.uuidOrNil("contact_id"), leadID: try row.uuidOrNil("lead_id"))
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
        var contacts: [[SQLValue]] = []
        var made: [String: UUID] = [:]
        for place in places where parties[place].contactID == nil {
            let phone = wanted[place].phone?.text
            let contactID = phone.flatMap { made[$0] } ?? UUID()
            parties[place].contactID = contactID
            if let phone, made.updateValue(contactID, forKey: phone) != nil { continue }
            contacts.append([.uuid(contactID), .text(phone), .uuid(parties[place].userID)])
        }
        try tx.send(newContacts, rows: contacts)
        var leads: [UUID: [SQLValue]] = [:]
        for place in places where parties[place].leadID == nil {
            guard let contactID = parties[place].contactID else { continue }
            leads[contactID] = [.uuid(contactID), .uuid(parties[place].userID), .text(wanted[place].currency)]
        }
        guard !leads.isEmpty else { return }
        var leadOf: [UUID: UUID] = [:]
        for row in try tx.queries([(newLeads, Array(leads.values))])[0] {
            leadOf[try row.uuid("contact_id")] = try row.uuid("id")
        }
        for place in places where parties[place].leadID == nil {
            parties[place].leadID = parties[place].contactID.flatMap { leadOf[$0] }
        }
    }
}
