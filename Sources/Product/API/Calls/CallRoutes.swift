import CallModel
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Calls, and what they yielded.
enum CallRoutes {
    static let routes: [Endpoint] = [
        .get(
            "/api/v1/calls", id: "listCalls", .role(.agent), "Calls, newest first.", CallListQuery.self,
            View.CallPage.self
        ) { context, query in .json(try await context.read { try CallQueries.list(in: $0, query) }) },
        .get(
            "/api/v1/calls/{id}", id: "getCall", .role(.agent),
            "One call with transcript, lead, evidence and next steps.", OneCall.self, View.CallDetail.self
        ) { context, one in
            guard let call = try await context.read({ try CallQueries.call(in: $0, one.id) }) else {
                throw Problem.notFound
            }
            return .json(call)
        },
    ]

    struct OneCall: EndpointInput {
        var id: CallKey
        static let rules: [String: FieldRule] = ["id": .help("Our id or the carrier's CallSid.")]
    }
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

/// What a page of calls is asked for with.
struct CallListQuery: EndpointInput, Equatable {
    enum Status: String, Decodable, CaseIterable {
        case ringing, completed, interrupted, failed, inProgress = "in_progress"
    }

    var limit: Int
    var status: Status?
    var outcome: CallOutcome?
    var cursor: CallCursor?

    static let rules: [String: FieldRule] = [
        "limit": .range(1...100, standard: 25, "Calls a page."),
        "cursor": .help("`next_cursor` of the page before."),
        "status": .help("Only these."), "outcome": .help("Only these."),
    ]
}
