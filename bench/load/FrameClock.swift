import Runtime
import WebSocketTransport

/// One absolute schedule for all callers of a loop: 20 ms in 40 slots of 500 µs. A caller keeps its slot, so that its
/// frames are due exactly 20 ms apart for ever; late ticks are made up for, never skipped. Loop thread only.
final class FrameClock {
    static let slots = 40
    static let slotNanoseconds: Int64 = 500_000
    static let ptimeNanoseconds: Int64 = 20_000_000

    private let loop: MediaLoop
    private var timer: LoopTimer?
    private var members: [[CarrierLeg]] = Array(repeating: [], count: slots)
    private var count = 0
    private var began: Int64 = 0
    /// The next slot to run, counted from `began`.
    private var position: Int64 = 0
    private var nextSlot = 0
    private var isStopped = false

    init(loop: MediaLoop) {
        self.loop = loop
        timer = loop.makeTimer { [unowned self] in run() }
    }

    /// Adds a caller; its first frame is due when its slot comes up next.
    func join(_ leg: CarrierLeg) {
        if count == 0 {
            isStopped = false
            began = MonotonicTime.now().nanoseconds
            position = 0
        }
        // Slots in an order that keeps any number of callers spread over the 20 ms.
        leg.slot = nextSlot
        nextSlot = (nextSlot + 23) % Self.slots
        members[leg.slot].append(leg)
        count += 1
        arm()
    }

    func leave(_ leg: CarrierLeg) {
        guard let place = members[leg.slot].firstIndex(where: { $0 === leg }) else { return }
        members[leg.slot].remove(at: place)
        count -= 1
        if count == 0 { timer?.cancel() }
    }

    /// Sends nothing more; callers keep their places.
    func stop() {
        isStopped = true
        timer?.cancel()
    }

    private func arm() {
        guard count > 0, !isStopped else { return }
        var next = position
        while members[Int(next % Int64(Self.slots))].isEmpty { next += 1 }
        position = next
        timer?.arm(at: MonotonicTime(nanoseconds: began + next * Self.slotNanoseconds))
    }

    private func run() {
        while count > 0 {
            let due = began + position * Self.slotNanoseconds
            guard due <= MonotonicTime.now().nanoseconds else { break }
            let slot = Int(position % Int64(Self.slots))
            position += 1
            var place = 0
            // A caller may leave, and take its place along, while it has its turn.
            while place < members[slot].count {
                let leg = members[slot][place]
                leg.tick(due: due)
                if place < members[slot].count, members[slot][place] === leg { place += 1 }
            }
        }
        arm()
    }
}
