import CRM
import Compliance
import Database
import Encoding
import Endpoints
import FoundationEssentials

/// All that happened with a contact, the newest first.
enum ContactTimeline {
    struct Ask: EndpointInput {
        var id: UUID
        var limit: Int
        var cursor: TimeCursor?
        static let rules: [String: FieldRule] = [
            "id": .help("The contact's id."), "limit": .range(1...200, standard: 50, "Entries a page."),
            "cursor": .help("`next_cursor` of the page before."),
        ]
    }

    struct ContactTimelinePage: Codable, Sendable {
        var data: [ContactTimelineEntry]
        var nextCursor: String?
    }

    struct ContactTimelineEntry: Codable, Sendable {
        enum Kind: String, Codable, CaseIterable, Sendable { case call, interaction, activity, meeting, consent }
        var id: UUID
        var kind: Kind
        var at: Date
        var title: String
        var text: String?
        var leadID: UUID?
        var callID: UUID?
        /// What there is to know of one of its kind.
        var details: [String: JSONValue]
    }

    static let route = Endpoint.get(
        "/api/v1/contacts/{id}/timeline", id: "contactTimeline", .role(.admin),
        "Calls, interactions, meetings, consents and what became of leads, newest first.", Ask.self,
        ContactTimelinePage.self
    ) { context, ask in
        .json(
            try await context.read { transaction in
                try ContactRules.check(.text(ask.id.uuidString), in: transaction)
                return try page(ask, in: transaction)
            })
    }

    private static func page(_ ask: Ask, in transaction: borrowing Transaction) throws -> String {
        let rows = try transaction.query(
            statement,
            [.uuid(ask.id), .int(ask.cursor?.micros), .uuid(ask.cursor?.id), .int(ask.limit + 1)])
        var next = "null"
        if rows.count > ask.limit, let last = rows.prefix(ask.limit).last {
            next = JSONText.quoted(TimeCursor(micros: try last.int("micros"), id: try last.uuid("id")).text)
        }
        let entries = try rows.prefix(ask.limit).map { try $0.text("body") }.joined(separator: ",")
        return "{\"data\":[\(entries)],\"next_cursor\":\(next)}"
    }

    /// One kind of entry: the newest of its table behind the cursor.
    private static func entries<Column: TableColumn>(
        _ kind: ContactTimelineEntry.Kind, _ table: Column.Type, at: SQL<Column>, title: SQL<Column>,
        text: SQL<Column> = "null::text",
        lead: SQL<Column> = "null::uuid", call: SQL<Column> = "null::uuid", details: SQL<Column> = "'{}'::jsonb",
        where rule: SQL<Column>
    ) -> String {
        """
        (select t.id, \(at.text) as at, '\(kind.rawValue)' as kind, \(title.text) as title, \(text.text) as text,
            \(lead.text) as lead_id, \(call.text) as call_id, \(details.text) as details
        from \(Column.table) t
        where \(rule.text) and ($2::bigint is null
            or (\(at.text), t.id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid))
        order by \(at.text) desc, t.id desc limit $4::bigint)
        """
    }

    /// Of calls there are rows in other tables as well: each is told once.
    static let statement: String = {
        let ofLeads = "t.lead_id = any(array(select l.id from leads l where l.contact_id = $1::uuid))"
        let parts = [
            entries(
                .call, CallColumn.self, at: "t.\(.callStartTime)",
                title: "coalesce('Call: ' || replace(t.\(.outcome), '_', ' '), 'Call')", text: "t.\(.summary)",
                lead: "t.\(.leadID)", call: "t.\(.id)",
                details: """
                    jsonb_build_object('direction', t.\(.direction), 'status', t.\(.status), 'outcome', t.\(.outcome),
                        'duration_seconds', t.\(.duration))
                    """, where: "t.\(.contactID) = $1::uuid"),
            entries(
                .interaction, InteractionColumn.self, at: "t.\(.interactionDate)",
                title: "coalesce(t.\(.subject), replace(t.\(.interactionType), '_', ' '))", text: "t.\(.content)",
                details: """
                    jsonb_build_object('interaction_type', t.\(.interactionType), 'user_id', t.\(.userID),
                        'metadata', t.\(.metadata))
                    """,
                where: """
                    t.\(.contactID) = $1::uuid and t.\(.metadata) ->> 'event' is distinct from 'call_finished'
                    """),
            entries(
                .activity, LeadActivityColumn.self, at: "t.\(.createdAt)", title: "t.\(.subject)",
                text: "t.\(.description)",
                lead: "t.\(.leadID)", call: "t.\(.callID)",
                details: """
                    jsonb_build_object('activity_type', t.\(.activityType), 'created_by', t.\(.createdBy),
                        'is_automated', t.\(.isAutomated), 'metadata', t.\(.metadata))
                    """,
                where: """
                    \(SQL<LeadActivityColumn>(stringLiteral: ofLeads))
                        and t.\(.metadata) ->> 'event' is distinct from 'call_finished'
                    """),
            entries(
                .meeting, MeetingColumn.self, at: "t.\(.startsAt)", title: "t.\(.title)", text: "t.\(.notes)",
                lead: "t.\(.leadID)", call: "t.\(.callID)",
                details: "jsonb_build_object('status', t.\(.status), 'ends_at', t.\(.endsAt))",
                where: SQL(stringLiteral: ofLeads)),
            entries(
                .consent, ConsentColumn.self, at: "t.\(.at)",
                title: """
                    replace(t.\(.kind), '_', ' ') || case when t.\(.granted) then ': granted' else ': refused' end
                    """, text: "nullif(t.\(.words), '')", call: "t.\(.callID)",
                details: "jsonb_build_object('kind', t.\(.kind), 'granted', t.\(.granted), 'source', t.\(.source))",
                where: "t.\(.contactID) = $1::uuid"),
        ]
        return """
            select id, (extract(epoch from at) * 1000000)::bigint as micros, jsonb_build_object('id', id, 'kind', kind,
                'at', at, 'title', title, 'text', text, 'lead_id', lead_id, 'call_id', call_id,
                'details', details)::text as body
            from (\(parts.joined(separator: "\nunion all\n"))) entries
            order by at desc, id desc limit $4::bigint
            """
    }()
}
