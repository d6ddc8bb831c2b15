import CallModel
import Encoding
import Foundation
import Synchronization
import Telephony
import TwilioProtocol
import WebSocketTransport

/// The carrier's REST API on loopback, as far as a dialer asks it: every call that it was asked for is kept.
final class LocalCarrier: Sendable {
    struct Call: Sendable {
        var sid: CallSid
        var to: String
        var from: String
        var attempt: UUID
        var tenant: TenantID
        var createdAt: Date
        var status: CarrierCallStatus = .queued
    }

    /// What becomes of a request for a call.
    enum Fate: Sendable {
        case placed
        /// 429: it was not.
        case noRoom
        /// It was, and nobody is told so.
        case placedUnanswered
        /// It was not, and nobody is told so.
        case unanswered
    }

    private static let accountSid = "AC" + String(repeating: "0", count: 32)
    private static let token = "token"

    private struct State {
        var calls: [CallSid: Call] = [:]
        /// By the number called, the latest last.
        var byNumber: [String: [CallSid]] = [:]
    }

    private let loops: LoopGroup
    private let server: TransportServer
    private let book: Book

    private final class Book: Sendable { let state = Mutex(State()) }

    /// - Parameters:
    ///   - now: the carrier's clock.
    ///   - decide: asked of each request for a call, before anything is answered.
    init(now: @escaping @Sendable () -> Date, decide: @escaping @Sendable (Call) async -> Fate) throws {
        let book = Book()
        self.book = book
        loops = try LoopGroup(threads: 1)
        server = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { await Self.respond($0, book, now, decide) }, upgrade: { _, _ in .refuse(.empty(404)) }))
    }

    var account: CarrierAccount { Self.account(at: url) }

    static func account(at url: String) -> CarrierAccount {
        CarrierAccount(apiURL: url, accountSid: accountSid, authToken: token)
    }

    var url: String { "http://127.0.0.1:\(server.boundPort)" }

    /// The latest that an attempt has led to.
    func call(of attempt: UUID) -> CallSid? {
        book.state.withLock { state in state.calls.values.first { $0.attempt == attempt }?.sid }
    }

    /// How often a number was called.
    func calls(to number: String) -> Int { book.state.withLock { $0.byNumber[number]?.count ?? 0 } }

    /// They are over, for whoever asks.
    func finish(_ sids: Set<CallSid>) {
        book.state.withLock { state in for sid in sids { state.calls[sid]?.status = .completed } }
    }

    /// Calls before that moment are of no interest to anybody any more.
    func forget(before moment: Date) {
        book.state.withLock { state in
            state.calls = state.calls.filter { $0.value.createdAt >= moment }
            state.byNumber = [:]
            for call in state.calls.values { state.byNumber[call.to, default: []].append(call.sid) }
        }
    }

    func stop() async {
        await server.shutdown(graceSeconds: 0)
        await loops.shutdown()
    }

    /// The fields of a status callback.
    static func callback(_ sid: CallSid, _ status: CarrierCallStatus, sip: Int? = nil) -> [FormField] {
        [
            FormField("CallSid", sid.text), FormField("AccountSid", accountSid),
            FormField("CallStatus", status.rawValue),
        ] + (sip.map { [FormField("SipResponseCode", String($0))] } ?? [])
    }

    static func form(_ sid: CallSid, _ status: CarrierCallStatus) -> String {
        FormURLEncoded.encode(callback(sid, status))
    }

    private static func respond(
        _ request: HTTPRequest, _ book: Book, _ now: @Sendable () -> Date, _ decide: @Sendable (Call) async -> Fate
    ) async -> HTTPResponse {
        let name = request.path.split(separator: "/").last.map { String($0.dropLast(".json".count)) } ?? ""
        guard let fields = try? FormURLEncoded.decode(query: request.query),
            let form = try? FormURLEncoded.decode(request.body)
        else { return .empty(400) }
        switch (request.method, name) {
        case ("POST", "Calls"):
            guard let call = Self.call(form, now()) else { return .empty(400) }
            let fate = await decide(call)
            if case .noRoom = fate { return .json(#"{"code": 20429, "message": "Too Many Requests"}"#, status: 429) }
            if case .unanswered = fate { return .empty(500) }
            book.state.withLock {
                $0.calls[call.sid] = call
                $0.byNumber[call.to, default: []].append(call.sid)
            }
            if case .placedUnanswered = fate { return .empty(500) }
            return json(resource(call), status: 201)
        case ("GET", "Calls"):
            let listed = book.state.withLock { state in
                (state.byNumber[fields["To"] ?? ""] ?? []).reversed().compactMap { state.calls[$0] }
            }.filter { fields["From"] == nil || $0.from == fields["From"] }
            return json(["calls": listed.prefix(50).map(resource)], status: 200)
        default:
            guard let sid = CallSid(name), let call = book.state.withLock({ $0.calls[sid] }) else { return .empty(404) }
            if request.method == "POST", form["Status"] == "completed" {
                book.state.withLock { $0.calls[sid]?.status = .completed }
            }
            return json(resource(call), status: 200)
        }
    }

    /// Nil where the request is not one of ours.
    private static func call(_ form: [FormField], _ now: Date) -> Call? {
        guard let to = form["To"], let from = form["From"], let callback = form["StatusCallback"],
            let query = callback.split(separator: "?").dropFirst().first,
            let fields = try? FormURLEncoded.decode(query: String(query)),
            let tenant = fields["tenant"].flatMap({ TenantID($0) }),
            let attempt = fields["attempt"].flatMap({ UUID(uuidString: $0) }),
            let sid = CallSid("CA" + UUID().uuidString.replacing("-", with: "").lowercased())
        else { return nil }
        return Call(sid: sid, to: to, from: from, attempt: attempt, tenant: tenant, createdAt: now)
    }

    private static func resource(_ call: Call) -> CallResource {
        var resource = CallResource(
            sid: call.sid, accountSid: accountSid, status: call.status, direction: .outboundAPI, to: call.to,
            from: call.from)
        resource.createdAt = call.createdAt
        return resource
    }

    private static func json(_ value: some Encodable, status: Int) -> HTTPResponse {
        let encoder = JSONEncoder()
        return .json((try? encoder.encode(value)).map { Array($0) } ?? [], status: status)
    }
}
