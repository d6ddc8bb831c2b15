package import CallModel
package import FoundationEssentials
import Synchronization
package import WebSocketTransport

/// Something that happens in a call right now, for whoever watches.
package struct LiveEvent: Equatable, Sendable {
    package enum Kind: String, Sendable {
        case rang, answered, turn, dtmf, note, transferred, ended
        case speechStarted = "speech_started"
        case bargeIn = "barge_in"
        case toolCalled = "tool_called"
    }

    package var callSid: CallSid
    package var tenant: TenantID
    /// Since the call rang.
    package var atMs: Int
    package var kind: Kind
    package var speaker: Speaker?
    package var text: String?

    package init(
        callSid: CallSid, tenant: TenantID, atMs: Int, kind: Kind, speaker: Speaker? = nil, text: String? = nil
    ) {
        self.callSid = callSid
        self.tenant = tenant
        self.atMs = atMs
        self.kind = kind
        self.speaker = speaker
        self.text = text
    }

    /// One line of JSON; the tenant is not in it: the reader's token says it.
    package var json: String {
        var out = "{\"call_sid\":\"\(callSid)\",\"at_ms\":\(atMs),\"kind\":\"\(kind.rawValue)\""
        if let speaker { out += ",\"speaker\":\"\(speaker.rawValue)\"" }
        if let text { out += ",\"text\":" + JSONText.quoted(text) }
        return out + "}"
    }
}

/// Hands the events of live calls to those who watch them. A watcher who reads too slowly loses the oldest events,
/// never a call its time.
package final class LiveFeed: Sendable {
    private struct Subscriber {
        var tenant: TenantID
        var callSid: CallSid?
        var continuation: AsyncStream<LiveEvent>.Continuation
    }

    private struct State {
        var subscribers: [Int: Subscriber] = [:]
        var next = 0
    }

    private static let subscribersMax = 200
    private static let waitingMax = 256

    private let state = Mutex(State())
    private let jwtSecret: [UInt8]?

    package init(jwtSecret: [UInt8]?) { self.jwtSecret = jwtSecret }

    package var subscriberCount: Int { state.withLock { $0.subscribers.count } }

    package func publish(_ event: LiveEvent) {
        let wanted = state.withLock { state in
            state.subscribers.values.filter {
                $0.tenant == event.tenant && ($0.callSid == nil || $0.callSid == event.callSid)
            }.map(\.continuation)
        }
        for continuation in wanted { continuation.yield(event) }
    }

    /// The events from now on, of one call or of all; nil when too many watch already. Stop by ending the iteration.
    package func subscribe(tenant: TenantID, callSid: CallSid? = nil) -> AsyncStream<LiveEvent>? {
        let (stream, continuation) = AsyncStream<LiveEvent>.makeStream(
            bufferingPolicy: .bufferingNewest(Self.waitingMax))
        let number = state.withLock { state -> Int? in
            guard state.subscribers.count < Self.subscribersMax else { return nil }
            state.next += 1
            state.subscribers[state.next] = Subscriber(tenant: tenant, callSid: callSid, continuation: continuation)
            return state.next
        }
        guard let number else { return nil }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.subscribers.removeValue(forKey: number) }
        }
        return stream
    }

    /// Whose events the bearer of this WebSocket handshake may see; nil for none. The token is in `Authorization`, in
    /// `Sec-WebSocket-Protocol: bearer, <jwt>` (answer with the subprotocol `bearer`) or in `?token=`.
    package func authorize(_ request: HTTPRequest, at now: Date = .now) -> TenantID? {
        guard let jwtSecret, let token = BearerToken.upgrade(of: request) else { return nil }
        return try? JWT.verify(token, secret: jwtSecret, at: now).tenant
    }

    /// The one call a handshake asks for with `?call=CA…`; nil for all.
    package static func callSid(of request: HTTPRequest) -> CallSid? {
        QueryText.value("call", in: request.query).flatMap { CallSid($0) }
    }
}
