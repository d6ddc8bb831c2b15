import CRM
import Compliance
import Database

/// The statements that write what calls leave, in the order in which they run: each once, over the rows of all calls of a
/// transaction.
enum CallStatement: Int, CaseIterable {
    case call, turn, usage
    case consult, consultAnswer, consultConsent
    case consent, optOut
    case contact, lead, score
    case meeting, followUpSettled, followUpReplaced, followUp
    case activity, interaction
}

/// The rows that calls give to each statement.
struct CallRows {
    private var rows: [CallStatement: [[SQLValue]]] = [:]

    mutating func add(_ statement: CallStatement, _ row: [SQLValue]) { rows[statement, default: []].append(row) }

    /// Sends every statement that has rows; they travel with the commit.
    func send(in tx: borrowing Transaction) throws(DatabaseError) {
        for statement in CallStatement.allCases { try tx.send(statement.bulk, rows: rows[statement] ?? []) }
    }
}

extension CallStatement {
    var bulk: BulkStatement {
        switch self {
        case .call: Self.callStatement
        case .turn: Self.turnStatement
        case .usage: Self.usageStatement
        case .consult: Self.consultStatement
        case .consultAnswer: Self.consultAnswerStatement
        case .consultConsent: Self.consultConsentStatement
        case .consent: Self.consentStatement
        case .optOut: OptOut.statement
        case .contact: Self.contactStatement
        case .lead: Self.leadStatement
        case .score: Self.scoreStatement
        case .meeting: Self.meetingStatement
        case .followUpSettled: Self.followUpSettledStatement
        case .followUpReplaced: Self.followUpReplacedStatement
        case .followUp: Self.followUpStatement
        case .activity: LeadActivity.statement
        case .interaction: Self.interactionStatement
        }
    }

    // MARK: - The call

    private static let callStatement = BulkStatement(
        given: [
            "id": .uuid, "lead_id": .uuid, "contact_id": .uuid, "status": .text, "answered_at": .timestamptz,
            "ended_at": .timestamptz, "duration": .integer, "end_reason": .text, "outcome": .text,
            "disposition": .text, "transcript": .text, "summary": .text, "sentiment": .text, "intent": .text,
            "confidence": .double, "usage": .jsonb, "ear": .jsonb, "dtmf": .text, "notes": .jsonb,
            "extractor": .text, "extraction": .jsonb,
        ],
        """
        update calls c set lead_id = g.lead_id, contact_id = g.contact_id, status = g.status,
            answered_at = coalesce(c.answered_at, g.answered_at),
            call_end_time = greatest(g.ended_at, c.call_start_time), duration = g.duration, end_reason = g.end_reason,
            outcome = g.outcome, disposition = g.disposition, transcript = g.transcript, summary = g.summary,
            sentiment = g.sentiment, intent_detected = g.intent, confidence_score = g.confidence, usage = g.usage,
            ear = g.ear, dtmf = g.dtmf, notes = g.notes, extractor = g.extractor, extraction = g.extraction,
            finalized_at = now()
        from given g where c.id = g.id and c.id = any($1)
        """)

    private static let turnStatement = BulkStatement(
        into: "conversations",
        [
            "call_id": .uuid, "turn_number": .integer, "speaker": .text, "started_ms": .integer,
            "ended_ms": .integer, "text": .text, "interrupted": .boolean, "heard_text": .text,
        ])

    /// What billing counts: unique by call and kind, so that nothing is billed twice.
    private static let usageStatement = BulkStatement(
        into: "usage_records",
        ["call_id": .uuid, "kind": .text, "quantity": .bigint, "recorded_at": .timestamptz],
        suffix: "on conflict do nothing")

    // MARK: - Consults and consents

    private static let consultStatement = BulkStatement(
        given: [
            "id": .uuid, "call_id": .uuid, "question": .text, "source": .text, "reasons": .jsonb,
            "specialists": .text, "asked_ms": .integer, "offered_ms": .integer, "agreed_ms": .integer,
            "answered_ms": .integer, "spoken_ms": .integer, "heard_ms": .integer, "ended_ms": .integer,
            "ending": .text, "merged_text": .text, "spoken_text": .text, "delivered": .boolean, "follow_up": .text,
        ],
        """
        insert into consults (
            tenant_id, id, call_id, question, source, reasons, specialists, asked_ms, offered_ms, agreed_ms, answered_ms,
            spoken_ms, heard_ms, ended_ms, ending, merged_text, spoken_text, delivered, follow_up)
        select (select app.tenant_id()), id, call_id, question, source, reasons, specialists::text[], asked_ms,
            offered_ms, agreed_ms, answered_ms, spoken_ms, heard_ms, ended_ms, ending, merged_text, spoken_text,
            delivered, follow_up
        from given
        on conflict do nothing
        """)

    private static let consultAnswerStatement = BulkStatement(
        into: "consult_answers",
        [
            "consult_id": .uuid, "position": .integer, "specialist": .text, "reasons": .jsonb, "text": .text,
            "took_ms": .integer, "outcome": .text,
        ], suffix: "on conflict do nothing")

    private static let consultConsentStatement = BulkStatement(
        into: "consents",
        [
            "call_id": .uuid, "contact_id": .uuid, "phone": .text, "kind": .text, "granted": .boolean,
            "words": .text, "source": .text, "at": .timestamptz, "consult_id": .uuid, "reply_number": .integer,
            "question": .text, "decision": .text, "confidence": .double, "audio_position_ms": .integer,
        ], suffix: "on conflict do nothing")

    private static let consentStatement = BulkStatement(
        into: "consents",
        [
            "call_id": .uuid, "contact_id": .uuid, "phone": .text, "kind": .text, "granted": .boolean,
            "words": .text, "source": .text, "at": .timestamptz,
        ])

