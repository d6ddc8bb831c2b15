import CallModel
import Database
import Encoding
import Endpoints
import Foundation
import Journal
import Runtime
import SpeechAgent
import Synchronization
import Testing
import TwilioProtocol
import WebSocketTransport

@testable import LiveCalls

/// A switchboard on loops of its own, over real sockets: an agent that does what a test tells it, a carrier that brings media
/// streams, and nobody in the back office but whoever knows that all numbers lead to one profile.
final class Exchange: Sendable {
    let board: Switchboard
    private let router: Router
    private let calls: LoopGroup
    private let outside: LoopGroup
    private let agent: TransportServer
    private let server: TransportServer
    private let database: Database
    private let directory: String

    init(
        loops: Int = 1, guests: [GuestInvitation] = [], profile: AgentProfile = .sales,
        agent part: @escaping @Sendable (AgentPart, AgentPart.News) -> Void = { _, _ in }
    ) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "parley-exchange-\(UUID().uuidString)").path
        calls = try LoopGroup(threads: loops)
        outside = try LoopGroup(threads: 1)
        let here = ListenAddress(host: "127.0.0.1", port: 0)
        agent = try TransportServer(
            loops: outside, listen: here, tls: nil,
            routes: ServerRoutes(respond: { _ in .empty(404) }, upgrade: { _, _ in .accept(AgentPart(part)) }))
        var office = BackOffice.away
        office.route = { _, _ in NumberRoute(tenant: .initial, profile: profile) }
        let urls = PublicURLs(base: "http://127.0.0.1:1")
        let services = CallServices(
            agent: AgentEndpoint(url: "ws://127.0.0.1:\(agent.boundPort)"), carrier: nil, guests: guests,
            office: office,
            journals: try JournalStore(directory: directory),
            settings: CallSettings(
                callsMax: 10, inboundPercent: 20, playoutLeadMs: 100, coalescesAudio: false, streamSilenceMs: 10_000,
                patience: CallPatience()), urls: urls)
        let board = Switchboard(services, on: calls)
        self.board = board
        let gate = WebhookGuard(authTokens: [], sharedKeys: [], acceptUnsigned: true, urls: urls)
        let nowhere = Database(url: "postgresql://nobody@127.0.0.1:1/none", connectionsMax: 1)
        router = Router(
            TwilioWebhooks(gate: gate, board: board).routes, gates: Gates(carrier: gate.gate), database: nowhere)
        database = nowhere
        server = try TransportServer(
            loops: calls, listen: here, tls: nil,
            routes: ServerRoutes(
                respond: { _ in .empty(404) },
                upgrade: { _, loop in board.stream(on: loop).map { .accept($0) } ?? .refuse(.empty(404)) }),
            routing: .byPathSuffix(prefix: "/twilio/media/"))
    }

    /// What the carrier is told when it asks about a call.
    func post(_ path: String, _ fields: [String: String]) async throws -> String {
        let body = fields.map { "\($0)=\($1.replacing("+", with: "%2B"))" }.joined(separator: "&")
        let answer = await router.respond(
            to: HTTPRequest(
                method: "POST", path: path,
                headers: [(name: "content-type", value: "application/x-www-form-urlencoded")], body: Array(body.utf8)))
        return String(decoding: answer.body, as: UTF8.self)
    }

    /// The phone rings; returns the instructions.
    func ring(_ sid: CallSid) async throws -> String {
        try await post(
            "/twilio/voice",
            [
                "CallSid": sid.text, "AccountSid": "AC" + String(repeating: "0", count: 32), "From": "+14155552671",
                "To": "+15550100100", "CallStatus": "ringing", "Direction": "inbound", "ApiVersion": "2010-04-01",
            ])
    }

    /// The carrier opens the media stream it was told of, and sends so many frames, one every 20 ms.
    ///
    /// - Parameter loop: of the stream's address; nil: as told.
    func stream(_ sid: CallSid, _ instructions: String, frames: Int, loop: Int? = nil) throws -> CarrierEnd {
        let token = try #require(instructions.firstMatch(of: #/name="token" value="([^"]+)"/#)).1
        let told = try #require(instructions.firstMatch(of: #/twilio\/media\/(\d+)/#)).1
        let end = CarrierEnd(sid, token: String(token), frames: frames)
        let address = "ws://127.0.0.1:\(server.boundPort)/twilio/media/\(loop.map(String.init) ?? String(told))"
        let request = try WebSocketRequest(url: address)
        let home = outside.loops[0]
        home.post { home.connect(request, handler: end) }
        return end
    }

    func close() async {
        await server.shutdown(graceSeconds: 0)
        await calls.shutdown()
        await agent.shutdown(graceSeconds: 0)
        await outside.shutdown()
        await database.close()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Looks for up to ten seconds.
    static func until(_ isSo: @Sendable () -> Bool) async throws {
        for _ in 0..<1_000 where !isSo() { try await Task.sleep(for: .milliseconds(10)) }
        #expect(isSo())
    }
}

