import Foundation
import Testing
import TwilioProtocol
import WebSocketTransport

@testable import SimulatedCarrier

/// Webhooks that fail, callers that leave early, and the verbs besides the stream.
@Suite(.serialized) struct CallFailureTests {
    @Test func `a failing voice webhook is followed by the fallback with code and address`() async throws {
        let gateway = FakeGateway(answer: { _, webhook in
            switch webhook.path {
            case "/voice": .text("broken", status: 500)
            case "/fallback": .xml(TwiML([.say("sorry"), .hangup]).xml)
            default: .empty(200)
            }
        })
        try await CarrierRig.run(gateway, config: { $0.fallbackURL = gateway.url("/fallback") }) { rig in
            let report = try await rig.carrier.placeCall(script: callerScript(.staySilent(ms: 5_000)))

            let fallback = try #require(gateway.notes.webhooks("/fallback").first)
            #expect(fallback["ErrorCode"] == "11200" && fallback["ErrorUrl"] == gateway.url("/voice"))
            #expect(fallback.isSigned)
            #expect(report.status == "completed")
            #expect(report.events.contains { $0.kind == .said && $0.text == "sorry" })
            #expect(report.timings.firstAudibleMs ?? 9_999 < 4_000)
        }
    }

    @Test func `a webhook with a redirect, a wrong type or no TwiML fails the call`() async throws {
        for (answer, code) in [
            (HTTPResponse(status: 302, headers: [(name: "location", value: "/elsewhere")]), "11215"),
            (HTTPResponse.text("<Response/>"), "12300"), (HTTPResponse.xml("<Response><Dance/></Response>"), "12200"),
            (HTTPResponse.xml("\n<Response>"), "12100"),
            (HTTPResponse(status: 401, headers: [(name: "www-authenticate", value: "Basic realm=\"x\"")]), "11200"),
        ] {
            let gateway = FakeGateway(answer: { _, webhook in webhook.path == "/voice" ? answer : .empty(200) })
            try await CarrierRig.run(gateway) { rig in
                let report = try await rig.carrier.placeCall(script: callerScript(.hangUp))

                #expect(report.status == "failed")
                #expect(report.failure?.contains(code) == true, "\(report.failure ?? "none") for \(code)")
                #expect(gateway.notes.webhooks("/elsewhere").isEmpty)
                #expect(gateway.notes.webhooks("/status").map { $0["CallStatus"] } == ["failed"])
            }
        }
    }

    @Test func `a caller who hangs up while the voice webhook is open is gone at once`() async throws {
        let gateway = FakeGateway(answer: { gateway, webhook in
            if webhook.path == "/voice" { try? await Task.sleep(for: .seconds(60)) }
            return webhook.path == "/voice" ? gateway.connect(.hangup) : .empty(200)
        })
        try await CarrierRig.run(gateway) { rig in
            var options = CallOptions()
            options.hangUpAfterMs = 200
            let report = try await rig.carrier.placeCall(script: callerScript(), options: options)

            #expect(report.status == "canceled" && report.endedBy == .caller)
            #expect(report.answeredMs == nil)
            #expect(report.endedAt.timeIntervalSince(report.placedAt) < 30)
            #expect(gateway.notes.webhooks("/status").map { $0["CallStatus"] } == ["canceled"])
            #expect(gateway.notes.upgrades.isEmpty)
        }
    }

    @Test func `a rejected call is never answered`() async throws {
        let gateway = FakeGateway(answer: { _, webhook in
            webhook.path == "/voice" ? .xml(TwiML([.reject(.busy)]).xml) : .empty(200)
        })
        try await CarrierRig.run(gateway) { rig in
            let report = try await rig.carrier.placeCall(script: callerScript(.hangUp))

            #expect(report.status == "busy" && report.answeredMs == nil)
        }
    }

    @Test func `a wrong webhook signature is really wrong`() async throws {
        let gateway = FakeGateway(answer: { _, webhook in webhook.isSigned ? .xml("<Response/>") : .empty(403) })
        try await CarrierRig.run(gateway) { rig in
            var options = CallOptions()
            options.webhookSignature = .wrong
            let report = try await rig.carrier.placeCall(script: callerScript(.hangUp), options: options)

            #expect(gateway.notes.webhooks("/voice").first?.isSigned == false)
            #expect(report.failure?.contains("403") == true)
        }
    }

    @Test func `a status callback that fails is tried again`() async throws {
        let gateway = FakeGateway(answer: { gateway, webhook in
            guard webhook.path == "/status" else { return .xml("<Response/>") }
            return gateway.notes.webhooks("/status").count < 2 ? .empty(503) : .empty(204)
        })
        try await CarrierRig.run(gateway) { rig in
            let report = try await rig.carrier.placeCall(script: callerScript(.hangUp))

            #expect(gateway.notes.webhooks("/status").count == 2)
            #expect(report.terminalCallbackDelivered == true)
        }
    }

    @Test func `a dial that finds nobody asks its action what next`() async throws {
        let gateway = FakeGateway(answer: { gateway, webhook in
            switch webhook.path {
            case "/voice":
                .xml(TwiML([.dial(number: "+15550003333", action: gateway.url("/dialed")), .hangup]).xml)
            case "/dialed": .xml(TwiML([.hangup]).xml)
            default: .empty(200)
            }
        })
        try await CarrierRig.run(gateway, config: { $0.callee = { _ in .busy } }) { rig in
            let report = try await rig.carrier.placeCall(script: callerScript(.staySilent(ms: 5_000)))

            let dialed = try #require(gateway.notes.webhooks("/dialed").first)
            #expect(dialed["DialCallStatus"] == "busy" && dialed["DialBridged"] == "false" && dialed.isSigned)
            #expect(report.status == "completed")
        }
    }

    @Test func `both sides are saved as WAV files and a report, and nothing else`() async throws {
        let gateway = FakeGateway(
            answer: { gateway, webhook in webhook.path == "/voice" ? gateway.connect(.hangup) : .empty(200) },
            stream: { talk, message, _ in if message.event == "start" { talk.media(loudAudio(ms: 100)) } })
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("carrier-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await CarrierRig.run(gateway) { rig in
            let report = try await rig.carrier.placeCall(script: callerScript(.wait(ms: 100), .say("words"), .hangUp))
            try report.save(directory: folder.path)

            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(names == ["agent.wav", "caller.wav", "report.json"])
            for (name, audio) in [("agent.wav", report.heard), ("caller.wav", report.said)] {
                let file = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
                #expect(Array(file[0..<4]) == Array("RIFF".utf8) && Array(file[8..<16]) == Array("WAVEfmt ".utf8))
                #expect(file[20] == 7 && file[22] == 1 && file[24] == 0x40 && file[25] == 0x1F)
                #expect(Int(file[4]) | Int(file[5]) << 8 | Int(file[6]) << 16 == file.count - 8)
                #expect(Array(file[58..<58 + audio.count]) == audio)
                #expect(Audibility.frames(audio).contains(true))
            }
        }
    }
}
