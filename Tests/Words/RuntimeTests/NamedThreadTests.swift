import Foundation
import Runtime
import Testing

@Suite struct NamedThreadTests {
    /// Of the calling thread, as the kernel has it.
    @Sendable private static func name() -> String {
        (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8))?.filter { $0 != "\n" } ?? ""
    }

    @Test func `a thread has the name of its work, also when a media thread starts it`() async {
        let names = await withCheckedContinuation { (done: CheckedContinuation<[String], Never>) in
            NamedThread.start("media-0") {
                let media = Self.name()
                NamedThread.start("fifteen-letters") { done.resume(returning: [media, Self.name()]) }
            }
        }
        #expect(names == ["media-0", "fifteen-letters"])
    }

    @Test func `tasks that a media thread starts do not run under its name`() async {
        let names = await withCheckedContinuation { (done: CheckedContinuation<[String], Never>) in
            NamedThread.start("media-0") {
                Task {
                    let consult = await Task(executorPreference: BackgroundThreads.consults) { Self.name() }.value
                    let afterwards = await Task(executorPreference: BackgroundThreads.afterwards) { Self.name() }.value
                    done.resume(returning: [consult, afterwards, Self.name()])
                }
            }
        }
        #expect(names.prefix(2) == ["consults", "afterwards"])
        #expect(names.last?.hasPrefix("media") == false)
    }
}
