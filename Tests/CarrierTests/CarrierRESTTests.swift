import Foundation
import Testing
import TwilioProtocol
import WebSocketTransport

@testable import Carrier

/// The REST interface, as the gateway uses it.
@Suite(.serialized) struct CarrierRESTTests {
    private static let streaming: FakeGateway.Answer = { gateway, webhook in
        switch webhook.path {
        case "/voice", "/outbound": gateway.connect(.redirect(url: gateway.url("/resume")))
        case "/resume": .xml(TwiML([.hangup]).xml)
        default: .empty(204)
        }
    }

    private func outbound(_ gateway: FakeGateway, to: String = "+15550004444") -> [FormField] {
        [
            FormField("To", to), FormField("From", "+15550001111"), FormField("Url", gateway.url("/outbound")),
            FormField("StatusCallback", gateway.url("/progress")), FormField("StatusCallbackEvent", "initiated"),
            FormField("StatusCallbackEvent", "ringing"), FormField("StatusCallbackEvent", "answered"),
            FormField("StatusCallbackEvent", "completed"),
        ]
    }

    @Test func `new TwiML tears the stream down while the call lives on`() async throws {
        let gateway = FakeGateway(answer: Self.streaming)
        try await CarrierRig.run(gateway) { rig in
            async let running = rig.carrier.placeCall(script: callerScript(.staySilent(ms: 120_000)))
            let happened1 = await rig.eventually { gateway.notes.events("media").count > 10 }
            #expect(happened1)
            let sid = try #require(gateway.notes.webhooks("/voice").first?["CallSid"])
            let before = try await rig.rest("GET", "Calls/\(sid).json")
            #expect(before["status"] == "in-progress")

            let twiml = TwiML([.say("one moment"), .hangup]).xml
            let answer = try await rig.rest("POST", "Calls/\(sid).json", [FormField("Twiml", twiml)])
            let report = try await running

            #expect(answer.status == 200 && answer["status"] == "in-progress")
            #expect(gateway.notes.received.last?.event == "stop")
            #expect(gateway.notes.webhooks("/resume").isEmpty)
            #expect(report.events.contains { $0.kind == .said && $0.text == "one moment" })
            #expect(report.status == "completed" && report.endedBy == .gateway)
        }
    }

    @Test func `the gateway hangs up through REST, and a late second try is told so`() async throws {
        let gateway = FakeGateway(answer: Self.streaming)
        try await CarrierRig.run(gateway) { rig in
            async let running = rig.carrier.placeCall(script: callerScript(.staySilent(ms: 120_000)))
            let happened2 = await rig.eventually { gateway.notes.events("media").count > 5 }
            #expect(happened2)
            let sid = try #require(gateway.notes.webhooks("/voice").first?["CallSid"])

            let first = try await rig.rest("POST", "Calls/\(sid).json", [FormField("Status", "completed")])
            let report = try await running
            let second = try await rig.rest("POST", "Calls/\(sid).json", [FormField("Status", "completed")])

            #expect(first.status == 200)
            #expect(report.endedBy == .gateway && report.status == "completed")
            #expect(gateway.notes.received.last?.event == "stop")
            #expect(second.status == 400 && second.code == 21_220)
            let after = try await rig.rest("GET", "Calls/\(sid).json")
            #expect(after["status"] == "completed")
        }
    }

    @Test func `wrong credentials, unknown calls and bad numbers are refused with the carrier's codes`() async throws {
        let gateway = FakeGateway(answer: Self.streaming)
        try await CarrierRig.run(gateway) { rig in
            let credentials = Base64.encode(Array("\(FakeGateway.account):wrong".utf8))
            let denied = await rig.carrier.answer(
                HTTPRequest(
                    method: "GET", path: "/2010-04-01/Accounts/\(FakeGateway.account)/Calls.json",
                    headers: [(name: "authorization", value: "Basic \(credentials)")]))
            let unknown = try await rig.rest("GET", "Calls/CA00000000000000000000000000000099.json")
            let invalid = try await rig.rest("POST", "Calls.json", outbound(gateway, to: "+15005550001"))
            let nowhere = try await rig.rest("GET", "Carrots.json")

            #expect(denied.status == 401 && String(decoding: denied.body, as: UTF8.self).contains("20003"))
            #expect(unknown.status == 404 && unknown.code == 20_404)
            #expect(invalid.status == 400 && invalid.code == 21_211)
            #expect(nowhere.status == 404 && nowhere.code == 20_404)
        }
    }

