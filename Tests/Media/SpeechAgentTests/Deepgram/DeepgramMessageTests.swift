import Encoding
import Testing

@testable import SpeechAgent

@Suite struct DeepgramMessageTests {
    static let client: [DeepgramClientMessage] = [
        .settings(richSettings), .updatePrompt("Jane \"J\" Doe\n/ü"),
        .updateThink([
            DeepgramThink(provider: .think(model: "gpt-5.4-mini", temperature: 0.2), prompt: "x", functions: [])
        ]),
        .updateSpeak([DeepgramSpeak(provider: .speak(voice: "aura-2-luna-en"))]),
        .updateListen(.listen(model: "flux-general-en", language: "", keyterms: ["routing number"])),
        .injectUserMessage("(keypad input: 4 7 1 1)"), .injectAgentMessage("One moment.", behavior: .queue),
        .injectAgentMessage("One moment.", behavior: nil), .injectDynamicAgentMessage(behavior: .queue),
        .functionCallResponse(id: "fc_01", name: "find_ticket", content: #"{"ticket":"T-19"}"#),
        .functionCallResponse(id: nil, name: "find_ticket", content: ""), .keepAlive, .forceEndTurn,
        .updateThinkLive(["provider": .object(["presence_check_max_count": .integer(0)])]),
        .customToThinkProvider(.object(["note": "any JSON"])),
    ]

    static let server: [DeepgramServerMessage] = [
        .welcome(requestID: "8f0c"), .settingsApplied, .conversationText(.user, "Hola", languages: ["es"]),
        .conversationText(.assistant, "Let me check."), .userStartedSpeaking, .endOfTurn(trigger: "model"),
        .agentThinking("…"),
        .functionCallRequest([.init(id: "fc_01", name: "find_ticket", arguments: #"{"a":1}"#, clientSide: true)]),
        .functionCallCancelled([.init(id: "fc_01", name: "find_ticket", arguments: "", clientSide: true)]),
        .functionCallResponse(id: "fc_02", name: "crm_note", content: "stored"), .agentAudioDone, .promptUpdated,
        .speakUpdated, .thinkUpdated, .listenUpdated, .thinkLiveUpdated,
        .frustrationDetected(count: 1, escalated: false),
        .injectionRefused("Agent is mid-turn"), .history([.said(.user, "Where is it?")]),
        .history([.called(AgentToolCall(id: "f", name: "n", arguments: "{}"), response: "{}")]),
        .warning(code: "SLOW_THINK_REQUEST", description: "5 s"), .error(code: "X", description: "y"),
        .customFromThinkProvider(.array([.integer(1)])), .unknown(type: "New"),
    ]

    /// The example of the reference, section 1.3, as a value.
    static var richSettings: DeepgramSettings {
        var listen = DeepgramProvider.listen(
            model: "flux-general-en", language: "en", keyterms: ["invoice", "Contoso"])
        listen.fields["eot_threshold"] = .number(0.7)
        listen.fields["eot_timeout_ms"] = .integer(5_000)
        var hangUp = DeepgramFunction(
            name: "end_call", description: "Hang up.", parameters: ["type": "object", "properties": .object([:])])
        hangUp.deferUntilEndOfTurn = true
        var note = DeepgramFunction(name: "crm_note", description: "Note.", parameters: ["type": "object"])
        note.endpoint = DeepgramEndpoint(
            url: "https://crm.example.com/note", method: "post", headers: ["authorization": "Bearer x"])
        var agent = DeepgramAgent()
        agent.context = [
            .said(.user, "I called yesterday about invoice 881."),
            .called(
                AgentToolCall(id: "fc_prev_1", name: "find_ticket", arguments: #"{"invoice":"881"}"#),
                response: #"{"ticket":"T-19"}"#),
        ]
        agent.listen = listen
        agent.think = [
            DeepgramThink(
                provider: .think(model: "gpt-5.4-mini", temperature: 0.4), prompt: "Short sentences.",
                functions: [hangUp, note]),
            DeepgramThink(provider: .think(model: "claude-haiku-4-5", temperature: 0.4), prompt: "Short sentences."),
        ]
        agent.speak = [
            DeepgramSpeak(provider: .speak(voice: "aura-2-thalia-en")),
            DeepgramSpeak(
                provider: DeepgramProvider(["type": "open_ai", "model": "tts-1", "voice": "alloy"]),
                endpoint: DeepgramEndpoint(url: "https://api.openai.com/v1/audio/speech")),
        ]
        agent.greeting = "Hello, this is Contoso."
        var settings = DeepgramSettings(agent: .inline(agent))
        settings.tags = ["gateway", "tenant-42"]
        settings.experimental = false
        settings.mipOptOut = true
        settings.history = true
        settings.input = .init(encoding: "mulaw", sampleRate: 8_000)
        settings.output = .init(encoding: "mulaw", sampleRate: 8_000)
        settings.outputContainer = "none"
        return settings
    }

    @Test func `every client message reads back as itself`() throws {
        for message in Self.client {
            let text = message.encoded()
            #expect(try DeepgramClientMessage(decoding: Array(text.utf8)) == message, "\(text)")
            #expect(!text.contains("null") && !text.contains("\\/") && !text.contains(".0"), "\(text)")
        }
    }

    @Test func `every server message reads back as itself`() throws {
        for message in Self.server {
            let text = message.encoded()
            #expect(try DeepgramServerMessage(decoding: Array(text.utf8)) == message, "\(text)")
        }
    }

    @Test func `a message cut at any byte is refused and never taken for another`() {
        for text in Self.client.map({ $0.encoded() }) + Self.server.map({ $0.encoded() }) {
            let bytes = Array(text.utf8)
            for end in 0..<bytes.count {
                let cut = Array(bytes[..<end])
                #expect(throws: AgentDecodeError.self) { try DeepgramClientMessage(decoding: cut) }
                #expect(throws: AgentDecodeError.self) { try DeepgramServerMessage(decoding: cut) }
            }
        }
    }

    @Test func `a byte changed at random is refused or read, never trapped on`() {
        var random = InterleavingTests.SplitMix(state: 7)
        for text in Self.client.map({ $0.encoded() }) + Self.server.map({ $0.encoded() }) {
            for _ in 0..<200 {
                var bytes = Array(text.utf8)
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                _ = try? DeepgramClientMessage(decoding: bytes)
                _ = try? DeepgramServerMessage(decoding: bytes)
            }
        }
    }

    @Test func `our Settings has exactly these fields`() throws {
        let settings = AgentSettings(
            prompt: "P", greeting: "Hi.", history: [.said(.assistant, "A")],
            tools: [
                AgentTool(name: "t", description: "d", parameters: ["type": "object"], deferUntilEndOfTurn: true)
            ],
            tags: ["x"], keyterms: ["BANT"])

        #expect(
            DeepgramClientMessage.settings(settings.deepgram()).encoded() == """
                {"type":"Settings","tags":["x"],"mip_opt_out":true,"flags":{"history":true},\
                "audio":{"input":{"encoding":"mulaw","sample_rate":8000},\
                "output":{"encoding":"mulaw","sample_rate":8000,"container":"none"}},\
                "agent":{"context":{"messages":[{"type":"History","role":"assistant","content":"A"}]},\
                "listen":{"provider":{"type":"deepgram","version":"v2","model":"flux-general-en","keyterms":["BANT"]}},\
                "think":{"provider":{"type":"open_ai","model":"gpt-5.4-mini"},"prompt":"P",\
                "functions":[{"name":"t","description":"d","parameters":{"type":"object"},"defer_until_eot":true}]},\
                "speak":{"provider":{"type":"deepgram","model":"aura-2-thalia-en"}},"greeting":"Hi."}}
                """)
    }

    @Test func `what the live server refuses, our decoder refuses`() {
        let refused: [(String, AgentDecodeError)] = [
            (#"{"type":"KeepAlive","x":1}"#, .unknownKey(path: "x")),
            (#"{"type":"UpdatePrompt","prompt":null}"#, .wrongKind(path: "prompt", expected: "a string")),
            (#"{"type":"Cancel"}"#, .unknownType), (#"{"prompt":"x"}"#, .missingField(path: "type")),
            ("[]", .notAnObject),
            (#"{"type":"InjectAgentMessage","content":"x"}"#, .missingField(path: "message")),
            (#"{"type":"InjectAgentMessage","message":"x","behavior":"now"}"#, .badValue(path: "behavior")),
            (
                #"{"type":"Settings","audio":{"input":{"encoding":"mulaw","sample_rate":8000.0}},"agent":{}}"#,
                .wrongKind(path: "audio.input.sample_rate", expected: "an integer")
            ),
            (
                #"{"type":"Settings","audio":{},"agent":{"think":{"provider":{"type":"open_ai","endpoint":{}}}}}"#,
                .unknownKey(path: "agent.think.provider.endpoint")
            ),
            (
                """
                {"type":"Settings","audio":{},"agent":{"think":{"provider":{"type":"open_ai","model":"m"},\
                "functions":[{"name":"f","client_side":true}]}}}
                """, .unknownKey(path: "agent.think.functions.client_side")
            ),
        ]
        for (text, error) in refused {
            #expect(throws: error, "\(text)") { try DeepgramClientMessage(decoding: Array(text.utf8)) }
        }
        let long = [UInt8](repeating: 0x20, count: AgentDecodeError.messageBytesMax + 1)
        #expect(throws: AgentDecodeError.tooLong(bytes: long.count)) { try DeepgramServerMessage(decoding: long) }
        let deep = Array((String(repeating: "[", count: 5_000)).utf8)
        #expect(throws: AgentDecodeError.notJSON(offset: 32)) { try DeepgramServerMessage(decoding: deep) }
    }

    @Test func `every text comes back from JSON as it was, and most bytes are written as they are`() throws {
        for byte in UInt8(0)...0x7F {
            let text = "a" + String(UnicodeScalar(byte)) + "é"
            let json = WireJSON.string(text).text
            #expect(try WireJSON(parsing: json).string == text, "\(byte)")
            let isEscaped = byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            #expect((json == "\"\(text)\"") == !isEscaped, "\(byte)")
        }
    }

    @Test func `JSON keeps integers, escapes and order`() throws {
        let text = #"{"b":8000,"a":[0.25,-3,true,null,"\u00e9\ud83d\ude00\n\/"],"c":{}}"#
        let json = try WireJSON(parsing: text)

        #expect(json.text == #"{"b":8000,"a":[0.25,-3,true,null,"é😀\n/"],"c":{}}"#)
        for bad in [#""\ud83d""#, "01", "1.", "-", "1e", "[1,]", #"{"a":1,}"#, "nul", "\"\u{1}\"", "1 2", ""] {
            #expect(throws: WireJSONError.self, "\(bad)") { try WireJSON(parsing: bad) }
        }
        #expect(throws: WireJSONError.self) { try WireJSON(parsing: [0x22, 0xFF, 0x22]) }
    }
}
