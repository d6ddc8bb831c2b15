import CallModel
import Database
import FoundationEssentials

/// Whose call it is: the tenant's AI agent, the caller's contact and lead, found or made by phone number.
struct CallParties: Equatable {
    var userID: UUID?
    var contactID: UUID?
    var leadID: UUID?
    /// The call's record is committed already.
    var isFinal = false

    /// Which contact and which lead of a phone number are meant, when there are several: the oldest contact, and its
    /// newest lead that is still open.
    static let contactOrder = "order by created_at, id limit 1"
    static let leadOrder = "order by (stage in ('CUSTOMER', 'LOST')), created_at desc, id limit 1"

    /// Runs inside the tenant's transaction. A caller who withheld the number has neither contact nor lead.
    static func find(_ opening: CallOpening, in tx: borrowing Transaction) throws -> CallParties {
        var parties = CallParties()
        let agent = "select id from users where is_ai_agent limit 1"
        guard let phone = opening.customerPhone else {
            parties.userID = try tx.query(agent, []).first?.uuid("id")
            return parties
        }
        // Two calls from one new number make one contact: the second waits here.
        let found = try tx.queries([(agent, []), ("select app.lock_phone($1)", [.text(phone.text)])])
        parties.userID = try found.first?.first?.uuid("id")
        parties.contactID = try tx.query(
            "select id from contacts where phone = $1 \(contactOrder)", [.text(phone.text)]
        ).first?.uuid("id")
        if let contactID = parties.contactID {
            parties.leadID = try tx.query(
                "select id from leads where contact_id = $1 \(leadOrder)", [.uuid(contactID)]
            ).first?.uuid("id")
        }
        try parties.makeMissing(opening, in: tx)
        return parties
    }

    /// Makes the contact and the lead that are not there yet.
    mutating func makeMissing(_ opening: CallOpening, in tx: borrowing Transaction) throws {
        let phone = opening.customerPhone.map { SQLValue.text($0.text) } ?? .null
        let user = userID.map(SQLValue.uuid) ?? .null
        if contactID == nil {
            contactID = try tx.query(
                """
                insert into contacts (tenant_id, phone, status, lifecycle_stage, lead_source, created_by_user_id)
                values (app.tenant_id(), $1, 'lead', 'lead', 'voice_assistant', $2) returning id
                """, [phone, user]
            ).first?.uuid("id")
        }
        if leadID == nil, let contactID {
            leadID = try tx.query(
                """
                insert into leads (
                    tenant_id, contact_id, agent_id, phone, company_name, contact_person, email, industry, stage,
                    lead_source, utm_medium, currency, pipeline_stage_id, stage_changed_at)
                select app.tenant_id(), c.id, $2, c.phone, c.business_name, c.contact_name, c.contact_email, c.industry,
                    'LEAD', 'voice_assistant', 'voice', $3,
                    (select id from pipeline_stages where stage = 'LEAD' order by position limit 1), now()
                from contacts c where c.id = $1 returning id
                """, [.uuid(contactID), user, .text(opening.currency)]
            ).first?.uuid("id")
        }
    }
}
