import CallModel
import Database
import Synchronization
import Testing

@testable import CRM

@Suite struct TenantBatchesTests {
    private struct Refused: Error {}

    /// What was asked together, and a door that holds up the first.
    private final class Seen: Sendable {
        private let batches = Mutex<[[Int]]>([])
        private let isOpen = Mutex(false)
        var all: [[Int]] { batches.withLock { $0 } }
        func open() { isOpen.withLock { $0 = true } }

        func note(_ items: [Int]) async {
            batches.withLock { $0.append(items) }
            while !isOpen.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) }
        }
    }

    private static func doubled(_ seen: Seen, isolates: Bool = false) -> TenantBatches<Int, Int> {
        TenantBatches(isolates: isolates) { _, items, _ in
            await seen.note(items)
            if items.contains(13) { throw Refused() }
            return items.map { $0 * 2 }
        }
    }

    @Test func `what comes while others are asked for is asked together`() async throws {
        let seen = Seen()
        let batches = Self.doubled(seen)

        let answers = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for item in 100..<140 {
                group.addTask { (item, try await batches.ask(item, of: .initial, timeoutMs: 60_000)) }
            }
            while seen.all.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
            try await Task.sleep(for: .milliseconds(50))
            seen.open()
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }

        #expect(answers.count == 40)
        #expect(answers.allSatisfy { $0.value == $0.key * 2 })
        #expect(seen.all.flatMap(\.self).sorted() == Array(100..<140))
        #expect(seen.all.count <= 5)
        #expect(seen.all.allSatisfy { $0.count <= 32 })
    }

    @Test func `whoever waits is answered by the clock, and no longer asked for`() async throws {
        let seen = Seen()
        let batches = Self.doubled(seen)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for item in 0..<2 {
                group.addTask { _ = try await batches.ask(item, of: .initial, timeoutMs: 60_000) }
            }
            while seen.all.count < 2 { try await Task.sleep(for: .milliseconds(1)) }

            await #expect(throws: DatabaseError.timedOut(afterMs: 20)) {
                try await batches.ask(7, of: .initial, timeoutMs: 20)
            }
            seen.open()
            try await group.waitForAll()
        }

        #expect(try await batches.ask(8, of: .initial, timeoutMs: 60_000) == 16)
        #expect(!seen.all.joined().contains(7))
    }

    @Test(arguments: [true, false])
    func `one that cannot be done spoils no other where each may be tried alone`(isolates: Bool) async throws {
        let seen = Seen()
        let batches = Self.doubled(seen, isolates: isolates)

        let answered = await withTaskGroup(of: Int?.self, returning: [Int].self) { group in
            for item in [1, 2] { group.addTask { try? await batches.ask(item, of: .initial, timeoutMs: 60_000) } }
            while seen.all.count < 2 { try? await Task.sleep(for: .milliseconds(1)) }
            for item in [11, 13, 15] {
                group.addTask { try? await batches.ask(item, of: .initial, timeoutMs: 60_000) }
            }
            try? await Task.sleep(for: .milliseconds(50))
            seen.open()
            return await group.reduce(into: []) { if let answer = $1 { $0.append(answer) } }
        }

        #expect(answered.sorted() == (isolates ? [2, 4, 22, 30] : [2, 4]))
    }
}
