import CRM
import CallModel
import Database
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Calls, and what they yielded. Agents see those of the leads that they see, and those of nobody.
enum CallRoutes {
    static let routes: [Endpoint] =
        resource.endpoints + [
            .get(
                "/api/v1/calls/stats", id: "getCallStats", .role(.agent), "Calls in numbers, and day by day.",
                CallStatistics.Ask.self, View.CallStats.self
            ) { context, ask in
                let (principal, now) = (try context.principal, context.now)
                return try .value(try await context.read { try CallStatistics(ask, principal, now).read(in: $0) })
            },
            .get(
                "/api/v1/calls/{id}", id: "getCall", .role(.agent),
                "One call with transcript, lead, evidence and next steps.", OneCall.self, View.CallDetail.self
            ) { context, one in
                let principal = try context.principal
                guard let call = try await context.read({ try CallQueries.call(in: $0, one.id, for: principal) }) else {
                    throw Problem.notFound
                }
                return .json(call)
            },
        ]

    struct OneCall: EndpointInput {
        var id: CallKey
        static let rules: [String: FieldRule] = ["id": .help("Our id or the carrier's CallSid.")]
    }

    @Sendable static func sight(_ principal: APIPrincipal) -> String? {
        principal.role.includes(.manager) ? nil : ownAndUnassigned
    }

    /// Asked of each call by itself: as `exists` it would gather all the leads there are to see, for a page of fifty
    /// calls.
    static let ownAndUnassigned = """
        t.lead_id is null or (
            select \(Seen.unassignedOrOwn("l")) from leads l where l.id = t.lead_id)
        """

    static let resource = Resource(
        "calls", of: "Call", verbs: [.list], seenBy: sight, isStamped: false, sortedBy: "-started_at",
        lists: [
            PresetList(
                "\(LeadRoutes.path)/{id}/calls", id: "listLeadCalls", "Calls of a lead, newest first.",
                [PresetList.Stand("id", for: "lead_id")],
                behind: { transaction, principal, input in
                    guard let lead = input["id"]?.text.flatMap({ UUID(uuidString: $0) }) else { throw Problem.notFound }
                    try LeadSight.check(lead, for: principal, in: transaction)
                }),
            PresetList(
                "/api/v1/calls/live", id: "listLiveCalls", "Calls that are under way, newest first.",
                only: "t.status in ('ringing', 'in_progress')"),
        ],
        details: [
            Detail("lead", orNull: View.CallLead.self, isListed: true, CallQueries.leadOfCall)
        ],
        [
            .text(CallColumn.carrierCallSid, as: "call_sid", max: 100),
            .choice(CallColumn.direction, ["inbound", "outbound"], [.filter, .required]),
            .text(CallColumn.fromNumber, as: "from", .filter, max: 200),
            .text(CallColumn.toNumber, as: "to", max: 200),
            .choice(
                CallColumn.status, ["ringing", "in_progress", "completed", "interrupted", "failed"],
                [.filter, .required]),
            .time(CallColumn.callStartTime, as: "started_at", [.filter, .sort, .required], filteredAs: "started"),
            .time(CallColumn.answeredAt), .time(CallColumn.callEndTime, as: "ended_at"),
            .integer(
                CallColumn.duration, as: "duration_seconds", 0...Int(Int32.max), .filter, filteredAs: "duration"),
            .text(CallColumn.endReason, max: 100),
            .choice(CallColumn.outcome, CallOutcome.allCases.map(\.rawValue), .filter),
            .text(CallColumn.disposition, .filter, max: 100), .text(CallColumn.summary, max: 4_000),
            .choice(CallColumn.sentiment, ["positive", "neutral", "negative", "mixed"], .filter),
            .choice(
                CallColumn.intentDetected, as: "intent",
                [
                    "sales_qualified", "marketing_qualified", "support", "information", "opt_out", "wrong_number",
                    "unknown",
                ], .filter),
            .reference(CallColumn.leadID, to: "leads", .filter),
            .reference(CallColumn.contactID, to: "contacts", .filter),
        ])
}

/// A call is named by our id or by the carrier's.
enum CallKey: Equatable, Sendable {
    case id(UUID)
    case sid(CallSid)

    init?(_ text: String) {
        if let sid = CallSid(text) {
            self = .sid(sid)
        } else if let id = UUID(uuidString: text) {
            self = .id(id)
        } else {
            return nil
        }
    }
}

extension CallKey: Decodable, SchemaDescribed {
    static var schema: Schema { .text() }
    static var sample: CallKey { .id(UUID()) }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let key = CallKey(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "neither a UUID nor a CallSid"))
        }
        self = key
    }
}
