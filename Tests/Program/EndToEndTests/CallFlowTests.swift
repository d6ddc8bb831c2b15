import CallModel
import Database
import Foundation
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing

/// What a call lives through between ring and record, a short call each, all on one stage at once.
@Suite(.staged) struct CallFlowTests {
    @Test func `a stream cut by the network is resumed: the same call, the same agent, one record`() async throws {
        let theatre = try await Theatre.open()
        var part = ScriptedAgent.Part()
        part.onAudio = { leg, bytes in if bytes == 160 * 200 { leg.speak("Still here with you", tone: 0x11) } }
        let scene = try await theatre.scene([part])
        var options = CallOptions()
        options.breakdown = .streamCut(afterMs: 2_500)

        let report = try await theatre.call(
            scene, options: options, until: { _ in scene.audioBytes >= 160 * 200 }, thenMs: 4_000)

        let call = try await theatre.record(of: report)
        #expect(report.streamSids.count >= 2)
        #expect(scene.settings.count == 1, "the agent leg survives the stream")
        #expect(Tone.ms(of: 0x11, in: report.heard) > 500, "the second stream is not heard")
        #expect(try call.text("transcript").contains("Still here"))
        #expect(try call.text("end_reason") == "caller_hangup")
        let journal = try await theatre.stage.journal(of: call)
        #expect(journal.components(separatedBy: "streamClosed").count >= 3, "\(journal)")
    }

    @Test func `what a cut stream left unsaid is said on the next one`() async throws {
        let theatre = try await Theatre.open()
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in
            leg.speak("one two three four five six seven eight nine ten eleven twelve thirteen fourteen")
        }
        let scene = try await theatre.scene([part])
        var options = CallOptions()
        options.breakdown = .streamCut(afterMs: 3_000)

        let report = try await theatre.call(
            scene, options: options, until: { _ in !scene.injected.isEmpty }, thenMs: 1_000)

