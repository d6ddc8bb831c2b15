import CallModel
import Database
import Encoding
import Foundation
import Gateway
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing
import TwilioProtocol
import WebSocketTransport

/// Requests and streams that are not what they should be, while a call is under way that must not notice.
@Suite(.staged) struct HostileInputTests {
    @Test func `webhooks that are unsigned, forged, malformed or too large are refused`() async throws {
        try await Theatre.undisturbed { theatre in
            let hand = try HandCarrier(theatre.stage.gateway.publicURL)
            let sid = HandCarrier.callSid()
            let fields = HandCarrier.fields(sid)
            for path in [
                "/twilio/voice", "/twilio/status", "/twilio/amd", "/twilio/resume", "/twilio/dial-done",
                "/twilio/stream-status",
            ] {
                #expect(try await hand.post(path, fields, signature: .missing).status == 403, "\(path)")
                #expect(try await hand.post(path, fields, signature: .wrong).status == 403, "\(path)")
                #expect(try await hand.send("PUT", path, body: []).status == 405, "\(path)")
                #expect(try await hand.send("GET", path, body: []).status == 403, "\(path)")
            }
            // Of a body nothing is read before there is a signature to check it with.
            let guess = String(repeating: "A", count: 27) + "="
            for body in ["CallSid=%zz", "a=\u{0}&b=%ff"] {
                let body = Array(body.utf8)
                #expect(try await hand.send("POST", "/twilio/voice", body: body).status == 403)
                #expect(try await hand.send("POST", "/twilio/voice", body: body, signature: guess).status == 400)
            }
            #expect(try await hand.post("/twilio/voice", [FormField("CallSid", "CAnot")]).status == 400)
            #expect(try await hand.post("/twilio/voice", []).status == 400)
            #expect(try await hand.post("/twilio/status", [FormField("CallSid", sid)]).status == 400)
            #expect(try await hand.post("/twilio/resume", []).status == 400)
            #expect(try await hand.post("/twilio/nowhere", fields).status == 404)
            let large = [UInt8](repeating: UInt8(ascii: "a"), count: 70_000)
            #expect(try await hand.send("POST", "/twilio/voice", body: large, signature: guess).status == 413)
            #expect(try await Self.head(theatre, "Content-Length: 3000000\r\nX-Twilio-Signature: \(guess)") == 413)
            #expect(try await Self.head(theatre, "Content-Length: 3000000") == 403)
            #expect(try await theatre.stage.count("calls where carrier_call_sid = $1", [.text(sid)]) == 0)
            await hand.shutdown()
        }
    }

    /// The status of a POST that promises a body it never sends.
    private static func head(_ theatre: Theatre, _ header: String) async throws -> Int {
        let client = RawSocket(port: theatre.stage.gateway.port)
        client.send("POST /twilio/voice HTTP/1.1\r\nHost: x\r\n\(header)\r\n\r\n")
        let answer = await client.answer(seconds: 60)
        return Int(answer.dropFirst("HTTP/1.1 ".count).prefix(3)) ?? 0
    }

    @Test func `a voice webhook that comes twice is one call with one record`() async throws {
        try await Theatre.undisturbed { theatre in
            let hand = try HandCarrier(theatre.stage.gateway.publicURL)
            let scene = try await theatre.scene([ScriptedAgent.Part()])
            let sid = HandCarrier.callSid()

            async let one = hand.ring(sid, to: scene.number)
            async let two = hand.ring(sid, to: scene.number)
            let (first, second) = try await (one, two)
            #expect(first.parameters["call"] == second.parameters["call"])
            #expect(first.parameters["token"] != second.parameters["token"])
            let stream = try await hand.talk(second, callSid: sid)
            for number in 1...20 { stream.media(number) }
            #expect(await stream.waits { $0.mediaCount > 0 })
            let done = try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed"))
            #expect(done.status == 204)
            let again = try await hand.document("/twilio/voice", HandCarrier.fields(sid, to: scene.number))
            #expect(again.verbs == [.hangup], "a webhook repeated after the end opens nothing")
            #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)

            _ = try #require(try await theatre.stage.finalizedCall(sid))
            #expect(try await theatre.stage.count("calls where carrier_call_sid = $1", [.text(sid)]) == 1)
            #expect(scene.settings.count == 1)
            await hand.shutdown()
        }
    }