extension AgentProfile {
    static var sales: AgentProfile {
        AgentProfile(
            id: UUID(), name: "sales", prompt: "You sell.", greeting: "Good day.",
            greetingKnown: "Good day, {{first_name}}.")
    }
}

/// The agent's end of one leg. On its loop.
final class AgentPart: WebSocketHandler {
    enum News {
        case ready(DeepgramSettings)
        case told(DeepgramClientMessage)
        /// Bytes of the caller's audio so far.
        case heard(Int)
    }

    private let tell: @Sendable (AgentPart, News) -> Void
    private var socket: WebSocket?
    private var heardBytes = 0
    private var hasUnderstood = false

    init(_ tell: @escaping @Sendable (AgentPart, News) -> Void) { self.tell = tell }

    func webSocketDidOpen(_ socket: WebSocket) {
        self.socket = socket
        send(.welcome(requestID: "r1"))
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard let message = try? DeepgramClientMessage(decoding: message) else { return socket.abort() }
        guard case .settings(let settings) = message else { return tell(self, .told(message)) }
        send(.settingsApplied)
        tell(self, .ready(settings))
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
        heardBytes += message.count
        tell(self, .heard(heardBytes))
    }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) { self.socket = nil }

    /// The caller is understood, once.
    func understand(_ text: String) {
        guard !hasUnderstood else { return }
        hasUnderstood = true
        send(.conversationText(.user, text))
    }

    func send(_ message: DeepgramServerMessage) { _ = socket?.sendText(Array(message.encoded().utf8).span) }

    /// Words, their audio, and the end of the response.
    func say(_ text: String, bytes: Int) {
        send(.conversationText(.assistant, text))
        _ = socket?.sendBinary([UInt8](repeating: 0x20, count: bytes).span)
        send(.agentAudioDone)
    }
}

/// The carrier's end of a media stream.
/// @unchecked: what is not behind the mutex is used on its loop only.
final class CarrierEnd: WebSocketHandler, @unchecked Sendable {
    private struct State {
        var playedBytes = 0
        var isClosed = false
    }

    private let sid: CallSid
    private let token: String
    private let frames: Int
    private let state = Mutex(State())
    private var writer: TwilioCarrierWriter?
    private var pace: LoopTimer?
    private var sent = 0

    init(_ sid: CallSid, token: String, frames: Int) {
        self.sid = sid
        self.token = token
        self.frames = frames
    }

    /// Of what was sent for the caller.
    var playedBytes: Int { state.withLock { $0.playedBytes } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func webSocketDidOpen(_ socket: WebSocket) {
        guard let streamSid = StreamSid("MZ" + sid.text.dropFirst(2)) else { return socket.abort() }
        var writer = TwilioCarrierWriter(
            streamSid: streamSid, callSid: sid, accountSid: "AC" + String(repeating: "0", count: 32))
        _ = socket.sendText(writer.connected().span)
        _ = socket.sendText(writer.start(customParameters: [FormField("token", token)]).span)
        self.writer = consume writer
        pace = socket.loop.makeTimer { [unowned self] in sendFrame(socket, .now()) }
        sendFrame(socket, .now())
    }

    private func sendFrame(_ socket: WebSocket, _ now: MonotonicTime) {
        guard sent < frames else { return }
        sent += 1
        let silence = [UInt8](repeating: 0xFF, count: 160)
        writer?.withMedia(silence.span) { _ = socket.sendText($0) }
        pace?.arm(at: now.adding(milliseconds: 20))
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard let streamSid = StreamSid("MZ" + sid.text.dropFirst(2)),
            case .media(let audio)? = try? TwilioMessage.decodeOutbound(message, streamSid: streamSid)
        else { return }
        state.withLock { $0.playedBytes += audio.count }
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {}
    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        pace?.cancel()
        pace = nil
        state.withLock { $0.isClosed = true }
    }
}
