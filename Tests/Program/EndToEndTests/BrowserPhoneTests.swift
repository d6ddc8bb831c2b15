import API
import CallModel
import Encoding
import Endpoints
import Foundation
import FoundationNetworking
import Synchronization
import TestSupport
import Testing
import WebSocketTransport

/// "Serve, then call" with nothing set: the browser's phone of `parley serve`, by a page's hand and by a real browser.
@Suite(.serialized) struct BrowserPhoneTests {
    /// `parley serve` as README starts it, but for where it listens and writes.
    private final class Served: Sendable {
        let url: String
        let folder: String
        let token: String
        private let process: GatewayProcess

        /// Ends it in an orderly way: it has a PostgreSQL of its own.
        static func run(_ body: (Served) async throws -> Void) async throws {
            let served = try await Served()
            var failure: (any Error)?
            do { try await body(served) } catch { failure = error }
            #expect(try await served.process.stop(within: 60) == 0, "\(served.said)")
            if let failure { throw failure }
        }

        private init() async throws {
            let port = try HeldPort.take()
            url = "http://127.0.0.1:\(port)"
            folder = FileManager.default.temporaryDirectory.appending(path: "parley-phone-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            process = try GatewayProcess([
                "PARLEY_LISTEN": "127.0.0.1:\(port)", "PARLEY_DATA_DIR": folder + "/var", "PARLEY_LOG": "error",
            ])
            try await process.untilReady()
            // As `parley token` does: whoever may read the file of the account may ask.
            let account = try Data(contentsOf: URL(filePath: folder + "/var/local-account.json"))
            let secret = try #require(JSONDecoder().decode([String: String].self, from: account)["api_secret"])
            token = JWT.sign(
                APIPrincipal(subject: "ann", tenant: .initial, role: .manager), secret: Array(secret.utf8))
        }

        deinit {
            process.kill()
            try? FileManager.default.removeItem(atPath: folder)
        }

        var said: String { process.said }

        func ask(_ method: String, _ path: String) async throws -> JSONValue? {
            var request = URLRequest(url: try #require(URL(string: url + path)))
            request.httpMethod = method
            request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
            let (data, _) = try await URLSession.shared.data(for: request)
            return JSONValue(Array(data))
        }

        /// Once it is whole; nil where it is not within half a minute.
        func record(of callSid: String) async throws -> JSONValue? {
            for _ in 0..<300 {
                if let call = try await ask("GET", "/api/v1/calls/\(callSid)"), call["finalized_at"]?.text != nil {
                    return call
                }
                try await Task.sleep(for: .milliseconds(100))
            }
            return nil
        }
    }

    /// Says its lines one after the other, each when the agent has finished, and hangs up after the last.
    private final class Caller: WebSocketHandler, Sendable {
        private struct State {
            var lines: [String]
            var hasHeard = false
            var callSid: String?
            var ending: String?
            var isClosed = false
            var frames = 0
            var oddFrames = 0
        }

        private let state: Mutex<State>

        init(_ lines: [String]) { state = Mutex(State(lines: lines)) }

        var callSid: String? { state.withLock { $0.callSid } }
        var isClosed: Bool { state.withLock { $0.isClosed } }
        var ending: String? { state.withLock { $0.ending } }
        var frames: (all: Int, odd: Int) { state.withLock { ($0.frames, $0.oddFrames) } }

        func webSocketDidOpen(_ socket: WebSocket) { Self.send(#"{"event":"call"}"#, socket) }

        func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
            let bytes = (0..<message.count).map { message[$0] }
            guard let fields = JSONValue(bytes) else { return }
            switch fields["event"]?.text {
            case "placed": state.withLock { $0.callSid = fields["call_sid"]?.text }
            case "over": state.withLock { $0.ending = fields["status"]?.text }
            case "agent_fell_silent":
                let line = state.withLock { $0.lines.isEmpty ? nil : $0.lines.removeFirst() }
                let order: JSONValue = line.map { ["event": "say", "text": .text($0)] } ?? ["event": "hang_up"]
                Self.send(order.json, socket)
            default: break
            }
        }

        func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
            let isOdd = message.count != 160
            state.withLock { state in
                state.frames += 1
                state.oddFrames += isOdd ? 1 : 0
            }
        }

        func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
            state.withLock { $0.isClosed = true }
        }

        private static func send(_ text: String, _ socket: WebSocket) { _ = socket.sendText(Array(text.utf8).span) }
    }

    @Test(.timeLimit(.minutes(20))) func `with nothing set, a call typed at the phone is a right record`() async throws
    {
        try await Served.run { served in
            let loops = try LoopGroup(threads: 1)
            let ticket = try #require(try await served.ask("POST", "/api/v1/phone/tickets"))
            let caller = Caller([
                "I need a new phone system for my sales team, it is urgent.", "My name is John Smith.",
                "I work for Acme Corporation.", "About thirty thousand dollars.",
            ])
            let (address, pass) = (try #require(ticket["url"]?.text), try #require(ticket["ticket"]?.text))
            let request = try WebSocketRequest(
                url: address, headers: [("origin", served.url)], subprotocols: ["bearer", pass])
            let loop = loops.leastLoaded()
            loop.post { loop.connect(request, handler: caller) }
            for _ in 0..<1_800 where !caller.isClosed { try await Task.sleep(for: .milliseconds(100)) }
            await loops.shutdown()

            #expect(caller.ending == "completed")
            #expect(caller.frames.all > 500 && caller.frames.odd == 0)
            let callSid = try #require(caller.callSid)
            let record = try #require(try await served.record(of: callSid))
            let turns = record["turns"]?.list ?? []
            let said = turns.filter { $0["speaker"] == "caller" }.compactMap { $0["text"]?.text }
            #expect(said.count >= 4 && said.first?.contains("phone system") == true, "\(said)")
            let found = record["extraction"]?["bant"]
            #expect(found?["need"]?["value"] == "urgent" && found?["budget"]?["value"] == "high", "\(record.json)")
            #expect(record["lead"]?["contact_person"]?.text?.lowercased() == "john smith")
            #expect(record["from"] == "+14155550123" && record["usage"]?["call"] == 1)
            #expect(try await served.ask("GET", "/api/v1/calls")?["data"]?.list?.count == 1)
            #expect(!served.said.contains("error"), "\(served.said)")
        }
    }

    @Test(.timeLimit(.minutes(20))) func `a call by a browser's microphone is a right record`() async throws {
        try await Served.run { served in
            let said = try await PythonEnvironment.run(
                "python",
                [Checkout.path("Tests/python/browser-call.py"), Checkout.path("audio-fixtures"), served.folder],
                environment: ["PARLEY_URL": served.url, "PARLEY_TOKEN": served.token], within: 400)

            #expect(said.contains("the record is right"), "\(said)")
        }
    }
}
