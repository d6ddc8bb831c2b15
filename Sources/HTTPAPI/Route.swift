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

/// Where a request carries its token.
enum BearerToken {
    static func header(of request: HTTPRequest) -> String? {
        guard let value = request.header("authorization") else { return nil }
        let words = value.split(separator: " ")
        return words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : nil
    }

    /// A browser's WebSocket sets no headers: `Sec-WebSocket-Protocol: bearer, <jwt>` or `?token=<jwt>` stand in.
    static func upgrade(of request: HTTPRequest) -> String? {
        if let token = header(of: request) { return token }
        let protocols = (request.header("sec-websocket-protocol") ?? "").split(separator: ",").map { entry in
            String(entry.drop { $0 == " " }.prefix { $0 != " " })
        }
        if protocols.count == 2, protocols[0] == "bearer" { return protocols[1] }
        return QueryText.value("token", in: request.query)
    }
}

/// Reads `a=1&b=2`; percent-encoding is undone, `+` is a space.
enum QueryText {
    static func value(_ name: String, in query: String) -> String? {
        guard query.utf8.count <= 16_384 else { return nil }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard decoded(parts[0]) == name else { continue }
            return parts.count == 2 ? decoded(parts[1]) : ""
        }
        return nil
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