    @Test func `an outbound call rings, is answered, streams, and calls back in order`() async throws {
        let gateway = FakeGateway(answer: Self.streaming)
        let callee = Callee.answers(afterMs: 100, script: callerScript(.wait(ms: 400), .hangUp))
        try await CarrierRig.run(gateway, config: { $0.callee = { _ in callee } }) { rig in
            let created = try await rig.rest("POST", "Calls.json", outbound(gateway))
            let sid = try #require(created["sid"])
            #expect(created.status == 201 && created["status"] == "queued" && created["direction"] == "outbound-api")
            let happened3 = await rig.eventually { gateway.notes.webhooks("/progress").count == 4 }
            #expect(happened3)

            let progress = gateway.notes.webhooks("/progress")
            #expect(progress.map { $0["CallStatus"] } == ["initiated", "ringing", "in-progress", "completed"])
            #expect(progress.map { $0["SequenceNumber"] } == ["0", "1", "2", "3"])
            #expect(progress.prefix(3).allSatisfy { $0["CallDuration"] == nil })
            #expect((1...60).contains(progress[3]["CallDuration"].flatMap { Int($0) } ?? 0))
            #expect(progress.allSatisfy { $0.isSigned && $0["Direction"] == "outbound-api" && $0["CallSid"] == sid })
            #expect(gateway.notes.webhooks("/outbound").map { $0["CallStatus"] } == ["in-progress"])
            let report = await rig.carrier.outboundReport(callSid: sid)
            #expect(report?.endedBy == .caller)
            let listed = try await rig.rest("GET", "Calls.json?To=%2B15550004444")
            #expect((listed.json["calls"] as? [[String: Any]])?.first?["sid"] as? String == sid)
        }
    }

    @Test func `a busy number ends busy and nobody asks for TwiML`() async throws {
        let gateway = FakeGateway(answer: Self.streaming)
        try await CarrierRig.run(gateway, config: { $0.callee = { _ in .busy } }) { rig in
            _ = try await rig.rest("POST", "Calls.json", outbound(gateway))
            let happened4 = await rig.eventually { gateway.notes.webhooks("/progress").count == 2 }
            #expect(happened4)

            #expect(gateway.notes.webhooks("/progress").map { $0["CallStatus"] } == ["initiated", "busy"])
            #expect(gateway.notes.webhooks("/outbound").isEmpty)
        }
    }

    @Test func `a voicemail is announced by machine detection`() async throws {
        let gateway = FakeGateway(answer: Self.streaming)
        let callee = Callee.voicemail(afterMs: 50, script: callerScript(.wait(ms: 100), .hangUp))
        try await CarrierRig.run(gateway, config: { $0.callee = { _ in callee } }) { rig in
            _ = try await rig.rest("POST", "Calls.json", outbound(gateway) + [FormField("MachineDetection", "Enable")])
            let happened5 = await rig.eventually { gateway.notes.webhooks("/progress").count == 4 }
            #expect(happened5)

            #expect(gateway.notes.webhooks("/outbound").first?["AnsweredBy"] == "machine_start")
        }
    }

    @Test func `calls leave the queue at the account's rate and one cancelled in it never happened`() async throws {
        let gateway = FakeGateway(answer: Self.streaming)
        try await CarrierRig.run(
            gateway,
            config: {
                $0.callsPerSecond = 0.5
                $0.callee = { _ in .busy }
            }
        ) { rig in
            _ = try await rig.rest("POST", "Calls.json", outbound(gateway))
            _ = try await rig.rest("POST", "Calls.json", outbound(gateway, to: "+15550006666"))
            let last = try await rig.rest("POST", "Calls.json", outbound(gateway, to: "+15550005555"))
            let canceled = try await rig.rest(
                "POST", "Calls/\(try #require(last["sid"])).json", [FormField("Status", "canceled")])
            let happened6 = await rig.eventually { gateway.notes.webhooks("/progress").count == 4 }
            #expect(happened6)

            #expect(canceled["status"] == "canceled")
            #expect(Set(gateway.notes.webhooks("/progress").map { $0["To"] }) == ["+15550004444", "+15550006666"])
        }
    }
}
