import Foundation
import Glibc
import Synchronization
import Testing

@testable import WebSocketTransport

/// RFC 6455 by raw frames, on the server's side and on the client's.
@Suite(.serialized) struct FrameConformanceTests {
    enum Side: CaseIterable, Sendable { case server, client }

    /// One side of ours that sends everything back, and raw bytes from the other, as often as wanted.
    struct Opposite: Sendable {
        let bench: Bench
        private let side: Side
        private let listener = RawListener()
        private let request: WebSocketRequest

        init(_ side: Side, limits: TransportLimits = .init()) throws {
            self.side = side
            bench = try Bench.start(threads: 2, limits: limits)
            request = try WebSocketRequest(url: "ws://127.0.0.1:\(listener.port)/", connectTimeoutMs: 60_000)
        }

        /// Blocking.
        func connect() -> RawWebSocket {
            guard side == .client else { return RawWebSocket(port: bench.server.boundPort) }
            let (loop, request) = (bench.loops.loops[1], request)
            loop.post { loop.connect(request, handler: Echo()) }
            return RawWebSocket(acceptedFrom: listener)
        }
    }

    /// A WebSocket of ours that sends everything back, and what talks to it in raw bytes.
    struct Pair: Sendable {
        let bench: Bench
        let raw: RawWebSocket

        init(_ side: Side, limits: TransportLimits = .init(), early: [UInt8] = []) async throws {
            bench = try Bench.start(limits: limits)
            switch side {
            case .server:
                let port = bench.server.boundPort
                raw = await onThread { RawWebSocket(port: port) }
            case .client:
                let listener = RawListener()
                let request = try WebSocketRequest(url: "ws://127.0.0.1:\(listener.port)/", connectTimeoutMs: 60_000)
                let loop = bench.loop
                loop.post { loop.connect(request, handler: Echo()) }
                raw = await onThread { RawWebSocket(acceptedFrom: listener, early: early) }
            }
        }

        /// What comes back until the other side closes.
        func run(_ send: @escaping @Sendable (RawWebSocket) -> Void) async -> [RawFrame.Heard] {
            let raw = raw
            return await onThread {
                send(raw)
                return raw.frames()
            }
        }
    }

    /// Frames that must fail the connection, and the code that says why.
    struct Wrong: Sendable, CustomTestStringConvertible {
        var says: String
        var code: UInt16
        /// For the side that masks, and for the one that does not.
        var frames: @Sendable (_ masked: Bool) -> [UInt8]
        var testDescription: String { says }
    }

    private static let text = Array("hello".utf8)

