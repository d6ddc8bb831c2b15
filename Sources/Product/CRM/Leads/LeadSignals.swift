import CallModel
import Database
import FoundationEssentials

/// What calls, messages and the tenant's site have told of a lead, besides its own row.
struct LeadSignals: Equatable, Sendable {
    var call: LeadFacts.CallSignal?
    var messages = LeadFacts.Messages()
    var siteEvents: [SiteEvent: Int] = [:]

    /// The last call that told what the caller wants.
    static let calls = BulkStatement<CallColumn>(
        """
        select distinct on (c.\(.leadID)) \([.leadID, .intentDetected, .confidenceScore, .sentiment, .outcome], of: "c"),
            exists (
                select from meetings m where m.lead_id = c.\(.leadID) and m.call_id = c.\(.id)) as has_meeting,
            coalesce(jsonb_typeof(c.\(.extraction) -> 'follow_up_named_at') = 'object', false) as names_time,
            coalesce(jsonb_typeof(c.\(.extraction) -> 'do_not_contact') = 'object', false) as opts_out
        from calls c
        where c.\(.leadID) = any(\(all: .leadID)) and c.\(.finalizedAt) is not null
            and c.\(.intentDetected) <> 'unknown' and c.\(.outcome) is not null
        order by c.\(.leadID), c.\(.callStartTime) desc, c.\(.id) desc
        """)

    private struct CallRow: Decodable {
        var leadID: UUID
        var intentDetected: String
        var confidenceScore: Double?
        var sentiment: String?
        var outcome: String
        var hasMeeting: Bool
        var namesTime: Bool
        var optsOut: Bool
    }

    static let messages = BulkStatement<LeadColumn>("select m.* from app.lead_messages(\(all: .id)) m")

    private struct MessageRow: Decodable {
        var leadID: UUID
        var sent: Int
        var opens: Int
        var clicks: Int
        var replies: Int
    }

    static let siteEvents = BulkStatement<LeadColumn>(
        """
        select l.\(.id), e.event_type, count(*) as events
        from leads l join contact_events e on e.contact_id = l.\(.contactID)
        where l.\(.id) = any(\(all: .id)) and e.occurred_at > now() - interval '\(siteDays) days'
        group by l.\(.id), e.event_type
        """)
    /// ``LeadFacts/siteDays``.
    private static let siteDays: SQL<LeadColumn> = "90"

    private struct SiteRow: Decodable {
        var id: UUID
        var eventType: String
        var events: Int
    }

    /// In one round trip.
    static func read(_ leads: [UUID], in tx: borrowing Transaction) throws -> [UUID: LeadSignals] {
        let rows = try tx.queries([
            BulkRows(calls, leads.map { [.leadID: .uuid($0)] }).query,
            BulkRows(messages, leads.map { [.id: .uuid($0)] }).query,
            BulkRows(siteEvents, leads.map { [.id: .uuid($0)] }).query,
        ])
        var signals: [UUID: LeadSignals] = [:]
        for row in rows[0] {
            let row = try row.decode(CallRow.self)
            signals[row.leadID, default: LeadSignals()].call = LeadFacts.CallSignal(
                intent: CallIntent(rawValue: row.intentDetected) ?? .unknown, confidence: row.confidenceScore ?? 0,
                sentiment: row.sentiment.flatMap { Sentiment(rawValue: $0) } ?? .neutral,
                outcome: CallOutcome(rawValue: row.outcome) ?? .nurture, hasMeeting: row.hasMeeting,
                namesTime: row.namesTime, optsOut: row.optsOut)
        }
        for row in rows[1] {
            let row = try row.decode(MessageRow.self)
            var messages = LeadFacts.Messages()
            (messages.sent, messages.opens, messages.clicks, messages.replies) =
                (row.sent, row.opens, row.clicks, row.replies)
            signals[row.leadID, default: LeadSignals()].messages = messages
        }
        for row in rows[2] {
            let row = try row.decode(SiteRow.self)
            guard let event = SiteEvent(rawValue: row.eventType) else { continue }
            signals[row.id, default: LeadSignals()].siteEvents[event] = row.events
        }
        return signals
    }
}
