import CRM
import CallModel
import Compliance
import Database
import Endpoints
import FoundationEssentials

/// The reading statements. PostgreSQL builds the JSON; row-level security keeps other tenants' rows out.
enum CallQueries {
    /// Nil when the tenant has no such call, or it is not the caller's to see.
    static func call(
        in transaction: borrowing Transaction, _ key: CallKey, for principal: APIPrincipal
    ) throws -> String? {
        let (rule, value): (String, SQLValue) =
            switch key {
            case .id(let id): (byID, .uuid(id))
            case .sid(let sid): (bySid, .text(sid.text))
            }
        guard let sight = CallRoutes.sight(principal) else {
            return try transaction.query(one(rule, nil), [value]).first?.text("body")
        }
        return try transaction.query(one(rule, sight), [.text(principal.subject), value]).first?.text("body")
    }

    // MARK: - Statements

    static var statements: [String] {
        [byID, bySid].flatMap { [one($0, nil), one($0, CallRoutes.ownAndUnassigned)] }
    }

    private static let byID = sql("t.\(.id) = $::uuid")
    private static let bySid = sql("t.\(.carrierCallSid) = $")

    /// - Parameter rule: with `$` for its value.
    private static func one(_ rule: String, _ sight: String?) -> String {
        let rules = rule.replacing("$", with: sight == nil ? "$1" : "$2") + (sight.map { " and (\($0))" } ?? "")
        return "\(selected) where \(rules)"
    }

    private static let selected = sql("select \(call.sql) as body from calls t")

    private static func sql(_ statement: SQL<CallColumn>) -> String { statement.text }

    // MARK: - Views

    /// What keeps the views from being filled.
    static var problems: [String] {
        [
            call.problem, callLead.problem, turn.problem, contact.problem, consent.problem, consult.problem,
            answer.problem,
        ].compactMap(\.self) + LeadQueries.problems
    }

    private static let callNames: [String: SQL<CallColumn>] = [
        "call_sid": "t.\(.carrierCallSid)", "from": "t.\(.fromNumber)", "to": "t.\(.toNumber)",
        "started_at": "t.\(.callStartTime)", "ended_at": "t.\(.callEndTime)", "duration_seconds": "t.\(.duration)",
        "intent": "t.\(.intentDetected)",
    ]

    /// Of a call in a list.
    static let leadOfCall: SQL<CallColumn> =
        "select \(callLead.sql) from leads l where l.\(LeadColumn.id) = t.\(.leadID)"

    private static let callLead = RowView<LeadColumn>(View.CallLead.self, of: "l")

    private static let callDetails: [String: SQL<CallColumn>] = [
        "confidence": "t.\(.confidenceScore)",
        "turns": """
        coalesce((select jsonb_agg(\(turn.sql) order by v.\(TurnColumn.turnNumber))
            from conversations v where v.\(TurnColumn.callID) = t.\(.id)), '[]')
        """,
        "lead": "(select \(LeadQueries.lead.sql) from leads l where l.\(LeadColumn.id) = t.\(.leadID))",
        "contact": "(select \(contact.sql) from contacts k where k.\(ContactColumn.id) = t.\(.contactID))",
        "follow_ups": "\(LeadQueries.followUps(ofCall("f")))",
        "meetings": "\(LeadQueries.meetings(ofCall("m")))",
        "consents": """
        coalesce((select jsonb_agg(\(consent.sql)
            order by \([ConsentColumn.at, .kind, .replyNumber], of: "s"))
            from consents s where s.\(ConsentColumn.callID) = t.\(.id)), '[]')
        """,
        "consults": """
        coalesce((select jsonb_agg(\(consult.sql) order by \([ConsultColumn.askedMs, .id], of: "q"))
            from consults q where q.\(ConsultColumn.callID) = t.\(.id)), '[]')
        """,
        "usage": """
        coalesce((select jsonb_object_agg(\([UsageColumn.kind, .quantity], of: "u"))
            from usage_records u where u.\(UsageColumn.callID) = t.\(.id)), '{}')
        """,
    ]

    /// Follow-ups and meetings that came of the call: they are its lead's.
    private static func ofCall<Column: TableColumn>(_ alias: StaticString) -> SQL<Column> {
        "\(alias).lead_id = t.\(CallColumn.leadID) and \(alias).call_id = t.\(CallColumn.id)"
    }

    private static let call = RowView<CallColumn>(
        View.CallDetail.self, of: "t", callNames.merging(callDetails) { $1 })

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
}
