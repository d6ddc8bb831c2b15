import Encoding
import Foundation
import Testing
import TwilioProtocol
import WebSocketTransport

@testable import SimulatedCarrier

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

    /// All fields of a call that Twilio's own libraries read.
    private static let fieldNames: Set<String> = [
        "sid", "date_created", "date_updated", "parent_call_sid", "account_sid", "to", "to_formatted", "from",
        "from_formatted", "phone_number_sid", "status", "start_time", "end_time", "duration", "price", "price_unit",
        "direction", "answered_by", "api_version", "forwarded_from", "group_sid", "caller_name", "queue_time",
        "stir_verstat", "trunk_sid", "uri", "subresource_uris",
    ]

    @Test func `a call has every field the carrier's libraries read, and is gone when it is deleted`() async throws {
        let gateway = FakeGateway(answer: Self.streaming)
        let callee = Callee.answers(afterMs: 300, script: callerScript(.hangUp))
        try await CarrierRig.run(gateway, config: { $0.callee = { _ in callee } }) { rig in
            let created = try await rig.rest("POST", "Calls.json", outbound(gateway))
            let sid = try #require(created["sid"])
            let early = try await rig.rest("DELETE", "Calls/\(sid).json")
            let isOver = await rig.eventually {
                (try? await rig.rest("GET", "Calls/\(sid).json"))?["status"] == "completed"
            }
            #expect(isOver)

            let read = try await rig.rest("GET", "Calls/\(sid).json")
            let deleted = try await rig.rest("DELETE", "Calls/\(sid).json")
            let after = try await rig.rest("GET", "Calls/\(sid).json")
            let again = try await rig.rest("DELETE", "Calls/\(sid).json")

            #expect(Self.fieldNames.subtracting(created.json.keys).isEmpty)
            #expect(Self.fieldNames.subtracting(read.json.keys).isEmpty)
            #expect(read["to_formatted"] == "(555) 000-4444" && read["end_time"] != nil && read["duration"] != nil)
            #expect(early.status == 409)
            #expect(deleted.status == 204 && after.status == 404 && again.status == 404)
        }
    }

    @Test func `calls are listed a page at a time and by when they began`() async throws {
        let gateway = FakeGateway(answer: Self.streaming)
        let callee = Callee.answers(afterMs: 20, script: callerScript(.hangUp))
        try await CarrierRig.run(gateway, config: { $0.callee = { _ in callee } }) { rig in
            var sids: [String] = []
            for _ in 0..<3 {
                let sid = try #require(try await rig.rest("POST", "Calls.json", outbound(gateway))["sid"])
                _ = await rig.carrier.outboundReport(callSid: sid)
                let isOver = await rig.eventually {
                    (try? await rig.rest("GET", "Calls/\(sid).json"))?["status"] == "completed"
                }
                #expect(isOver)
                sids.insert(sid, at: 0)
            }
            func listed(_ query: String) async throws -> (sids: [String], next: String?, status: Int) {
                let answer = try await rig.rest("GET", "Calls.json?" + query)
                let calls = answer.json["calls"] as? [[String: Any]] ?? []
                return (calls.compactMap { $0["sid"] as? String }, answer["next_page_uri"], answer.status)
            }
            let base = "/2010-04-01/Accounts/\(FakeGateway.account)/Calls.json?"

            let first = try await listed("PageSize=2&Status=completed")
            let next = try #require(first.next)
            #expect(next.hasPrefix(base) && next.contains("Status=completed"))
            let second = try await listed(String(next.dropFirst(base.count)))

            #expect(first.sids == Array(sids.prefix(2)))
            #expect(second.sids == [sids[2]] && second.next == nil)
            #expect(try await listed("StartTime%3E=2020-01-02&EndTime%3C=2999-01-01T00%3A00%3A00Z").sids == sids)
            #expect(try await listed("StartTime%3E=2999-01-01").sids.isEmpty)
            #expect(try await listed("StartTime%3C=2020-01-02").sids.isEmpty)
            #expect(try await listed("StartTime=2020-01-02").sids.isEmpty)
            #expect(try await listed("To=%2B15559999999").sids.isEmpty)
            for wrong in ["PageSize=0", "PageSize=1001", "PageSize=x", "StartTime%3E=soon", "Page=-1", "PageToken=x"] {
                #expect(try await listed(wrong).status == 400, "\(wrong)")
            }
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
        let callee = Callee.machine(afterMs: 50, script: callerScript(.wait(ms: 100), .hangUp))
        try await CarrierRig.run(gateway, config: { $0.callee = { _ in callee } }) { rig in
            _ = try await rig.rest("POST", "Calls.json", outbound(gateway) + [FormField("MachineDetection", "Enable")])
            let happened5 = await rig.eventually { gateway.notes.webhooks("/progress").count == 4 }
            #expect(happened5)

            #expect(gateway.notes.webhooks("/outbound").first?["AnsweredBy"] == "machine_start")
        }
    }

    @Test func `who answers is told beside the call where that was asked for, and a fax is one`() async throws {
        let gateway = FakeGateway(answer: Self.streaming)
        let callee = Callee.machine(
            afterMs: 50, script: callerScript(.wait(ms: 1_500), .hangUp), isFax: true)
        try await CarrierRig.run(
            gateway,
            config: {
                $0.callee = { _ in callee }
                $0.detectionMs = 200
            }
        ) { rig in
            _ = try await rig.rest(
                "POST", "Calls.json",
                outbound(gateway) + [
                    FormField("MachineDetection", "Enable"), FormField("AsyncAmd", "true"),
                    FormField("AsyncAmdStatusCallback", gateway.url("/amd")),
                ])
            let isTold = await rig.eventually { !gateway.notes.webhooks("/amd").isEmpty }
            #expect(isTold)

            #expect(gateway.notes.webhooks("/amd").first?["AnsweredBy"] == "fax")
            #expect(gateway.notes.webhooks("/amd").first?["MachineDetectionDuration"] == "200")
            #expect(gateway.notes.webhooks("/outbound").first?["AnsweredBy"] == nil)
        }
    }

    @Test func `a call that is declined has rung, and ends with SIP 603`() async throws {
        let gateway = FakeGateway(answer: Self.streaming)
        try await CarrierRig.run(gateway, config: { $0.callee = { _ in .declines(afterMs: 50) } }) { rig in
            _ = try await rig.rest("POST", "Calls.json", outbound(gateway))
            let isOver = await rig.eventually { gateway.notes.webhooks("/progress").count == 3 }
            #expect(isOver)

            let progress = gateway.notes.webhooks("/progress")
            #expect(progress.map { $0["CallStatus"] } == ["initiated", "ringing", "failed"])
            #expect(progress.last?["SipResponseCode"] == "603")
            #expect(gateway.notes.webhooks("/outbound").isEmpty)
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
