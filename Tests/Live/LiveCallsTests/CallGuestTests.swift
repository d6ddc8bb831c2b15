import CallModel
import Journal
import Runtime
import SpeechAgent
import Synchronization
import Testing
import WebSocketTransport

@testable import LiveCalls

/// A guest that notes what it hears, and does what a test wants it to.
private final class Onlooker: CallGuest {
    struct Seen {
        var callerBytes = 0
        var agentBytes = 0
        var said: [String] = []
        var events: [CallGuestEvent] = []
        /// With what it was seated.
        var carried: [String] = []
        var isOver = false
    }

    final class Notes: Sendable {
        let seen = Mutex(Seen())
        subscript<Value: Sendable>(_ path: KeyPath<Seen, Value>) -> Value { seen.withLock { $0[keyPath: path] } }
    }

    static let wave = AgentTool(
        name: "wave", description: "Waves.", parameters: ToolSchema.object([]), deferUntilEndOfTurn: false)

    private unowned let call: any CallHandle
    private let notes: Notes
    private let admitsAgent: Bool
    /// What it does when the caller has said something.
    private let answers: @Sendable (any CallHandle) -> Void

    init(
        _ call: any CallHandle, _ notes: Notes, admitsAgent: Bool, answers: @escaping @Sendable (any CallHandle) -> Void
    ) {
        self.call = call
        self.notes = notes
        self.admitsAgent = admitsAgent
        self.answers = answers
    }

    static func invitation(
        _ notes: Notes, admitsAgent: Bool = true, answers: @escaping @Sendable (any CallHandle) -> Void = { _ in }
    ) -> GuestInvitation {
        GuestInvitation(
            seat: { call, carried in
                notes.seen.withLock { $0.carried.append(carried as? String ?? "nothing") }
                return Onlooker(call, notes, admitsAgent: admitsAgent, answers: answers)
            })
    }

