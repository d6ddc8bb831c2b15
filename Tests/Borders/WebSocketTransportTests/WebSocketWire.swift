import Foundation
import Glibc

@testable import WebSocketTransport

/// Frames of RFC 6455 as a test wants them, right or wrong.
enum RawFrame {
    /// - Parameters:
    ///   - claim: the length that the header names; nil for that of `payload`.
    ///   - longForm: 16 or 64: the length is written in so many bits though it needs fewer.
    static func make(
        _ opcode: UInt8, _ payload: [UInt8] = [], final: Bool = true, masked: Bool, reserved: UInt8 = 0,
        claim: UInt64? = nil,
        longForm: Int = 0
    ) -> [UInt8] {
        let length = claim ?? UInt64(payload.count)
        let mask: UInt8 = masked ? 0x80 : 0
        var frame = [(final ? 0x80 : 0) | reserved << 4 | opcode]
        if length > 65_535 || longForm == 64 {
            frame.append(mask | 127)
            frame += (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
        } else if length > 125 || longForm == 16 {
            frame += [mask | 126, UInt8(length >> 8), UInt8(length & 255)]
        } else {
            frame.append(mask | UInt8(length))
        }
        guard masked else { return frame + payload }
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        return frame + key + payload.indices.map { payload[$0] ^ key[$0 % 4] }
    }

    /// One frame that came from the other side.
    struct Heard: Equatable {
        var opcode: UInt8
        var isFinal: Bool
        var payload: [UInt8]

        var closeCode: UInt16? {
            opcode == 8 && payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : nil
        }
    }

    /// The whole frames in `bytes`, unmasked.
    static func all(in bytes: [UInt8]) -> [Heard] {
        var heard: [Heard] = []
        var at = 0
        while at + 2 <= bytes.count {
            var length = Int(bytes[at + 1] & 127)
            var start = at + 2
            let width = length == 126 ? 2 : length == 127 ? 8 : 0
            if width > 0 {
                guard start + width <= bytes.count else { break }
                length = bytes[start..<start + width].reduce(0) { $0 << 8 | Int($1) }
                start += width
            }
            var key: [UInt8] = [0, 0, 0, 0]
            if bytes[at + 1] & 128 != 0 {
                guard start + 4 <= bytes.count else { break }
                key = Array(bytes[start..<start + 4])
                start += 4
            }
            guard length <= bytes.count - start else { break }
            let payload = (0..<length).map { bytes[start + $0] ^ key[$0 % 4] }
            heard.append(Heard(opcode: bytes[at] & 15, isFinal: bytes[at] & 128 != 0, payload: payload))
            at = start + length
        }
        return heard
    }
}

/// The other side of a WebSocket under test: raw bytes once it is open.
final class RawWebSocket: @unchecked Sendable {  // used by one thread at a time
    private let client: RawClient?
    private let descriptor: Int32
    let masks: Bool

    /// A client of a server of ours.
    init(port: Int) {
        let client = RawClient(port: port)
        client.send(
            "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        _ = client.read(seconds: 30) { $0.contains("\r\n\r\n") }
        (self.client, descriptor, masks) = (client, -1, true)
    }

    /// A server for a client of ours that has connected to `listener`.
    init(acceptedFrom listener: RawListener, early: [UInt8] = []) {
        descriptor = accept(listener.descriptor, nil, nil)
        (client, masks) = (nil, false)
        var head: [UInt8] = []
        while head.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            guard let piece = Self.receive(descriptor, seconds: 30), !piece.isEmpty else { break }
            head += piece
        }
        let text = String(decoding: head, as: UTF8.self)
        let key = text.components(separatedBy: "Sec-WebSocket-Key: ").dropFirst().first?.prefix(24) ?? ""
        send(
            Array(
                ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: \(WebSocketUpgrade.accept(String(key)))\r\n\r\n").utf8) + early)
    }

    deinit { if client == nil { close(descriptor) } }

    func send(_ bytes: [UInt8]) {
        if let client { return _ = client.send(bytes) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func send(
        _ opcode: UInt8, _ payload: [UInt8] = [], final: Bool = true, reserved: UInt8 = 0, claim: UInt64? = nil,
        longForm: Int = 0
    ) {
        send(
            RawFrame.make(
                opcode, payload, final: final, masked: masks, reserved: reserved, claim: claim, longForm: longForm))
    }

    private static func receive(_ descriptor: Int32, seconds: Double) -> [UInt8]? {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&polled, 1, Int32(seconds * 1_000)) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        return Array(buffer[..<max(0, recv(descriptor, &buffer, buffer.count, 0))])
    }

    /// Frames until `enough` says so, the other side closes, or `seconds` pass without a byte.
    func frames(seconds: Double = 30, until enough: ([RawFrame.Heard]) -> Bool = { $0.last?.opcode == 8 }) -> [RawFrame
        .Heard]
    {
        if let client {
            return RawFrame.all(in: client.readBytes(seconds: seconds) { enough(RawFrame.all(in: $0)) }.bytes)
        }
        var bytes: [UInt8] = []
        while let piece = Self.receive(descriptor, seconds: seconds), !piece.isEmpty {
            bytes += piece
            if enough(RawFrame.all(in: bytes)) { break }
        }
        return RawFrame.all(in: bytes)
    }
}

/// A listening socket on loopback.
final class RawListener: Sendable {
    let descriptor: Int32
    let port: Int

    init() {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        _ = SocketAddress(numeric: "127.0.0.1", port: 0)?.withSockaddr { bind(descriptor, $0, $1) }
        listen(descriptor, 64)
        port = SocketAddress.boundPort(of: descriptor) ?? 0
    }

    deinit { close(descriptor) }
}
