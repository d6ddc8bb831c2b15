import CallModel
import Foundation
import Runtime
import Testing
import TwilioProtocol
import WebSocketTransport

@testable import SimulatedCarrier

/// Calls over real sockets into a fake gateway.
@Suite(.serialized) struct InboundCallTests {
    private static let hangupAnswer: FakeGateway.Answer = { gateway, webhook in
        webhook.path == "/voice" ? gateway.connect(.hangup) : .empty(204)
    }

    @Test func `an ordinary call is signed, streams 50 frames a second and ends with stop and a callback`() async throws
    {
        let gateway = FakeGateway(answer: Self.hangupAnswer)
        try await CarrierRig.run(gateway) { rig in
            let report = try await rig.carrier.placeCall(
                from: "+14155550123", script: callerScript(.wait(ms: 2_000), .hangUp))
            let notes = gateway.notes

            let voice = try #require(notes.webhooks("/voice").first)
            #expect(voice.isSigned)
            #expect(voice["CallStatus"] == "ringing" && voice["Direction"] == "inbound")
            #expect(voice["From"] == "+14155550123" && voice["Caller"] == "+14155550123")
            #expect(voice["AccountSid"] == FakeGateway.account && voice["CallSid"] == report.callSid)
            #expect(voice["FromCity"] == "")
            let upgrade = try #require(notes.upgrades.first)
            for header in ["sec-websocket-protocol", "sec-websocket-extensions", "origin"] {
                #expect(upgrade.header(header) == nil)
            }
            #expect(notes.received.prefix(3).map(\.event) == ["connected", "start", "media"])
            #expect(notes.events("start").first?.parameters == ["token": "q2J9<v>"])
            #expect(notes.received.last?.event == "stop")
            let media = notes.events("media")
            #expect(media.count == report.framesSent)
            #expect((20...102).contains(media.count), "two seconds, less what the stream took to open")
            #expect(media.allSatisfy { $0.payload.count == 160 })
            #expect(media.enumerated().allSatisfy { $0.element.chunk == String($0.offset + 1) })
            #expect(media.enumerated().allSatisfy { $0.element.timestamp == String($0.offset * 20) })
            let numbers = notes.received.dropFirst().compactMap(\.sequenceNumber)
            #expect(numbers == (1...numbers.count).map(String.init))
            let end = try #require(notes.webhooks("/status").first)
            #expect(end.isSigned && end["CallStatus"] == "completed")
            #expect((2...60).contains(end["CallDuration"].flatMap { Int($0) } ?? 0))
            #expect(end["Timestamp"]?.hasSuffix(" +0000") == true && end["SequenceNumber"] == "0")
            #expect(report.status == "completed" && report.endedBy == .caller)
            #expect(report.terminalCallbackDelivered == true && report.violations.isEmpty)
        }
    }

