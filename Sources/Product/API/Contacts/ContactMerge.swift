import CallModel
import Compliance
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Several contacts turn out to be one. What belongs to the others belongs to the one that is kept; what it has not is
/// taken from them in their order, and all that is told of them stays in a note.
enum ContactMerge {
    static let othersMax = 20

    struct ContactMergeAsk: EndpointInput {
        var keep: UUID
        var merge: [UUID]
        static let rules: [String: FieldRule] = [
            "keep": .help("The contact that stays."), "merge": .ids(atMost: othersMax, "Those that become it."),
        ]
    }

    static let route = Endpoint.write(
        .post, "/api/v1/contacts/merge", id: "mergeContacts", .role(.admin),
        "Makes one contact of several: leads, calls, deals, tasks, interactions and consents move to the one that is kept.",
        ContactMergeAsk.self, ContactsMerged.self
    ) { transaction, context, ask in
        try check(ask)
        let contacts = try lock(ask, in: transaction)
        guard let kept = contacts[ask.keep] else { throw Problem.notFound }
        let others = ask.merge.compactMap { contacts[$0] }
        let before = try ContactRoutes.resource.row(ask.keep, in: transaction, context)
        let moved = try move(ask, in: transaction)
        try note(others, as: ask.keep, in: transaction, context)
        for (id, other) in zip(ask.merge, others) {
            try transaction.execute("delete from contacts where id = $1", [.uuid(id)])
            try Audit(context).note("contacts", before: other.json, after: nil, in: transaction)
        }
        try write(united(kept, others), in: transaction, context)
        let after = try ContactRoutes.resource.row(ask.keep, in: transaction, context)
        try Audit(context).note("contacts", before: before.json, after: after.json, in: transaction)
        return try .value(ContactsMerged(contactID: RowID(ask.keep), merged: ask.merge.map { RowID($0) }, moved: moved))
    }

    struct ContactsMerged: Codable, Sendable {
        var contactID: RowID
        var merged: [RowID]
        /// Rows by table.
        var moved: [String: Int]
    }

    private static func check(_ ask: ContactMergeAsk) throws {
        let ids = [ask.keep] + ask.merge
        guard !ask.merge.isEmpty else {
            throw Problem.unprocessable([.of("merge", "`merge` names at least one contact.")])
        }
        for (index, id) in ask.merge.enumerated() where ids.prefix(index + 1).contains(id) {
            throw Problem.unprocessable([
                Problem.Fault(.pointer("/merge/\(index)"), "A contact is named twice.")
            ])
        }
    }

    /// All of them, theirs until the transaction ends: numbers first, then rows, each in one order for everybody.
    private static func lock(_ ask: ContactMergeAsk, in transaction: borrowing Transaction) throws -> [UUID: JSONValue]
    {
        let ids = SQLValue.array(([ask.keep] + ask.merge).map { .uuid($0) })
        _ = try transaction.query(
            """
            select app.lock_phone(phone) from (select distinct phone from contacts
                where id = any($1::uuid[]) and phone is not null order by phone) numbers
            """, [ids])
        let rows = try transaction.query(
            "select id, to_jsonb(c)::text as body from contacts c where id = any($1::uuid[]) order by id for update",
            [ids])
        var contacts: [UUID: JSONValue] = [:]
        for row in rows { contacts[try row.uuid("id")] = JSONValue(Array(try row.text("body").utf8)) }
        var faults: [Problem.Fault] = []
        if contacts[ask.keep] == nil { faults.append(.of("keep", "`keep` names none of contacts.")) }
        for (index, id) in ask.merge.enumerated() where contacts[id] == nil {
            faults.append(Problem.Fault(.pointer("/merge/\(index)"), "This names none of contacts."))
        }
        if !faults.isEmpty { throw Problem.unprocessable(faults) }
        return contacts
    }

    private static func move(_ ask: ContactMergeAsk, in transaction: borrowing Transaction) throws -> [String: Int] {
        let rows = try transaction.query(
            "select app.move_to_contact($1::uuid[], $2)::text as moved",
            [.array(ask.merge.map { .uuid($0) }), .uuid(ask.keep)])
        guard let text = try rows.first?.text("moved"), case .object(let tables)? = JSONValue(Array(text.utf8)) else {
            throw Problem.broken
        }
        return tables.compactMapValues(\.integer)
    }

    /// What the kept one has wins; do-not-contact of anybody is everybody's.
    static func united(_ kept: JSONValue, _ others: [JSONValue]) -> JSONValue {
        guard case .object(var fields) = kept else { return kept }
        for other in others {
            guard case .object(let more) = other else { continue }
            for (name, value) in more where fields[name] ?? .null == .null { fields[name] = value }
            fields["tags"] = .list(
                (more["tags"]?.list ?? []).reduce(into: fields["tags"]?.list ?? []) { tags, tag in
                    if !tags.contains(tag) { tags.append(tag) }
                })
            fields["custom_fields"] = (more["custom_fields"] ?? .object([:])).merged(
                with: fields["custom_fields"] ?? .object([:]))
            if more["do_not_contact"] == .bool(true) { fields["do_not_contact"] = .bool(true) }
            if more["opt_in_status"] == "opted_out" { fields["opt_in_status"] = "opted_out" }
        }
        return .object(fields)
    }

    private static func write(
        _ contact: JSONValue, in transaction: borrowing Transaction, _ context: RequestContext
    ) throws {
        try transaction.execute(
            """
            update contacts c set business_name = m.business_name, contact_name = m.contact_name,
                contact_email = m.contact_email, contact_role = m.contact_role, phone = m.phone, website = m.website,
                address = m.address, city = m.city, state = m.state, notes = m.notes,
                custom_fields = m.custom_fields, tags = m.tags, lifecycle_stage = m.lifecycle_stage,
                lead_source = m.lead_source, opt_in_status = m.opt_in_status, do_not_contact = m.do_not_contact,
                timezone = m.timezone, industry = m.industry, company_size = m.company_size,
                stripe_customer_id = m.stripe_customer_id
            from jsonb_populate_record(null::contacts, $1::jsonb) m where c.id = m.id
            """, [.json(contact.json)])
        // What is planned for the leads that came with it is called off as well.
        guard contact["do_not_contact"] == .bool(true) else { return }
        try OptOut(
            contactID: contact["id"]?.text.flatMap { UUID(uuidString: $0) },
            phone: contact["phone"]?.text.flatMap { E164($0) }, words: nil, source: .api("merge"), at: context.now
        ).write(in: transaction)
    }

    /// The numbers and addresses that one contact has no place for.
    private static func note(
        _ others: [JSONValue], as kept: UUID, in transaction: borrowing Transaction, _ context: RequestContext
    ) throws {
        let user = try context.userID(in: transaction)
        for other in others {
            let words = ["contact_name", "business_name", "phone", "contact_email"].compactMap { other[$0]?.text }
            try transaction.execute(
                """
                insert into contact_interactions (tenant_id, contact_id, user_id, interaction_type, subject, content,
                    interaction_date, metadata)
                values ((select app.tenant_id()), $1, $2, 'note', 'Merged with another contact', $3, $4::timestamptz,
                    jsonb_build_object('event', 'contact_merged', 'contact', $5::jsonb))
                """,
                [
                    .uuid(kept), .uuid(user), .text(words.joined(separator: ", ")), .timestamp(context.now),
                    .json(other.json),
                ])
        }
    }
}
