package import CallModel

/// A one-shot timer of one loop, made by ``MediaLoop/makeTimer(_:)``; arm it again as often as you like, also from
/// inside its own action. Loop thread only. An armed timer is kept alive by its loop, a disarmed one by you.
package final class LoopTimer {
    private let loop: MediaLoop
    private let action: () -> Void
    /// Place in the loop's heap; -1 when not armed.
    fileprivate(set) var slot = -1
    fileprivate(set) var deadline = MonotonicTime.distantFuture

    init(loop: MediaLoop, action: @escaping () -> Void) {
        self.loop = loop
        self.action = action
    }

    package var isArmed: Bool { slot >= 0 }

    /// Fires at `moment`, or at once when that has passed; an armed timer moves. No allocation, O(log n).
    ///
    /// - Parameter toleranceMs: it may fire up to so much later, together with others of the same tolerance: one
    ///   wake-up for many.
    package func arm(at moment: MonotonicTime, toleranceMs: Int64 = 0) {
        loop.assertCurrent()
        loop.timers.remove(self)
        deadline = toleranceMs > 0 ? moment.roundedUp(toMilliseconds: toleranceMs) : moment
        loop.timers.insert(self)
    }

    /// After this the action does not run until the timer is armed again.
    package func cancel() {
        loop.assertCurrent()
        loop.timers.remove(self)
    }

    func fire() { action() }

    /// Only while not in a heap.
    func set(deadline: MonotonicTime) { self.deadline = deadline }
}

/// The armed timers of one loop: a binary heap, earliest first. Owned by the loop's thread.
struct TimerHeap {
    private var heap: [LoopTimer] = []

    init() { heap.reserveCapacity(1_024) }

    /// When the loop has to wake next; nil when nothing is armed.
    var next: MonotonicTime? { heap.first?.deadline }

    mutating func insert(_ timer: LoopTimer) {
        timer.slot = heap.count
        heap.append(timer)
        rise(heap.count - 1)
    }

    mutating func remove(_ timer: LoopTimer) {
        guard timer.slot >= 0 else { return }
        let hole = timer.slot
        let last = heap.removeLast()
        timer.slot = -1
        guard hole < heap.count else { return }
        heap[hole] = last
        last.slot = hole
        rise(hole)
        sink(hole)
    }

    /// Takes the earliest timer out when it is due.
    mutating func popDue(at now: MonotonicTime) -> LoopTimer? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        remove(first)
        return first
    }

    mutating func removeAll() {
        for timer in heap { timer.slot = -1 }
        heap = []
    }

    private mutating func rise(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            exchange(child, parent)
            child = parent
        }
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].deadline < heap[least].deadline { least = child }
            guard least != parent else { return }
            exchange(parent, least)
            parent = least
        }
    }

    private mutating func exchange(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        heap[a].slot = a
        heap[b].slot = b
    }
}