    // MARK: - Contact and lead

    /// What is new of it; and it moves along with its lead, but for a customer, or one a person closed.
    private static let contactStatement = BulkStatement(
        given: [
            "id": .uuid, "name": .text, "email": .text, "company": .text, "position": .text, "stage": .text,
            "qualification_status": .text,
        ],
        """
        update contacts c set contact_name = coalesce(g.name, c.contact_name),
            contact_email = coalesce(g.email, c.contact_email), business_name = coalesce(g.company, c.business_name),
            contact_role = coalesce(g.position, c.contact_role),
            lifecycle_stage = case when c.status in ('lead', 'prospect', 'qualified')
                then coalesce(lower(g.stage), c.lifecycle_stage) else c.lifecycle_stage end,
            status = case
                when c.status in ('lead', 'prospect') and g.qualification_status = 'sales_qualified' then 'qualified'
                when c.status = 'lead' and g.qualification_status = 'marketing_qualified' then 'prospect'
                else c.status end
        from given g where c.id = g.id and c.id = any($1)
        """)

    private static let leadStatement = BulkStatement(
        given: [
            "id": .uuid, "budget": .text, "authority": .text, "need": .text, "timeline": .text,
            "findings": .jsonb, "extracted_info": .jsonb, "company": .text, "person": .text, "email": .text,
            "summary": .text, "score": .integer, "bucket": .text, "qualification_status": .text,
            "win_probability": .integer, "closes_at": .timestamptz, "deal_value": .double, "stage": .text,
            "ended_at": .timestamptz,
        ],
        """
        update leads l set budget = g.budget, authority = g.authority, need = g.need, timeline = g.timeline,
            qualification_data = l.qualification_data || g.findings,
            extracted_info = l.extracted_info || g.extracted_info,
            company_name = coalesce(g.company, l.company_name), contact_person = coalesce(g.person, l.contact_person),
            email = coalesce(g.email, l.email), conversation_summary = coalesce(g.summary, l.conversation_summary),
            lead_score = coalesce(g.score, l.lead_score), status_bucket = coalesce(g.bucket, l.status_bucket),
            qualification_status = coalesce(g.qualification_status, l.qualification_status),
            win_probability = coalesce(g.win_probability, l.win_probability),
            expected_close_date = coalesce((g.closes_at at time zone 'UTC')::date, l.expected_close_date),
            deal_value = coalesce(g.deal_value::numeric, l.deal_value),
            previous_stage = case when l.stage = g.stage then l.previous_stage else l.stage end,
            stage_changed_at = case when l.stage = g.stage then l.stage_changed_at else g.ended_at end,
            pipeline_stage_id = case when l.stage = g.stage then l.pipeline_stage_id else coalesce(
                (select id from pipeline_stages p where p.stage = g.stage order by position limit 1),
                l.pipeline_stage_id) end,
            stage = g.stage
        from given g where l.id = g.id and l.id = any($1)
        """)

    private static let scoreStatement = BulkStatement(
        into: "lead_scores",
        [
            "lead_id": .uuid, "call_id": .uuid, "score_type": .text, "score": .integer,
            "confidence": .double, "score_factors": .jsonb, "reasoning": .text, "scored_by": .uuid,
            "scored_at": .timestamptz,
        ])

    // MARK: - What comes next

    /// The same hour is never booked twice for a lead.
    private static let meetingStatement = BulkStatement(
        given: [
            "lead_id": .uuid, "call_id": .uuid, "agent_id": .uuid, "title": .text, "starts_at": .timestamptz,
            "minutes": .integer, "notes": .text,
        ],
        """
        insert into meetings (tenant_id, lead_id, call_id, agent_id, title, starts_at, ends_at, notes)
        select (select app.tenant_id()), g.lead_id, g.call_id, g.agent_id, g.title, g.starts_at,
            g.starts_at + make_interval(mins => g.minutes), g.notes
        from given g where not exists (
            select from meetings m
            where m.lead_id = g.lead_id and m.starts_at = g.starts_at and m.status = 'scheduled')
        """)

    private static let followUpSettledStatement = BulkStatement(
        given: ["lead_id": .uuid, "agent_id": .uuid, "ended_at": .timestamptz],
        """
        update follow_ups f set status = 'Completed', completed_at = g.ended_at from given g
        where f.status = 'Pending' and f.lead_id = g.lead_id and f.lead_id = any($1) and f.call_id is not null
            and f.agent_id is not distinct from g.agent_id and f.due_at <= g.ended_at
        """)

    private static let followUpReplacedStatement = BulkStatement(
        given: ["lead_id": .uuid, "agent_id": .uuid],
        """
        update follow_ups f set status = 'Rescheduled' from given g
        where f.status = 'Pending' and f.lead_id = g.lead_id and f.lead_id = any($1) and f.call_id is not null
            and f.agent_id is not distinct from g.agent_id
        """)

    private static let followUpStatement = BulkStatement(
        into: "follow_ups",
        [
            "lead_id": .uuid, "call_id": .uuid, "agent_id": .uuid, "due_at": .timestamptz, "reason": .text,
            "notes": .text, "ai_recommendation": .text,
        ])

    private static let interactionStatement = BulkStatement(
        given: [
            "contact_id": .uuid, "user_id": .uuid, "subject": .text, "content": .text, "at": .timestamptz,
            "metadata": .jsonb,
        ],
        """
        insert into contact_interactions (
            tenant_id, contact_id, user_id, interaction_type, subject, content, interaction_date, metadata)
        select (select app.tenant_id()), contact_id, user_id, 'phone_call', subject, content, at, metadata from given
        """)
}
