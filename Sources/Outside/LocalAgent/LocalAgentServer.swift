import FoundationEssentials
import LocalSpeech
import Synchronization
import Telemetry
package import WebSocketTransport

package import struct Foundation.TimeZone

/// The local speech agent as a server: Deepgram's Voice Agent protocol over a real socket, with recognition and
/// synthesis on this machine.
package final class LocalAgentServer: Sendable {
    package static let path = "/v1/agent/converse"

    /// `ws://127.0.0.1:41234/v1/agent/converse`.
    package let url: String
    private let server: TransportServer
    private let door: Door

    /// - Parameters:
    ///   - loops: the sessions live on these loops, next to whatever else does.
    ///   - listen: port 0 takes a free one.
    ///   - apiKey: what a client must show as `Authorization: Token …`; nil admits everybody.
    ///   - decoders: recognisers, 10 MB each; the number of cores that may be busy with recognition.
    ///   - timeZone: for "tuesday at three" when the prompt names no zone.
    ///   - sessionsMax: more are answered 429.
    package init(
        loops: LoopGroup, listen: ListenAddress, tls: ServerTLS? = nil, apiKey: String? = nil, decoders: Int = 2,
        timeZone: TimeZone = TimeZone(identifier: "America/New_York") ?? .gmt, sessionsMax: Int = 256,
        timing: AgentTiming = AgentTiming()
    ) async throws {
        let recognizer = try await Self.offThread { try Recognizer(decoders: decoders) }
        let services = SpeechServices(recognizer: recognizer, synthesizer: .shared)
        let door = Door(
            services: services, apiKey: apiKey, timeZone: timeZone, sessionsMax: sessionsMax, timing: timing)
        self.door = door
        server = try TransportServer(
            loops: loops, listen: listen, tls: tls,
            routes: ServerRoutes(
                respond: { request in
                    request.path == "/healthz" ? .text("ok\n") : .text("Not found.\n", status: 404)
                },
                upgrade: { request, loop in door.decide(request, loop) }))
        let host = listen.host.contains(":") ? "[\(listen.host)]" : listen.host
        let reachable = ["0.0.0.0", "[::]"].contains(host) ? "127.0.0.1" : host
        url = "\(tls == nil ? "ws" : "wss")://\(reachable):\(server.boundPort)\(Self.path)"
        Log.info("local agent listens", ["url": url, "decoders": decoders])
    }

    /// Sessions open now.
    package var sessionCount: Int { door.sessions.load(ordering: .relaxed) }

    package func shutdown() async { await server.shutdown(graceSeconds: 1) }

    /// Loading the models takes some 50 ms: not on the threads that Swift's tasks share.
    private static func offThread<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            SlowWork.run { continuation.resume(with: Result { try work() }) }
        }
    }
}

/// Who may come in.
private final class Door: Sendable {
    let sessions = Atomic<Int>(0)
    private let services: SpeechServices
    private let apiKey: String?
    private let timeZone: TimeZone
    private let sessionsMax: Int
    private let timing: AgentTiming

    init(services: SpeechServices, apiKey: String?, timeZone: TimeZone, sessionsMax: Int, timing: AgentTiming) {
        self.services = services
        self.apiKey = apiKey
        self.timeZone = timeZone
        self.sessionsMax = sessionsMax
        self.timing = timing
    }

    func decide(_ request: HTTPRequest, _ loop: MediaLoop) -> UpgradeDecision {
        guard request.path == LocalAgentServer.path else { return refuse(404, "NOT_FOUND", "no agent at this path") }
        if let apiKey {
            guard let shown = request.header("authorization"), Self.matches(shown, "Token " + apiKey) else {
                return refuse(401, "INVALID_AUTH", "send Authorization: Token <api key>")
            }
        }
        guard sessions.wrappingAdd(1, ordering: .relaxed).newValue <= sessionsMax else {
            sessions.wrappingSubtract(1, ordering: .relaxed)
            return refuse(429, "TOO_MANY_REQUESTS", "all \(sessionsMax) sessions are in use")
        }
        return .accept(
            AgentSession(loop: loop, services: services, timing: timing, timeZone: timeZone) { [self] in
                sessions.wrappingSubtract(1, ordering: .relaxed)
            })
    }

    private func refuse(_ status: Int, _ code: String, _ message: String) -> UpgradeDecision {
        Log.info("local agent refused a connection", ["status": status], from: .strangers)
        return .refuse(.json(#"{"err_code":"\#(code)","err_msg":"\#(message)"}"#, status: status))
    }

    /// In time that does not depend on where the two differ.
    private static func matches(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
