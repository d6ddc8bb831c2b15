import Dispatch
import Glibc

@testable import WebSocketTransport

extension FuzzTarget {
    // MARK: Heads

    /// The first byte says how many bytes come at a time; the rest is a request, and a server's answer to a handshake.
    static func checkHead(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let bytes = Array(input.dropFirst())
        let whole = read(bytes, pieceBytes: max(1, bytes.count))
        let inPieces = read(bytes, pieceBytes: 1 + Int(first) % 61)
        hold(whole.summary == inPieces.summary, "a head is the same in pieces: \(whole.summary), \(inPieces.summary)")
        if let head = whole.head { check(head) }
        _ = ServerAnswer(bytes[...], key: String(repeating: "A", count: 22) + "==", offered: ["token"])
    }

    private static func read(_ bytes: [UInt8], pieceBytes: Int) -> (head: RequestHead?, summary: String) {
        var reader = HeadReader(bytesMax: 2_048)
        for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
            do throws(RequestHead.Refusal) {
                let piece = Array(bytes[start..<min(bytes.count, start + pieceBytes)])
                let found = try piece.withUnsafeBufferPointer { (piece) throws(RequestHead.Refusal) in
                    try reader.take(piece)
                }
                guard case .complete(let count) = found else { continue }
                let head = try RequestHead(reader.bytes[..<count])
                return (head, "\(head)")
            } catch {
                return (nil, "refused with \(error.status)")
            }
        }
        return (nil, "incomplete")
    }

    private static func check(_ head: RequestHead) {
        hold(RequestHead.known.contains(head.method), "\(head.method) is a method")
        hold(head.target.path == "*" || head.target.path.utf8.first == 0x2F, "a path begins with a slash")
        hold(head.target.raw.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a target is visible ASCII")
        hold(head.bodyBytes >= 0, "\(head.bodyBytes) bytes of body")
        hold(head.fields.count <= FieldLines.fieldsMax + 1, "\(head.fields.count) header lines")
        for (name, value) in head.fields {
            hold(!name.isEmpty && name.utf8.allSatisfy(FieldLines.isTokenByte), "a header's name is a token")
            hold(value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }, "a header's value has no controls")
        }
        let framings = head.fields.count { $0.name == "content-length" || $0.name == "transfer-encoding" }
        hold(framings <= 1, "one header says how long a body is")
    }

    // MARK: Frames

    /// The first byte says which side hears the frames, the second how many of their bytes come with the handshake.
    static func checkFrames(_ input: [UInt8]) {
        guard input.count >= 2, let loop else { return }
        let isServer = input[0] % 2 == 0
        let frames = input.dropFirst(2)
        let early = Array(frames.prefix(Int(input[1])))
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends) == 0 else { return }
        let (theirs, ours) = (ends[0], ends[1])
        let rest = Array(frames.dropFirst(early.count))
        hold(send(theirs, rest, rest.count, Int32(MSG_NOSIGNAL)) == rest.count, "\(rest.count) bytes fit a socket")
        shutdown(theirs, Int32(SHUT_WR))

        let listener = FrameListener()
        loop.post {
            let binding = isServer ? ServerBinding(loop: loop) : nil
            binding?.noteComing()
            let socket = WebSocket(loop: loop, binding: binding, handler: listener, peerAddress: "")
            loop.noteArriving(1)
            socket.wire = .plain(ours)
            loop.add(socket)
            socket.wire?.attach(to: socket)
            socket.established(early: early[...])
        }
        let hasEnded = listener.ended.wait(timeout: .now() + .seconds(8)) == .success
        hold(hasEnded, "a socket ends when the other side has")
        checkAnswer(of: isServer, on: theirs)
        close(theirs)
    }

    private static let loops: LoopGroup? = {
        var limits = TransportLimits()
        limits.webSocketMessageBytesMax = 2_000
        return try? LoopGroup(threads: 1, limits: limits)
    }()
    private static var loop: MediaLoop? { loops?.loops.first }

    /// What came back is whole frames of RFC 6455, controls that are short, and nothing behind a close.
    private static func checkAnswer(of isServer: Bool, on descriptor: Int32) {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(descriptor, &room, room.count, Int32(MSG_DONTWAIT)), count > 0 {
            bytes += room[..<count]
        }
        var at = 0
        while at < bytes.count {
            hold(bytes.count - at >= 2, "a header of two bytes")
            let (opcode, length) = (bytes[at] & 0x0F, Int(bytes[at + 1] & 0x7F))
            hold(bytes[at] & 0xF0 == 0x80, "one frame a message, no reserved bits")
            hold([8, 9, 10].contains(opcode) && length <= 125, "a control of \(length) bytes, opcode \(opcode)")
            hold((bytes[at + 1] & 0x80 == 0) == isServer, "a client masks, a server does not")
            at += 2 + (isServer ? 0 : 4) + length
            hold(at <= bytes.count, "a frame is whole")
            hold(opcode != 8 || at == bytes.count, "nothing comes behind a close")
        }
    }
}

/// Holds what it is told to the rules; touched on its loop only, but for the semaphore.
private final class FrameListener: WebSocketHandler, @unchecked Sendable {
    let ended = DispatchSemaphore(value: 0)
    private var hasOpened = false
    private var hasEnded = false

    func webSocketDidOpen(_ socket: WebSocket) { hasOpened = true }
    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        check(message)
        FuzzTarget.hold((try? UTF8Span(validating: message)) != nil, "text is UTF-8")
    }
    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) { check(message) }
    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        FuzzTarget.hold(!hasEnded, "a socket ends once")
        hasEnded = true
        ended.signal()
    }

    private func check(_ message: Span<UInt8>) {
        FuzzTarget.hold(hasOpened && !hasEnded, "a message comes while the socket is open")
        FuzzTarget.hold(message.count <= 2_000, "\(message.count) bytes in a message")
    }
}
