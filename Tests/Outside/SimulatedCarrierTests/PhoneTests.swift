import Encoding
import Foundation
import Synchronization
import Testing
import TwilioProtocol
import WebSocketTransport

@testable import SimulatedCarrier

/// The phone of browsers over real sockets: page, carrier and gateway.
@Suite(.serialized) struct PhoneTests {
    private static let hangupAnswer: FakeGateway.Answer = { gateway, webhook in
        webhook.path == "/voice" ? gateway.connect(.hangup) : .empty(204)
    }

    private static func gateway(says audio: [UInt8] = []) -> FakeGateway {
        FakeGateway(answer: hangupAnswer) { talk, message, _ in
            if message.event == "start", !audio.isEmpty { talk.media(audio) }
        }
    }

    @Test func `a call is placed as any other is, and its end is told on both sides once`() async throws {
        try await PhoneRig.run(Self.gateway()) { rig in
            let phone = try await rig.calling(#"{"event":"call","from":"+14155550177","to":"+15550100100"}"#)
            phone.say(#"{"event":"hang_up"}"#)

            #expect(await phone.eventually { $0.closing != nil })
            let (notes, webhooks) = (phone.notes, rig.gateway.notes.webhooks)
            let voice = try #require(webhooks.first { $0.path == "/voice" })
            #expect(webhooks.allSatisfy(\.isSigned) && voice["From"] == "+14155550177")
            let ends = webhooks.filter { $0.path == "/status" }
            #expect(ends.map { $0["CallStatus"] } == ["completed"])
            let events = notes.messages.compactMap { $0["event"]?.string }
            #expect(events.prefix(2) == ["placed", "ringing"] && events.last == "over")
            #expect(events.firstIndex(of: "ringing") ?? .max < events.firstIndex(of: "answered") ?? 0)
            #expect(notes.first("over")?["ended_by"]?.string == "caller")
            #expect(notes.first("over")?["call_sid"]?.string == voice["CallSid"])
            #expect(notes.closing?.code == 1_000 && rig.tickets.phonesInUse == 0)
        }
    }

    @Test func `what the agent says is heard whole and in order, in frames of 20 ms`() async throws {
        let speech = (0..<16_000).map { UInt8($0 % 251) }
        try await PhoneRig.run(Self.gateway(says: speech)) { rig in
            let phone = try await rig.calling()
            #expect(await phone.eventually { $0.frames.count > 150 })

            let frames = phone.notes.frames
            #expect(frames.allSatisfy { $0.count == 160 })
            let heard = frames.joined().drop { $0 == PlayoutBuffer.silence }
            #expect(Array(heard.prefix(speech.count)) == speech)
            #expect(heard.dropFirst(speech.count).allSatisfy { $0 == PlayoutBuffer.silence })
        }
    }

    @Test func `what is said is in the stream whole and in order`() async throws {
        try await PhoneRig.run(Self.gateway()) { rig in
            let phone = try await rig.calling()
            for number in UInt8(1)...60 {
                phone.sound([UInt8](repeating: number, count: 160))
                try await Task.sleep(for: .milliseconds(19))
            }
            // The last one waits for one more.
            phone.sound([UInt8](repeating: 61, count: 320))
            _ = await rig.rig.eventually { rig.gateway.notes.events("media").contains { $0.payload.first == 60 } }
            phone.say(#"{"event":"hang_up"}"#)
            #expect(await phone.eventually { $0.closing != nil })

            let payloads = rig.gateway.notes.events("media").map(\.payload)
            #expect(payloads.allSatisfy { $0.count == 160 && Set($0).count == 1 }, "frames are whole")
            let said = payloads.compactMap(\.first).filter { $0 != PlayoutBuffer.silence }
            let dropped = phone.notes.first("over")?["frames_dropped"]?.integer ?? .max
            #expect(said == said.sorted() && said.first == 1)
            #expect(Set(said).count >= 60 - dropped, "\(said)")
        }
    }

    @Test func `who talks faster than the clock is heard at the clock's pace, the newest of it`() async throws {
        try await PhoneRig.run(Self.gateway()) { rig in
            let phone = try await rig.calling()
            for start in stride(from: 1, to: 200, by: 10) {
                phone.sound((start..<start + 10).flatMap { [UInt8](repeating: UInt8($0), count: 160) })
            }
            _ = await rig.rig.eventually { rig.gateway.notes.events("media").contains { $0.payload.first == 200 } }
            phone.say(#"{"event":"hang_up"}"#)
            #expect(await phone.eventually { $0.closing != nil })

            let said = rig.gateway.notes.events("media").compactMap(\.payload.first).filter {
                $0 != PlayoutBuffer.silence
            }
            #expect(said == said.sorted() && said.last == 200 && said.count < 200)
            #expect(phone.notes.first("over")?["frames_dropped"]?.integer ?? 0 > 0)
        }
    }

    @Test func `a ticket opens once, and for the gateway's own page alone`() async throws {
        try await PhoneRig.run(Self.gateway()) { rig in
            func status(_ ticket: String?, _ origin: String?) async throws -> Int? {
                let phone = try await rig.phone(ticket: ticket, origin: origin)
                #expect(await phone.eventually { $0.closing != nil })
                #expect(!phone.notes.isOpen)
                return phone.notes.closing?.httpStatus
            }
            let ticket = try #require(rig.tickets.issue(for: "ann"))
            #expect(try await status(ticket, "https://evil.example") == 403)
            #expect(try await status(ticket, "http://127.0.0.1:8081") == 403)
            #expect(try await status(ticket, nil) == 403)
            #expect(try await status(nil, PhoneClient.origin) == 401)
            #expect(try await status(String(repeating: "0", count: 64), PhoneClient.origin) == 401)
            #expect(rig.tickets.isGood(ticket), "who is refused takes nothing")

            let phone = try await rig.phone(ticket: ticket)
            #expect(await phone.eventually { $0.isOpen })
            #expect(try await status(ticket, PhoneClient.origin) == 401)
            #expect(rig.gateway.notes.webhooks.isEmpty, "nobody has called")
        }
    }

    @Test func `a page that is gone has hung up, and the carrier tells the end once`() async throws {
        try await PhoneRig.run(Self.gateway()) { rig in
            let phone = try await rig.calling()
            phone.vanish()

            #expect(await rig.rig.eventually { !rig.gateway.notes.webhooks("/status").isEmpty })
            try await Task.sleep(for: .milliseconds(300))
            let ends = rig.gateway.notes.webhooks("/status")
            #expect(ends.count == 1 && ends.first?["CallStatus"] == "completed")
            #expect(rig.gateway.notes.received.last?.event == "stop" && rig.tickets.phonesInUse == 0)
        }
    }

    @Test(arguments: [
        #"{"event":"dance"}"#, #"{"event":"say","text":""}"#, #"{"event":"press","keys":"12x"}"#, "[]", "{", "",
        #"{"event":"call"}"#, #"{"event":7}"#,
    ])
    func `a message that is none ends the phone and its call`(message: String) async throws {
        try await PhoneRig.run(Self.gateway()) { rig in
            let phone = try await rig.calling()
            phone.say(message)

            #expect(await phone.eventually { $0.closing != nil })
            #expect(phone.notes.closing?.code == 1_008, "\(String(describing: phone.notes.closing))")
            #expect(await rig.rig.eventually { rig.gateway.notes.webhooks("/status").count == 1 })
        }
    }

    @Test(arguments: [0, 1, 159, 161, 1_760, 100_000])
    func `sound that is no frames ends the phone and its call`(bytes: Int) async throws {
        try await PhoneRig.run(Self.gateway()) { rig in
            let phone = try await rig.calling()
            phone.sound([UInt8](repeating: 7, count: bytes))

            #expect(await phone.eventually { $0.closing != nil })
            #expect(phone.notes.closing?.code == 1_008)
            #expect(await rig.rig.eventually { rig.gateway.notes.webhooks("/status").count == 1 })
        }
    }

    @Test func `a message above its measure ends the phone, one before the call too`() async throws {
        try await PhoneRig.run(Self.gateway()) { rig in
            let phone = try await rig.calling()
            phone.say(#"{"event":"say","text":""# + String(repeating: "a", count: 5_000) + #""}"#)
            #expect(await phone.eventually { $0.closing != nil })
            #expect(phone.notes.closing?.code == 1_009)

            let early = try await rig.phone(ticket: rig.tickets.issue(for: "ann"))
            _ = await early.eventually { $0.isOpen }
            early.say(#"{"event":"say","text":"hello"}"#)
            #expect(await early.eventually { $0.closing?.code == 1_008 })
            let wrong = try await rig.phone(ticket: rig.tickets.issue(for: "ann"))
            _ = await wrong.eventually { $0.isOpen }
            wrong.say(#"{"event":"call","caller":"../../etc/passwd.json"}"#)
            #expect(await wrong.eventually { $0.closing?.code == 1_008 })
            #expect(rig.gateway.notes.webhooks("/voice").count == 1)
        }
    }

    @Test func `a text is spoken, and heard by who typed it; keys are pressed`() async throws {
        try await PhoneRig.run(Self.gateway()) { rig in
            let phone = try await rig.calling()
            phone.say(#"{"event":"say","text":"We need a new phone system."}"#)
            phone.say(#"{"event":"press","keys":"4#"}"#)
            #expect(await phone.eventually { $0.first("caller_fell_silent") != nil })
            phone.say(#"{"event":"hang_up"}"#)
            #expect(await phone.eventually { $0.closing != nil })

            #expect(phone.notes.first("caller_spoke")?["text"]?.string == "We need a new phone system.")
            let notes = rig.gateway.notes
            #expect(notes.events("media").count { Audibility.isAudible($0.payload) } > 25, "half a second at least")
            #expect(phone.notes.frames.count { Audibility.isAudible($0) } > 25)
            #expect(notes.events("dtmf").compactMap(\.digit) == ["4", "#"])
        }
    }

    @Test func `so much may wait to be said and no more`() async throws {
        try await PhoneRig.run(Self.gateway()) { rig in
            let phone = try await rig.calling()
            let long = String(repeating: "please say this as slowly as you can ", count: 10)
            for _ in 0..<8 { phone.say(#"{"event":"say","text":"\#(long)"}"#) }
            #expect(await phone.eventually { $0.first("caller_spoke") != nil })
            try await Task.sleep(for: .milliseconds(500))
            // All of it is spoken by now, and stands in the way of more until it is said.
            for _ in 0..<12 { phone.say(#"{"event":"say","text":"\#(long)"}"#) }

            #expect(await phone.eventually { $0.messages.count { $0["event"]?.string == "refused" } == 12 })
            phone.say(#"{"event":"hang_up"}"#)
            #expect(await phone.eventually { $0.closing != nil })
        }
    }

    @Test func `of a phone that has gone nothing stays`() async throws {
        try await PhoneRig.run(Self.gateway()) { rig in
            let phone = try await rig.calling()
            phone.say(#"{"event":"say","text":"Good morning."}"#)
            #expect(await phone.eventually { $0.first("caller_fell_silent") != nil })
            weak let call = await rig.rig.carrier.callsInOrder.last
            #expect(call != nil)
            phone.say(#"{"event":"hang_up"}"#)
            #expect(await phone.eventually { $0.closing != nil })

            #expect(await phone.eventually { _ in call == nil }, "the call is still held")
        }
    }

    @Test func `a scripted caller has the phone, is heard by who listens, and hangs up`() async throws {
        try await PhoneRig.run(Self.gateway(says: loudAudio(ms: 4_000))) { rig in
            let phone = try await rig.calling(#"{"event":"call","caller":"hangup-mid-greeting"}"#)

            #expect(await phone.eventually { $0.closing != nil })
            #expect(phone.notes.first("over")?["ended_by"]?.string == "caller")
            let script = try CallerScript.load(named: "hangup-mid-greeting", from: .builtIn)
            #expect(rig.gateway.notes.webhooks("/voice").first?["From"] == script.from ?? PhoneDesk.callerStandard)
            #expect(PhoneDesk.callers(.builtIn).map(\.name).contains("hangup-mid-greeting"))
            #expect(PhoneDesk.callers(.builtIn).allSatisfy { !$0.name.hasPrefix("callee-") && !$0.about.isEmpty })
        }
    }
}

/// What needs no socket.
@Suite struct PhonePartsTests {
    @Test func `a ticket is somebody's, for half a minute, and nobody has more than their share`() throws {
        let clock = Mutex(ContinuousClock.now)
        let tickets = PhoneTickets(now: { clock.withLock { $0 } })
        let old = try #require(tickets.issue(for: "ann"))
        clock.withLock { $0 += .seconds(PhoneTickets.seconds) }
        #expect(!tickets.isGood(old) && tickets.redeem(old) == .refused)

        let given = (0..<20).compactMap { _ in tickets.issue(for: "ann") }
        #expect(given.count == 10 && tickets.issue(for: "bob") != nil)
        let phones = given.map { tickets.redeem($0) }
        #expect(
            phones == [.phone(holder: "ann"), .phone(holder: "ann"), .phone(holder: "ann")]
                + [PhoneTickets.Admission](repeating: .tooManyPhones, count: 7))
        tickets.giveBack("ann")
        let next = try #require(tickets.issue(for: "ann"))
        #expect(tickets.redeem(next) == .phone(holder: "ann") && tickets.redeem(next) == .refused)
    }

    @Test func `frames wait for one another, and silence gives way where they pile up`() {
        func frame(_ code: UInt8) -> [UInt8] { [UInt8](repeating: code, count: 160) }
        var buffer = MicrophoneBuffer()
        buffer.append(frame(1))
        #expect(buffer.next() == nil, "one alone is a stutter")
        buffer.append(frame(2))
        #expect(buffer.next() == frame(1) && buffer.next() == frame(2) && buffer.next() == nil)

        for _ in 0..<20 { buffer.append(frame(PlayoutBuffer.silence)) }
        buffer.append(frame(3))
        var waited = 0
        while let next = buffer.next(), next != frame(3) { waited += 1 }
        #expect(waited < 8 && buffer.dropped > 12)
        for code in UInt8(1)...60 { buffer.append(frame(code)) }
        #expect(buffer.next() == frame(UInt8(61 - MicrophoneBuffer.framesMax)))
    }

    @Test func `an order is read whole or not at all`() throws {
        func order(_ text: String) -> PhoneOrder? { try? PhoneOrder(Array(text.utf8)) }
        #expect(order(#"{"event":"call"}"#) == .call(to: nil, from: nil, caller: nil))
        #expect(
            order(#"{"event":"call","to":"+15550100100","x":1}"#) == .call(to: "+15550100100", from: nil, caller: nil))
        #expect(order(#"{"event":"press","keys":"1*#A"}"#) == .press(["1", "*", "#", "A"]))
        #expect(order(#"{"event":"hang_up"}"#) == .hangUp)
        for text in [
            #"{"event":"call","to":"555"}"#, #"{"event":"call","to":5}"#, #"{"event":"play"}"#,
            #"{"event":"press","keys":""}"#, #"{"event":"press","keys":"111111111111111111111111111111111"}"#,
        ] {
            #expect(order(text) == nil, "\(text)")
        }
        let long = String(repeating: "é", count: PhoneOrder.textCharactersMax)
        #expect(
            order(#"{"event":"say","text":"\#(long)"}"#) == .say(long)
                && order(#"{"event":"say","text":"\#(long)é"}"#) == nil)
    }
}
