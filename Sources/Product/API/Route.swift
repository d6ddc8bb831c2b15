import CallModel
import FoundationEssentials
import WebSocketTransport

/// What a path means. Nil: not ours.
enum Route: Equatable {
    case alive, ready, metrics, console, description, live
    case customerContext(phone: String)
    case calls
    case call(CallKey)
    case lead(UUID)
    /// Under `/api/`, and nothing there.
    case unknown

    private static let pathBytesMax = 512

    /// The query parameters there are; nil: whatever they are, they are ignored.
    var queryNames: Set<String>? {
        switch self {
        case .alive, .ready, .metrics, .console, .unknown: nil
        case .description, .customerContext, .call, .lead: []
        case .live: ["call"]
        case .calls: ["limit", "status", "outcome", "cursor"]
        }
    }

    init?(path: String) {
        switch path {
        case "/healthz": self = .alive
        case "/readyz": self = .ready
        case "/metrics": self = .metrics
        case "/": self = .console
        default:
            guard path.hasPrefix("/api/") else { return nil }
            self = path.utf8.count > Route.pathBytesMax ? .unknown : Route.api(path)
        }
    }

    private static func api(_ path: String) -> Route {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2).map(String.init)
        switch parts.count {
        case 2 where parts[0] == "customer-context": return .customerContext(phone: parts[1])
        case 2 where parts == ["v1", "calls"]: return .calls
        case 2 where parts == ["v1", "live"]: return .live
        case 2 where parts == ["v1", "openapi.json"]: return .description
        case 3 where parts[0] == "v1" && parts[1] == "calls": return CallKey(parts[2]).map { .call($0) } ?? .unknown
        case 3 where parts[0] == "v1" && parts[1] == "leads":
            return UUID(uuidString: parts[2]).map { .lead($0) } ?? .unknown
        default: return .unknown
        }
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

/// Where a request carries its token. Never in its address: proxies write addresses into their logs.
enum BearerToken {
    /// The first of our subprotocols; a token follows it.
    private static let scheme = "bearer"

    static func header(of request: HTTPRequest) -> String? {
        guard let value = request.header("authorization") else { return nil }
        let words = value.split(separator: " ")
        return words.count == 2 && words[0].lowercased() == scheme ? String(words[1]) : nil
    }

    /// A browser's WebSocket sets no headers: `Sec-WebSocket-Protocol: bearer, <jwt>` stands in.
    static func handshake(of request: HTTPRequest) -> String? {
        let lines = request.headers.filter { $0.name == "sec-websocket-protocol" }.map(\.value)
        let offers = lines.joined(separator: ",").split(separator: ",").map { offer in
            String(offer.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
        }
        let at = offers.firstIndex { $0.lowercased() == scheme }
        let offered = at.flatMap { at in at + 1 < offers.count ? offers[at + 1] : nil }
        return header(of: request) ?? offered
    }
}