    @Test func `a media stream must be signed`() async throws {
        try await Theatre.undisturbed { theatre in
            let hand = try HandCarrier(theatre.stage.gateway.publicURL)
            let scene = try await theatre.scene([ScriptedAgent.Part()])
            let sid = HandCarrier.callSid()
            let stream = try await hand.ring(sid, to: scene.number)
            for signature in [HandCarrier.Signature.missing, .wrong] {
                let refused = try await hand.open(stream.url, signature: signature)
                #expect(!refused.isOpen)
                #expect(refused.closing?.httpStatus == 403)
            }
            let elsewhere = try await hand.open(stream.url.replacingOccurrences(of: "/media/", with: "/other/"))
            #expect(elsewhere.closing?.httpStatus == 404)
            _ = try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed"))
            await hand.shutdown()
        }
    }

    @Test func `a stream without a valid token is closed and none of its audio is read`() async throws {
        try await Theatre.undisturbed { theatre in
            let hand = try HandCarrier(theatre.stage.gateway.publicURL)
            var part = ScriptedAgent.Part()
            part.onReady = { _, _ in }
            let scene = try await theatre.scene([part])
            let (sid, other) = (HandCarrier.callSid(), HandCarrier.callSid())
            let stream = try await hand.ring(sid, to: scene.number)
            let foreign = try await hand.ring(other, to: scene.number)
            let good = stream.parameters["token"] ?? ""
            let tampered = String(good.dropLast()) + (good.hasSuffix("0") ? "1" : "0")
            let parts = good.split(separator: ".")
            let prolonged = "v1.\((Int(parts[1]) ?? 0) + 1_000).\(parts[2]).\(parts[3])"
            let expired = "v1.1000.\(parts[2]).\(parts[3])"
            let wrong = [
                "", "x", tampered, prolonged, expired, foreign.parameters["token"] ?? "",
                String(repeating: "v", count: 400),
            ]

            try await withThrowingTaskGroup(of: Void.self) { group in
                for token in wrong {
                    group.addTask {
                        let socket = try await hand.open(stream.url)
                        socket.start(callSid: sid, token: token)
                        for number in 1...50 { socket.media(number) }
                        // Nothing gets a refused stream back in.
                        socket.start(callSid: sid, token: good)
                        #expect(try await socket.ended()?.code == 1008)
                        #expect(socket.texts.isEmpty)
                    }
                }
                try await group.waitForAll()
            }
            #expect(!scene.messages.contains { if case .injectUserMessage(_) = $0 { true } else { false } })
            let silenceOnly = scene.audioBytes

            let right = try await hand.talk(stream, callSid: sid)
            right.media()
            try await Task.sleep(for: .milliseconds(200))
            #expect(right.isOpen && right.closing == nil, "the good token was not spent by the bad ones")
            let replay = try await hand.talk(stream, callSid: sid)
            #expect(try await replay.ended()?.code == 1008)
            #expect(right.closing == nil, "a replayed token does not disturb the call it was for")
            #expect(silenceOnly < 160 * 50 * wrong.count)
            for sid in [sid, other] {
                _ = try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed"))
            }
            #expect(try await right.ended() != nil, "an ended call keeps no stream")

            let late = try await hand.open(stream.url)
            late.start(callSid: sid, token: good)
            #expect(try await late.ended()?.code == 1008, "a stream for a call that is over")
            await hand.shutdown()
        }
    }

