import Foundation
import Runtime
import Testing

@Suite struct MediaFirstTests {
    @Test func `a thread that gives way is lowered, and no other`() async {
        @Sendable func niceness() -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        let seen = await withCheckedContinuation { (done: CheckedContinuation<[Int32], Never>) in
            Thread {
                let before = niceness()
                let lowered = Thread {
                    let own = niceness()
                    MediaFirst.giveWay()
                    done.resume(returning: [before, own, niceness()])
                }
                lowered.start()
            }.start()
        }
        #expect(seen[0] == seen[1])
        #expect(seen[2] == max(seen[0], 10))
    }

    @Test func `a thread that goes first takes nothing it starts along`() async {
        let seen = await withCheckedContinuation { (done: CheckedContinuation<(Bool, Int32, Int32), Never>) in
            Thread {
                let isPermitted = MediaFirst.goFirst()
                let own = sched_getscheduler(0)
                Thread { done.resume(returning: (isPermitted, own, sched_getscheduler(0))) }.start()
            }.start()
        }
        // The flag that keeps it from threads of its own is part of the answer.
        #expect(seen.1 & 0xFF == (seen.0 ? SCHED_RR : SCHED_OTHER))
        #expect(seen.2 == SCHED_OTHER)
    }

    @Test func `tasks in the background give way, and the threads of other tasks do not`() async {
        @Sendable func niceness() -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        let process = niceness()

        let afterwards = await Task(executorPreference: BackgroundThreads.afterwards) {
            await withTaskGroup { group in
                for _ in 0..<20 { group.addTask { niceness() } }
                return await group.reduce(into: Set<Int32>()) { $0.insert($1) }
            }
        }.value
        let consults = await Task(executorPreference: BackgroundThreads.consults) { niceness() }.value
        let others = await withTaskGroup { group in
            for _ in 0..<20 { group.addTask { niceness() } }
            return await group.reduce(into: Set<Int32>()) { $0.insert($1) }
        }

        #expect(afterwards == [max(process, 15)])
        #expect(consults == max(process, 10))
        #expect(others == [process])
    }
}
