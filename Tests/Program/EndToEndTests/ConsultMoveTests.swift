import CallModel
import Consult
import Database
import Encoding
import Foundation
import Gateway
import LiveCalls
import SpeechAgent
import Synchronization
import TestSupport
import Testing
import TwilioProtocol

/// Consults whose caller loses the line and is back on another stream, on the same media loop or on another one.
@Suite(.staged) struct ConsultMoveTests {
    @Test(arguments: [false, true])
    func `a consult goes on when the caller is back on another stream`(_ movesLoop: Bool) async throws {
        let isAsked = Mutex(false)
        let isBack = Mutex(false)
        let agent = try ScriptedAgent([part(isFirst: true), part(isFirst: false)])
        let stage = try await Stage.build(agentURL: agent.url) {
            $0.consults.asker = StagedSpecialists { _, _, _ in
                isAsked.withLock { $0 = true }
                for _ in 0..<400 where !isBack.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(50)) }
                return StagedSpecialists.answer
            }
        }
        let hand = try HandCarrier(stage.gateway.publicURL)
        let sid = HandCarrier.callSid()

        let first = try await talk(hand, try await hand.ring(sid), sid)
        for _ in 0..<400 where !isAsked.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(50)) }
        first.close()
        _ = try await first.ended()
        let document = try await hand.document("/twilio/resume", HandCarrier.fields(sid, status: "in-progress"))
        var stream = try #require(HandCarrier.stream(in: document))
        if movesLoop {
            let other = stream.url.hasSuffix("0") ? "1" : "0"
            stream.url = String(stream.url.dropLast()) + other
        }
        let second = try await talk(hand, stream, sid)
        for _ in 0..<400 where agent.settings.count < (movesLoop ? 2 : 1) || second.mediaCount == 0 {
            try await Task.sleep(for: .milliseconds(50))
        }
        isBack.withLock { $0 = true }
        for _ in 0..<400 where !goesOn(agent) { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)

        let call = try #require(try await stage.finalizedCall(sid))
        let id = SQLValue.uuid(try call.uuid("id"))
        let consults = try await stage.database.rows("select * from consults where call_id = $1", [id])
        let transcript = try call.text("transcript")
        #expect(try consults.map { try $0.text("ending") } == ["delivered"], "\(transcript)")
        #expect(agent.settings.count == (movesLoop ? 2 : 1))
        let consents = try await stage.database.rows(
            "select decision from consents where call_id = $1 and kind = 'consult'", [id])
        #expect(try consents.map { try $0.text("decision") } == ["yes"])
        let metrics = try await hand.send("GET", "/metrics", body: []).body
        for series in [
            "parley_consults_offered_total", "parley_consults_accepted_total",
            #"parley_consults_total{outcome="delivered"}"#, "parley_consult_answer_seconds_bucket",
        ] {
            #expect(metrics.contains(series), "\(series)")
        }
        await hand.shutdown()
        await stage.strike()
        await agent.shutdown()
    }

    /// Whether the agent was told that the consult is over.
    private func goesOn(_ agent: ScriptedAgent) -> Bool {
        agent.messages.contains {
            if case .updatePrompt(let text) = $0 { text.contains(AgentHold.goOn) } else { false }
        }
    }

    private func talk(_ hand: HandCarrier, _ stream: TwiML.Stream, _ sid: String) async throws -> HandStream {
        let socket = try await hand.open(stream.url, echoesMarks: true)
        socket.start(callSid: sid, token: stream.parameters["token"] ?? "")
        return socket
    }

    /// Asks for a consult once greeted, plays the caller's yes to the offer, and says what it is told to say.
    private func part(isFirst: Bool) -> ScriptedAgent.Part {
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in
            guard isFirst else { return }
            leg.after(ms: 300) { leg in
                leg.send(.conversationText(.user, ConsultScene.question))
                let arguments = WireJSON.object(["question": .string(ConsultScene.question)]).text
                leg.call(AgentTools.consult, id: "fc_1", arguments)
            }
        }
        part.onMessage = { leg, message in
            guard case .injectAgentMessage(let text, _) = message else { return }
            leg.send(.conversationText(.assistant, text))
            leg.speak("")
            if text.contains("Shall I ask them?") {
                leg.after(ms: 1_200) { $0.send(.conversationText(.user, "yes please")) }
            }
        }
        return part
    }
}
