package import CallModel
import Encoding
import Endpoints
package import Events
package import FoundationEssentials
import Synchronization
package import WebSocketTransport

extension LiveEvent {
    /// One line of JSON; the tenant is not in it: the reader's token says it.
    package var json: String {
        var out = "{\"call_sid\":\"\(callSid)\",\"at_ms\":\(atMs),\"kind\":\"\(kind.rawValue)\""
        if let speaker { out += ",\"speaker\":\"\(speaker.rawValue)\"" }
        if let text { out += ",\"text\":" + JSONText.quoted(text) }
        if !details.isEmpty {
            let fields = details.sorted { $0.key < $1.key }.map { JSONText.quoted($0) + ":" + JSONText.quoted($1) }
            out += ",\"details\":{" + fields.joined(separator: ",") + "}"
        }
        return out + "}"
    }
}

/// Hands the events of live calls to those who watch them. A watcher who reads too slowly loses the oldest events,
/// never a call its time.
package final class LiveFeed: Sendable {
    private struct Subscriber {
        var tenant: TenantID
        var subject: String?
        var callSid: CallSid?
        var expiresAt: Date
        var continuation: AsyncStream<LiveEvent>.Continuation
        /// Waits for ``expiresAt``.
        var end: Task<Void, Never>?
    }

    private struct State {
        var subscribers: [Int: Subscriber] = [:]
        var next = 0
    }

    /// Whose places are all taken.
    fileprivate enum Full: Error { case subject, tenant, everybody }

    /// Who has filled their own places takes none of others.
    package static let placesOfSubject = 20
    package static let placesOfTenant = 200
    package static let placesMax = 1_000
    private static let waitingMax = 256
    /// The clock on the wall may be set meanwhile: it is looked at again after so long.
    private static let lookMs = 10_000.0

    /// What an address of the feed may ask for.
    static let query = [Schema.Field("call", CallSid.schema, help: "Only this CallSid.")]

    private let state = Mutex(State())
    private let keys: TokenKeys?
    private let now: @Sendable () -> Date

    package init(keys: TokenKeys?, now: @escaping @Sendable () -> Date = { Date.now }) {
        self.keys = keys
        self.now = now
    }

    package var subscriberCount: Int { state.withLock { $0.subscribers.count } }

    package func publish(_ event: LiveEvent) {
        let now = now()
        let wanted = state.withLock { state in
            state.subscribers.values.filter {
                $0.tenant == event.tenant && ($0.callSid == nil || $0.callSid == event.callSid) && now < $0.expiresAt
            }.map(\.continuation)
        }
        for continuation in wanted { continuation.yield(event) }
    }

    /// The events from now on, of one call or of all, for the gateway itself; nil when the tenant watches too often
    /// already. Stop by ending the iteration.
    package func subscribe(tenant: TenantID, callSid: CallSid? = nil) -> AsyncStream<LiveEvent>? {
        try? watch(tenant, subject: nil, callSid: callSid, until: .distantFuture)
    }

    /// - Parameter standing: what it is watched by is asked about again and again.
    private func watch(
        _ tenant: TenantID, subject: String?, callSid: CallSid?, until expiresAt: Date, standing: LiveStanding? = nil
    ) throws(Full) -> AsyncStream<LiveEvent> {
        let (stream, continuation) = AsyncStream<LiveEvent>.makeStream(
            bufferingPolicy: .bufferingNewest(Self.waitingMax))
        let place = state.withLock { state -> Result<Int, Full> in
            if let full = Self.isFull(state.subscribers.values, tenant, subject) { return .failure(full) }
            state.next += 1
            state.subscribers[state.next] = Subscriber(
                tenant: tenant, subject: subject, callSid: callSid, expiresAt: expiresAt, continuation: continuation)
            return .success(state.next)
        }
        let number = try place.get()
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.subscribers.removeValue(forKey: number) }?.end?.cancel()
        }
        let end = Task { [now] in
            var standing = standing
            while !Task.isCancelled {
                let leftMs = expiresAt.timeIntervalSince(now()) * 1_000
                guard leftMs > 0, await standing?.isGood() != false else { return continuation.finish() }
                let lookMs = standing == nil ? Self.lookMs : LiveStanding.lookMs
                try? await Task.sleep(for: .milliseconds(min(leftMs, lookMs)))
            }
        }
        let isOver = state.withLock { state in
            state.subscribers[number]?.end = end
            return state.subscribers[number] == nil
        }
        if isOver { end.cancel() }
        return stream
    }

    private static func isFull(
        _ subscribers: some Collection<Subscriber>, _ tenant: TenantID, _ subject: String?
    ) -> Full? {
        let ofTenant = subscribers.filter { $0.tenant == tenant }
        if let subject, ofTenant.count(where: { $0.subject == subject }) >= placesOfSubject { return .subject }
        if ofTenant.count >= placesOfTenant { return .tenant }
        return subscribers.count >= placesMax ? .everybody : nil
    }

    /// Why a handshake's token is none; nil when it is good. Takes no place.
    package func refusal(of request: HTTPRequest) -> Problem? {
        do throws(Problem) {
            _ = try verified(request)
            return nil
        } catch {
            return error
        }
    }

    private func verified(_ request: HTTPRequest) throws(Problem) -> VerifiedToken {
        guard let keys else { throw .noSecret }
        guard let offered = BearerToken.handshake(of: request) else { throw .noLiveToken }
        do throws(JWTError) {
            return try JWT.verify(offered, keys: keys, at: now())
        } catch {
            throw .refused(error)
        }
    }

    /// Decides on the handshake of a WebSocket at `/api/v1/live` that brings a token. It is in `Authorization`, or in
    /// `Sec-WebSocket-Protocol: bearer, <jwt>`, which the transport answers with `bearer`; the one call it asks for is in
    /// `?call=CA…`. The events end when the token does.
    package func admit(_ request: HTTPRequest) throws(Problem) -> AsyncStream<LiveEvent> {
        try admit(request, by: try verified(request))
    }

    /// - Parameter standing: of a key or a session.
    func admit(
        _ request: HTTPRequest, by token: VerifiedToken, standing: LiveStanding? = nil
    ) throws(Problem) -> AsyncStream<LiveEvent> {
        let query = try QueryParameters(request.query, known: Self.query)
        let callSid = query["call"].flatMap { CallSid($0) }
        do {
            return try watch(
                token.principal.tenant, subject: token.principal.subject, callSid: callSid, until: token.expiresAt,
                standing: standing)
        } catch {
            throw .noPlace(error)
        }
    }
}

extension Problem {
    fileprivate static let noLiveToken = Problem(
        status: 401, title: "Unauthorized",
        detail:
            "Send a token (`Authorization: Bearer …` or `Sec-WebSocket-Protocol: bearer, …`; never in the address), a key"
            + " (`X-API-Key`) or the cookie of a session.",
        headers: ["www-authenticate": #"Bearer realm="parley""#])

    fileprivate static func noPlace(_ full: LiveFeed.Full) -> Problem {
        switch full {
        case .subject:
            .tooMany("This subject watches \(LiveFeed.placesOfSubject) times already.", retryAfterSeconds: 30)
        case .tenant: .tooMany("The tenant watches \(LiveFeed.placesOfTenant) times already.", retryAfterSeconds: 30)
        case .everybody:
            Problem(
                status: 503, title: "No place left", detail: "Too many watch at the moment. Try again later.",
                headers: ["retry-after": "30"])
        }
    }
}
