package import CallModel
import Database
import Runtime

/// What many calls ask of the database at the same time, asked together: alone when it is the only one, all that came
/// meanwhile in one transaction when many do. Two hundred rings a second in transactions of their own kept every connection
/// busy with round trips.
package actor TenantBatches<Item: Sendable, Answer: Sendable> {
    private struct Waiting {
        var ticket: Int
        var item: Item
        var deadline: MonotonicTime
    }

    /// Batches at the same time, and items of one.
    private static var transactionsMax: Int { 2 }
    private static var batchMax: Int { 32 }

    private let isolates: Bool
    private let work: @Sendable (TenantID, [Item], _ timeoutMs: Int) async throws -> [Answer]
    /// By tenant; the tenants take turns.
    private var waiting: [TenantID: [Waiting]] = [:]
    private var turns: [TenantID] = []
    private var running = 0
    private var answers: [Int: CheckedContinuation<Answer, any Error>] = [:]
    private var tickets = 0

    /// - Parameters:
    ///   - isolates: one item may hold up or spoil the others, such as a number that somebody has locked: a batch gets half of
    ///     the time, and when it fails each item is tried alone.
    ///   - work: answers each item, in their order.
    package init(
        isolates: Bool, _ work: @escaping @Sendable (TenantID, [Item], _ timeoutMs: Int) async throws -> [Answer]
    ) {
        self.isolates = isolates
        self.work = work
    }

    /// Throws what `work` throws for the item, or ``DatabaseError/timedOut(afterMs:)`` after `timeoutMs`.
    package func ask(_ item: Item, of tenant: TenantID, timeoutMs: Int) async throws -> Answer {
        tickets += 1
        let ticket = tickets
        let alarm = Task {
            try await Task.sleep(for: .milliseconds(timeoutMs))
            self.answer(ticket, .failure(DatabaseError.timedOut(afterMs: timeoutMs)))
        }
        defer { alarm.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            answers[ticket] = continuation
            if waiting[tenant] == nil { turns.append(tenant) }
            waiting[tenant, default: []].append(
                Waiting(ticket: ticket, item: item, deadline: .now().adding(milliseconds: Int64(timeoutMs))))
            startNext()
        }
    }

    private func answer(_ ticket: Int, _ result: Result<Answer, any Error>) {
        answers.removeValue(forKey: ticket)?.resume(with: result)
    }

    private func startNext() {
        while running < Self.transactionsMax, !turns.isEmpty {
            let tenant = turns.removeFirst()
            // Whoever has been answered by the clock is not asked for.
            let left = (waiting.removeValue(forKey: tenant) ?? []).filter { answers[$0.ticket] != nil }
            if left.count > Self.batchMax {
                waiting[tenant] = Array(left.dropFirst(Self.batchMax))
                turns.append(tenant)
            }
            guard !left.isEmpty else { continue }
            running += 1
            Task { await self.run(Array(left.prefix(Self.batchMax)), of: tenant) }
        }
    }

    private func run(_ batch: [Waiting], of tenant: TenantID) async {
        await commit(batch, of: tenant)
        running -= 1
        startNext()
    }

    private func commit(_ batch: [Waiting], of tenant: TenantID) async {
        let now = MonotonicTime.now()
        let leftMs = batch.map { Int($0.deadline.milliseconds(since: now)) }.max() ?? 0
        let isShared = isolates && batch.count > 1
        do {
            let results = try await work(tenant, batch.map(\.item), max(1, isShared ? leftMs / 2 : leftMs))
            for (one, result) in zip(batch, results) { answer(one.ticket, .success(result)) }
        } catch {
            guard isShared else {
                for one in batch { answer(one.ticket, .failure(error)) }
                return
            }
            await withTaskGroup { group in
                for one in batch { group.addTask { await self.commit([one], of: tenant) } }
            }
        }
    }
}
