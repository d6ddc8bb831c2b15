import AudioCore
import Foundation
import LocalSpeech
import SpeechAgent
import TestSupport
import Testing
import WebSocketTransport

@testable import LiveCalls
@testable import LocalAgent

@Suite(.serialized) struct LocalAgentServerTests {
    static let zone = TimeZone(identifier: "America/New_York") ?? .gmt

    static func settings(
        greeting: String? = "Hello, how can I help you?", context: [AgentHistoryItem] = [],
        encoding: String = "mulaw"
    ) throws -> DeepgramClientMessage {
        var agent = DeepgramAgent()
        agent.greeting = greeting
        agent.context = context
        agent.listen = .listen(model: "flux-general-en", language: "en")
        var think = DeepgramThink(provider: .think(model: "gpt-5.4-mini"), prompt: "You are a sales agent.")
        think.functions = CallTool.catalog.map(\.schema).map { tool in
            var function = DeepgramFunction(
                name: tool.name, description: tool.description, parameters: tool.parameters)
            function.deferUntilEndOfTurn = tool.deferUntilEndOfTurn
            return function
        }
        agent.think = [think]
        agent.speak = [DeepgramSpeak(provider: .speak(voice: "aura-2-thalia-en"))]
        var settings = DeepgramSettings(agent: .inline(agent))
        settings.input = .init(encoding: encoding, sampleRate: 8_000)
        settings.output = .init(encoding: "mulaw", sampleRate: 8_000)
        settings.outputContainer = "none"
        settings.history = true
        return .settings(settings)
    }

