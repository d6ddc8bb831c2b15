import CallModel
import Database
import FoundationEssentials

/// A call whose media stream has started, or one without a row of its own when it ends.
struct CallBeginning: Sendable {
    var opening: CallOpening
    var answeredAt: Date?
    /// Nil: nobody takes the call up, it is over.
    var sessionID: String?

    var session: SQLValue { .text(sessionID.map { StoredText.bounded($0, charactersMax: 200) }) }

    /// Of `calls`.
    func row(_ parties: CallParties) -> [SQLValue] {
        [
            .uuid(opening.callID.uuid), .uuid(parties.leadID), .uuid(parties.contactID), .uuid(parties.userID),
            .uuid(opening.profileID), session, .text(opening.callSid.text), .text(opening.direction.rawValue),
            .text(opening.from?.text), .text(opening.to.text), .timestamp(opening.rangAt), .timestamp(answeredAt),
        ]
    }

    /// Of `lead_activities`.
    func activity(_ leadID: UUID, _ parties: CallParties) -> [SQLValue] {
        let direction = opening.direction == .inbound ? "Inbound" : "Outbound"
        return [
            .uuid(leadID), .uuid(opening.callID.uuid), "Call started",
            .text("\(direction) call with the AI agent."), .uuid(parties.userID),
            .json(#"{"event":"call_started"}"#), .timestamp(opening.rangAt),
        ]
    }
}

/// Writes calls that begin: alone when it is the only one, all that came meanwhile together when many do. A call in a
/// transaction of its own costs the database ten statements, whose round trips kept its connections from those that rang.
actor CallBeginnings {
    /// Transactions at the same time, and calls of one.
    private static let transactionsMax = 2
    private static let batchMax = 32

    private struct Waiting {
        var call: CallBeginning
        var done: CheckedContinuation<Void, any Error>
    }

    private let database: Database
    private let timeoutMs: Int
    /// By tenant; the tenants take turns.
    private var waiting: [TenantID: [Waiting]] = [:]
    private var turns: [TenantID] = []
    private var running = 0

    init(database: Database, timeoutMs: Int) {
        self.database = database
        self.timeoutMs = timeoutMs
    }

    /// Returns when the call's beginning is committed.
    func write(_ call: CallBeginning) async throws {
        try await withCheckedThrowingContinuation { done in
            let tenant = call.opening.tenant
            if waiting[tenant] == nil { turns.append(tenant) }
            waiting[tenant, default: []].append(Waiting(call: call, done: done))
            startNext()
        }
    }

    private func startNext() {
        while running < Self.transactionsMax, !turns.isEmpty {
            let batch = takeBatch(of: turns.removeFirst())
            running += 1
            Task { await self.run(batch) }
        }
    }

    private func takeBatch(of tenant: TenantID) -> [Waiting] {
        var ids: Set<CallID> = []
        var batch: [Waiting] = []
        var left: [Waiting] = []
        for one in waiting.removeValue(forKey: tenant) ?? [] {
            // A call that begins twice has the second time to see the first.
            if batch.count < Self.batchMax, ids.insert(one.call.opening.callID).inserted {
                batch.append(one)
            } else {
                left.append(one)
            }
        }
        if !left.isEmpty {
            waiting[tenant] = left
            turns.append(tenant)
        }
        return batch
    }

    private func run(_ batch: [Waiting]) async {
        await commit(batch)
        running -= 1
        startNext()
    }

    private nonisolated func commit(_ batch: [Waiting]) async {
        guard let tenant = batch.first?.call.opening.tenant else { return }
        let calls = batch.map(\.call)
        do {
            try await database.transaction(tenant: tenant, timeoutMs: timeoutMs) { tx in
                _ = try CallStore.begin(calls, in: tx)
            }
            for one in batch { one.done.resume() }
        } catch where batch.count > 1 {
            // One of them may be what all waited for, such as a number that somebody has locked, or what cannot be written.
            await withTaskGroup { group in
                for one in batch { group.addTask { await self.commit([one]) } }
            }
        } catch {
            for one in batch { one.done.resume(throwing: error) }
        }
    }
}