    var hearsFrames: Bool { true }
    var tools: [AgentTool] { [Self.wave] }
    func admits(_ event: SpeechAgentEvent) -> Bool {
        if case .agentText = event { admitsAgent } else { true }
    }
    func admitsSpeech(bytes: Int) -> Bool { admitsAgent }
    func callerFrame(_ speech: Span<UInt8>, at now: MonotonicTime) {
        notes.seen.withLock { $0.callerBytes += speech.count }
    }
    func agentFrame(_ speech: Span<UInt8>, at now: MonotonicTime) {
        notes.seen.withLock { $0.agentBytes += speech.count }
    }
    func callerSaid(_ text: String, audioPositionMs: Int) {
        notes.seen.withLock { $0.said.append("caller: \(text)") }
        answers(call)
    }
    func agentSaid(_ text: String) { notes.seen.withLock { $0.said.append("agent: \(text)") } }
    func event(_ event: CallGuestEvent) {
        notes.seen.withLock { $0.events.append(event) }
        guard case .toolCalled(let wish) = event else { return }
        call.tell(.toolResult(id: wish.id, name: wish.name, content: #"{"waved":true}"#))
    }
    func moved() -> (any Sendable)? { "\(notes[\.callerBytes]) bytes" }
    func ended() { notes.seen.withLock { $0.isOver = true } }
}

/// Guests of calls over real sockets.
@Suite(.timeLimit(.minutes(1))) struct CallGuestTests {
    @Test func `a guest hears both sides of a call, byte for byte and word for word`() async throws {
        let notes = Onlooker.Notes()
        let exchange = try Exchange(guests: [Onlooker.invitation(notes)]) { agent, news in
            switch news {
            case .ready: agent.say("Good day.", bytes: 1_600)
            case .heard(let bytes): if bytes >= 1_600 { agent.understand("Good morning.") }
            case .told: break
            }
        }
        let sid = try CallCards.sid(1)

        let end = try exchange.stream(sid, try await exchange.ring(sid), frames: 10)
        try await Exchange.until {
            notes[\.agentBytes] >= 1_600 && notes[\.callerBytes] >= 1_600 && notes[\.said].count == 2
        }

        #expect(notes[\.callerBytes] == 1_600)
        #expect(notes[\.agentBytes] == 1_600 && end.playedBytes == 1_600)
        #expect(Set(notes[\.said]) == ["agent: Good day.", "caller: Good morning."])
        await exchange.close()
    }

    @Test func `what one guest does not admit is heard by nobody, though others would`() async throws {
        let (strict, easy) = (Onlooker.Notes(), Onlooker.Notes())
        let guests = [Onlooker.invitation(strict, admitsAgent: false), Onlooker.invitation(easy)]
        let exchange = try Exchange(guests: guests) { agent, news in
            switch news {
            case .ready: agent.say("Good day.", bytes: 1_600)
            case .heard(let bytes): if bytes >= 1_600 { agent.understand("Good morning.") }
            case .told: break
            }
        }
        let sid = try CallCards.sid(1)

        let end = try exchange.stream(sid, try await exchange.ring(sid), frames: 10)
        try await Exchange.until { !easy[\.said].isEmpty }

        #expect(easy[\.said] == ["caller: Good morning."] && strict[\.said] == easy[\.said])
        #expect(easy[\.agentBytes] == 0 && end.playedBytes == 0)
        await exchange.close()
    }

    @Test func `a guest goes to another loop with its call, and takes with it what it wants`() async throws {
        let notes = Onlooker.Notes()
        let exchange = try Exchange(loops: 2, guests: [Onlooker.invitation(notes)])
        let sid = try CallCards.sid(1)
        let instructions = try await exchange.ring(sid)
        let home = try #require(exchange.board.registry.card(sid)).loopIndex

        _ = try exchange.stream(sid, instructions, frames: 50, loop: 1 - home)
        try await Exchange.until { notes[\.callerBytes] > 0 }

        #expect(notes[\.carried] == ["nothing", "0 bytes"])
        #expect(notes[\.isOver])
        await exchange.close()
    }

    private static func tools(_ settings: DeepgramSettings) -> [String] {
        guard case .inline(let agent) = settings.agent else { return [] }
        return agent.think.first?.functions?.map(\.name) ?? []
    }

    @Test func `the agent is offered what a guest answers, and the guest answers it`() async throws {
        let notes = Onlooker.Notes()
        let told = Mutex<[String]>([])
        let exchange = try Exchange(guests: [Onlooker.invitation(notes)]) { agent, news in
            switch news {
            case .ready(let settings):
                told.withLock { $0 += Self.tools(settings).filter { $0 == "wave" } }
                agent.send(.functionCallRequest([.init(id: "f1", name: "wave", arguments: "{}", clientSide: true)]))
            case .told(.functionCallResponse(_, let name, let content)):
                told.withLock { $0.append("\(name) \(content)") }
            case .told, .heard: break
            }
        }

        let sid = try CallCards.sid(1)
        _ = try exchange.stream(sid, try await exchange.ring(sid), frames: 1)
        try await Exchange.until { told.withLock { $0.count } == 2 }

        #expect(told.withLock { $0 } == ["wave", #"wave {"waved":true}"#])
        #expect(notes[\.events].contains(.toolCalled(AgentToolCall(id: "f1", name: "wave", arguments: "{}"))))
        await exchange.close()
    }

    @Test func `a guest plays, has things said and noted, and ends the call`() async throws {
        let notes = Onlooker.Notes()
        let injected = Mutex<[String]>([])
        let guest = Onlooker.invitation(notes) { call in
            call.play([UInt8](repeating: 0x30, count: 800))
            call.say("We are recorded.", mode: .queue)
            call.journal(.note("the guest was here", atMs: call.nowMs))
            call.end(reason: "guest_left")
        }
        let exchange = try Exchange(guests: [guest]) { agent, news in
            switch news {
            case .heard(let bytes): if bytes >= 1_600 { agent.understand("Good morning.") }
            case .told(.injectAgentMessage(let text, _)): injected.withLock { $0.append(text) }
            case .ready, .told: break
            }
        }
        let sid = try CallCards.sid(1)

        let end = try exchange.stream(sid, try await exchange.ring(sid), frames: 10)
        let journal = try #require(exchange.board.registry.card(sid)).journal
        try await Exchange.until { end.isClosed }

        #expect(end.playedBytes == 800)
        #expect(injected.withLock { $0 } == ["We are recorded."])
        #expect(journal.entries.contains { if case .note("the guest was here", _) = $0 { true } else { false } })
        await exchange.close()
    }

    @Test func `a call that two guests hold goes on when both have let go`() async throws {
        let loops = try LoopGroup(threads: 1)
        let call = IdleCall(card: try CallCards().make(), loop: loops.loops[0])
        let notes = Onlooker.Notes()
        let list = GuestList()
        list.seat([Onlooker.invitation(notes), Onlooker.invitation(notes)], at: call, carrying: nil)
        let guests = list.guests

        #expect(list.hold(true, by: guests[0]))
        #expect(list.hold(true, by: guests[1]))
        #expect(list.hold(false, by: guests[0]))
        #expect(!list.hold(false, by: guests[1]))
        await loops.shutdown()
    }
}

/// A call in which nothing happens.
private final class IdleCall: CallHandle {
    let card: CallCard
    let loop: MediaLoop
    let nowMs = 0
    let waitingSpeechMs = 0

    init(card: CallCard, loop: MediaLoop) {
        self.card = card
        self.loop = loop
    }

    func moment(atMs ms: Int) -> MonotonicTime { MonotonicTime(milliseconds: Int64(ms)) }
    func tell(_ command: SpeechAgentCommand) {}
    func hold(_ isHeld: Bool, by guest: any CallGuest) {}
    func say(_ text: String, mode: SpeechAgentCommand.SayMode) {}
    func play(_ audio: [UInt8]) {}
    func hush() {}
    func phrase(_ text: String) -> [UInt8]? { nil }
    func preparePhrase(_ text: String) {}
    func journal(_ entry: CallJournalEntry) {}
    func transfer(reason: String) {}
    func end(reason: String) {}
}
