import CallModel
import Database
import Foundation
import Gateway
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing
import TwilioProtocol

/// What a call's record has to hold to its last word, and what happens where it cannot be kept.
@Suite(.staged) struct WholeRecordTests {
    @Test(arguments: [(200, 400), (0, 600), (-200, 400)])
    func `words understood after the hang-up are on record`(overMs: Int, wordsMs: Int) async throws {
        var part = ScriptedAgent.Part()
        part.onAudio = { leg, bytes in
            guard bytes == 160 * 25 else { return }
            leg.send(.conversationText(.user, "I need a demo"))
            leg.after(ms: Int64(300 + wordsMs)) { $0.send(.conversationText(.user, "and never call me again")) }
        }
        let agent = try ScriptedAgent([part])
        let stage = try await Stage.build(agentURL: agent.url)
        let hand = try HandCarrier(stage.gateway.publicURL)
        let sid = HandCarrier.callSid()
        let stream = try await hand.talk(try await hand.ring(sid), callSid: sid)
        for number in 1...3_000 where agent.audioBytes < 160 * 25 {
            stream.media(number)
            try await Task.sleep(for: .milliseconds(20))
        }

        let stop = Task {
            try await Task.sleep(for: .milliseconds(300))
            stream.send(#"{"event":"stop","streamSid":"\#(stream.streamSid)"}"#)
            stream.close()
        }
        try await Task.sleep(for: .milliseconds(300 + overMs))
        let told = try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed"))

        #expect(told.status == 204)
        let call = try #require(try await stage.finalizedCall(sid))
        #expect(try call.text("transcript").contains("Caller: and never call me again"))
        #expect(try call.text("outcome") == "do_not_call")
        #expect(try call.text("end_reason") == "caller_hangup")
        _ = await stop.result
        await hand.shutdown()
        await stage.strike()
        await agent.shutdown()
    }

    @Test(arguments: ["no-answer", "canceled", "busy"])
    func `a caller who gives up before the stream has abandoned the call`(status: String) async throws {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await Stage.build(agentURL: agent.url)
        let hand = try HandCarrier(stage.gateway.publicURL)
        let sid = HandCarrier.callSid()
        _ = try await hand.ring(sid)

        #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: status)).status == 204)

        let call = try #require(try await stage.finalizedCall(sid))
        #expect(try call.text("disposition") == "abandoned")
        #expect(try call.text("end_reason") == "caller_hangup")
        #expect(try call.text("outcome") == "no_speech")
        #expect(try call.text("status") == "completed")
        await hand.shutdown()
        await stage.strike()
        await agent.shutdown()
    }

    @Test func `an answer of 1,500 sentences and 3,000 warnings leave a whole record and a small journal`() async throws
    {
        let sentences = (1...1_500).map { "This is sentence \($0) of an answer that does not want to end." }
        let code = String(repeating: "WARNING_", count: 100)
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in
            for _ in 0..<3_000 { leg.sendText(#"{"type":"Warning","code":"\#(code)","description":"d"}"#) }
            for sentence in sentences { leg.send(.conversationText(.assistant, sentence)) }
            leg.sendAudio(Tone.audio(0x17, frames: 100))
            leg.send(.agentAudioDone)
        }
        let theatre = try await Theatre.open()
        let scene = try await theatre.scene([part])

        let report = try await theatre.call(
            scene, until: { $0.contains { $0.kind == .agentFellSilent } }, thenMs: 500)

        let call = try await theatre.record(of: report)
        let turns = try await theatre.stage.database.rows(
            "select text from conversations where call_id = $1 and speaker = 'agent' order by turn_number",
            [.uuid(call.uuid("id"))])
        let texts = try turns.map { try $0.text("text") }
        let said = texts.joined(separator: " ")
        let missing = sentences.filter { !said.contains($0) }
        #expect(missing.isEmpty, "\(missing.count) of them, from \(missing.first ?? "")")
        #expect(said.hasSuffix(sentences.last ?? "?"))
        #expect(texts.allSatisfy { $0.utf8.count <= Turn.textBytesMax })
        #expect(try await theatre.stage.journal(of: call).utf8.count < 4 << 20)
        #expect(try call.text("end_reason") == "caller_hangup")
    }

    @Test func `without a journal no new call is taken, and none that ended is called safe`() async throws {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await Stage.build(agentURL: agent.url)
        let hand = try HandCarrier(stage.gateway.publicURL)
        let (sid, late) = (HandCarrier.callSid(), HandCarrier.callSid())
        let stream = try await hand.talk(try await hand.ring(sid), callSid: sid)
        #expect(await stream.waits { $0.mediaCount > 5 })
        let folder = stage.dataDirectory + "/journals"

        try FileManager.default.moveItem(atPath: folder, toPath: folder + "-away")
        var ready = (status: 200, body: "")
        for _ in 0..<400 where ready.status == 200 {
            ready = try await hand.send("GET", "/readyz", body: [])
            try await Task.sleep(for: .milliseconds(50))
        }

        #expect(ready.status == 503 && ready.body.contains(#""journal":{"ready":false"#), "\(ready.body)")
        let refused = try await hand.document("/twilio/voice", HandCarrier.fields(late))
        #expect(HandCarrier.stream(in: refused) == nil)
        stream.send(#"{"event":"stop","streamSid":"\#(stream.streamSid)"}"#)
        stream.close()
        #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 503)

        try FileManager.default.moveItem(atPath: folder + "-away", toPath: folder)
        var told = 503
        for _ in 0..<400 where told != 204 {
            told = try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(told == 204)
        #expect(try await stage.finalizedCall(sid) != nil)
        for _ in 0..<400 where ready.status != 200 {
            ready = try await hand.send("GET", "/readyz", body: [])
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(ready.status == 200)
        #expect(HandCarrier.stream(in: try await hand.document("/twilio/voice", HandCarrier.fields(late))) != nil)
        await hand.shutdown()
        await stage.strike()
        await agent.shutdown()
    }
}
