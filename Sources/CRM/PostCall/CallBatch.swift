import CallModel
import Database
import FoundationEssentials

/// Calls of one tenant, written in one transaction: their rows are locked first, and one that is finalized already is left
/// alone. Runs again from the start when the transaction meets another.
///
/// Three round trips however many calls there are, when their rows were written as they began: the calls, the leads, and
/// all that is written, with the commit.
struct CallBatch: Sendable {
    enum Verdict: Equatable, Sendable {
        case written(CallOutcome)
        case alreadyWritten
        /// Another call of the batch is about the same lead or contact, which this one has to see as that one leaves it.
        case another
        /// The call has no row yet: making one looks for the caller by number, which calls do one by one.
        case alone
    }

    /// All of one tenant.
    let commits: [CallCommit]

    /// Plans are made once, not anew for each length of the arrays.
    private static let planOnce = "select set_config('plan_cache_mode', 'force_generic_plan', true)"

    /// What became of each call, in their order.
    func write(in tx: borrowing Transaction) throws -> [Verdict] {
        try tx.send(Self.planOnce)
        var found = try CallStore.lock(commits.map(\.record.opening.callID), in: tx)
        if commits.count == 1, let record = commits.first?.record, found.isEmpty {
            found[record.opening.callID] = try CallStore.begin(
                record.opening, answeredAt: record.answeredAt, sessionID: nil, in: tx)
        }
        var verdicts: [Verdict] = []
        var taken: Set<UUID> = []
        var mine: [(commit: CallCommit, parties: CallParties)] = []
        for commit in commits {
            guard var parties = found[commit.record.opening.callID] else {
                verdicts.append(.alone)
                continue
            }
            guard !parties.isFinal else {
                verdicts.append(.alreadyWritten)
                continue
            }
            let whose = Set([parties.contactID, parties.leadID].compactMap(\.self))
            guard taken.isDisjoint(with: whose) else {
                verdicts.append(.another)
                continue
            }
            taken.formUnion(whose)
            if parties.leadID == nil, commit.isWorthALead { try parties.makeMissing(commit.record.opening, in: tx) }
            mine.append((commit, parties))
            verdicts.append(.written(commit.insight.outcome))
        }
        let known = try LeadState.read(
            mine.compactMap { commit, parties in
                parties.leadID.map {
                    LeadState.Wanted(
                        leadID: $0, contactID: parties.contactID, userID: parties.userID,
                        answeredAt: commit.record.transcript.callerTurns.isEmpty ? nil : commit.endedAt)
                }
            }, in: tx)
        var rows = CallRows()
        for (commit, parties) in mine { try commit.add(to: &rows, parties, parties.leadID.flatMap { known[$0] }) }
        try rows.send(in: tx)
        return verdicts
    }
}
