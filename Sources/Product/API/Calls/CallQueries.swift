import CRM
import CallModel
import Compliance
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// The place behind the last call of a page: its start in microseconds since 1970, and its id.
struct CallCursor: Equatable, Sendable {
    var micros: Int
    var id: UUID

    init(micros: Int, id: UUID) {
        self.micros = micros
        self.id = id
    }

    /// Nil for anything but a ``text`` of ours, to the letter.
    init?(_ text: String) {
        guard text.utf8.count <= 120, let bytes = Base64URL.decode(text) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let micros = Int(parts[0]), (0...253_402_300_799_000_000).contains(micros),
            let id = UUID(uuidString: String(parts[1]))
        else { return nil }
        self.init(micros: micros, id: id)
        guard self.text == text else { return nil }
    }

    var text: String { Base64URL.encode(Array("\(micros).\(id.uuidString.lowercased())".utf8)) }
}

extension CallCursor: Decodable, SchemaDescribed {
    static var schema: Schema { .text() }
    static var sample: CallCursor { CallCursor(micros: 0, id: UUID()) }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let cursor = CallCursor(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no `next_cursor` of an earlier page"))
        }
        self = cursor
    }
}

/// The reading statements. PostgreSQL builds the JSON; row-level security keeps other tenants' rows out.
enum CallQueries {
    static func list(in transaction: borrowing Transaction, _ query: CallListQuery) throws -> String {
        let rows = try transaction.query(
            listing,
            [
                .text(query.status?.rawValue), .text(query.outcome?.rawValue), .int(query.cursor?.micros),
                .uuid(query.cursor?.id), .int(query.limit + 1),
            ])
        let page = try rows.prefix(query.limit).map { try $0.decode(Listed.self) }
        var next = "null"
        if rows.count > query.limit, let last = page.last {
            next = JSONText.quoted(CallCursor(micros: last.micros, id: last.id).text)
        }
        return "{\"data\":[\(page.map(\.body).joined(separator: ","))],\"next_cursor\":\(next)}"
    }

    private struct Listed: Decodable {
        var id: UUID
        var micros: Int
        var body: String
    }

    /// Nil when the tenant has no such call.
    static func call(in transaction: borrowing Transaction, _ key: CallKey) throws -> String? {
        switch key {
        case .id(let id): try transaction.query(callByID, [.uuid(id)]).first?.text("body")
        case .sid(let sid): try transaction.query(callBySid, [.text(sid.text)]).first?.text("body")
        }
    }

    static func lead(in transaction: borrowing Transaction, _ id: UUID) throws -> String? {
        try transaction.query(leadByID, [.uuid(id)]).first?.text("body")
    }

    // MARK: - Statements

    static let statements = [listing, callByID, callBySid, leadByID]

    private static let listing = sql(
        """
        select c.\(.id), (extract(epoch from c.\(.callStartTime)) * 1000000)::bigint as micros, \(listed.sql) as body
        from calls c
        where ($1::text is null or c.\(.status) = $1) and ($2::text is null or c.\(.outcome) = $2)
            and ($3::bigint is null or (c.\(.callStartTime), c.\(.id))
                < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
        order by c.\(.callStartTime) desc, c.\(.id) desc limit $5::bigint
        """)

    private static let callByID = sql("select \(call.sql) as body from calls c where c.\(.id) = $1::uuid")
    private static let callBySid = sql("select \(call.sql) as body from calls c where c.\(.carrierCallSid) = $1")

    private static let leadByID: String = {
        let statement: SQL<LeadColumn> = "select \(lead.sql) as body from leads l where l.\(.id) = $1::uuid"
        return statement.text
    }()

    private static func sql(_ statement: SQL<CallColumn>) -> String { statement.text }

    // MARK: - Views

    /// What keeps the views from being filled.
    static var problems: [String] {
        [
            listed.problem, call.problem, callLead.problem, lead.problem, turn.problem, contact.problem,
            followUp.problem, meeting.problem, score.problem, consent.problem, consult.problem, answer.problem,
        ].compactMap(\.self)
    }

    private static let callNames: [String: SQL<CallColumn>] = [
        "call_sid": "c.\(.carrierCallSid)", "from": "c.\(.fromNumber)", "to": "c.\(.toNumber)",
        "started_at": "c.\(.callStartTime)", "ended_at": "c.\(.callEndTime)", "duration_seconds": "c.\(.duration)",
        "intent": "c.\(.intentDetected)",
    ]

    private static let listed = RowView<CallColumn>(
        View.Call.self, of: "c",
        callNames.merging(
            ["lead": "(select \(callLead.sql) from leads l where l.\(LeadColumn.id) = c.\(.leadID))"]) { $1 })