        _ = try await theatre.record(of: report)
        let rest = try #require(scene.injected.first)
        #expect(rest.hasSuffix("thirteen fourteen"), "\(rest)")
        #expect(!rest.hasPrefix("one two"), "\(rest)")
    }

    @Test func `a stream that falls silent without a word is given up, and the call goes on over another`() async throws
    {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene([ScriptedAgent.Part()])
        var options = CallOptions()
        options.breakdown = .streamStalled(afterMs: 1_000)

        let report = try await theatre.call(
            scene, options: options, until: { $0.count { $0.kind == .streamStarted } == 2 }, thenMs: 1_000)

        let call = try await theatre.record(of: report)
        #expect(report.streamSids.count == 2, "\(report.events.map(\.detail))")
        #expect(scene.settings.count == 1)
        #expect(try call.text("end_reason") == "caller_hangup")
    }

    @Test func `a carrier that vanishes leaves a finished record all the same`() async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene([ScriptedAgent.Part()])
        var options = CallOptions()
        options.breakdown = .carrierVanished(afterMs: 1_500)

        let report = try await theatre.call(scene, [.staySilent(ms: 3_000), .hangUp], options: options)

        _ = try await theatre.record(of: report)
    }

    @Test func `a caller who asks for a person is put through when the announcement was heard`() async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene(
            profile: ["human_number": "'\(Theatre.colleague)'"], [Self.transferring()])

        let report = try await theatre.call(scene)

        let call = try await theatre.record(of: report)
        #expect(report.events.contains { $0.kind == .dialing && $0.detail == Theatre.colleague })
        #expect(report.events.contains { $0.kind == .dialEnded && $0.detail == "completed" })
        #expect(try call.text("outcome") == "transferred")
        #expect(try call.text("end_reason") == "transferred")
        let announced = Tone.frames(of: "I am connecting you now") * 20
        #expect(Tone.ms(of: 0x12, in: report.heard) >= announced - 40)
        #expect(try await theatre.stage.journal(of: call).contains("transferRequested"))
    }

    @Test func `a colleague who is busy brings the caller back to the same agent`() async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene(
            profile: ["human_number": "'\(Theatre.busyColleague)'"], [Self.transferring()])

        let report = try await theatre.call(
            scene, until: { _ in scene.injected.contains { $0.contains("nobody can take the call") } }, thenMs: 6_000)

        let call = try await theatre.record(of: report)
        #expect(report.events.contains { $0.kind == .dialEnded && $0.detail == "busy" })
        #expect(report.streamSids.count == 2)
        #expect(scene.settings.count == 1, "the same agent leg")
        #expect(scene.injected.contains { $0.contains("nobody can take the call") })
        #expect(try call.text("transcript").contains("nobody can take the call"))
        #expect(try call.text("outcome") != "transferred")
        #expect(try call.text("end_reason") == "caller_hangup")
    }

    /// Greets, announces the transfer after half a second and asks for it.
    private static func transferring() -> ScriptedAgent.Part {
        var part = ScriptedAgent.Part()
        part.onAudio = { leg, bytes in
            guard bytes == 160 * 25 else { return }
            leg.send(.conversationText(.user, "I want to talk to a person"))
            leg.speak("I am connecting you now", tone: 0x12)
            leg.call("transfer_to_human", id: "t1", #"{"reason":"asked for a person"}"#)
        }
        return part
    }

    @Test func `a person is not offered where the profile names none`() async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene([Self.transferring()])

        let report = try await theatre.call(
            scene, until: { _ in scene.audioBytes >= 160 * 100 }, thenMs: 1_000)

        let call = try await theatre.record(of: report)
        let offered = scene.settings.first?.inlineAgent?.think.first?.functions?.map(\.name) ?? []
        #expect(!offered.contains("transfer_to_human"))
        #expect(offered.contains("end_call"))
        #expect(!report.events.contains { $0.kind == .dialing })
        #expect(try call.text("outcome") != "transferred")
    }

    @Test func `the agent hangs up when its goodbye was heard to the end`() async throws {
        let theatre = try await Theatre.open()
        let goodbye = "Thank you for calling us today and goodbye"
        var part = ScriptedAgent.Part()
        part.onAudio = { leg, bytes in
            guard bytes == 160 * 25 else { return }
            leg.send(.conversationText(.user, "that is all"))
            leg.speak(goodbye, tone: 0x13)
            leg.call("end_call", id: "e1")
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(scene, [.staySilent(ms: 120_000)])

        let call = try await theatre.record(of: report)
        #expect(report.endedBy == .gateway)
        #expect(try call.text("end_reason") == "agent_hangup")
        #expect(Tone.ms(of: 0x13, in: report.heard) >= Tone.frames(of: goodbye) * 20 - 40)
        #expect(try call.text("transcript").contains(goodbye))
    }

    @Test func `stop_calling_me puts the number on the do-not-contact list`() async throws {
        let theatre = try await Theatre.open()
        var part = ScriptedAgent.Part()
        part.onAudio = { leg, bytes in
            guard bytes == 160 * 25 else { return }
            leg.send(.conversationText(.user, "please stop calling me"))
            leg.call("stop_calling_me", id: "s1", #"{"words":"please stop calling me"}"#)
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(
            scene, from: "+14155557001", until: { _ in !scene.answers.isEmpty })

        let call = try await theatre.record(of: report)
        #expect(try call.text("outcome") == "do_not_call")
        #expect(
            try await theatre.stage.count(
                "contacts where phone = $1 and do_not_contact", [.text("+14155557001")]) == 1)
    }

    @Test func `a function with arguments that are no JSON, or of no known name, is answered with an error`()
        async throws
    {
        let theatre = try await Theatre.open()
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in
            leg.speak("Hello")
            leg.call("save_contact_details", id: "a", "{not json")
            leg.call("launch_rocket", id: "b")
            leg.call("book_meeting", id: "c", #"{"starts_at":"yesterday"}"#)
            leg.call("save_contact_details", id: "d", #"{"email":"ann@example.com"}"#)
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(
            scene, from: "+14155557002", until: { _ in scene.answers.count == 4 })

        _ = try await theatre.record(of: report)
        var answers: [String: String] = [:]
        for case .functionCallResponse(let id, _, let content) in scene.messages { answers[id ?? ""] = content }
        for id in ["a", "b", "c"] { #expect(answers[id]?.contains("\"ok\":false") == true, "\(answers)") }
        #expect(answers["d"]?.contains("\"ok\":true") == true, "\(answers)")
        #expect(
            try await theatre.stage.count(
                "contacts where phone = '+14155557002' and contact_email = 'ann@example.com'") == 1)
        #expect(try await theatre.stage.count("meetings") == 0)
    }

    @Test func `a key reaches the agent as words and the journal as a key`() async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene([ScriptedAgent.Part()])

        let report = try await theatre.call(
            scene,
            [.waitForAgent(silenceMs: 300, timeoutMs: 60_000), .press("5"), .staySilent(ms: 120_000), .hangUp],
            until: { _ in !scene.messages.isEmpty }, thenMs: 500)

        let call = try await theatre.record(of: report)
        #expect(scene.messages.contains(.injectUserMessage("(keypad input: 5)")))
        #expect(try await theatre.stage.journal(of: call).contains("dtmf"))
    }

    @Test(arguments: ["anonymous", "+266696687"])
    func `a caller who withholds the number is a caller like any other`(from: String) async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene([ScriptedAgent.Part()])

        let report = try await theatre.call(scene, from: from, until: Theatre.greeted)

        let call = try await theatre.record(of: report)
        #expect(try call.textOrNil("from_number") == nil)
        let prompt = try #require(scene.settings.first).prompt
        #expect(prompt.contains("withheld"), "\(prompt)")
        #expect(try await theatre.stage.count("contacts where phone = $1", [.text(from)]) == 0)
    }

    @Test func `a known caller is greeted by name and the agent knows about them`() async throws {
        let theatre = try await Theatre.open()
        _ = try await theatre.stage.database.rows(
            """
            insert into contacts (tenant_id, contact_name, phone, business_name, status)
            values ($1, 'Jane Doe', '+14155557003', 'Acme', 'customer')
            """, [.uuid(TenantID.initial.uuid)])
        let scene = try await theatre.scene([ScriptedAgent.Part()])

        let report = try await theatre.call(scene, from: "+14155557003", until: Theatre.greeted)

        let call = try await theatre.record(of: report)
        #expect(scene.settings.first?.agentGreeting == "Hello Jane, this is a test.")
        #expect(scene.settings.first?.prompt.contains("Acme") == true)
        #expect(try call.text("transcript").contains("Hello Jane"))
        #expect(try await theatre.stage.count("contacts where phone = '+14155557003'") == 1)
    }

    @Test func `a line that stays silent is ended with a goodbye`() async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene(profile: ["silence_seconds_max": "3"], [ScriptedAgent.Part()])

        let report = try await theatre.call(scene, [.staySilent(ms: 120_000)])

        let call = try await theatre.record(of: report)
        #expect(report.endedBy == .gateway)
        #expect(try call.text("end_reason") == "silence_timeout")
        #expect(scene.injected.contains { $0.contains("cannot hear you") })
        #expect(try call.text("transcript").contains("cannot hear you"))
    }

    @Test func `a call that has lasted as long as the profile allows is ended with a goodbye`() async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene(profile: ["call_seconds_max": "3"], [ScriptedAgent.Part()])

        let report = try await theatre.call(scene, [.staySilent(ms: 120_000)])

        let call = try await theatre.record(of: report)
        #expect(try call.text("end_reason") == "max_duration")
        #expect(report.durationMs < 100_000)
    }

    @Test func `a number that is rolled out to nobody says so and opens nothing`() async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene(
            profile: ["rollout_percent": "0", "fallback_message": "'Please call again later.'"], [ScriptedAgent.Part()])

        let report = try await theatre.call(scene)

        #expect(report.events.contains { $0.kind == .said && $0.text == "Please call again later." })
        #expect(report.streamSids.isEmpty)
        #expect(scene.settings.isEmpty)
        #expect(try await theatre.stage.count("calls where carrier_call_sid = $1", [.text(report.callSid)]) == 0)
    }

    @Test(arguments: [CallOptions.Delivery.duplicated, .overtaken, .delayed(ms: 700)])
    func `callbacks that come twice, early or late change nothing`(delivery: CallOptions.Delivery) async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene([ScriptedAgent.Part()])
        var options = CallOptions()
        options.callbacks = delivery

        let report = try await theatre.call(scene, options: options, until: Theatre.greeted)

        let call = try await theatre.record(of: report)
        #expect(report.terminalCallbackDelivered == true)
        #expect(try call.text("end_reason") == "caller_hangup")
        #expect(try call.text("transcript").contains("Hello, this is a test."))
        #expect(
            try await theatre.stage.count(
                "usage_records where kind = 'call' and call_id = $1", [.uuid(call.uuid("id"))]) == 1)
    }

    enum Weather: CaseIterable { case jitter, loss, longFrames, secondLongFrames, oddities, all }

    @Test(arguments: Weather.allCases)
    func `a network in a bad mood does a call no harm`(weather: Weather) async throws {
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene([ScriptedAgent.Part()])
        var options = CallOptions()
        switch weather {
        case .jitter: options.jitterMs = 200
        case .loss: options.loseEvery = 10
        case .longFrames: options.frameMs = 60
        case .secondLongFrames: options.frameMs = 1_000
        case .oddities: options.oddities = true
        case .all: (options.jitterMs, options.loseEvery, options.frameMs, options.oddities) = (120, 7, 40, true)
        }

        let report = try await theatre.call(
            scene,
            [.waitForAgent(silenceMs: 100, timeoutMs: 60_000), .say("rms/need.ulaw"), .staySilent(ms: 1_200), .hangUp],
            options: options)

        let call = try await theatre.record(of: report)
        #expect(try call.text("end_reason") == "caller_hangup")
        #expect(try call.text("transcript").contains("Hello, this is a test."))
        #expect(scene.audioBytes > report.said.count / 2)
        let lost = try Ear(of: call).frames_lost
        #expect(weather == .loss || weather == .all ? lost > 0 : lost == 0, "\(lost) frames lost")
        let greeting = Tone.frames(of: "Hello, this is a test.") * 20
        #expect(abs(Tone.ms(of: 0x20, in: report.heard) - greeting) <= 60)
    }

    @Test func `an agent that cannot read our settings leads to the fallback at once`() async throws {
        let theatre = try await Theatre.open()
        var part = ScriptedAgent.Part()
        part.errorForSettings = "UNPARSABLE_CLIENT_MESSAGE"
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(scene)

        let call = try await theatre.record(of: report)
        #expect(report.events.contains { $0.kind == .said })
        #expect(scene.settings.count == 1, "another attempt would fail the same way")
        #expect(try call.text("end_reason") == "agent_fault")
    }

    @Test func `an agent that floods the line with speech and messages is bounded and counted`() async throws {
        let theatre = try await Theatre.open()
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in
            leg.send(.conversationText(.assistant, "A very long speech"))
            for _ in 0..<7 { leg.sendAudio(Tone.audio(0x14, frames: 3_000)) }
            for index in 0..<300 { leg.sendText(#"{"type":"News\#(index % 100)","body":"\#(index)"}"#) }
            for _ in 0..<5 { leg.sendText("{") }
            leg.send(.agentAudioDone)
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(
            scene, until: { $0.contains { $0.kind == .agentSpoke } }, thenMs: 4_000)

        let call = try await theatre.record(of: report)
        let overrun = try Ear(of: call).overrun_bytes
        #expect(overrun > (420 - 300 - 10) * 8_000, "seven minutes do not fit into five: \(overrun)")
        #expect(Tone.ms(of: 0x14, in: report.heard) > 1_000)
        #expect(report.discardedMs < 1_000, "no more than the lead is ever at the carrier: \(report.discardedMs) ms")
        #expect(try call.text("end_reason") == "caller_hangup")
    }

    @Test func `seventy seconds said at once are kept, and cut off in one go`() async throws {
        let theatre = try await Theatre.open()
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in
            leg.send(.conversationText(.assistant, "A long speech"))
            for _ in 0..<70 { leg.sendAudio(Tone.audio(0x15, frames: 50)) }
            leg.send(.agentAudioDone)
        }
        part.onAudio = { leg, bytes in
            guard bytes == 160 * 75 else { return }
            leg.send(.userStartedSpeaking)
            leg.send(.conversationText(.user, "too long"))
            leg.speak("Shorter then", tone: 0x16)
        }
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(
            scene, until: { _ in scene.audioBytes >= 160 * 75 }, thenMs: 4_000)

        let call = try await theatre.record(of: report)
        #expect(try Ear(of: call).overrun_bytes == 0)
        #expect(Tone.ms(of: 0x16, in: report.heard) >= Tone.frames(of: "Shorter then") * 20 - 40)
    }
}
