import Database
import Runtime

/// Whether the database answers, for all who ask at `/readyz`: one query a second whatever their number, on a connection of
/// its own, so that no call waits behind them.
actor DatabasePulse {
    private static let staleMs: Int64 = 1_000

    private let ask: @Sendable () async -> Bool
    private var known: (isAlive: Bool, at: MonotonicTime)?
    private var underWay: Task<Bool, Never>?

    init(_ database: Database) { self.init { await database.ping() } }

    /// - Parameter ask: asks the database itself, within a second or so.
    init(ask: @escaping @Sendable () async -> Bool) { self.ask = ask }

    /// What was known less than a second ago; otherwise the next answer, shared by those who wait for it.
    func isAlive() async -> Bool {
        if let known, MonotonicTime.now().milliseconds(since: known.at) < Self.staleMs { return known.isAlive }
        if let underWay { return await underWay.value }
        let question = Task { [ask] in await ask() }
        underWay = question
        let isAlive = await question.value
        known = (isAlive, .now())
        underWay = nil
        return isAlive
    }
}
