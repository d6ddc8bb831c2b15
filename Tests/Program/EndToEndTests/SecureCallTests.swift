import CallModel
import Database
import Foundation
import Gateway
import LiveCalls
import SimulatedCarrier
import SpeechAgent
import Synchronization
import TestSupport
import Testing
import TwilioProtocol
import WebSocketTransport

/// Both legs and the webhooks over TLS, with a certificate authority of the test's own.
@Suite(.serialized, .staged) struct SecureCallTests {
    @Test func `a whole call over TLS, moved between loops, keeps its conversation`() async throws {
        let certificates = try Certificates()
        let answers = Mutex((given: 0, isDue: false))
        var part = ScriptedAgent.Part()
        part.onReady = { leg, settings in
            answers.withLock { $0.isDue = true }
            if settings.agentGreeting != nil { leg.speak("Hello, this is short") }
        }
        part.onAudio = { leg, bytes in
            guard bytes == 160 * 40 else { return }
            answers.withLock { $0 = (given: $0.given + 1, isDue: false) }
            leg.send(.conversationText(.user, "I need a phone system"))
            leg.speak("Tell me more")
        }
        let agent = try ScriptedAgent([part], tls: certificates.server)
        let stage = try await Stage.build(
            agentURL: agent.url,
            settings: [
                "PARLEY_TLS_CERT": certificates.server.certificatePath, "PARLEY_TLS_KEY": certificates.server.keyPath,
                "PARLEY_TLS_CA": certificates.authority,
            ]
        ) {
            // The carrier knows nothing of this call.
            $0.patience.askCarrierAfterMs = 90_000
        }
        #expect(stage.gateway.publicURL.hasPrefix("https://"))
        let hand = try HandCarrier(stage.gateway.publicURL, authority: certificates.authority)
        let sid = HandCarrier.callSid()

        var stream = try await hand.ring(sid)
        #expect(stream.url.hasPrefix("wss://"))
        // Over TLS the listener cannot see which loop a stream is meant for: of several, some land on the other one.
        var heard = 0
        for round in 0..<5 {
            let socket = try await hand.talk(stream, callSid: sid)
            // Until the newest agent leg has answered, and its answer is heard.
            var last = 60
            for number in 1...1_500 where number <= last {
                socket.media(number)
                try await Task.sleep(for: .milliseconds(20))
                if answers.withLock({ $0.isDue }) { last = number + 60 }
            }
            #expect(socket.closing == nil, "round \(round)")
            heard += socket.mediaCount
            if round == 4 { break }
            socket.close()
            _ = try await socket.ended()
            let next = try await hand.document("/twilio/resume", HandCarrier.fields(sid, status: "in-progress"))
            stream = try #require(HandCarrier.stream(in: next), "round \(round): \(next)")
        }
        #expect(heard > 30)
        #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)

        let call = try #require(try await stage.finalizedCall(sid))
        let transcript = try call.text("transcript")
        #expect(transcript.contains("Hello, this"), "\(transcript)")
        #expect(transcript.contains("I need a phone system"), "\(transcript)")
        #expect(transcript.contains("Agent: Tell"), "\(transcript)")
        // A turn from one loop must not take the number, and so the place, of one from another. The last may have come too
        // late for its stream.
        let spoken = transcript.components(separatedBy: "I need a phone system").count - 1
        let given = answers.withLock { $0.given }
        #expect(given > 0 && spoken >= given - 1, "\(given) answers: \(transcript)")
        #expect(try await stage.count("conversations") >= transcript.split(separator: "\n").count)
        for settings in agent.settings.dropFirst() where settings.agentGreeting == nil {
            #expect(settings.inlineAgent?.context.isEmpty == false, "a new leg without the conversation so far")
        }
        await hand.shutdown()
        await stage.strike()
        await agent.shutdown()
    }

    @Test func `an agent whose certificate is of an unknown authority is not talked to`() async throws {
        let certificates = try Certificates()
        let others = try Certificates()
        let agent = try ScriptedAgent([ScriptedAgent.Part()], tls: certificates.server)
        let stage = try await Stage.build(agentURL: agent.url, settings: ["PARLEY_TLS_CA": others.authority])

        let report = try await stage.carrier.placeCall(
            script: try Stage.caller("waits", [.staySilent(ms: 60_000), .hangUp]))

        let call = try #require(try await stage.finalizedCall(report.callSid))
        #expect(report.events.contains { $0.kind == .said })
        #expect(agent.settings.isEmpty)
        #expect(try call.text("outcome") == "failed")
        await stage.strike()
        await agent.shutdown()
    }
}

/// A certificate authority and a server certificate from it, made by `openssl` for one test.
final class Certificates: Sendable {
    private let directory: URL
    var authority: String { path("ca.pem") }
    var server: ServerTLS { ServerTLS(certificatePath: path("server.pem"), keyPath: path("server.key")) }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "parley-e2e-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data("subjectAltName=DNS:localhost,IP:127.0.0.1\n".utf8).write(to: directory.appending(path: "san"))
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
        for command in [
            "req -x509 -days 2 -subj '/CN=Test CA' -keyout ca.key -out ca.pem \(curve)",
            "req -subj /CN=localhost -keyout server.key -out server.csr \(curve)",
            "x509 -req -days 2 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile san -out server.pem",
        ] {
            try #require(system("cd '\(directory.path)' && openssl \(command) </dev/null >/dev/null 2>&1") == 0)
        }
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private func path(_ name: String) -> String { directory.appending(path: name).path }
}
