import Runtime
import Testing

@testable import SpeechAgent

extension DeepgramSessionTests {
    @Test func `a refusal and its warning count once, and a refused text is not awaited`() {
        var driver = SessionDriver.ready()
        driver.perform(.say("One moment.", mode: .ifIdle))
        driver.receive(.injectionRefused("Agent is mid-turn"))
        driver.receive(.warning(code: "INJECT_AGENT_MESSAGE_DURING_AGENT_SPEECH", description: "x"))

        #expect(driver.events.dropFirst() == [.injectionRefused("Agent is mid-turn")])
        #expect(driver.messages.last == .injectAgentMessage("One moment.", behavior: nil))
    }

    @Test func `our own injected sentence opens the gate when its text comes back`() {
        var driver = SessionDriver.ready()
        driver.receive(.userStartedSpeaking)
        driver.perform(.say("Are you still there? I am.", mode: .queue))
        driver.audio(after: 20)
        driver.receive(.conversationText(.assistant, "Are you still there?"))
        driver.audio(after: 20)

        #expect(driver.played == [false, true])
        #expect(driver.events.suffix(2) == [.injectionAccepted, .agentText("Are you still there?")])
    }

    @Test func `the echo of typed text is no turn of the caller`() {
        var driver = SessionDriver.ready()
        driver.perform(.userText("(keypad input: 4 7)"))
        driver.receive(.conversationText(.user, "(keypad input: 4 7)"))

        #expect(driver.events.last == .injectionAccepted)
        #expect(driver.session.history == [.said(.user, "(keypad input: 4 7)")])
    }

    @Test func `an unknown event is told once a type and changes nothing`() {
        var driver = SessionDriver.ready()
        for _ in 0..<5 { driver.receive(#"{"type":"SomethingNew","x":[1,{"y":null}]}"#) }

        #expect(driver.events.dropFirst() == [.warning(code: "UNKNOWN_MESSAGE", text: "SomethingNew")])
        #expect(driver.session.unknownMessages == 5 && driver.session.isReady)
    }

    @Test func `garbage is a warning nine times and the end of the leg the tenth`() {
        var driver = SessionDriver.ready()
        for _ in 0..<9 { driver.receive("not JSON") }
        #expect(driver.session.isReady && driver.events.count == 10)

        driver.receive("{}")
        driver.receive(.settingsApplied)

        #expect(driver.session.phase == .closing && driver.closeCodes == [1_000])
    }

    @Test func `a close without an error is a failure a reconnect may cure, our own close is none`() {
        var lost = SessionDriver.ready()
        lost.take(lost.session.closed(code: 1_006, at: lost.now))
        lost.take(lost.session.closed(code: 1_006, at: lost.now))
        let text = "the agent closed the connection with code 1006"
        let failure = AgentFailure(code: "CONNECTION_CLOSED", text: text, retryable: true)
        #expect(lost.events.dropFirst() == [.failed(failure), .closed])

        var left = SessionDriver.ready()
        left.perform(.close)
        left.perform(.say("x", mode: .queue))
        left.take(left.session.closed(code: 1_000, at: left.now))
        #expect(left.events.dropFirst() == [.closed] && left.closeCodes == [1_000] && left.sent.count == 1)
    }

    @Test func `instructions that waited for an agent that never came are in the next one's prompt`() {
        var driver = SessionDriver()
        driver.open()
        driver.perform(.appendInstructions("The caller is Jane."))
        driver.perform(.setVoice("aura-2-luna-en"))
        driver.wait(5_000)

        let again = driver.session.reconnectSettings(apology: "Sorry.")
        #expect(again.prompt == "Short sentences.\n\nThe caller is Jane." && again.voice == "aura-2-luna-en")
        #expect(again.greeting == "Sorry.")
    }

    @Test func `the two-hour limit is told once, by the server's warning or by our own clock`() {
        var warned = SessionDriver.ready()
        warned.receive(.warning(code: "MAXIMUM_SESSION_LENGTH_APPROACHING", description: "x"))
        warned.now = warned.now.adding(milliseconds: 116 * 60_000)
        warned.take(warned.session.tick(at: warned.now))
        var silent = SessionDriver.ready()
        silent.now = silent.now.adding(milliseconds: 115 * 60_000)
        silent.take(silent.session.tick(at: silent.now))
        silent.take(silent.session.tick(at: silent.now))

        for driver in [warned, silent] { #expect(driver.events.filter { $0 == .sessionExpiring }.count == 1) }
    }

    @Test func `speech without text for ten seconds ends the turn by force on Flux, and is only told on Nova`() {
        var flux = SessionDriver.ready()
        flux.receive(.userStartedSpeaking)
        flux.wait(9_900)
        #expect(!flux.messages.contains(.forceEndTurn))
        flux.wait(200)
        #expect(flux.messages.contains(.forceEndTurn))

        var settings = SessionDriver.settings
        settings.listenModel = "nova-3"
        var nova = SessionDriver.ready(settings)
        nova.receive(.userStartedSpeaking)
        nova.wait(10_100)
        nova.perform(.endUserTurn)
        #expect(!nova.messages.contains(.forceEndTurn))
        #expect(nova.events.filter { if case .warning(_, _) = $0 { true } else { false } }.count == 2)

        var quiet = SessionDriver.ready()
        quiet.receive(.userStartedSpeaking)
        quiet.wait(12_000, voiced: false)
        #expect(!quiet.messages.contains(.forceEndTurn))
    }

    @Test func `UpdateThink brings prompt and functions along`() {
        var driver = SessionDriver.ready()
        driver.perform(.replaceThink(prompt: "You are the billing specialist."))
        driver.receive(.thinkUpdated)

        var settings = SessionDriver.settings
        settings.prompt = "You are the billing specialist."
        #expect(driver.messages.last == .updateThink(settings.deepgram().inlineAgent?.think ?? []))
        #expect(driver.sent.last?.contains("\"stop_calling_me\"") == true)
        #expect(driver.events.last == .configApplied("think"))
    }

    @Test func `the next deadline is never in the past after a tick, so that an owner who sleeps until it never spins`()
    {
        var driver = SessionDriver.ready()
        driver.receive(.functionCallRequest([.init(id: "f", name: "end_call", arguments: "{}", clientSide: true)]))
        driver.receive(.userStartedSpeaking)
        for _ in 0..<2_000 {
            driver.now = driver.session.nextDeadline
            driver.take(driver.session.tick(at: driver.now))
            #expect(driver.session.nextDeadline > driver.now)
        }
    }
}

extension DeepgramSettings {
    var inlineAgent: DeepgramAgent? { if case .inline(let agent) = agent { agent } else { nil } }
}
