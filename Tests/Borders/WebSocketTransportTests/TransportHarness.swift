import CallModel
import Foundation
import Synchronization
import Testing

@testable import WebSocketTransport

/// What happened on a socket, in order, for a test to wait for.
enum SocketEvent: Sendable, Equatable {
    case opened
    case text(String)
    case binary(Int)
    case closed(WebSocketClosing)
}

/// Hands every event to a test; lets it act on the socket's own loop.
final class Recorder: WebSocketHandler, @unchecked Sendable {  // touched on its loop only, but for the stream
    let events: AsyncStream<SocketEvent>
    private let sink: AsyncStream<SocketEvent>.Continuation
    private(set) var socket: WebSocket?
    private let onOpen: @Sendable (WebSocket) -> Void
    private let onText: @Sendable (WebSocket, [UInt8]) -> Void
    private let iterator: Mutex<AsyncStream<SocketEvent>.Iterator?>

    init(
        onOpen: @escaping @Sendable (WebSocket) -> Void = { _ in },
        onText: @escaping @Sendable (WebSocket, [UInt8]) -> Void = { _, _ in }
    ) {
        (events, sink) = AsyncStream.makeStream()
        self.onOpen = onOpen
        self.onText = onText
        iterator = Mutex(nil)
    }

    func webSocketDidOpen(_ socket: WebSocket) {
        self.socket = socket
        sink.yield(.opened)
        onOpen(socket)
    }
    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        let bytes = message.indices.map { message[$0] }
        sink.yield(.text(String(decoding: bytes, as: UTF8.self)))
        onText(socket, bytes)
    }
    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) { sink.yield(.binary(message.count)) }
    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket = nil
        sink.yield(.closed(closing))
    }

    /// The next event, or a failed expectation after `seconds`.
    func next(within seconds: Double = 60) async throws -> SocketEvent {
        try await withTimeout(seconds) { [events] in
            for await event in events { return event }
            throw TestFailure(reason: "no more events")
        }
    }

    func closing(within seconds: Double = 60) async throws -> WebSocketClosing {
        while true { if case .closed(let closing) = try await next(within: seconds) { return closing } }
    }
}

struct TestFailure: Error { var reason: String }

func withTimeout<T: Sendable>(_ seconds: Double, _ work: @escaping @Sendable () async throws -> T) async throws -> T {
    try await withThrowingTaskGroup(of: T.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: .seconds(seconds))
            throw TestFailure(reason: "nothing within \(seconds) s")
        }
        guard let first = try await group.next() else { throw TestFailure(reason: "no result") }
        group.cancelAll()
        return first
    }
}

/// Sends everything back.
final class Echo: WebSocketHandler {
    func webSocketDidOpen(_ socket: WebSocket) {}
    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) { _ = socket.sendText(message) }
    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) { _ = socket.sendBinary(message) }
    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {}
}

extension MediaLoop {
    /// Runs `body` on the loop and returns what it returned.
    @discardableResult func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { done in post { done.resume(returning: body()) } }
    }
    func open(_ request: WebSocketRequest, _ handler: Recorder) { post { self.connect(request, handler: handler) } }
}

extension WebSocket {
    @discardableResult func sendText(_ text: String) -> SendOutcome { sendText(Array(text.utf8).span) }
}

/// A server on a free port of loopback, its loops, and clients for it.
struct Bench: Sendable {
    let loops: LoopGroup
    let server: TransportServer

    static func start(
        threads: Int = 1, limits: TransportLimits = .init(), tls: ServerTLS? = nil,
        routing: ListenRouting = .leastLoaded,
        respond: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = { _ in .text("ok") },
        upgrade: @escaping @Sendable (HTTPRequest, MediaLoop) -> UpgradeDecision = { _, _ in .accept(Echo()) },
        admit: @escaping @Sendable (HTTPRequest) -> Admission = { _ in .admit() }
    ) throws -> Bench {
        let loops = try LoopGroup(threads: threads, limits: limits)
        let address = try #require(ListenAddress(parsing: "127.0.0.1:0"))
        let server = try TransportServer(
            loops: loops, listen: address, tls: tls,
            routes: ServerRoutes(respond: respond, upgrade: upgrade, admit: admit),
            routing: routing)
        return Bench(loops: loops, server: server)
    }

    var loop: MediaLoop { loops.loops[0] }

    func request(
        _ path: String = "/", headers: [(String, String)] = [], subprotocols: [String] = [], timeoutMs: Int = 60_000
    ) throws -> WebSocketRequest {
        try WebSocketRequest(
            url: "ws://127.0.0.1:\(server.boundPort)\(path)", headers: headers, subprotocols: subprotocols,
            connectTimeoutMs: timeoutMs)
    }

    /// A client that is open.
    func client(_ path: String = "/", on loop: MediaLoop? = nil, _ recorder: Recorder = Recorder()) async throws
        -> Recorder
    {
        (loop ?? self.loop).open(try request(path), recorder)
        #expect(try await recorder.next() == .opened)
        return recorder
    }

    func stop() async {
        await server.shutdown(graceSeconds: 2)
        await loops.shutdown()
    }
}