    @Test func `frames keep to one absolute schedule`() async throws {
        let gateway = FakeGateway(answer: Self.hangupAnswer)
        try await CarrierRig.run(gateway) { rig in
            _ = try await rig.carrier.placeCall(script: callerScript(.wait(ms: 1_500), .hangUp))

            let times = gateway.notes.events("media").map(\.at)
            let first = try #require(times.first)
            let drift = times.enumerated().map { $0.element.milliseconds(since: first) - Int64($0.offset) * 20 }
            // The most punctual frame of each half: what delays single frames is the machine's, what grows is ours.
            let half = drift.count / 2
            let (early, late) = (try #require(drift.prefix(half).min()), try #require(drift.suffix(half).min()))
            #expect(abs(late - early) < 60, "\(drift)")
        }
    }

    @Test func `marks come back when reached and all at once on clear, and cleared audio is not heard`() async throws {
        let gateway = FakeGateway(answer: Self.hangupAnswer) { talk, message, mediaSeen in
            if message.event == "start" {
                talk.mark("idle")
                talk.media(loudAudio(ms: 200))
                talk.mark("played")
                talk.media(loudAudio(ms: 3_000))
                talk.mark("flushed-1")
                talk.mark("flushed-2")
            } else if message.event == "media", mediaSeen == 40 {
                talk.clear()
            }
        }
        try await CarrierRig.run(gateway) { rig in
            let report = try await rig.carrier.placeCall(script: callerScript(.wait(ms: 4_500), .hangUp))
            let marks = gateway.notes.events("mark")

            #expect(marks.map(\.mark) == ["idle", "played", "flushed-1", "flushed-2"])
            #expect(report.marksEchoed == ["idle", "played", "flushed-1", "flushed-2"])
            #expect(report.clears.count == 1)
            let clear = try #require(report.clears.first)
            #expect((700...3_000).contains(clear.atMs))
            let firstMs = try #require(report.timings.firstByteMs)
            #expect(abs(report.discardedMs - (3_200 - (clear.atMs - firstMs))) < 100)
            #expect(report.heard.dropFirst((clear.atMs + 40) * 8).allSatisfy { $0 == 0xFF })
            #expect(report.pickupToFirstAudioMs ?? 9_999 < 4_000)
            #expect(report.discarded.first?.count == clear.discardedBytes)
        }
    }

    @Test func `a caller answers what was heard and the answer time is measured at the ear`() async throws {
        let gateway = FakeGateway(answer: Self.hangupAnswer) { talk, message, mediaSeen in
            if message.event == "start" { talk.media(loudAudio(ms: 400)) }
            if message.event == "media", mediaSeen == 100 { talk.media(loudAudio(ms: 300)) }
        }
        try await CarrierRig.run(gateway) { rig in
            let report = try await rig.carrier.placeCall(
                script: callerScript(
                    .waitForAgent(silenceMs: 300, timeoutMs: 30_000), .say("words"),
                    .waitForAgent(silenceMs: 300, timeoutMs: 30_000), .hangUp))

            let answer = try #require(report.timings.answers.first)
            #expect((950...5_000).contains(answer.endedMs))
            #expect((300...5_000).contains(answer.answeredAfterMs ?? 0))
            #expect(report.timings.longestSilenceMs >= 300)
            #expect(report.events.contains { $0.kind == .callerSpoke && $0.text == "some words" })
            let audible = gateway.notes.events("media").map { Audibility.isAudible($0.payload) }
            #expect(audible.filter { $0 }.count == 15)
            #expect(report.heard.count == report.said.count)
        }
    }

    @Test func `a key press arrives as dtmf`() async throws {
        let gateway = FakeGateway(answer: Self.hangupAnswer)
        try await CarrierRig.run(gateway) { rig in
            _ = try await rig.carrier.placeCall(
                script: callerScript(.wait(ms: 300), .press("5"), .press("#"), .wait(ms: 100), .hangUp))

            #expect(gateway.notes.events("dtmf").map(\.digit) == ["5", "#"])
        }
    }

    @Test func `when the gateway closes the stream the call goes on with the verbs after it, on a new stream`()
        async throws
    {
        let gateway = FakeGateway(
            answer: { gateway, webhook in
                switch webhook.path {
                case "/voice":
                    gateway.connect(.redirect(url: gateway.url("/resume")), statusCallback: gateway.url("/stream"))
                case "/resume": gateway.connect(.hangup)
                default: .empty(204)
                }
            },
            stream: { talk, message, mediaSeen in
                if message.event == "media", mediaSeen == 10 { talk.socket.close(code: 1_000, reason: "") }
            })
        try await CarrierRig.run(gateway) { rig in
            let report = try await rig.carrier.placeCall(script: callerScript(.staySilent(ms: 5_000), .hangUp))
            let notes = gateway.notes

            #expect(notes.webhooks("/resume").map { $0["CallStatus"] } == ["in-progress"])
            #expect(notes.webhooks("/resume").allSatisfy { $0.isSigned })
            #expect(Set(notes.events("start").compactMap(\.streamSid)).count == 2)
            #expect(notes.events("start").map(\.sequenceNumber) == ["1", "1"])
            #expect(notes.events("stop").isEmpty)
            #expect(notes.webhooks("/stream").map { $0["StreamEvent"] } == ["stream-started", "stream-stopped"])
            #expect(notes.webhooks("/stream").allSatisfy { $0.isSigned && $0["StreamName"] == "agent" })
            #expect(report.status == "completed" && report.endedBy == .gateway)
            #expect(report.streamSids.count == 2)
        }
    }

    @Test func `a cut connection is not a hang-up`() async throws {
        let gateway = FakeGateway(
            answer: { gateway, webhook in
                webhook.path == "/voice"
                    ? gateway.connect(.redirect(url: gateway.url("/resume"))) : .xml(TwiML([.hangup]).xml)
            })
        try await CarrierRig.run(gateway) { rig in
            var options = CallOptions()
            options.breakdown = .streamCut(afterMs: 200)
            let report = try await rig.carrier.placeCall(
                script: callerScript(.staySilent(ms: 5_000), .hangUp), options: options)

            #expect(gateway.notes.webhooks("/resume").count == 1)
            #expect(gateway.notes.events("stop").isEmpty)
            #expect(report.endedBy == .gateway)
        }
    }

    @Test(arguments: [CallOptions.Signature.wrong, .missing])
    func `a stream the gateway refuses is reported and the call goes on after it`(kind: CallOptions.Signature)
        async throws
    {
        let gateway = FakeGateway(answer: { gateway, webhook in
            webhook.path == "/voice" ? gateway.connect(.hangup, statusCallback: gateway.url("/stream")) : .empty(200)
        })
        try await CarrierRig.run(gateway) { rig in
            var options = CallOptions()
            options.streamSignature = kind
            let report = try await rig.carrier.placeCall(
                script: callerScript(.staySilent(ms: 5_000), .hangUp), options: options)

            #expect(report.events.contains { $0.kind == .streamFailed && $0.detail.contains("403") })
            #expect(gateway.notes.webhooks("/stream").map { $0["StreamEvent"] } == ["stream-error"])
            #expect(report.status == "completed" && report.framesSent == 0)
        }
    }

    @Test func `the first bad message of a stream is reported, and only the first`() async throws {
        let gateway = FakeGateway(answer: Self.hangupAnswer) { talk, message, _ in
            guard message.event == "start" else { return }
            talk.raw(
                #"{"event":"media","streamSid":"\#(talk.streamSid)","media":{"payload":"////","track":"outbound"}}"#)
            talk.raw(#"{"event":"clear","streamSid":"MZ00000000000000000000000000000000"}"#)
            talk.raw("not json")
        }
        try await CarrierRig.run(gateway) { rig in
            let report = try await rig.carrier.placeCall(script: callerScript(.wait(ms: 300), .hangUp))

            #expect(report.violations.count == 1)
            #expect(report.firstViolation?.hasPrefix("31951") == true)
            #expect(report.clears.isEmpty)
            #expect(report.heard.allSatisfy { $0 == 0xFF })
        }
    }

    @Test func `lost frames leave a gap in time and oddities do not break the numbers`() async throws {
        let gateway = FakeGateway(answer: Self.hangupAnswer)
        try await CarrierRig.run(gateway) { rig in
            var options = CallOptions()
            options.loseEvery = 10
            options.oddities = true
            _ = try await rig.carrier.placeCall(script: callerScript(.wait(ms: 1_500), .hangUp), options: options)
            let notes = gateway.notes

            #expect(!notes.events("weather").isEmpty)
            let stamps = notes.events("media").compactMap { $0.timestamp.flatMap { Int($0) } }
            #expect(stamps.contains(160) && !stamps.contains(180) && stamps.contains(200))
            #expect(notes.events("media").contains { $0.payload.isEmpty })
        }
    }
}
