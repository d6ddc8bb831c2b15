import CallModel
import Database
import Synchronization
import TestSupport
import Testing

@Suite struct UrgencyTests {
    /// What ran, in order, and how many of the works after calls ran side by side.
    private final class Ledger: Sendable {
        private struct State {
            var order: [String] = []
            var running = 0
            var runningMost = 0
        }
        private let state = Mutex(State())

        var order: [String] { state.withLock { $0.order } }
        var runningMost: Int { state.withLock { $0.runningMost } }

        func begin(_ name: String) {
            state.withLock { state in
                state.order.append(name)
                state.running += 1
                state.runningMost = max(state.runningMost, state.running)
            }
        }
        func end() { state.withLock { $0.running -= 1 } }
    }

    @Test(arguments: [
        // Well before four seconds are over, with time for both to come, and after them.
        (2.0, ["caller", "record"]), (5.0, ["record", "caller"]),
    ])
    func `what a caller waits for goes before what can wait, until that has waited for long`(
        heldSeconds: Double, order: [String]
    ) async throws {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 1)
        let database = temporary.database
        let ledger = Ledger()
        let holder = Task {
            try await database.transaction(tenant: .initial, timeoutMs: 60_000) {
                try $0.query("select pg_sleep($1)", [.double(heldSeconds)])
            }
        }
        try await temporary.waitUntilAsleep()

        try await withThrowingTaskGroup { group in
            for (name, urgency) in [("record", DatabaseUrgency.afterwards), ("caller", .live)] {
                group.addTask {
                    try await database.transaction(tenant: .initial, timeoutMs: 60_000, urgency: urgency) { _ in
                        ledger.begin(name)
                        ledger.end()
                    }
                }
                // In this order, before the holder ends.
                try await Task.sleep(for: .milliseconds(100))
            }
            try await group.waitForAll()
        }

        _ = try await holder.value
        #expect(ledger.order == order)
    }

    @Test func `work after calls keeps one connection while calls have work, and all of them afterwards`() async throws
    {
        let temporary = try await TemporaryDatabase.make(connectionsMax: 3)
        let database = temporary.database

        func mostSideBySide(beside live: Bool) async throws -> Int {
            let ledger = Ledger()
            let holder = Task {
                guard live else { return }
                try await database.transaction(tenant: .initial, timeoutMs: 60_000) {
                    try $0.query("select pg_sleep(4)")
                }
            }
            if live { try await temporary.waitUntilAsleep() }
            try await withThrowingTaskGroup { group in
                for number in 0..<6 {
                    group.addTask {
                        try await database.transaction(tenant: .initial, timeoutMs: 60_000, urgency: .afterwards) {
                            tx in
                            ledger.begin("\(number)")
                            _ = try tx.query("select pg_sleep(0.3)")
                            ledger.end()
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await holder.value
            #expect(ledger.order.count == 6)
            return ledger.runningMost
        }

        #expect(try await mostSideBySide(beside: true) == 1)
        #expect(try await mostSideBySide(beside: false) > 1)
    }
}
