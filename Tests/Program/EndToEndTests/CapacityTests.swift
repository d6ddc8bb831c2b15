import CallModel
import Database
import Foundation
import FoundationNetworking
import Gateway
import LiveCalls
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing

/// What needs a gateway of its own: a full one, a slow database, an agent that never says a word.
@Suite(.serialized, .staged) struct CapacityTests {
    @Test func `a full gateway gives the next caller the fallback, and the first call notices nothing`() async throws {
        let spoken = String(repeating: "on and on ", count: 6)
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in leg.speak(spoken, tone: 0x32) }
        let agent = try ScriptedAgent([part])
        let stage = try await Stage.build(agentURL: agent.url, settings: ["PARLEY_CALLS_MAX": "1"])
        _ = try await stage.database.secondTenant()
        let listens = try Stage.caller("listens", [.staySilent(ms: 15_000), .hangUp])
        async let first = stage.carrier.placeCall(script: listens)
        for _ in 0..<3_000 where stage.gateway.callCount == 0 { try await Task.sleep(for: .milliseconds(20)) }

        let ready = try #require(URL(string: stage.gateway.publicURL + "/readyz"))
        let (_, full) = try await URLSession.shared.data(from: ready)
        #expect((full as? HTTPURLResponse)?.statusCode == 503)
        #expect((full as? HTTPURLResponse)?.value(forHTTPHeaderField: "Retry-After") == "5")
        let second = try await stage.carrier.placeCall(from: "+14155550102", script: listens)
        let stranger = try await stage.carrier.placeCall(from: "+14155550103", to: "+15550100777", script: listens)

        #expect(
            second.events.contains { $0.kind == .said && $0.text?.contains("colleague will call you back") == true })
        #expect(second.streamSids.isEmpty)
        #expect(stranger.events.contains { $0.kind == .said && $0.text?.contains("not in service") == true })
        #expect(stranger.streamSids.isEmpty)
        let report = try await first
        let call = try #require(try await stage.finalizedCall(report.callSid))
        #expect(Tone.ms(of: 0x32, in: report.heard) >= Tone.frames(of: spoken) * 20 - 40)
        #expect(try call.text("end_reason") == "caller_hangup")
        #expect(try await stage.count("calls") == 1)

        let next = try await stage.carrier.placeCall(
            script: try Stage.caller("short", [.staySilent(ms: 2_000), .hangUp]))
        #expect(next.streamSids.count == 1, "the place is free again")
        for _ in 0..<200 where stage.gateway.callCount > 0 { try await Task.sleep(for: .milliseconds(20)) }
        let (_, empty) = try await URLSession.shared.data(from: ready)
        #expect((empty as? HTTPURLResponse)?.statusCode == 200)
        _ = try #require(try await stage.finalizedCall(next.callSid))
        await stage.strike()
        await agent.shutdown()
    }

    @Test func `an agent that accepts and never speaks is given up within five seconds`() async throws {
        var mute = ScriptedAgent.Part()
        mute.isMute = true
        let agent = try ScriptedAgent([mute])
        let stage = try await Stage.build(agentURL: agent.url) { $0.patience = .init() }

        let report = try await stage.carrier.placeCall(
            script: try Stage.caller("waits", [.staySilent(ms: 60_000), .hangUp]))

        let call = try #require(try await stage.finalizedCall(report.callSid))
        let fallback = try #require(report.events.first { $0.kind == .said })
        #expect((4_500...30_000).contains(fallback.atMs), "apology at 2.5 s, fallback at 5 s: \(fallback.atMs)")
        let apology = report.heard.dropFirst(8 * 2_000)
        #expect(apology.contains { $0 & 0x7F < 0x50 }, "nothing was said while a new agent was tried")
        #expect(try call.text("end_reason") == "agent_fault")
        await stage.strike()
        await agent.shutdown()
    }

    @Test func `a function that waits for a slow database is answered or covered, and a cancelled one is neither`()
        async throws
    {
        let (isLocked, isAsked) = (Flag(), Flag())
        var part = ScriptedAgent.Part()
        part.onAudio = { leg, bytes in
            guard isLocked.isUp, !isAsked.isUp else { return }
            isAsked.raise()
            leg.call("lookup_customer", id: "kept")
            leg.call("lookup_customer", id: "void")
            leg.send(
                .functionCallCancelled([.init(id: "void", name: "lookup_customer", arguments: "", clientSide: true)]))
        }
        let agent = try ScriptedAgent([part])
        let stage = try await Stage.build(agentURL: agent.url)
        let script = try Stage.caller("waits", [.staySilent(ms: 10_000), .hangUp])
        async let call = stage.carrier.placeCall(script: script)
        for _ in 0..<3_000 where agent.audioBytes < 160 * 10 { try await Task.sleep(for: .milliseconds(20)) }

        try await stage.database.owner.unscoped(timeoutMs: 60_000) { transaction in
            _ = try transaction.query("lock table contacts in access exclusive mode")
            isLocked.raise()
            _ = try transaction.query("select pg_sleep(2)")
        }
        let report = try await call

        _ = try #require(try await stage.finalizedCall(report.callSid))
        let answered = agent.messages.compactMap {
            if case .functionCallResponse(let id, _, _) = $0 { id } else { nil }
        }
        #expect(answered == ["kept"])
        await stage.strike()
        await agent.shutdown()
    }
}
