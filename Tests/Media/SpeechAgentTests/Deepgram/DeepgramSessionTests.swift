import Runtime
import Testing

@testable import SpeechAgent

@Suite struct DeepgramSessionTests {
    @Test func `nothing is sent before Welcome, and Settings comes first and once`() {
        var driver = SessionDriver()
        driver.open()
        driver.perform(.say("Hi", mode: .queue))
        #expect(driver.sent.isEmpty)

        driver.receive(#"{"type":"Welcome","request_id":"r1"}"#)
        driver.receive(#"{"type":"Welcome","request_id":"r2"}"#)
        #expect(driver.messages == [.settings(SessionDriver.settings.deepgram())])

        driver.receive(#"{"type":"SettingsApplied"}"#, after: 120)
        #expect(driver.events == [.ready(sessionID: "r1")])
        #expect(driver.messages.last == .injectAgentMessage("Hi", behavior: .queue))
    }

    @Test func `a normal turn is told in order, with one merged latency`() {
        var driver = SessionDriver.ready()
        driver.audio(after: 100)
        driver.receive(.conversationText(.assistant, "Hello."))
        driver.receive(.agentAudioDone)
        driver.receive(.userStartedSpeaking, after: 4_000)
        driver.receive(.endOfTurn(trigger: "model"), after: 1_200)
        driver.receive(.conversationText(.user, "Hi there."))
        for key in ["stt_latency", "ttt_token_latency", "ttt_text_latency", "tts_latency", "total_latency"] {
            driver.receive("{\"type\":\"LatencyReport\",\"\(key)\":0.1}")
        }
        driver.audio(after: 600)
        driver.receive(.conversationText(.assistant, "Good."))
        driver.receive(.conversationText(.assistant, "What do you need?"))
        driver.receive(.agentAudioDone)

        var latency = AgentLatency()
        latency.sttMs = 100
        latency.llmFirstTokenMs = 100
        latency.llmFirstTextMs = 100
        latency.ttsMs = 100
        latency.totalMs = 100
        #expect(
            driver.events == [
                .ready(sessionID: "r1"), .agentText("Hello."), .agentAudioSent, .userSpeechStarted,
                .userSpeechEnded(trigger: "model"), .userTranscript("Hi there."), .agentText("Good."),
                .agentText("What do you need?"), .latency(latency), .agentAudioSent,
            ])
        #expect(
            driver.session.history == [
                .said(.assistant, "Hello."), .said(.user, "Hi there."), .said(.assistant, "Good. What do you need?"),
            ])
    }

    @Test func `after a barge-in late audio and late text of the old response are dropped`() {
        var driver = SessionDriver.ready()
        driver.audio()
        driver.receive(.userStartedSpeaking)

        for _ in 0..<3 { driver.audio(after: 20) }
        driver.receive(.conversationText(.assistant, "which you never heard"))
        driver.receive(.agentAudioDone)
        #expect(driver.session.droppedFrames == 3)
        #expect(driver.session.droppedTexts == 1)
        #expect(driver.events.last == .userSpeechStarted)

        driver.receive(.conversationText(.user, "Stop."))
        driver.audio()
        #expect(driver.played == [true, false, false, false, true])
    }

    @Test func `without any opener the gate opens after one second without agent audio`() {
        var driver = SessionDriver.ready()
        driver.receive(.userStartedSpeaking)

        for ms: Int64 in [900, 980, 1_000, 20] { driver.audio(after: ms) }

        #expect(driver.played == [false, false, true, true])
    }

    @Test func `a cancelled speculative call is never answered, the next one exactly once`() {
        var driver = SessionDriver.ready()
        driver.receive(
            .functionCallRequest([.init(id: "fc1", name: "book_meeting", arguments: "{}", clientSide: true)]))
        driver.receive(.userStartedSpeaking, after: 80)
        driver.receive(#"{"type":"FunctionCallCancelled","functions":[{"id":"fc1","name":"book_meeting"}]}"#)
        driver.perform(.toolResult(id: "fc1", name: "book_meeting", content: "booked"))
        #expect(driver.responses(to: "fc1") == 0)
        #expect(driver.events.last == .toolCancelled(["fc1"]))

        driver.receive(.conversationText(.user, "Tuesday, I mean."))
        let request = #"""
            {"type":"FunctionCallRequest","functions":[
            {"id":"fc2","name":"book_meeting","arguments":{"title":"Demo"},"client_side":true}]}
            """#
        driver.receive(request)
        driver.receive(request)
        driver.perform(.toolResult(id: "fc2", name: "book_meeting", content: "booked"))
        driver.perform(.toolResult(id: "fc2", name: "book_meeting", content: "booked"))
        driver.wait(9_000)

        #expect(driver.responses(to: "fc2") == 1)
        let call = AgentToolCall(id: "fc2", name: "book_meeting", arguments: #"{"title":"Demo"}"#)
        #expect(driver.events.filter { $0 == .toolCall(call) }.count == 1)
        #expect(driver.session.history.last == .called(call, response: "booked"))
    }

    @Test func `a tool that does not answer within eight seconds is answered with an error`() {
        var driver = SessionDriver.ready()
        driver.receive(
            .functionCallRequest([.init(id: "fc1", name: "lookup_customer", arguments: "", clientSide: true)]))
        driver.wait(7_900)
        #expect(driver.responses(to: "fc1") == 0)

        driver.wait(200)
        driver.perform(.toolResult(id: "fc1", name: "lookup_customer", content: "late"))

        #expect(driver.responses(to: "fc1") == 1)
        #expect(driver.events.contains(.toolCancelled(["fc1"])))
    }

    @Test func `a call without an id is answered without one, and a server-side call not at all`() {
        var driver = SessionDriver.ready()
        driver.receive(
            #"""
            {"type":"FunctionCallRequest","functions":[
            {"name":"lookup_customer","arguments":"{}","client_side":true},
            {"id":"s1","name":"crm_note","arguments":"{}","client_side":false}]}
            """#)
        driver.perform(.toolResult(id: "unnamed-1", name: "lookup_customer", content: "Ann"))
        driver.perform(.toolResult(id: "s1", name: "crm_note", content: "x"))

        #expect(
            driver.messages.dropFirst() == [.functionCallResponse(id: nil, name: "lookup_customer", content: "Ann")])
    }

    @Test func `silence fills a pause of the carrier at the pace of time`() {
        var driver = SessionDriver.ready()
        driver.wait(2_000)
        #expect(driver.silence == 0)

        driver.wait(12_000, quiet: true)

        #expect(driver.silence >= 11_880 * 8 && driver.silence <= 12_020 * 8)
        #expect(driver.silence % 160 == 0)
        driver.wait(500)
        #expect(driver.silence <= 12_020 * 8)
    }

    @Test func `a paused uplink keeps the connection alive every five seconds`() {
        var driver = SessionDriver.ready()
        driver.session.setUplinkPaused(true, at: driver.now)

        driver.wait(16_000, quiet: true)

        #expect(driver.silence == 0)
        #expect(driver.messages.filter { $0 == .keepAlive }.count == 3)
    }

    @Test func `no Welcome and no SettingsApplied within five seconds fail the leg, retryably`() {
        var silent = SessionDriver()
        silent.open()
        #expect(silent.session.nextDeadline == silent.now.adding(milliseconds: 5_000))
        silent.wait(5_000)
        var unsettled = SessionDriver()
        unsettled.open()
        unsettled.receive(#"{"type":"Welcome"}"#, after: 4_000)
        unsettled.wait(5_000)

        for (driver, code) in [(silent, "WELCOME_TIMEOUT"), (unsettled, "SETTINGS_TIMEOUT")] {
            guard case .failed(let failure)? = driver.events.last else {
                Issue.record("no failure: \(driver.events)")
                continue
            }
            #expect(failure.code == code && failure.retryable)
            #expect(driver.closeCodes == [1_000])
        }
    }

    @Test func `a server fault is told once and the next Settings carries the conversation without a greeting`() {
        var driver = SessionDriver.ready()
        driver.receive(.conversationText(.assistant, "Hello. How can I help you today?"))
        driver.receive(.conversationText(.user, "I need a quote."))
        driver.receive(.conversationText(.assistant, "Of course, and for how many people would that be?"))
        driver.take(driver.session.heard(text: "Of course,", ms: 640))
        driver.perform(.appendInstructions("The caller is Jane."))
        driver.perform(.setVoice("aura-2-luna-en"))
        driver.receive(#"{"type":"Error","code":"INTERNAL_SERVER_ERROR","description":"x"}"#)
        driver.take(driver.session.closed(code: 1_011, at: driver.now))

        let failures = driver.events.filter { if case .failed(_) = $0 { true } else { false } }
        #expect(failures == [.failed(AgentFailure(code: "INTERNAL_SERVER_ERROR", text: "x", retryable: true))])
        #expect(driver.events.last == .closed)
        let again = driver.session.reconnectSettings(apology: nil)
        #expect(again.greeting == nil && again.voice == "aura-2-luna-en")
        #expect(again.prompt == "Short sentences.\n\nThe caller is Jane.")
        var next = SessionDriver.ready(again)
        #expect(!next.sent[0].contains("greeting") && next.sent[0].contains("\"content\":\"Of course,\""))
        next.receive(.conversationText(.user, "Ten."))
        #expect(next.session.history.count == 4)
    }

    @Test func `our own mistakes are not retried`() {
        for code in ["UNPARSABLE_CLIENT_MESSAGE", "INVALID_SETTINGS", "FAILED_TO_THINK", "SETTINGS_ALREADY_APPLIED"] {
            var driver = SessionDriver.ready()
            driver.receive(.error(code: code, description: "x"))
            #expect(driver.events.last == .failed(AgentFailure(code: code, text: "x", retryable: false)))
        }
        #expect(!DeepgramSession.upgradeFailure(status: 401).retryable)
        #expect(DeepgramSession.upgradeFailure(status: 429).retryable)
        #expect(DeepgramSession.upgradeFailure(status: 503).retryable)
    }
}