    /// Runs `body` against a server of its own.
    static func withServer(
        apiKey: String? = nil, timing: AgentTiming = AgentTiming(), sessionsMax: Int = 64,
        _ body: (LocalAgentServer, MediaLoop) async throws -> Void
    ) async throws {
        let loops = try LoopGroup(threads: 1)
        let server = try await LocalAgentServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), apiKey: apiKey, timeZone: zone,
            sessionsMax: sessionsMax, timing: timing)
        do {
            try await body(server, loops.loops[0])
        } catch {
            await server.shutdown()
            await loops.shutdown()
            throw error
        }
        await server.shutdown()
        await loops.shutdown()
    }

    /// Waits for something that `client` is to see; an issue is recorded when it does not come.
    static func expectSoon(
        _ client: AgentClient, seconds: Double = 120, sourceLocation: SourceLocation = #_sourceLocation,
        until condition: (AgentClient) -> Bool
    ) async {
        let came = await client.wait(seconds: seconds, until: condition)
        #expect(came, "agent said \(client.agentWords), errors \(client.errorCodes)", sourceLocation: sourceLocation)
    }

    /// A connected client whose settings were applied.
    static func client(
        _ server: LocalAgentServer, _ loop: MediaLoop, settings message: DeepgramClientMessage? = nil
    ) async throws -> AgentClient {
        let client = try AgentClient(server.url, loop: loop)
        await expectSoon(client) { $0.messages.contains { if case .welcome(_) = $0 { true } else { false } } }
        client.send(try message ?? settings())
        await expectSoon(client) { $0.messages.contains(.settingsApplied) }
        return client
    }

    @Test func `the greeting comes at once, word for word, faster than it is played, in odd pieces`() async throws {
        try await Self.withServer { server, loop in
            let client = try await Self.client(server, loop)

            await Self.expectSoon(client) { $0.messages.contains(.agentAudioDone) }

            #expect(client.agentWords == ["Hello, how can I help you?"])
            #expect(client.audioBytes > 8_000)
            let timing = AgentTiming()
            let pieceMs = timing.pieceBytes.reduce(0, +) / timing.pieceBytes.count / 8
            #expect(timing.pieceMs * 2 < pieceMs, "a piece is sent every \(timing.pieceMs) ms and lasts \(pieceMs) ms")
            let sizes = client.items.compactMap { if case .audio(let bytes, _) = $0 { bytes } else { nil } }
            #expect(sizes.contains { $0 % 160 != 0 })
            #expect(client.functionCalls.map(\.name) == ["lookup_customer"])
            #expect(client.messages.contains(.history([.said(.assistant, "Hello, how can I help you?")])))
        }
    }

    @Test func `a spoken need is understood, stored and answered with a question`() async throws {
        try await Self.withServer { server, loop in
            let client = try await Self.client(server, loop)
            _ = await client.wait { $0.messages.contains(.agentAudioDone) }

            try await client.speak("i need a new phone system for my sales team, it is urgent")
            await Self.expectSoon(client) { $0.agentWords.count >= 3 }

            #expect(client.messages.contains(.userStartedSpeaking))
            #expect(client.messages.contains(.endOfTurn(trigger: "model")))
            #expect(client.callerWords == ["i need a new phone system for my sales team it is urgent"])
            #expect(client.agentWords.last == "May I have your name, please?")
            #expect(client.functionCalls.contains { $0.name == "update_qualification" && $0.clientSide })
            #expect(
                client.messages.contains {
                    if case .latencyReport(let report) = $0 { report.totalMs != nil } else { false }
                })
        }
    }

    @Test(arguments: [
        ("my name is", "john smith"), ("our budget is about", "thirty thousand dollars"),
        ("we are looking for", "a new phone system"),
    ])
    func `a caller who pauses in the midst of a sentence is heard to its end`(_ first: String, _ rest: String)
        async throws
    {
        try await Self.withServer { server, loop in
            let client = try await Self.client(server, loop, settings: try Self.settings(greeting: nil))
            let quiet = [UInt8](repeating: 0xFF, count: 5_600)
            // The synthesiser's own quiet around the words would make the pause longer than it is meant to be.
            func isQuiet(_ code: UInt8) -> Bool { abs(Int(MuLaw.decode(code))) < 250 }
            let halves = try [first, rest].map { text in
                let speech = try Synthesizer.shared.speech(text, voice: .rms).drop(while: isQuiet)
                return [UInt8](speech.reversed().drop(while: isQuiet).reversed())
            }

            try await client.playInTime(quiet + halves[0] + quiet + halves[1] + quiet + quiet)
            await Self.expectSoon(client) { !$0.agentWords.isEmpty }

            #expect(client.callerWords.count == 1, "\(client.callerWords)")
            #expect(client.callerWords.first?.hasSuffix(String(rest.split(separator: " ").last ?? "")) == true)
        }
    }

    @Test func `a cough into what the agent says does not stop it`() async throws {
        try await Self.withServer { server, loop in
            let client = try await Self.client(
                server, loop,
                settings: try Self.settings(greeting: "Hello and welcome. This is a greeting that goes on for a while.")
            )
            _ = await client.wait { $0.audioBytes > 4_000 }
            var random = SeededGenerator(seed: 3)
            let cough = (0..<180 * 8).map { _ in MuLaw.encode(Int16.random(in: -3_200...3_200, using: &random)) }

            try await client.playInTime(cough + [UInt8](repeating: 0xFF, count: 8_000))
            await Self.expectSoon(client) { $0.messages.contains(.agentAudioDone) }

            #expect(!client.messages.contains(.userStartedSpeaking))
        }
    }

    @Test func `a barge-in stops the agent at once and is answered`() async throws {
        try await Self.withServer { server, loop in
            let long =
                "Hello and welcome. " + String(repeating: "This is a very long greeting that goes on. ", count: 8)
            let client = try await Self.client(server, loop, settings: try Self.settings(greeting: long))
            _ = await client.wait { $0.audioBytes > 4_000 }

            try await client.speak("please stop calling me", voice: .rms, quietMs: 900)

            await Self.expectSoon(client) { $0.agentWords.contains("Is that right?") }
            let items = client.items
            let started = try #require(items.firstIndex(of: .message(.userStartedSpeaking)))
            let answered = try #require(
                items.firstIndex { if case .message(.conversationText(.user, _, _)) = $0 { true } else { false } })
            let leaked = items[started..<answered].count(where: \.isAudio)
            #expect(leaked == 0, "audio of the cancelled greeting after the barge-in")
            #expect(client.functionCalls.contains { $0.name == "stop_calling_me" })
        }
    }

    @Test func `an opt-out is confirmed and the call ends after the goodbye`() async throws {
        try await Self.withServer { server, loop in
            let client = try await Self.client(server, loop)
            _ = await client.wait { $0.messages.contains(.agentAudioDone) }

            client.send(.injectUserMessage("please stop calling me"))
            _ = await client.wait { $0.agentWords.contains("Is that right?") }
            client.send(.injectUserMessage("yes"))

            await Self.expectSoon(client) { $0.functionCalls.last?.name == "end_call" }
            #expect(client.agentWords.last == "Goodbye.", "\(client.agentWords)")
            let items = client.items
            let done = try #require(items.lastIndex(of: .message(.agentAudioDone)))
            let ended = try #require(
                items.lastIndex { if case .message(.functionCallRequest(_)) = $0 { true } else { false } })
            #expect(done < ended, "end_call is asked for once the goodbye has been sent")
        }
    }

    @Test func `a function's answer is echoed and used`() async throws {
        try await Self.withServer { server, loop in
            let client = try await Self.client(server, loop)
            _ = await client.wait { !$0.functionCalls.isEmpty }
            let lookup = try #require(client.functionCalls.first)

            client.send(
                .functionCallResponse(
                    id: lookup.id, name: lookup.name, content: #"{"name":"Ann Lee","company":"Acme"}"#))
            client.send(.injectUserMessage("i need a new phone system"))

            await Self.expectSoon(client) { $0.agentWords.contains { $0.contains("budget") } }
            #expect(
                client.messages.contains {
                    if case .functionCallResponse(let id, _, _) = $0 { id == lookup.id } else { false }
                })
        }
    }

    @Test func `a function nobody answers does not hold the conversation up`() async throws {
        var timing = AgentTiming()
        timing.functionMs = 150
        try await Self.withServer(timing: timing) { server, loop in
            let client = try await Self.client(server, loop)

            await Self.expectSoon(client) {
                $0.messages.contains { if case .warning("FUNCTION_CALL_FAILED", _) = $0 { true } else { false } }
            }
            client.send(.injectUserMessage("i need a new phone system"))
            await Self.expectSoon(client) { $0.agentWords.contains { $0.contains("name") } }
        }
    }

    @Test func `a reconnect with history neither greets nor asks again`() async throws {
        try await Self.withServer { server, loop in
            let history: [AgentHistoryItem] = [
                .said(.assistant, "Hello, how can I help you?"), .said(.user, "i need a new phone system"),
                .said(.assistant, "May I have your name, please?"),
            ]
            let client = try await Self.client(
                server, loop, settings: try Self.settings(greeting: nil, context: history))

            client.send(.injectUserMessage("my name is john smith"))

            await Self.expectSoon(client) { $0.agentWords.contains { $0.contains("company") } }
            #expect(client.agentWords == ["Thank you, John.", "Which company are you with?"])
        }
    }

    @Test func `injected agent messages are refused, queued or spoken at once as asked`() async throws {
        try await Self.withServer { server, loop in
            let client = try await Self.client(server, loop)
            _ = await client.wait { $0.audioBytes > 0 }

            client.send(.injectAgentMessage("Too early.", behavior: nil))
            client.send(.injectAgentMessage("One moment.", behavior: .queue))
            await Self.expectSoon(client) { $0.agentWords.contains("One moment.") }
            client.send(.injectAgentMessage("Stop.", behavior: .interrupt))

            await Self.expectSoon(client) { $0.agentWords.contains("Stop.") }
            #expect(!client.agentWords.contains("Too early."))
            #expect(client.messages.contains { if case .injectionRefused(_) = $0 { true } else { false } })
            client.send(.updatePrompt("The caller is Jane."))
            client.send(.forceEndTurn)
            client.send(.keepAlive)
            await Self.expectSoon(client) { $0.messages.contains(.promptUpdated) }
            #expect(client.errorCodes.isEmpty)
        }
    }

    @Test func `a silent caller is asked whether they are there, then the call ends`() async throws {
        var timing = AgentTiming()
        timing.callerSilenceMs = 200
        try await Self.withServer(timing: timing) { server, loop in
            let client = try await Self.client(server, loop, settings: try Self.settings(greeting: "Hello?"))
            _ = await client.wait { !$0.functionCalls.isEmpty }
            client.send(.functionCallResponse(id: client.functionCalls[0].id, name: "lookup_customer", content: "{}"))

            await Self.expectSoon(client) { $0.functionCalls.last?.name == "end_call" }
            #expect(client.agentWords.filter { $0.contains("still there") }.count == 2)
        }
    }

    @Test func `a client that falls silent is told so and disconnected`() async throws {
        var timing = AgentTiming()
        timing.clientIdleMs = 4_000
        try await Self.withServer(timing: timing) { server, loop in
            let client = try await Self.client(server, loop)

            await Self.expectSoon(client) { $0.closing != nil }
            #expect(client.errorCodes == ["CLIENT_MESSAGE_TIMEOUT"])
        }
    }

    @Test(arguments: [
        (#"{"type":"KeepAlive"}"#, "NON_SETTINGS_MESSAGE_BEFORE_SETTINGS"),
        (#"{"type":"Settings","audio":{},"agent":{},"surprise":1}"#, "UNPARSABLE_CLIENT_MESSAGE"),
        ("not json", "UNPARSABLE_CLIENT_MESSAGE"),
        (#"{"type":"Nonsense"}"#, "UNPARSABLE_CLIENT_MESSAGE"),
    ])
    func `a bad first message is an error and the end`(text: String, code: String) async throws {
        try await Self.withServer { server, loop in
            let client = try AgentClient(server.url, loop: loop)
            _ = await client.wait { !$0.messages.isEmpty }

            client.sendText(text)

            await Self.expectSoon(client) { $0.closing != nil }
            #expect(client.errorCodes == [code])
        }
    }

    @Test func `audio before settings, settings twice and other audio formats are errors`() async throws {
        try await Self.withServer { server, loop in
            let early = try AgentClient(server.url, loop: loop)
            _ = await early.wait { !$0.messages.isEmpty }
            early.sendAudio([0xFF, 0xFF])
            await Self.expectSoon(early) { $0.errorCodes == ["NON_SETTINGS_MESSAGE_BEFORE_SETTINGS"] }

            let twice = try await Self.client(server, loop)
            twice.send(try Self.settings())
            await Self.expectSoon(twice) { $0.errorCodes == ["SETTINGS_ALREADY_APPLIED"] }

            let linear = try AgentClient(server.url, loop: loop)
            _ = await linear.wait { !$0.messages.isEmpty }
            linear.send(try Self.settings(encoding: "linear16"))
            await Self.expectSoon(linear) { $0.errorCodes == ["USER_AUDIO_FORMAT"] && $0.closing != nil }
        }
    }

    @Test func `without the key, on another path or above the limit nobody gets in`() async throws {
        try await Self.withServer(apiKey: "secret", sessionsMax: 1) { server, loop in
            let none = try AgentClient(server.url, loop: loop)
            await Self.expectSoon(none) { $0.closing?.httpStatus == 401 }
            let wrong = try AgentClient(server.url, loop: loop, headers: [("Authorization", "Token wrong!")])
            await Self.expectSoon(wrong) { $0.closing?.httpStatus == 401 }
            let bearer = try AgentClient(server.url, loop: loop, headers: [("Authorization", "Bearer secret")])
            await Self.expectSoon(bearer) { $0.closing?.httpStatus == 401 }
            let lost = try AgentClient(server.url + "/more", loop: loop)
            await Self.expectSoon(lost) { $0.closing?.httpStatus == 404 }

            let welcome = try AgentClient(server.url, loop: loop, headers: [("Authorization", "Token secret")])
            await Self.expectSoon(welcome) { !$0.messages.isEmpty }
            let surplus = try AgentClient(server.url, loop: loop, headers: [("Authorization", "Token secret")])
            await Self.expectSoon(surplus) { $0.closing?.httpStatus == 429 }

            welcome.close()
            await Self.expectSoon(welcome) { _ in server.sessionCount == 0 }
        }
    }

    @Test func `many callers at once are all understood`() async throws {
        // Those who connect first wait for the others, and are not to be given up as silent meanwhile.
        var timing = AgentTiming()
        timing.callerSilenceMs = 600_000
        try await Self.withServer(timing: timing) { server, loop in
            var clients: [AgentClient] = []
            for _ in 0..<20 {
                clients.append(try await Self.client(server, loop, settings: try Self.settings(greeting: nil)))
            }

            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in clients { group.addTask { try await client.speak("please stop calling me") } }
                try await group.waitForAll()
            }

            for client in clients {
                await Self.expectSoon(client) {
                    $0.functionCalls.contains { $0.name == "stop_calling_me" }
                }
            }
        }
    }
}
