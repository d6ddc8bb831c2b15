import CTransport
import Glibc
import Runtime
import Synchronization
import Telemetry

/// One event-loop thread: its connections, timers and mailbox; everything on it happens on that thread.
///
/// `@unchecked Sendable`: only ``post(_:)``, ``isCurrent``, ``connectionCount``, `turns` and the constants are for other
/// threads, and they touch constants, atomics and the locked mailbox. All other state belongs to the loop's own thread from the
/// moment that ``start()`` makes it; `assertCurrent` checks that in debug builds.
@safe package final class MediaLoop: @unchecked Sendable {
    /// What a loop is there for, and so whose turn it is when processors are busy.
    enum Duty { case calls, door }

    package let index: Int
    let duty: Duty
    /// As the kernel and the log have it: `media-0`, `door`.
    package let name: String
    let limits: TransportLimits
    private let mailbox: Mailbox
    private let load = Atomic<Int>(0)
    private let thread = Atomic<UInt>(0)
    private let threadID = Atomic<Int32>(0)
    /// Odd while the loop works, even while it waits for something to do; goes up with each change.
    private let turns = Atomic<UInt64>(1)

    // Below: the loop's thread only.
    let events: OpaquePointer
    private let timerDescriptor: Int32
    private let watchers: UnsafeMutablePointer<ev_io>
    private var batch: [Mailbox.Work] = []
    private var programmed: MonotonicTime?
    private var doomed: [Peer] = []
    private var afterwards: [() -> Void] = []
    /// Those that have more to read than they did at once.
    private var readers: [Peer] = []
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
    /// Room for one outgoing frame, its header included.
    let sendBuffer: UnsafeMutablePointer<UInt8>
    static let sendBytesMax = 64 << 10
    /// Room for what a connection at the door has to say.
    let receiveBuffer: UnsafeMutablePointer<UInt8>
    static let receiveBytesMax = 16 << 10
    var randomness = RandomBytes()
    private var tickets: UInt64 = 0
    private var kept: [UInt64: AnyObject] = [:]

    init(index: Int, duty: Duty = .calls, limits: TransportLimits) throws(TransportError) {
        self.index = index
        self.duty = duty
        self.limits = limits
        name = duty == .door ? "door" : "media-\(index)"
        mailbox = try Mailbox()
        timerDescriptor = parley_timerfd_new()
        guard timerDescriptor >= 0 else {
            throw .loopFailed(reason: "timerfd: \(TransportError.lastSystemError())")
        }
        guard let events = unsafe parley_ev_loop_new() else {
            throw .loopFailed(reason: "libev has no epoll here")
        }
        unsafe self.events = events
        unsafe sendBuffer = .allocate(capacity: Self.sendBytesMax)
        unsafe receiveBuffer = .allocate(capacity: Self.receiveBytesMax)
        unsafe watchers = .allocate(capacity: 2)
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe parley_ev_io_init(
            watchers, { _, watcher, _ in unsafe MediaLoop.of(watcher)?.runMailbox() }, mailbox.descriptor,
            Int32(PARLEY_EV_READ), me)
        unsafe parley_ev_io_init(
            watchers + 1, { _, watcher, _ in unsafe MediaLoop.of(watcher)?.runTimers() }, timerDescriptor,
            Int32(PARLEY_EV_READ), me)
        unsafe parley_ev_around_waits(
            events, me, { unsafe MediaLoop.of(loop: $0)?.turn() }, { unsafe MediaLoop.of(loop: $0)?.turn() })
        unsafe ev_io_start(events, watchers)
        unsafe ev_io_start(events, watchers + 1)
    }

    deinit {
        unsafe watchers.deallocate()
        unsafe sendBuffer.deallocate()
        unsafe receiveBuffer.deallocate()
        Glibc.close(timerDescriptor)
    }

    private static func of(loop: OpaquePointer?) -> MediaLoop? {
        guard let loop = unsafe loop, let me = unsafe ev_userdata(loop) else { return nil }
        return unsafe Unmanaged<MediaLoop>.fromOpaque(me).takeUnretainedValue()
    }

    private func turn() { turns.add(1, ordering: .relaxed) }

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

    /// Where the loop is in its life, for whoever watches it: the same odd number twice is one piece of work that goes on.
    var progress: UInt64 { turns.load(ordering: .relaxed) }

    /// The kernel's number of the loop's thread; 0 before it runs.
    var kernelThread: Int32 { threadID.load(ordering: .relaxed) }

    /// The loop's thread; nil before it runs.
    var threadHandle: pthread_t? {
        let handle = thread.load(ordering: .relaxed)
        return handle == 0 ? nil : pthread_t(handle)
    }

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

    /// Keeps an object of this loop's while another thread works for it; the answer brings the ticket.
    func keep(_ object: AnyObject) -> UInt64 {
        let ticket = nextTicket()
        kept[ticket] = object
        return ticket
    }

    /// What was kept; nil for a ticket that was shown before.
    func handBack(_ ticket: UInt64) -> AnyObject? { kept.removeValue(forKey: ticket) }

    func noteMessage() { messagesReceived &+= 1 }

    /// Tells `work` once a second how busy the loop was, for as long as it has connections.
    package func everySecond(_ work: @escaping (LoopPulse) -> Void) {
        assertCurrent()
        eachSecond.append(work)
    }

    /// Runs `work` when no connection's callback is on the stack.
    func afterCallbacks(_ work: @escaping () -> Void) { afterwards.append(work) }

    func killSoon(_ peer: Peer) { doomed.append(peer) }

    /// Wakes `peer` for reading when all others have had their turn: what it has to read may be where no event tells of it.
    func wakeAgain(_ peer: Peer) { readers.append(peer) }

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
        NamedThread.nameCurrent(name)
        if duty == .calls { MediaFirst.goFirst() }
        threadID.store(parley_thread_number(), ordering: .relaxed)
        parley_block_signals()
        while isRunning {
            finishCallbacks()
            programTimer()
            var goingOn: [Peer] = []
            // Swapped only when there are some: a turn allocates nothing.
            if !readers.isEmpty { swap(&goingOn, &readers) }
            _ = unsafe ev_run(events, Int32(goingOn.isEmpty ? PARLEY_EV_RUN_ONCE : PARLEY_EV_RUN_NOWAIT))
            for peer in goingOn where peer.slot >= 0 && peer.wire != nil && !peer.isDoomed {
                peer.wireIsReady(reading: true, writing: false)
            }
            pulse.breathe()
        }
        tearDown()
    }

    private func finishCallbacks() {
        while !doomed.isEmpty || !afterwards.isEmpty {
            let killing = doomed
            doomed.removeAll(keepingCapacity: true)
            for peer in killing { peer.end() }
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
        while let peer = peers.last {
            peer.end()
            remove(peer)
        }
        turns.store(0, ordering: .relaxed)
        unsafe ev_io_stop(events, watchers)
        unsafe ev_io_stop(events, watchers + 1)
        unsafe ev_loop_destroy(events)
        timers.removeAll()
        sweeper = nil
        eachSecond = []
        doomed = []
        afterwards = []
        readers = []
        kept = [:]
    }
}