    private static let callLead = RowView<LeadColumn>(View.CallLead.self, of: "l")

    private static let callDetails: [String: SQL<CallColumn>] = [
        "confidence": "c.\(.confidenceScore)",
        "turns": """
        coalesce((select jsonb_agg(\(turn.sql) order by v.\(TurnColumn.turnNumber))
            from conversations v where v.\(TurnColumn.callID) = c.\(.id)), '[]')
        """,
        "lead": "(select \(lead.sql) from leads l where l.\(LeadColumn.id) = c.\(.leadID))",
        "contact": "(select \(contact.sql) from contacts k where k.\(ContactColumn.id) = c.\(.contactID))",
        "follow_ups": "\(followUps("f.\(.callID) = c.\(CallColumn.id)"))",
        "meetings": "\(meetings("m.\(.callID) = c.\(CallColumn.id)"))",
        "consents": """
        coalesce((select jsonb_agg(\(consent.sql)
            order by \([ConsentColumn.at, .kind, .replyNumber], of: "s"))
            from consents s where s.\(ConsentColumn.callID) = c.\(.id)), '[]')
        """,
        "consults": """
        coalesce((select jsonb_agg(\(consult.sql) order by \([ConsultColumn.askedMs, .id], of: "q"))
            from consults q where q.\(ConsultColumn.callID) = c.\(.id)), '[]')
        """,
        "usage": """
        coalesce((select jsonb_object_agg(\([UsageColumn.kind, .quantity], of: "u"))
            from usage_records u where u.\(UsageColumn.callID) = c.\(.id)), '{}')
        """,
    ]

    private static let call = RowView<CallColumn>(
        View.CallDetail.self, of: "c", callNames.merging(callDetails) { $1 })

    private static let turn = RowView<TurnColumn>(View.Turn.self, of: "v", ["number": "v.\(.turnNumber)"])

    private static let contact = RowView<ContactColumn>(
        View.CallContact.self, of: "k",
        [
            "name": "k.\(.contactName)", "email": "k.\(.contactEmail)", "company": "k.\(.businessName)",
            "position": "k.\(.contactRole)",
        ])

    private static let consent = RowView<ConsentColumn>(View.Consent.self, of: "s")

    private static let consult = RowView<ConsultColumn>(
        View.Consult.self, of: "q",
        [
            "answer": "q.\(.mergedText)",
            "answers": """
            coalesce((select jsonb_agg(\(answer.sql) order by a.\(ConsultAnswerColumn.position))
                from consult_answers a where a.\(ConsultAnswerColumn.consultID) = q.\(.id)), '[]')
            """,
        ])

    private static let answer = RowView<ConsultAnswerColumn>(View.SpecialistAnswer.self, of: "a")

    private static let lead = RowView<LeadColumn>(
        View.Lead.self, of: "l",
        [
            "qualification": "l.\(.qualificationData)", "source": "l.\(.leadSource)",
            "summary": "l.\(.conversationSummary)",
            "scores": """
            coalesce((select jsonb_agg(\(score.sql) order by s.\(LeadScoreColumn.scoreType))
                from (select distinct on (\(LeadScoreColumn.scoreType)) * from lead_scores
                    where \(LeadScoreColumn.leadID) = l.\(.id)
                    order by \(LeadScoreColumn.scoreType), \(LeadScoreColumn.scoredAt) desc, id) s), '[]')
            """,
            "follow_ups": "\(followUps("f.\(.leadID) = l.\(LeadColumn.id)"))",
            "meetings": "\(meetings("m.\(.leadID) = l.\(LeadColumn.id)"))",
        ])

    private static let score = RowView<LeadScoreColumn>(
        View.Score.self, of: "s", ["type": "s.\(.scoreType)", "factors": "s.\(.scoreFactors)"])

    private static let followUp = RowView<FollowUpColumn>(
        View.FollowUp.self, of: "f", ["recommendation": "f.\(.aiRecommendation)"])

    private static func followUps(_ rule: SQL<FollowUpColumn>) -> SQL<FollowUpColumn> {
        """
        coalesce((select jsonb_agg(\(followUp.sql) order by \([.dueAt, .id], of: "f"))
            from (select * from follow_ups f where \(rule) order by f.\(.dueAt) limit 100) f), '[]')
        """
    }

    private static let meeting = RowView<MeetingColumn>(View.Meeting.self, of: "m")

    private static func meetings(_ rule: SQL<MeetingColumn>) -> SQL<MeetingColumn> {
        """
        coalesce((select jsonb_agg(\(meeting.sql) order by \([.startsAt, .id], of: "m"))
            from (select * from meetings m where \(rule) order by m.\(.startsAt) limit 100) m), '[]')
        """
    }
}
