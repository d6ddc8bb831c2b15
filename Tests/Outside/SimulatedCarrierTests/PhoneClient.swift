import Encoding
import Foundation
import Synchronization
import WebSocketTransport

@testable import SimulatedCarrier

/// A page's phone without a page: a WebSocket of a test's own.
final class PhoneClient: WebSocketHandler, Sendable {
    struct Notes: Sendable {
        var isOpen = false
        /// Text messages, in order.
        var messages: [WireObject] = []
        /// What was heard, in order.
        var frames: [[UInt8]] = []
        var closing: WebSocketClosing?

        func first(_ event: String) -> WireObject? { messages.first { $0["event"]?.string == event } }
    }

    static let origin = "http://127.0.0.1:8080"

    private let notesLock = Mutex(Notes())
    private let socket = Mutex<SendableBox<WebSocket>?>(nil)
    private let loop: MediaLoop

    /// - Parameters:
    ///   - origin: of the page; nil: the handshake names none.
    ///   - ticket: nil: it brings none.
    init(port: Int, ticket: String?, origin: String? = origin, on loops: LoopGroup) throws {
        loop = loops.leastLoaded()
        let request = try WebSocketRequest(
            url: "ws://127.0.0.1:\(port)\(PhoneDesk.path)", headers: origin.map { [("origin", $0)] } ?? [],
            subprotocols: ticket.map { ["bearer", $0] } ?? [])
        loop.post { [self] in loop.connect(request, handler: self) }
    }

    var notes: Notes { notesLock.withLock { $0 } }

    func say(_ text: String) {
        loop.post { [self] in _ = socket.withLock { $0 }?.value.sendText(Array(text.utf8).span) }
    }

    func sound(_ bytes: [UInt8]) {
        loop.post { [self] in _ = socket.withLock { $0 }?.value.sendBinary(bytes.span) }
    }

    /// The page is gone, without a word.
    func vanish() { loop.post { [self] in socket.withLock { $0 }?.value.abort() } }

    /// Polls until `condition` holds; false after a minute.
    func eventually(_ condition: (Notes) -> Bool) async -> Bool {
        for _ in 0..<6_000 {
            if condition(notes) { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    func webSocketDidOpen(_ socket: WebSocket) {
        let box = SendableBox(socket)
        self.socket.withLock { $0 = box }
        notesLock.withLock { $0.isOpen = true }
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        let bytes = (0..<message.count).map { message[$0] }
        guard let object = (try? WireJSON(parsing: bytes))?.object else { return }
        notesLock.withLock { $0.messages.append(object) }
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
        let bytes = (0..<message.count).map { message[$0] }
        notesLock.withLock { $0.frames.append(bytes) }
    }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket.withLock { $0 = nil }
        notesLock.withLock { $0.closing = closing }
    }
}

/// A gateway, a carrier with phones, and loops for those who call.
struct PhoneRig {
    var rig: CarrierRig
    var tickets: PhoneTickets
    var loops: LoopGroup

    static func run(_ gateway: FakeGateway, _ body: (PhoneRig) async throws -> Void) async throws {
        let loops = try LoopGroup(threads: 1)
        let tickets = PhoneTickets()
        var failure: (any Error)?
        do {
            try await CarrierRig.run(
                gateway, config: { $0.phones = PhoneDesk(tickets: tickets, origins: [PhoneClient.origin]) },
                { try await body(PhoneRig(rig: $0, tickets: tickets, loops: loops)) })
        } catch { failure = error }
        await loops.shutdown()
        if let failure { throw failure }
    }

    var gateway: FakeGateway { rig.gateway }

    func phone(ticket: String?, origin: String? = PhoneClient.origin) async throws -> PhoneClient {
        try PhoneClient(port: await rig.carrier.restPort ?? 0, ticket: ticket, origin: origin, on: loops)
    }

    /// One that has called, and is heard by the gateway.
    func calling(_ order: String = #"{"event":"call"}"#) async throws -> PhoneClient {
        let phone = try await phone(ticket: tickets.issue(for: "ann"))
        _ = await phone.eventually { $0.isOpen }
        phone.say(order)
        _ = await phone.eventually { $0.first("stream_started") != nil || $0.closing != nil }
        return phone
    }
}