    @Test func `a stream that does not start is closed after five seconds`() async throws {
        try await Theatre.undisturbed { theatre in
            let hand = try HandCarrier(theatre.stage.gateway.publicURL)
            let url =
                theatre.stage.gateway.publicURL.replacingOccurrences(of: "http://", with: "ws://") + "/twilio/media"
            let mute = try await hand.open(url)
            let chatty = try await hand.open(url)
            chatty.send(#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#)
            for number in 1...50 { chatty.media(number) }
            #expect(try await mute.ended()?.code == 1008)
            #expect(try await chatty.ended()?.code == 1008)
            for stream in [mute, chatty] { #expect(stream.lasted >= .milliseconds(3_500), "\(stream.lasted)") }
            await hand.shutdown()
        }
    }

    @Test func `a few messages that are nonsense are dropped, many close the stream, and the call outlives it`()
        async throws
    {
        try await Theatre.undisturbed { theatre in
            let hand = try HandCarrier(theatre.stage.gateway.publicURL)
            let scene = try await theatre.scene([ScriptedAgent.Part()])
            let sid = HandCarrier.callSid()
            let stream = try await hand.talk(try await hand.ring(sid, to: scene.number), callSid: sid)
            let nonsense = [
                "", "null", "[]", "{", "{\"event\":", #"{"event":5}"#, #"{"event":"media","media":{"payload":"%%%"}}"#,
                #"{"event":"media","media":{"track":"inbound","payload":"\#(String(repeating: "A", count: 20_000))"}}"#,
                #"{"event":"dtmf","dtmf":{"digit":"xyz"}}"#, String(repeating: "[", count: 5_000),
            ]
            for text in nonsense { stream.send(text) }
            stream.start(callSid: sid, token: "again", streamSid: stream.streamSid)
            stream.media()
            try await Task.sleep(for: .milliseconds(300))
            #expect(stream.closing == nil, "a few do no harm")
            for _ in 0..<30 { stream.send("{") }
            #expect(try await stream.ended()?.code == 1008)

            let next = try await hand.document("/twilio/resume", HandCarrier.fields(sid, status: "in-progress"))
            let resumed = try #require(HandCarrier.stream(in: next))
            let second = try await hand.talk(resumed, callSid: sid)
            second.media()
            try await Task.sleep(for: .milliseconds(200))
            #expect(second.closing == nil)
            second.start(callSid: sid, token: "again", streamSid: HandCarrier.streamSid())
            #expect(try await second.ended()?.code == 1008, "a second start for another stream")

            #expect(scene.settings.count == 1, "the agent leg outlives all of it")
            #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)
            _ = try #require(try await theatre.stage.finalizedCall(sid))
            await hand.shutdown()
        }
    }

    @Test func `binary and giant messages close their stream only`() async throws {
        try await Theatre.undisturbed { theatre in
            let hand = try HandCarrier(theatre.stage.gateway.publicURL)
            let scene = try await theatre.scene([ScriptedAgent.Part()])
            let sid = HandCarrier.callSid()
            let first = try await hand.talk(try await hand.ring(sid, to: scene.number), callSid: sid)
            first.sendBinary([1, 2, 3])
            #expect(try await first.ended()?.code == 1008)

            let again = try await hand.document("/twilio/resume", HandCarrier.fields(sid, status: "in-progress"))
            let second = try await hand.talk(try #require(HandCarrier.stream(in: again)), callSid: sid)
            let filler = String(repeating: "x", count: 100_000)
            second.send(#"{"event":"media","filler":"\#(filler)"}"#)
            try await Task.sleep(for: .milliseconds(200))
            #expect(second.closing == nil, "one message that is too long is dropped like any other")
            second.send(String(repeating: filler, count: 11))
            #expect(try await second.ended() != nil)
            _ = try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed"))
            _ = try #require(try await theatre.stage.finalizedCall(sid))
            await hand.shutdown()
        }
    }
}

extension Theatre {
    /// Does something while a call is under way whose agent talks without a pause, and sees that the call comes to no harm.
    static func undisturbed(_ work: (Theatre) async throws -> Void) async throws {
        let theatre = try await Theatre.open()
        let spoken = String(repeating: "on and on ", count: 8)
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in leg.speak(spoken, tone: 0x31) }
        let scene = try await theatre.scene([part])
        let isDone = Flag()
        // By what the agent hears: long enough for all that it says, however slow the machine.
        let heardBytes = 160 * (Tone.frames(of: spoken) + 150)
        async let listening = theatre.call(scene, until: { _ in isDone.isUp && scene.audioBytes >= heardBytes })

        do { try await work(theatre) } catch {
            isDone.raise()
            throw error
        }
        isDone.raise()

        let report = try await listening
        let call = try await theatre.record(of: report)
        #expect(report.streamSids.count == 1)
        #expect(scene.settings.count == 1)
        #expect(report.framesRefused == 0)
        #expect(try Ear(of: call).frames_lost == 0)
        #expect(Tone.ms(of: 0x31, in: report.heard) >= Tone.frames(of: spoken) * 20 - 40)
        #expect(try call.text("transcript").contains("on and on"))
        #expect(try call.text("end_reason") == "caller_hangup")
    }
}
