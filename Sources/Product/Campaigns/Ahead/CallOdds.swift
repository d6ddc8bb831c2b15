import Database
import Dialing

/// How calls end, and how often each: what was seen, or what is assumed where too little was.
package struct CallOdds: Sendable {
    struct Kind: Equatable, Sendable {
        var outcome: DialOutcome
        var machine: RetryRules.MachineEnd?
        /// Of all calls.
        var share: Double
        /// Until it was answered, or given up.
        var ringSeconds: Double
        /// Zero where nobody answered.
        var talkSeconds: Double
        /// On the mean, those begun.
        var minutes: Double

        /// A person has answered.
        var isReached: Bool { outcome == .completed && machine == nil }
        var isAnswered: Bool { talkSeconds > 0 }
        var name: String { machine?.rawValue ?? outcome.rawValue }
    }

    var kinds: [Kind]
    /// Seen calls that say so; 0: none does, it is assumed.
    package var calls: Int

    /// Fewer calls say little.
    static let callsMin = 50
    private static let days = 30
    private static let callsMax = 5_000

    /// Assumed, by nothing but experience of cold lists: every fifth call reaches somebody, every third a mailbox.
    static func assumed(machine: RetryRules.MachineEnd = .hangup) -> CallOdds {
        func kind(
            _ outcome: DialOutcome, _ share: Double, ring: Double, talk: Double = 0, minutes: Double = 0,
            machine: RetryRules.MachineEnd? = nil
        ) -> Kind {
            Kind(
                outcome: outcome, machine: machine, share: share, ringSeconds: ring, talkSeconds: talk, minutes: minutes
            )
        }
        return CallOdds(
            kinds: [
                kind(.completed, 0.20, ring: 12, talk: 90, minutes: 2),
                kind(.completed, 0.33, ring: 18, talk: 20, minutes: 1, machine: machine),
                kind(.noAnswer, 0.35, ring: 25), kind(.busy, 0.05, ring: 3), kind(.declined, 0.03, ring: 8),
                kind(.invalidNumber, 0.03, ring: 2), kind(.carrierCongestion, 0.01, ring: 2),
            ], calls: 0)
    }

    /// Those of the tenant's campaigns in the last 30 days, whatever campaign it was.
    static func seen(in tx: borrowing Transaction) throws -> CallOdds? {
        let rows = try tx.query(
            """
            select outcome, machine, count(*)::integer as n, avg(ring)::double precision as ring,
                coalesce(avg(talk), 0)::double precision as talk, coalesce(avg(ceil(talk / 60)), 0)::double precision as minutes
            from (
                select a.outcome, \(MachineRules.end("a")) as machine,
                    extract(epoch from coalesce(a.answered_at, a.ended_at) - a.requested_at) as ring,
                    extract(epoch from a.ended_at - a.answered_at) as talk
                from dial_attempts a
                where a.campaign_id is not null and a.state = 'ended' and a.requested_at is not null
                    and a.created_at > now() - make_interval(days => \(days))
                order by a.created_at desc limit \(callsMax)) c
            group by 1, 2 order by 1, 2
            """)
        let counts = try rows.map { row in (row: row, n: try row.int("n")) }
        let calls = counts.reduce(0) { $0 + $1.n }
        guard calls >= callsMin else { return nil }
        let kinds = try counts.compactMap { row, n -> Kind? in
            guard let outcome = DialOutcome(rawValue: try row.text("outcome")) else { return nil }
            return Kind(
                outcome: outcome, machine: try row.textOrNil("machine").flatMap { RetryRules.MachineEnd(rawValue: $0) },
                share: Double(n) / Double(calls), ringSeconds: try row.double("ring"),
                talkSeconds: try row.double("talk"),
                minutes: try row.double("minutes"))
        }
        return CallOdds(kinds: kinds, calls: calls)
    }

    // MARK: What follows

    package var answerRate: Double { kinds.filter(\.isAnswered).reduce(0) { $0 + $1.share } }
    package var reachRate: Double { kinds.filter(\.isReached).reduce(0) { $0 + $1.share } }
    package var ringSeconds: Double { mean(\.ringSeconds) { $0.isAnswered } }
    package var talkSeconds: Double { mean(\.talkSeconds) { $0.isAnswered } }

    private func mean(_ value: (Kind) -> Double, of isMeant: (Kind) -> Bool) -> Double {
        let meant = kinds.filter(isMeant)
        let whole = meant.reduce(0) { $0 + $1.share }
        return whole > 0 ? meant.reduce(0) { $0 + $1.share * value($1) } / whole : 0
    }

    /// What a pace makes of them.
    func assumption(agents: Int, reachedBefore: Int) -> PaceSimulation.Assumption {
        var assumption = PaceSimulation.Assumption()
        assumption.answerRate = answerRate
        assumption.ringSeconds = ringSeconds
        assumption.talkSeconds = talkSeconds
        assumption.unansweredSeconds = mean(\.ringSeconds) { !$0.isAnswered }
        assumption.agents = agents
        assumption.reachedBefore = reachedBefore
        return assumption
    }

    func pick(using chance: inout SeededChance) -> Kind? {
        var left = Double.random(in: 0..<1, using: &chance)
        for kind in kinds {
            left -= kind.share
            if left < 0 { return kind }
        }
        return kinds.last
    }
}
