import SpeechAgent
import Testing
import WebSocketTransport

@testable import LocalAgent

/// Messages with the fields that Deepgram's SDK 7.17.0 for Python writes, as it writes them.
@Suite struct NewestClientTests {
    private static let function = """
        {"name":"find_ticket","description":"d","parameters":{"type":"object","properties":{}},\
        "defer_until_eot":true,"initial_agent_filler":true,"agent_filler_max_count":2,"agent_filler_interval_ms":5000}
        """
    private static let live = """
        {"provider":{"type":"deepgram","version":"v1","agent_backchannel_sensitivity":0.5,\
        "presence_check_max_count":1,"presence_check_interval_ms":9000,"frustration_max_count":2,\
        "restricted_terms":["x"]}}
        """
    private static let polly = """
        {"provider":{"type":"aws_polly","voice":"Joanna","language":"en-US","language_code":"en-US","engine":"neural",\
        "credentials":{"type":"sts","region":"r","access_key_id":"a","secret_access_key":"s","session_token":"t"}},\
        "endpoint":{"url":"https://x.example","headers":{"a":"b"}}}
        """

    private static func settings(live: Bool) -> String {
        """
        {"type":"Settings","tags":["a"],"experimental":false,"flags":{"history":true},"mip_opt_out":true,\
        "audio":{"input":{"encoding":"mulaw","sample_rate":8000},\
        "output":{"encoding":"mulaw","sample_rate":8000,"container":"none"}},"agent":{\
        "context":{"messages":[{"type":"History","role":"user","content":"hi"},\
        {"type":"History","function_calls":[{"id":"f","name":"n","client_side":true,"arguments":"{}",\
        "response":"{}","thought_signature":"x"}]}]},\
        "listen":{"provider":{"version":"v2","type":"deepgram","model":"flux-general-multi",\
        "language_hints":["en"],"language_hint":["en","de"],"eot_threshold":0.7,"eager_eot_threshold":0.5,\
        "eot_timeout_ms":5000,"keyterms":["x"]}},\
        "think":[{"provider":{"type":"open_ai","version":"v1","model":"gpt-5-mini","temperature":0.3,\
        "reasoning_mode":"low"},"endpoint":{"url":"https://x.example","headers":{"a":"b"}},\
        "functions":[\(function)],"prompt":"p","context_length":1000.0}],\
        \(live ? "\"think_live\":\(Self.live)," : "")"speak":[\(polly)],"greeting":"Hello."}}
        """
    }

    @Test(arguments: [false, true])
    func `settings with every field of the newest SDK are applied, and what does nothing here is said`(
        _ live: Bool
    ) async throws {
        try await LocalAgentServerTests.withServer { server, loop in
            let client = try AgentClient(server.url, loop: loop)
            _ = await client.wait { !$0.messages.isEmpty }

            client.sendText(Self.settings(live: live))

            await LocalAgentServerTests.expectSoon(client) { $0.messages.contains(.agentAudioDone) }
            #expect(client.messages.contains(.settingsApplied) && client.errorCodes.isEmpty)
            #expect(client.agentWords == ["Hello."])
            let codes = client.messages.compactMap { if case .warning(let code, _) = $0 { code } else { nil } }
            #expect(codes == (live ? ["THINK_LIVE_UNAVAILABLE", "FILLERS_UNAVAILABLE"] : ["FILLERS_UNAVAILABLE"]))
        }
    }

    @Test func `updates with every field of the newest SDK are applied`() async throws {
        try await LocalAgentServerTests.withServer { server, loop in
            let client = try await LocalAgentServerTests.client(server, loop)

            client.sendText("{\"type\":\"UpdateSpeak\",\"speak\":\(Self.polly)}")
            client.sendText(
                """
                {"type":"UpdateThink","think":{"provider":{"type":"deepgram","model":"think-fast","version":"v1",\
                "temperature":0.3,"reasoning_mode":"low","voice_prompt_opt_out":true},"functions":[\(Self.function)]}}
                """)
            client.sendText("{\"type\":\"UpdateThink_Live\",\"think_live\":\(Self.live)}")
            client.sendText(
                """
                {"type":"UpdateListen","listen":{"provider":{"version":"v2","type":"deepgram",\
                "model":"flux-general-en","language_hint":"en","eot_threshold":0.8}}}
                """)

            await LocalAgentServerTests.expectSoon(client) { $0.messages.contains(.listenUpdated) }
            for answer in [DeepgramServerMessage.speakUpdated, .thinkUpdated, .thinkLiveUpdated] {
                #expect(client.messages.contains(answer))
            }
            #expect(client.errorCodes.isEmpty && client.closing == nil)
        }
    }

    @Test(arguments: [
        #""initial_agent_filler":1"#, #""agent_filler_max_count":"2""#, #""agent_filler_interval_ms":1.5"#,
        #""agent_filler":true"#,
    ])
    func `a filler of the wrong kind or name is refused`(_ field: String) {
        let text = """
            {"type":"UpdateThink","think":{"provider":{"type":"open_ai","model":"m"},"functions":[{"name":"f",\(field)}]}}
            """

        #expect(throws: AgentDecodeError.self) { try DeepgramClientMessage(decoding: Array(text.utf8)) }
    }
}
