import Foundation
import Runtime
import Synchronization
import Testing

@testable import WebSocketTransport

private final class Lanes: Sendable {
    private let lanes = Mutex<[[Int]]>([[], [], [], []])
    func add(_ number: Int, _ lane: Int) { lanes.withLock { $0[lane].append(number) } }
    var numbers: [[Int]] { lanes.withLock { $0 } }
}

@Suite(.serialized) struct LoopTests {
    @Test func `posted work runs on the loop in the order of posting`() async throws {
        let loops = try LoopGroup(threads: 1)
        let loop = loops.loops[0]
        let seen = Mutex<[Int]>([])

        for number in 0..<10_000 { loop.post { seen.withLock { $0.append(number) } } }
        let onLoop = await loop.run { loop.isCurrent }

        #expect(seen.withLock { $0 } == Array(0..<10_000))
        #expect(onLoop)
        #expect(!loop.isCurrent)
        await loops.shutdown()
    }

    @Test func `posts from several threads are all run, each thread's in its order`() async throws {
        let loops = try LoopGroup(threads: 1)
        let loop = loops.loops[0]
        let seen = Lanes()

        await onThread {
            DispatchQueue.concurrentPerform(iterations: 4) { lane in
                for number in 0..<2_000 { loop.post { seen.add(number, lane) } }
            }
        }
        await loop.run {}

        #expect(seen.numbers == Array(repeating: Array(0..<2_000), count: 4))
        await loops.shutdown()
    }

    @Test func `timers fire in the order of their deadlines, moved and cancelled ones as told`() async throws {
        let loops = try LoopGroup(threads: 1)
        let loop = loops.loops[0]
        let fired = Mutex<[Int]>([])

        let early = await withCheckedContinuation { (done: CheckedContinuation<Bool, Never>) in
            loop.post {
                let start = MonotonicTime.now()
                var timers: [LoopTimer] = []
                for (number, delay) in [30, 10, 20, 5, 15].enumerated() {
                    let timer = loop.makeTimer { fired.withLock { $0.append(number) } }
                    timer.arm(at: start.adding(milliseconds: Int64(delay)))
                    timers.append(timer)
                }
                timers[3].cancel()
                timers[1].arm(at: start.adding(milliseconds: 40))
                let armed = timers.map(\.isArmed)
                let last = loop.makeTimer {
                    done.resume(returning: MonotonicTime.now() < start.adding(milliseconds: 60))
                }
                last.arm(at: start.adding(milliseconds: 60))
                #expect(armed == [true, true, true, false, true])
            }
        }

        #expect(fired.withLock { $0 } == [4, 2, 0, 1])
        #expect(!early)
        await loops.shutdown()
    }

    @Test func `the timer heap stays ordered under random arming, moving and cancelling`() async throws {
        let loops = try LoopGroup(threads: 1)
        let loop = loops.loops[0]

        let inOrder = await loop.run {
            var heap = TimerHeap()
            var generator = SystemRandomNumberGenerator()
            let timers = (0..<200).map { _ in LoopTimer(loop: loop) {} }
            var expected: [ObjectIdentifier: Int64] = [:]
            for _ in 0..<5_000 {
                guard let timer = timers.randomElement(using: &generator) else { continue }
                if Bool.random(using: &generator) {
                    heap.remove(timer)
                    expected[ObjectIdentifier(timer)] = nil
                } else {
                    let moment = Int64.random(in: 0..<1_000, using: &generator)
                    heap.arm(timer, at: MonotonicTime(nanoseconds: moment))
                    expected[ObjectIdentifier(timer)] = moment
                }
            }
            var popped: [Int64] = []
            while let timer = heap.popDue(at: MonotonicTime(nanoseconds: 1_000)) {
                popped.append(expected.removeValue(forKey: ObjectIdentifier(timer)) ?? -1)
            }
            return popped == popped.sorted() && popped.first != -1 && expected.isEmpty
        }

        #expect(inOrder)
        await loops.shutdown()
    }

    @Test func `an idle loop does not wake up`() async throws {
        let loops = try LoopGroup(threads: 1)
        let loop = loops.loops[0]
        let task = await loop.run {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")) ?? ""
        }
        func switches() throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(task)/status", encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches") }
            return Int(line?.split(separator: "\t").last ?? "") ?? -1
        }
        let before = try switches()

        try await Task.sleep(for: .milliseconds(600))

        #expect(try switches() - before <= 1)
        await loops.shutdown()
    }

    @Test func `work for a loop that has ended is dropped`() async throws {
        let loops = try LoopGroup(threads: 1)
        let loop = loops.loops[0]
        await loops.shutdown()

        loop.post { Issue.record("ran after the end") }
        await loops.shutdown()
    }
}
