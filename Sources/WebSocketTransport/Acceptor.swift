internal import CLibWebSockets
import CallModel
import Glibc
import Synchronization
import Telemetry

/// The thread that accepts connections of one server and hands each to a loop.
///
/// `@unchecked Sendable`: constants, and an atomic that tells the thread to end; `pending` is the thread's own.
final class Acceptor: @unchecked Sendable {
    private struct Pending {
        var descriptor: Int32
        var deadline: MonotonicTime
        /// A part of the request line is there: polling would return at once, so look again a little later.
        var hasSome = false
    }

    private let listener: Int32
    private let waker: Int32
    private let bindings: [ServerBinding]
    private let loops: [MediaLoop]
    private let prefix: [UInt8]?
    private let stopping = Atomic<Bool>(false)
    private let ended = Atomic<Bool>(false)
    private var pending: [Pending] = []

    private static let pendingMax = 256
    private static let pendingMs: Int64 = 250
    private static let recheckMs: Int32 = 5

    /// Takes over `listener`, a listening, non-blocking socket.
    /// - Parameter prefix: paths that name their loop begin so; nil routes by load alone.
    init(listener: Int32, loops: [MediaLoop], bindings: [ServerBinding], prefix: String?) throws(TransportError) {
        self.listener = listener
        self.loops = loops
        self.bindings = bindings
        self.prefix = prefix.map { Array($0.utf8) }
        waker = eventfd(0, Int32(PARLEY_CLOEXEC_NONBLOCK))
        guard waker >= 0 else { throw .loopFailed(reason: "eventfd: \(TransportError.lastSystemError())") }
        NamedThread.start("acceptor") { self.run() }
    }

    deinit { Glibc.close(waker) }

    /// The listening socket closes; connections that have been accepted are still handed over.
    func stop() {
        stopping.store(true, ordering: .releasing)
        var one: UInt64 = 1
        _ = unsafe Glibc.write(waker, &one, 8)
    }

    /// The listening socket is closed, and every connection it accepted is with its loop.
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    private func run() {
        // Its loops' work begins here, and comes in heaps when it is held up.
        MediaFirst.goFirst()
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        while !stopping.load(ordering: .acquiring) {
            wait()
            acceptAll()
            lookAtPending()
        }
        acceptAll()
        for entry in pending { hand(entry.descriptor, to: leastLoaded()) }
        pending = []
        Glibc.close(listener)
        ended.store(true, ordering: .releasing)
    }

    private func wait() {
        var polled = [
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waker, events: Int16(POLLIN), revents: 0),
        ]
        var timeout: Int32 = -1
        for entry in pending {
            if !entry.hasSome { polled.append(pollfd(fd: entry.descriptor, events: Int16(POLLIN), revents: 0)) }
            let left = Int32(clamping: max(0, entry.deadline.milliseconds(since: .now())) + 1)
            let next = entry.hasSome ? Self.recheckMs : left
            timeout = timeout < 0 ? next : min(timeout, next)
        }
        _ = unsafe poll(&polled, nfds_t(polled.count), timeout)
    }

    private func acceptAll() {
        while true {
            let descriptor = parley_accept(listener)
            if descriptor < 0 {
                if errno == EMFILE || errno == ENFILE {
                    Log.error("no file descriptor left for a new connection; raise the limit (`ulimit -n`)")
                    usleep(100_000)
                }
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            var on: Int32 = 1
            unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            guard prefix != nil, pending.count < Self.pendingMax else {
                hand(descriptor, to: leastLoaded())
                continue
            }
            pending.append(
                Pending(descriptor: descriptor, deadline: .now().adding(milliseconds: Self.pendingMs)))
        }
    }

    private func lookAtPending() {
        guard !pending.isEmpty else { return }
        let now = MonotonicTime.now()
        pending.removeAll { entry in
            var found = look(at: entry.descriptor)
            if case .nothing = found, entry.deadline <= now { found = .other }
            if case .some = found, entry.deadline <= now { found = .other }
            switch found {
            case .nothing, .some: return false
            case .loop(let index): hand(entry.descriptor, to: index)
            case .other: hand(entry.descriptor, to: leastLoaded())
            }
            return true
        }
        for index in pending.indices {
            if case .some = look(at: pending[index].descriptor) { pending[index].hasSome = true }
        }
    }

    private enum Look { case nothing, some, loop(Int), other }

    /// Reads the request line without taking it.
    private func look(at descriptor: Int32) -> Look {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 512) { buffer in
            guard let start = buffer.baseAddress, let prefix else { return .other }
            let count = unsafe parley_socket_peek(descriptor, start, 512)
            if count < 0, errno == EAGAIN { return .nothing }
            guard count > 0 else { return .other }
            let line = unsafe Array(UnsafeBufferPointer(start: start, count: count))
            return Self.route(line, prefix: prefix, loops: loops.count).map { $0.map { .loop($0) } ?? .other } ?? .some
        }
    }

    /// Which loop a request line names: nil when more bytes are needed, `.some(nil)` when it names none.
    static func route(_ line: [UInt8], prefix: [UInt8], loops: Int) -> Int?? {
        let wanted = Array("GET ".utf8) + prefix
        guard line.starts(with: wanted) else {
            return line.count < wanted.count && wanted.starts(with: line) ? nil : .some(nil)
        }
        var index = 0
        var digits = 0
        for byte in line.dropFirst(wanted.count) {
            switch byte {
            case 0x30...0x39 where digits < 4:
                index = index * 10 + Int(byte - 0x30)
                digits += 1
            case UInt8(ascii: " "), UInt8(ascii: "?"), UInt8(ascii: "/"):
                return .some(digits > 0 && index < loops ? index : nil)
            default:
                return .some(nil)
            }
        }
        return nil
    }

    private func leastLoaded() -> Int {
        loops.indices.min { loops[$0].connectionCount < loops[$1].connectionCount } ?? 0
    }

    private func hand(_ descriptor: Int32, to index: Int) {
        let loop = loops[index]
        guard loop.connectionCount < loop.limits.connectionsMax else {
            let full = Array("HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncontent-length: 0\r\n\r\n".utf8)
            _ = unsafe full.withUnsafeBytes { bytes in
                unsafe bytes.baseAddress.map { unsafe parley_socket_send(descriptor, $0, bytes.count) }
            }
            Glibc.close(descriptor)
            return
        }
        loop.noteArriving(1)
        let binding = bindings[index]
        binding.noteComing()
        loop.post { binding.adopt(descriptor) }
    }
}
