internal import CLibWebSockets
import CallModel
import Glibc
import Synchronization
import Telemetry

/// One event-loop thread with one libwebsockets context; everything on it happens on that thread.
///
/// `@unchecked Sendable`: only ``post(_:)``, ``isCurrent``, ``connectionCount`` and `index` are for other threads, and
/// they touch constants, atomics and the locked mailbox. All other state belongs to the loop's own thread from the
/// moment that ``start()`` makes it; `assertCurrent` checks that in debug builds.
@safe package final class MediaLoop: @unchecked Sendable {
    package let index: Int
    let limits: TransportLimits
    private let mailbox: Mailbox
    private let load = Atomic<Int>(0)
    private let thread = Atomic<UInt>(0)

    // Below: the loop's thread only.
    private let events: OpaquePointer
    let context: OpaquePointer
    private let timerDescriptor: Int32
    private let watchers: UnsafeMutablePointer<ev_io>
    private var batch: [Mailbox.Work] = []
    private var programmed: MonotonicTime?
    private var doomed: [Peer] = []
    private var afterwards: [() -> Void] = []
    private var isRunning = true
    private var stopDeadline: Int?
    private var hasWarnedAboutMailbox = false
    private(set) var peers: [Peer] = []
    private var sweeper: LoopTimer?
    var timers = TimerHeap()
    /// Seconds of this loop's life in which it had a connection.
    private(set) var seconds = 0
    /// What the loop did in its last whole second, and how it breathes.
    private var pulse = LoopPulse()
    private var eachSecond: [(LoopPulse) -> Void] = []
    /// WebSocket messages received since the pulse was taken.
    private var messagesReceived = 0
    /// Room for one outgoing frame: `LWS_PRE` bytes, then ``sendBytesMax``.
    let sendBuffer: UnsafeMutablePointer<UInt8>
    static let sendBytesMax = 64 << 10
    /// Answers that requests wait for, by ticket.
    var exchanges: [UInt64: HTTPConnection] = [:]
    private var tickets: UInt64 = 0
    var bindings: [ServerBinding] = []
    var clientHosts: [ClientHostKey: OpaquePointer] = unsafe [:]
    private var keptTLS: [ClientTLSContext] = []
    private var connectors: [UInt64: Connector] = [:]

    init(index: Int, limits: TransportLimits) throws(TransportError) {
        self.index = index
        self.limits = limits
        mailbox = try Mailbox()
        timerDescriptor = parley_timerfd_new()
        guard timerDescriptor >= 0 else {
            throw .loopFailed(reason: "timerfd: \(TransportError.lastSystemError())")
        }
        guard let events = unsafe parley_ev_loop_new() else {
            throw .loopFailed(reason: "libev has no epoll here")
        }
        unsafe self.events = events
        guard let context = unsafe LWSContext.make(loop: events, limits: limits) else {
            unsafe ev_loop_destroy(events)
            throw .loopFailed(
                reason: "libwebsockets refused; is libwebsockets-evlib-ev installed, are file descriptors left?")
        }
        unsafe self.context = context
        unsafe sendBuffer = .allocate(capacity: Int(PARLEY_LWS_PRE) + Self.sendBytesMax)
        unsafe watchers = .allocate(capacity: 2)
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe parley_ev_io_init(
            watchers, { _, watcher, _ in unsafe MediaLoop.of(watcher)?.runMailbox() }, mailbox.descriptor, me)
        unsafe parley_ev_io_init(
            watchers + 1, { _, watcher, _ in unsafe MediaLoop.of(watcher)?.runTimers() }, timerDescriptor, me)
        unsafe ev_io_start(events, watchers)
        unsafe ev_io_start(events, watchers + 1)
    }

    deinit {
        unsafe watchers.deallocate()
        unsafe sendBuffer.deallocate()
        Glibc.close(timerDescriptor)
    }

    private static func of(_ watcher: UnsafeMutablePointer<ev_io>?) -> MediaLoop? {
        unsafe watcher?.pointee.data.map { unsafe Unmanaged<MediaLoop>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: For any thread

    /// Runs `work` on the loop, after everything posted before. Dropped when the loop has ended.
    package func post(_ work: @escaping @Sendable () -> Void) { _ = mailbox.post(work) }

    /// Whether the caller is on the loop's thread.
    package var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Open and arriving connections, server and client.
    package var connectionCount: Int { load.load(ordering: .relaxed) }

    func noteArriving(_ count: Int) { load.add(count, ordering: .relaxed) }

    // MARK: For the loop's thread

    /// A disarmed timer that calls `fire` on this loop.
    package func makeTimer(_ fire: @escaping () -> Void) -> LoopTimer {
        assertCurrent()
        return LoopTimer(loop: self, action: fire)
    }

    func assertCurrent() {
        assert(isCurrent, "media loop \(index) used from another thread; post the work to it")
    }

    func nextTicket() -> UInt64 {
        tickets += 1
        return tickets
    }

    /// Keeps a connector that waits for its name to be resolved.
    func register(_ connector: Connector) -> UInt64 {
        let ticket = nextTicket()
        connectors[ticket] = connector
        return ticket
    }

    func noteMessage() { messagesReceived &+= 1 }

    /// Tells `work` once a second how busy the loop was, for as long as it has connections.
    package func everySecond(_ work: @escaping (LoopPulse) -> Void) {
        assertCurrent()
        eachSecond.append(work)
    }

    func takeConnector(_ ticket: UInt64) -> Connector? { connectors.removeValue(forKey: ticket) }

    /// A virtual host borrows its TLS context for as long as the loop lives.
    func keep(_ tls: ClientTLSContext) { keptTLS.append(tls) }

    /// Runs `work` when no callback of libwebsockets is on the stack.
    func afterCallbacks(_ work: @escaping () -> Void) { afterwards.append(work) }

    func killSoon(_ peer: Peer) { doomed.append(peer) }

    func add(_ peer: Peer) {
        peer.slot = peers.count
        peers.append(peer)
        let sweeper = self.sweeper ?? LoopTimer(loop: self) { [unowned self] in sweep() }
        self.sweeper = sweeper
        if !sweeper.isArmed { sweeper.arm(at: .now().adding(milliseconds: 1_000)) }
    }

    /// Takes `peer` off the books; its place in ``connectionCount`` becomes free.
    func remove(_ peer: Peer) {
        guard peer.slot >= 0 else { return }
        let last = peers.removeLast()
        if last !== peer {
            peers[peer.slot] = last
            last.slot = peer.slot
        }
        peer.slot = -1
        load.subtract(1, ordering: .relaxed)
    }

    /// `next` takes over the connection and the place of `peer`.
    func replace(_ peer: Peer, by next: Peer) {
        next.slot = peer.slot
        peers[peer.slot] = next
        peer.slot = -1
        next.wire = peer.wire
        next.wire?.attach(next)
        peer.wire = nil
    }

    // MARK: The thread

    /// Makes the thread. It keeps the loop alive until ``stop(graceSeconds:)`` has ended it.
    func start() -> pthread_t {
        var made = pthread_t()
        let me = unsafe Unmanaged.passRetained(self).toOpaque()
        let status = unsafe pthread_create(
            &made, nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<MediaLoop>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            }, me)
        precondition(status == 0, "pthread_create failed with \(status)")
        return made
    }

    /// Ends the loop: connections get `graceSeconds` to close in an orderly way. Any thread.
    func stop(graceSeconds: Int) {
        post { [self] in
            guard stopDeadline == nil else { return }
            stopDeadline = seconds + max(1, graceSeconds)
            for peer in peers { peer.goAway() }
            endWhenEmpty()
        }
    }

    private func run() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        NamedThread.nameCurrent("media-\(index)")
        MediaFirst.goFirst()
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        while isRunning {
            finishCallbacks()
            programTimer()
            _ = unsafe ev_run(events, Int32(PARLEY_EV_RUN_ONCE))
            pulse.breathe()
        }
        tearDown()
    }

    private func finishCallbacks() {
        while !doomed.isEmpty || !afterwards.isEmpty {
            let killing = doomed
            doomed.removeAll(keepingCapacity: true)
            for peer in killing {
                // The first request may only begin a flush; the second is final unless the flush cannot fail yet.
                peer.wire?.kill()
                peer.wire?.kill()
                peer.isDoomed = false
            }
            let work = afterwards
            afterwards = []
            for item in work { item() }
        }
    }

    /// One system call a wake-up at most, none while the earliest deadline stays the same.
    private func programTimer() {
        let next = timers.next
        guard next != programmed else { return }
        programmed = next
        _ = parley_timerfd_set(timerDescriptor, next.map { max(1, $0.nanoseconds) } ?? 0)
    }

    private func runTimers() {
        var expirations: UInt64 = 0
        _ = unsafe Glibc.read(timerDescriptor, &expirations, 8)
        programmed = nil
        let now = MonotonicTime.now()
        while let timer = timers.popDue(at: now) { timer.fire() }
    }

    private func runMailbox() {
        mailbox.take(into: &batch)
        if batch.count > limits.mailboxMax, !hasWarnedAboutMailbox {
            hasWarnedAboutMailbox = true
            Log.warning("media loop falls behind its mailbox", ["loop": index, "waiting": batch.count])
        }
        for index in batch.indices { batch[index]() }
        batch.removeAll(keepingCapacity: batch.capacity <= 4_096)
    }

    private func sweep() {
        seconds += 1
        pulse.secondPassed(messages: messagesReceived)
        messagesReceived = 0
        for work in eachSecond { work(pulse) }
        // Backwards, since a peer that ends here is replaced in its place by the last one.
        for slot in peers.indices.reversed() where slot < peers.count { peers[slot].tick() }
        if !peers.isEmpty { sweeper?.arm(at: .now().adding(milliseconds: 1_000)) }
        endWhenEmpty()
    }

    private func endWhenEmpty() {
        guard let stopDeadline else { return }
        guard peers.isEmpty || seconds >= stopDeadline else { return }
        isRunning = false
    }

    /// A peer has gone: the last one may be what a stopping loop waits for.
    func noteDeparture() { if stopDeadline != nil { endWhenEmpty() } }

    private func tearDown() {
        mailbox.close()
        for peer in peers { peer.wire?.cut() }
        unsafe LWSContext.destroy(context)
        for peer in peers {
            peer.wireGone()
            remove(peer)
        }
        unsafe ev_io_stop(events, watchers)
        unsafe ev_io_stop(events, watchers + 1)
        unsafe ev_loop_destroy(events)
        timers.removeAll()
        sweeper = nil
        eachSecond = []
        doomed = []
        afterwards = []
        exchanges = [:]
        bindings = []
        unsafe clientHosts = [:]
        keptTLS = []
        connectors = [:]
    }
}
