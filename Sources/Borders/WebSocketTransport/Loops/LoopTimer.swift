package import Runtime

/// A one-shot timer of one loop, made by ``MediaLoop/makeTimer(_:)``; arm it again as often as you like, also from
/// inside its own action. Loop thread only. An armed timer is kept alive by its loop, a disarmed one by you.
package final class LoopTimer {
    private let loop: MediaLoop
    private let action: () -> Void
    /// Place among the loop's armed timers; -1 when not armed.
    fileprivate var place = -1

    init(loop: MediaLoop, action: @escaping () -> Void) {
        self.loop = loop
        self.action = action
    }

    package var isArmed: Bool { place >= 0 }

    /// Fires at `moment`, or at once when that has passed; an armed timer moves. No allocation, O(log n).
    ///
    /// - Parameter toleranceMs: it may fire up to so much later, together with others of the same tolerance: one
    ///   wake-up for many.
    package func arm(at moment: MonotonicTime, toleranceMs: Int64 = 0) {
        loop.assertCurrent()
        loop.timers.arm(self, at: toleranceMs > 0 ? moment.roundedUp(toMilliseconds: toleranceMs) : moment)
    }

    /// After this the action does not run until the timer is armed again.
    package func cancel() {
        loop.assertCurrent()
        loop.timers.remove(self)
    }

    func fire() { action() }
}

/// The armed timers of one loop: a binary heap, earliest first. Owned by the loop's thread.
///
/// The heap itself holds numbers alone: timers are counted references, and sorting would count each up and down at every step.
struct TimerHeap {
    private struct Entry {
        var deadline: MonotonicTime
        /// Of the timer, in ``armed``.
        var place: Int
    }

    private var heap: [Entry] = []
    private var armed: [LoopTimer?] = []
    /// Where the timer of each place stands in the heap.
    private var standing: [Int] = []
    private var freePlaces: [Int] = []

    init() {
        heap.reserveCapacity(1_024)
        armed.reserveCapacity(1_024)
        standing.reserveCapacity(1_024)
        freePlaces.reserveCapacity(1_024)
    }

    /// When the loop has to wake next; nil when nothing is armed.
    var next: MonotonicTime? { heap.first?.deadline }

    /// Puts `timer` where `deadline` belongs, from wherever it stands.
    mutating func arm(_ timer: LoopTimer, at deadline: MonotonicTime) {
        if timer.place >= 0 {
            let at = standing[timer.place]
            heap[at].deadline = deadline
            settle(at)
            return
        }
        if let place = freePlaces.popLast() {
            timer.place = place
            armed[place] = timer
        } else {
            timer.place = armed.count
            armed.append(timer)
            standing.append(0)
        }
        heap.append(Entry(deadline: deadline, place: timer.place))
        rise(heap.count - 1)
    }

    mutating func remove(_ timer: LoopTimer) {
        guard timer.place >= 0 else { return }
        let place = timer.place
        let hole = standing[place]
        let last = heap.removeLast()
        timer.place = -1
        armed[place] = nil
        freePlaces.append(place)
        guard hole < heap.count else { return }
        heap[hole] = last
        settle(hole)
    }

    /// Takes the earliest timer out when it is due.
    mutating func popDue(at now: MonotonicTime) -> LoopTimer? {
        guard let first = heap.first, first.deadline <= now, let timer = armed[first.place] else { return nil }
        remove(timer)
        return timer
    }

    mutating func removeAll() {
        for timer in armed { timer?.place = -1 }
        heap = []
        armed = []
        standing = []
        freePlaces = []
    }

    private mutating func settle(_ at: Int) {
        rise(at)
        sink(at)
    }

    /// Moves what stands at `start` up to where it belongs, its elders down.
    private mutating func rise(_ start: Int) {
        let entry = heap[start]
        var at = start
        while at > 0 {
            let parent = (at - 1) / 2
            guard entry.deadline < heap[parent].deadline else { break }
            put(heap[parent], at)
            at = parent
        }
        put(entry, at)
    }

    private mutating func sink(_ start: Int) {
        let entry = heap[start]
        var at = start
        while true {
            var least = 2 * at + 1
            guard least < heap.count else { break }
            if least + 1 < heap.count, heap[least + 1].deadline < heap[least].deadline { least += 1 }
            guard heap[least].deadline < entry.deadline else { break }
            put(heap[least], at)
            at = least
        }
        put(entry, at)
    }

    private mutating func put(_ entry: Entry, _ at: Int) {
        heap[at] = entry
        standing[entry.place] = at
    }
}
