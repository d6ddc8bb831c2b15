import CallModel
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
            listSQL,
            [
                .text(query.status?.rawValue), .text(query.outcome?.rawValue), .int(query.cursor?.micros),
                .uuid(query.cursor?.id), .int(query.limit + 1),
            ])
        let page = try rows.prefix(query.limit).map { try $0.text("body") }
        var next = "null"
        if rows.count > query.limit, let last = rows.prefix(query.limit).last {
            next = JSONText.quoted(CallCursor(micros: try last.int("micros"), id: try last.uuid("id")).text)
        }
        return "{\"data\":[\(page.joined(separator: ","))],\"next_cursor\":\(next)}"
    }

    /// Nil when the tenant has no such call.
    static func call(in transaction: borrowing Transaction, _ key: CallKey) throws -> String? {
        switch key {
        case .id(let id): try transaction.query("\(callSQL) where c.id = $1", [.uuid(id)]).first?.text("body")
        case .sid(let sid):
            try transaction.query("\(callSQL) where c.carrier_call_sid = $1", [.text(sid.text)]).first?.text("body")
        }
    }

    static func lead(in transaction: borrowing Transaction, _ id: UUID) throws -> String? {
        try transaction.query("select \(leadJSON) as body from leads l where l.id = $1", [.uuid(id)]).first?
            .text("body")
    }

    private static let listSQL = """
        select c.id, (extract(epoch from c.call_start_time) * 1000000)::bigint as micros, jsonb_build_object(
            \(callFields),
            'lead', (select jsonb_build_object('id', l.id, 'contact_person', l.contact_person,
                'company_name', l.company_name, 'lead_score', l.lead_score, 'status_bucket', l.status_bucket,
                'stage', l.stage) from leads l where l.id = c.lead_id)) as body
        from calls c
        where ($1::text is null or c.status = $1) and ($2::text is null or c.outcome = $2)
            and ($3::bigint is null or (c.call_start_time, c.id)
                < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
        order by c.call_start_time desc, c.id desc limit $5::bigint
        """

    private static let callFields = """
        'id', c.id, 'call_sid', c.carrier_call_sid, 'direction', c.direction, 'from', c.from_number,
        'to', c.to_number, 'status', c.status, 'started_at', c.call_start_time, 'answered_at', c.answered_at,
        'ended_at', c.call_end_time, 'duration_seconds', c.duration, 'end_reason', c.end_reason,
        'outcome', c.outcome, 'disposition', c.disposition, 'summary', c.summary, 'sentiment', c.sentiment,
        'intent', c.intent_detected
        """

    private static let callSQL = """
        select jsonb_build_object(
            \(callFields),
            'confidence', c.confidence_score, 'ear', c.ear, 'dtmf', c.dtmf, 'notes', c.notes,
            'extractor', c.extractor, 'extraction', c.extraction, 'finalized_at', c.finalized_at,
            'turns', coalesce((select jsonb_agg(jsonb_build_object('number', v.turn_number, 'speaker', v.speaker,
                'started_ms', v.started_ms, 'ended_ms', v.ended_ms, 'text', v.text, 'interrupted', v.interrupted,
                'heard_text', v.heard_text) order by v.turn_number)
                from conversations v where v.call_id = c.id), '[]'),
            'lead', (select \(leadJSON) from leads l where l.id = c.lead_id),
            'contact', (select jsonb_build_object('id', k.id, 'name', k.contact_name, 'email', k.contact_email,
                'company', k.business_name, 'position', k.contact_role, 'phone', k.phone, 'status', k.status,
                'do_not_contact', k.do_not_contact) from contacts k where k.id = c.contact_id),
            'follow_ups', \(followUps("f.call_id = c.id")), 'meetings', \(meetings("m.call_id = c.id")),
            'consents', coalesce((select jsonb_agg(jsonb_build_object('kind', s.kind, 'granted', s.granted,
                'words', s.words, 'source', s.source, 'at', s.at, 'question', s.question, 'decision', s.decision,
                'confidence', s.confidence, 'audio_position_ms', s.audio_position_ms)
                order by s.at, s.kind, s.reply_number)
                from consents s where s.call_id = c.id), '[]'),
            'consults', coalesce((select jsonb_agg(jsonb_build_object('id', q.id, 'question', q.question,
                'source', q.source, 'reasons', q.reasons, 'specialists', to_jsonb(q.specialists),
                'asked_ms', q.asked_ms, 'offered_ms', q.offered_ms, 'agreed_ms', q.agreed_ms,
                'answered_ms', q.answered_ms, 'spoken_ms', q.spoken_ms, 'heard_ms', q.heard_ms,
                'ended_ms', q.ended_ms, 'ending', q.ending, 'answer', q.merged_text, 'delivered', q.delivered,
                'follow_up', q.follow_up,
                'answers', coalesce((select jsonb_agg(jsonb_build_object('specialist', a.specialist,
                    'reasons', a.reasons, 'outcome', a.outcome, 'took_ms', a.took_ms) order by a.position)
                    from consult_answers a where a.consult_id = q.id), '[]')) order by q.asked_ms, q.id)
                from consults q where q.call_id = c.id), '[]'),
            'usage', coalesce((select jsonb_object_agg(u.kind, u.quantity)
                from usage_records u where u.call_id = c.id), '{}')) as body
        from calls c
        """

    private static let leadJSON = """
        jsonb_build_object('id', l.id, 'contact_id', l.contact_id, 'company_name', l.company_name,
            'contact_person', l.contact_person, 'email', l.email, 'phone', l.phone, 'stage', l.stage,
            'status_bucket', l.status_bucket, 'qualification_status', l.qualification_status,
            'lead_score', l.lead_score, 'budget', l.budget, 'authority', l.authority, 'need', l.need,
            'timeline', l.timeline, 'qualification', l.qualification_data, 'source', l.lead_source,
            'deal_value', l.deal_value, 'currency', l.currency, 'win_probability', l.win_probability,
            'expected_close_date', l.expected_close_date, 'summary', l.conversation_summary,
            'created_at', l.created_at, 'updated_at', l.updated_at,
            'scores', coalesce((select jsonb_agg(jsonb_build_object('type', s.score_type, 'score', s.score,
                'confidence', s.confidence, 'factors', s.score_factors, 'reasoning', s.reasoning,
                'scored_at', s.scored_at) order by s.score_type)
                from (select distinct on (score_type) * from lead_scores where lead_id = l.id
                    order by score_type, scored_at desc, id) s), '[]'),
            'follow_ups', \(followUps("f.lead_id = l.id")), 'meetings', \(meetings("m.lead_id = l.id")))
        """

    /// - Parameter rule: which rows, as SQL of ours.
    private static func followUps(_ rule: StaticString) -> String {
        """
        coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'due_at', f.due_at, 'status', f.status,
            'reason', f.reason, 'recommendation', f.ai_recommendation) order by f.due_at, f.id)
            from (select * from follow_ups f where \(rule) order by f.due_at limit 100) f), '[]')
        """
    }

    private static func meetings(_ rule: StaticString) -> String {
        """
        coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'title', m.title, 'starts_at', m.starts_at,
            'ends_at', m.ends_at, 'status', m.status) order by m.starts_at, m.id)
            from (select * from meetings m where \(rule) order by m.starts_at limit 100) m), '[]')
        """
    }
}
