import Foundation
import Glibc
import Synchronization
import Testing

@testable import WebSocketTransport

@Suite(.serialized) struct LoopWatchdogTests {
    @Test(arguments: ["spins", "sleeps"])
    func `a loop that stands is named, once, and the others are not`(manner: String) async throws {
        let loops = try LoopGroup(threads: 2)
        let named = Mutex<[String]>([])
        let over = Mutex(false)
        let watchdog = LoopWatchdog(loops.loops, standingMs: 600) { standing in
            named.withLock { $0.append(standing.name) }
        }

        loops.loops[1].post { while !over.withLock({ $0 }) { if manner == "sleeps" { usleep(10_000) } } }
        for _ in 0..<3_000 where named.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(10)) }
        try await Task.sleep(for: .milliseconds(1_000))
        over.withLock { $0 = true }

        #expect(named.withLock { $0 } == ["media-1"])
        watchdog.stop()
        await loops.shutdown()
    }

    @Test func `a loop that has nothing to do, or much of it in small pieces, is left alone`() async throws {
        let loops = try LoopGroup(threads: 2)
        let named = Mutex<[String]>([])
        let over = Mutex(false)
        let watchdog = LoopWatchdog(loops.loops, standingMs: 600) { standing in
            named.withLock { $0.append(standing.name) }
        }
        let busy = loops.loops[0]
        @Sendable func work() {
            usleep(20_000)
            if !over.withLock({ $0 }) { busy.post { work() } }
        }

        busy.post { work() }
        try await Task.sleep(for: .milliseconds(2_500))
        over.withLock { $0 = true }

        #expect(named.withLock { $0 }.isEmpty)
        watchdog.stop()
        await loops.shutdown()
    }

    @Test func `loops that have ended are nobody's to look at`() async throws {
        let loops = try LoopGroup(threads: 2)
        let named = Mutex<[String]>([])
        let watchdog = LoopWatchdog(loops.loops, standingMs: 300) { standing in
            named.withLock { $0.append(standing.name) }
        }

        await loops.shutdown()
        try await Task.sleep(for: .milliseconds(1_500))

        #expect(named.withLock { $0 }.isEmpty)
        watchdog.stop()
    }
}
