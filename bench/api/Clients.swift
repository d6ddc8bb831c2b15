import Foundation
import LoadBenchmark
import Runtime

/// Clients that ask again as soon as they are answered, a thread and a connection each.
enum Clients {
    struct Failure: Error, CustomStringConvertible { var description: String }

    struct Tally: Sendable {
        var seconds = 0.0
        /// Milliseconds of each answer, by kind.
        var times: [String: [Double]] = [:]
        /// Answers other than 2xx, by kind and status.
        var refused: [String: Int] = [:]

        var count: Int { times.values.reduce(0) { $0 + $1.count } }
        var perSecond: Double { seconds > 0 ? Double(count) / seconds : 0 }
    }

    /// - Parameter questions: what the client of this number asks, one after the other.
    static func run(
        _ port: Int, _ connections: Int, seconds: Int, _ questions: @escaping @Sendable (Int) -> () -> Question
    ) async throws -> Tally {
        let began = MonotonicTime.now()
        let deadline = began.adding(milliseconds: Int64(seconds) * 1_000)
        var whole = Tally()
        try await withThrowingTaskGroup(of: Tally.self) { group in
            for number in 1...connections {
                group.addTask {
                    try await withCheckedThrowingContinuation { continuation in
                        NamedThread.start("client", stackBytes: 512 << 10) {
                            continuation.resume(
                                with: Result { try ask(port, number, until: deadline, questions(number)) })
                        }
                    }
                }
            }
            for try await tally in group {
                for (kind, times) in tally.times { whole.times[kind, default: []] += times }
                whole.refused.merge(tally.refused) { $0 + $1 }
            }
        }
        whole.seconds = Double(MonotonicTime.now().nanoseconds - began.nanoseconds) / 1e9
        return whole
    }

    private static func ask(
        _ port: Int, _ number: Int, until deadline: MonotonicTime, _ next: () -> Question
    ) throws -> Tally {
        let line = try HTTPLine(port: port)
        defer { line.close() }
        var tally = Tally()
        while MonotonicTime.now() < deadline {
            let question = next()
            let asked = MonotonicTime.now()
            let status = try line.exchange(question.bytes)
            let ms = Double(MonotonicTime.now().nanoseconds - asked.nanoseconds) / 1e6
            tally.times[question.kind, default: []].append(ms)
            if !(200..<300).contains(status) { tally.refused["\(question.kind) \(status)", default: 0] += 1 }
        }
        return tally
    }
}
