import Synchronization
import TwilioProtocol
import WebSocketTransport

/// The calls of every loop, reachable from any thread by posting to it.
final class LoopTable: Sendable {
    private let group: LoopGroup
    /// Filled by each loop itself before the listener opens, read by that loop only.
    private let tables: Mutex<[Int: SendableBox<LoopCalls>]>

    init(group: LoopGroup, services: CallServices, tokens: StreamTokenMint) {
        self.group = group
        tables = Mutex([:])
        for loop in group.loops {
            let calls = SendableBox(LoopCalls(loop: loop, services: services, tokens: tokens, loops: self))
            tables.withLock { $0[loop.index] = calls }
            loop.post { calls.value.followPulse() }
        }
    }

    /// The calls of `loop`; to be used on that loop only.
    func calls(of loop: MediaLoop) -> LoopCalls? { tables.withLock { $0[loop.index] }?.value }

    func leastLoaded() -> MediaLoop { group.leastLoaded() }

    /// Runs `work` on a loop with its calls.
    func post(to index: Int, _ work: @escaping @Sendable (LoopCalls) -> Void) {
        guard group.loops.indices.contains(index), let box = tables.withLock({ $0[index] }) else { return }
        group.loops[index].post { work(box.value) }
    }

    /// The phone rings for a call of a loop: returns when the call has begun there, which `begin` does.
    func ring(_ index: Int, _ begin: @escaping @Sendable (LoopCalls) -> Void) async {
        guard group.loops.indices.contains(index) else { return }
        await withCheckedContinuation { continuation in
            post(to: index) { calls in
                calls.ring {
                    begin(calls)
                    continuation.resume()
                }
            }
        }
    }

    /// Asks something of the calls of a loop.
    func ask<Answer: Sendable>(_ index: Int, _ question: @escaping @Sendable (LoopCalls) -> Answer) async -> Answer? {
        guard group.loops.indices.contains(index) else { return nil }
        return await withCheckedContinuation { continuation in
            post(to: index) { continuation.resume(returning: question($0)) }
        }
    }
}