    /// All that is wrong in one or two frames: each is tried on a connection of its own.
    static let wrongs: [Wrong] = {
        var wrongs: [Wrong] = []
        func add(_ says: String, _ code: UInt16, _ frames: @escaping @Sendable (Bool) -> [UInt8]) {
            wrongs.append(Wrong(says: says, code: code, frames: frames))
        }
        for opcode: UInt8 in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
            for payload in [[], text] {
                add("opcode \(opcode), \(payload.count) bytes", 1_002) { RawFrame.make(opcode, payload, masked: $0) }
            }
            add("opcode \(opcode) among fragments", 1_002) {
                RawFrame.make(1, text, final: false, masked: $0) + RawFrame.make(opcode, text, masked: $0)
            }
        }
        for reserved: UInt8 in 1...7 {
            for opcode: UInt8 in [0, 1, 2, 8, 9, 10] {
                add("reserved bits \(reserved) of opcode \(opcode)", 1_002) {
                    RawFrame.make(opcode, [3, 232], masked: $0, reserved: reserved)
                }
            }
        }
        for opcode: UInt8 in [8, 9, 10] {
            add("a control in fragments, \(opcode)", 1_002) {
                RawFrame.make(opcode, [3, 232], final: false, masked: $0)
            }
            for count in [126, 127, 65_535, 65_536] {
                add("a control of \(count), \(opcode)", 1_002) {
                    RawFrame.make(opcode, [UInt8](repeating: 3, count: count), masked: $0)
                }
            }
            add("a control whose length takes 16 bits, \(opcode)", 1_002) {
                RawFrame.make(opcode, [3, 232], masked: $0, longForm: 16)
            }
        }
        for opcode: UInt8 in [0, 1, 2, 9, 10] {
            add("masked the wrong way, \(opcode)", 1_002) { RawFrame.make(opcode, text, masked: !$0) }
            add("empty and masked the wrong way, \(opcode)", 1_002) { RawFrame.make(opcode, masked: !$0) }
        }
        add("a length of 16 bits that needs 7", 1_002) { RawFrame.make(1, text, masked: $0, longForm: 16) }
        add("a length of 64 bits that needs 7", 1_002) { RawFrame.make(1, text, masked: $0, longForm: 64) }
        add("a length of 64 bits that needs 16", 1_002) {
            RawFrame.make(2, [UInt8](repeating: 0, count: 60_000), masked: $0, longForm: 64)
        }
        add("a continuation of nothing", 1_002) { RawFrame.make(0, text, masked: $0) }
        add("a continuation of nothing, not the last", 1_002) { RawFrame.make(0, text, final: false, masked: $0) }
        for second: UInt8 in [1, 2] {
            add("a message in the middle of another, \(second)", 1_002) {
                RawFrame.make(1, text, final: false, masked: $0) + RawFrame.make(second, text, masked: $0)
            }
        }
        add("a close of one byte", 1_002) { RawFrame.make(8, [3], masked: $0) }
        for code: UInt16 in [0, 1, 999, 1_004, 1_005, 1_006, 1_015, 1_016, 1_100, 2_000, 2_999, 5_000, 65_535] {
            add("close code \(code)", 1_002) { RawFrame.make(8, [UInt8(code >> 8), UInt8(code & 255)], masked: $0) }
        }
        for (name, bytes) in notUTF8 {
            add("a reason that is not UTF-8, \(name)", 1_007) { RawFrame.make(8, [3, 232] + bytes, masked: $0) }
            add("a text that is not UTF-8, \(name)", 1_007) { RawFrame.make(1, text + bytes, masked: $0) }
            for cut in 0...bytes.count {
                add("a text that is not UTF-8 in fragments, \(name) at \(cut)", 1_007) {
                    RawFrame.make(1, text + bytes[..<cut], final: false, masked: $0) + RawFrame.make(9, masked: $0)
                        + RawFrame.make(0, Array(bytes[cut...]), masked: $0)
                }
            }
        }
        return wrongs + claims
    }()

    private static let notUTF8: [(String, [UInt8])] = [
        ("FF", [0xFF]), ("a lone continuation", [0x80]), ("an unfinished pair", [0xC3]), ("overlong", [0xC0, 0xAF]),
        ("overlong NUL", [0xE0, 0x80, 0x80]), ("a surrogate", [0xED, 0xA0, 0x80]),
        ("above U+10FFFF", [0xF4, 0x90, 0x80, 0x80]),
        ("an unfinished four", [0xF0, 0x9F, 0x98]), ("Autobahn's", [0xCE, 0xBA, 0xED, 0xA0, 0x80, 0x65]),
    ]

    /// Lengths above the limit at every power of two and its neighbours; the header alone tells, with a byte behind it.
    private static let claims: [Wrong] = {
        var wrongs: [Wrong] = []
        let limit = UInt64(TransportLimits().webSocketMessageBytesMax)
        for power in 0...63 {
            for claim in [(UInt64(1) << power) &- 1, UInt64(1) << power, (UInt64(1) << power) + 1] {
                // From 2^63 on it is no length (RFC 6455, 5.2).
                let code: UInt16 = claim >> 63 == 1 ? 1_002 : 1_009
                func add(_ says: String, _ frames: @escaping @Sendable (Bool) -> [UInt8]) {
                    wrongs.append(Wrong(says: "\(claim) bytes claimed \(says)", code: code, frames: frames))
                }
                if claim > limit {
                    add("at once") { RawFrame.make(2, [0], masked: $0, claim: claim) }
                    add("by a first fragment") { RawFrame.make(1, [0], final: false, masked: $0, claim: claim) }
                }
                if claim > limit - 5 {
                    add("behind a short fragment") {
                        RawFrame.make(1, text, final: false, masked: $0)
                            + RawFrame.make(0, [0], masked: $0, claim: claim)
                    }
                    add("behind fragments and controls") {
                        RawFrame.make(1, text, final: false, masked: $0) + RawFrame.make(9, text, masked: $0)
                            + RawFrame.make(0, [], final: false, masked: $0) + RawFrame.make(10, text, masked: $0)
                            + RawFrame.make(0, [0], final: false, masked: $0, claim: claim)
                    }
                }
            }
        }
        return wrongs
    }()

    @Test(arguments: Side.allCases)
    func `what breaks the protocol fails its own connection with the code that says why`(_ side: Side) async throws {
        let opposite = try Opposite(side)
        let bench = opposite.bench
        let witness = try await bench.client()
        let (wrongs, atOnce) = (Self.wrongs, 12)

        let faults = await withTaskGroup(of: [String].self) { group in
            for part in 0..<atOnce {
                group.addTask {
                    await onThread {
                        stride(from: part, to: wrongs.count, by: atOnce).compactMap { index in
                            let raw = opposite.connect()
                            raw.send(wrongs[index].frames(raw.masks))
                            let heard = raw.frames()
                            let wasEchoed = heard.contains { $0.opcode == 1 || $0.opcode == 2 }
                            return heard.last?.closeCode == wrongs[index].code && !wasEchoed
                                ? nil : "\(wrongs[index].says): \(heard.prefix(3))"
                        }
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }

        #expect(wrongs.count > 500)
        #expect(faults == [])
        await bench.loop.run { witness.socket?.sendText("still here") }
        #expect(try await witness.next() == .text("still here"))
        #expect(await bench.standingLoops() == [])
        await bench.stop()
    }

    @Test(arguments: Side.allCases)
    func `a close with any code that may be sent is answered with the same`(_ side: Side) async throws {
        let codes: [UInt16] = [
            1_000, 1_001, 1_002, 1_003, 1_007, 1_008, 1_011, 1_012, 1_014, 3_000, 3_999, 4_000, 4_999,
        ]
        let reasons = ["", "Grüße 🙂", String(repeating: "a", count: 123)].map { Array($0.utf8) }
        let payloads = [[]] + codes.flatMap { code in reasons.map { [UInt8(code >> 8), UInt8(code & 255)] + $0 } }
        let opposite = try Opposite(side)

        let answers = await onThread {
            payloads.map { payload in
                let raw = opposite.connect()
                raw.send(8, payload)
                return raw.frames()
            }
        }

        for (payload, answer) in zip(payloads, answers) {
            #expect(answer == [RawFrame.Heard(opcode: 8, isFinal: true, payload: Array(payload.prefix(2)))])
        }
        await opposite.bench.stop()
    }

    /// The limit on TCP's end is longer than this test may take.
    @Test(.timeLimit(.minutes(2)), arguments: ["close", "not UTF-8", "malformed"])
    func `who has closed or broken the protocol is gone at once, though TCP stays open`(_ how: String) async throws {
        var limits = TransportLimits()
        limits.closeTimeoutSeconds = 3_600
        let bench = try Bench.start(limits: limits)
        let listener = RawListener()
        let recorder = Recorder()
        bench.loop.open(
            try WebSocketRequest(url: "ws://127.0.0.1:\(listener.port)/", connectTimeoutMs: 60_000), recorder)
        let raw = await onThread { RawWebSocket(acceptedFrom: listener) }
        #expect(try await recorder.next() == .opened)

        switch how {
        case "close": raw.send(8, [0x03, 0xF3] + Array("oops".utf8))
        case "malformed": raw.send(3, [])
        default: raw.send(1, [0xFF])
        }
        let closing = try await recorder.closing()

        #expect(closing.code == (how == "close" ? 1_011 : how == "malformed" ? 1_002 : 1_007))
        #expect(closing.reason == (how == "close" ? "oops" : ""))
        withExtendedLifetime(raw) {}
        bench.loop.post { recorder.socket?.abort() }
        await bench.stop()
    }

    @Test(arguments: Side.allCases)
    func `ten pings in one segment are answered, and the last with its own payload`(_ side: Side) async throws {
        let pair = try await Pair(side)
        let pings = (0..<10).map { [UInt8](repeating: $0, count: $0 == 9 ? 125 : Int($0)) }

        let heard = await pair.run { raw in
            raw.send(pings.flatMap { RawFrame.make(9, $0, masked: raw.masks) } + RawFrame.make(8, masked: raw.masks))
        }

        #expect(heard.dropLast().map(\.payload) == pings)
        #expect(heard.allSatisfy { $0.opcode == 10 || $0.opcode == 8 })
        await pair.bench.stop()
    }

    @Test(arguments: Side.allCases)
    func `messages cut into TCP pieces at every byte arrive whole`(_ side: Side) async throws {
        let pair = try await Pair(side)
        let text = Array("Grüße 🙂".utf8)
        func stream(_ masked: Bool) -> [UInt8] {
            RawFrame.make(1, Array(text[..<3]), final: false, masked: masked) + RawFrame.make(9, [7], masked: masked)
                + RawFrame.make(0, Array(text[3...]), masked: masked)
                + RawFrame.make(2, [UInt8](repeating: 5, count: 200), masked: masked)
        }
        let bytes = stream(pair.raw.masks)

        let heard = await pair.run { raw in
            for cut in 1..<bytes.count {
                raw.send(Array(bytes[..<cut]))
                // Two segments, unless the receiver is that slow.
                usleep(300)
                raw.send(Array(bytes[cut...]))
            }
            raw.send(8)
        }

        #expect(heard.count { $0.opcode == 10 && $0.payload == [7] } == bytes.count - 1)
        #expect(heard.count { $0.opcode == 1 && $0.payload == text } == bytes.count - 1)
        #expect(heard.count { $0.opcode == 2 && $0.payload.count == 200 } == bytes.count - 1)
        await pair.bench.stop()
    }

    @Test(arguments: Side.allCases)
    func `a mebibyte in fragments of one byte arrives whole, and the loop goes on meanwhile`(_ side: Side) async throws
    {
        let pair = try await Pair(side)
        let count = 1 << 20
        let raw = pair.raw

        async let heard = pair.run { raw in
            let middle = RawFrame.make(0, [65], final: false, masked: raw.masks)
            raw.send(2, [65], final: false)
            let block = [[UInt8]](repeating: middle, count: 1_024).flatMap { $0 }
            for _ in 0..<(count / 1_024 - 1) { raw.send(block) }
            raw.send([[UInt8]](repeating: middle, count: 1_022).flatMap { $0 })
            raw.send(0, [66])
            raw.send(8)
        }
        var standing: [String] = []
        for _ in 0..<20 { standing += await pair.bench.standingLoops() }

        #expect(standing == [])
        let message = await heard.first { $0.opcode == 2 }?.payload
        #expect(message?.count == count)
        #expect(message?.last == 66)
        withExtendedLifetime(raw) {}
        await pair.bench.stop()
    }

    @Test(arguments: Side.allCases)
    func `a message of the largest size arrives, and a byte more is 1009, in fragments too`(_ side: Side) async throws {
        var limits = TransportLimits()
        limits.webSocketMessageBytesMax = 1_000
        let opposite = try Opposite(side, limits: limits)
        for (sizes, code) in [
            ([1_000], 1_000), ([1_001], 1_009), ([400, 600], 1_000), ([400, 601], 1_009), ([1_000, 0], 1_000),
            ([1_000, 1], 1_009),
        ] {
            let heard = await onThread {
                let raw = opposite.connect()
                for (index, size) in sizes.enumerated() {
                    raw.send(index == 0 ? 2 : 0, [UInt8](repeating: 1, count: size), final: index == sizes.count - 1)
                }
                raw.send(8, [3, 232])
                return raw.frames()
            }

            #expect(heard.last?.closeCode == UInt16(code), "\(sizes)")
            #expect((heard.first?.payload.count == 1_000) == (code == 1_000), "\(sizes)")
        }
        await opposite.bench.stop()
    }

    @Test(arguments: Side.allCases)
    func `a frame that was begun and not finished ends its connection, a header alone too`(_ side: Side) async throws {
        var limits = TransportLimits()
        limits.handshakeTimeoutSeconds = 1
        let opposite = try Opposite(side, limits: limits)
        let beginnings: [[UInt8]] = [[0x81], [0x82, 0x7F], [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0], [0x01, 0x05, 65]]

        let heard = await onThread {
            let raws = beginnings.map { beginning in
                let raw = opposite.connect()
                raw.send(RawFrame.make(9, [1], masked: raw.masks) + beginning)
                return raw
            }
            return raws.map { $0.frames(seconds: 20) }
        }

        for frames in heard {
            #expect(frames.first?.opcode == 10)
            #expect(frames.last?.closeCode == 1_002)
        }
        await opposite.bench.stop()
    }

    @Test(arguments: Side.allCases)
    func `a peer with very many frames shares its loop's turns with whatever else is to be done`(_ side: Side)
        async throws
    {
        let heard = Mutex(0)
        let heardByThen = Mutex<Int?>(nil)
        let counter = { @Sendable in
            Recorder(onText: { socket, _ in
                let count = heard.withLock { count in
                    count += 1
                    return count
                }
                guard count == 1 else { return }
                socket.loop.post { heardByThen.withLock { $0 = heard.withLock { $0 } } }
            })
        }
        let bench = try Bench.start(upgrade: { _, _ in .accept(counter()) })
        let (listener, loop, port) = (RawListener(), bench.loop, bench.server.boundPort)
        let request = try WebSocketRequest(url: "ws://127.0.0.1:\(listener.port)/", connectTimeoutMs: 60_000)

        await onThread {
            if side == .client { loop.post { loop.connect(request, handler: counter()) } }
            let raw = side == .server ? RawWebSocket(port: port) : RawWebSocket(acceptedFrom: listener)
            // The loop finds all of them at once.
            loop.post { usleep(300_000) }
            let frame = RawFrame.make(1, [65], masked: raw.masks)
            raw.send([[UInt8]](repeating: frame, count: 8_000).flatMap { $0 })
            raw.send(8)
            _ = raw.frames()
        }

        #expect(heard.withLock { $0 } == 8_000)
        #expect(try #require(heardByThen.withLock { $0 }) < 2_000)
        await bench.stop()
    }

    @Test func `frames right behind a server's answer are heard`() async throws {
        let pair = try await Pair(
            .client, early: RawFrame.make(1, Self.text, masked: false) + RawFrame.make(8, masked: false))

        let heard = await pair.run { _ in }

        #expect(heard.map(\.opcode) == [1, 8])
        await pair.bench.stop()
    }

    @Test(arguments: Side.allCases)
    func `nothing is heard of what comes behind a close`(_ side: Side) async throws {
        let pair = try await Pair(side)

        let heard = await pair.run { raw in
            raw.send(
                RawFrame.make(8, [3, 232], masked: raw.masks) + RawFrame.make(1, Self.text, masked: raw.masks)
                    + RawFrame.make(9, Self.text, masked: raw.masks))
        }

        #expect(heard.map(\.opcode) == [8])
        await pair.bench.stop()
    }
}
