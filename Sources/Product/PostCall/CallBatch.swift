import CRM
import CallModel
import CallReading
import Database
import FoundationEssentials
import Jobs

/// Calls of one tenant, written in one transaction: their rows are locked first, and one that is finalized already is left
/// alone. Runs again from the start when the transaction meets another.
///
/// Three round trips however many calls there are, when their rows were written as they began: the calls, the leads, and
/// all that is written, with the commit. Rows that are missing are written first.
struct CallBatch: Sendable {
    enum Verdict: Equatable, Sendable {
        case written(CallOutcome)
        case alreadyWritten
        /// The record is there, made of another part of the call: this part is to be joined to it.
        case partial
        /// Another call of the batch is about the same lead or contact, which this one has to see as that one leaves it.
        case another
    }

    /// All of one tenant.
    let commits: [CallCommit]

    /// What became of each call, in their order.
    func write(in tx: borrowing Transaction) throws -> [Verdict] {
        if let commit = commits.first, let joins = commit.joins, commits.count == 1 {
            return [try join(commit, joins, in: tx)]
        }
        let begun = try withStatedPhones(
            CallStore.begin(
                commits.map {
                    CallBeginning(opening: $0.record.opening, answeredAt: $0.record.answeredAt, sessionID: nil)
                }, in: tx), in: tx)
        var verdicts: [Verdict] = []
        var taken: Set<UUID> = []
        var mine: [CallCommit] = []
        var links: [CallParties] = []
        for (commit, parties) in zip(commits, begun) {
            guard !parties.isFinal else {
                verdicts.append(parties.isPartial ? .partial : .alreadyWritten)
                continue
            }
            let whose = Set([parties.contactID, parties.leadID].compactMap(\.self))
            guard taken.isDisjoint(with: whose) else {
                verdicts.append(.another)
                continue
            }
            taken.formUnion(whose)
            mine.append(commit)
            links.append(parties)
            verdicts.append(.written(commit.insight.outcome))
        }
        try CallParties.makeMissing(
            mine.indices.filter { links[$0].leadID == nil && mine[$0].isWorthALead }, of: &links,
            mine.map { CallParties.Wanted(phone: $0.phone, currency: $0.record.opening.currency) }, in: tx)
        let known = try LeadState.read(
            zip(mine, links).compactMap { commit, parties in
                parties.leadID.map {
                    LeadState.Wanted(
                        leadID: $0, contactID: parties.contactID, userID: parties.userID,
                        answeredAt: commit.record.personTurns.isEmpty ? nil : commit.endedAt)
                }
            }, in: tx)
        var rows = CallRows()
        for (commit, parties) in zip(mine, links) {
            commit.add(to: &rows, parties, parties.leadID.flatMap { known[$0] })
        }
        try rows.send(in: tx)
        try tx.enqueue(mine.filter(\.isToBeEnriched).map(EnrichCall.init))
        return verdicts
    }

    /// Who withheld their number and gave one in the call is found, or made, by that one.
    private func withStatedPhones(
        _ begun: [CallParties], in tx: borrowing Transaction
    ) throws -> [CallParties] {
        let places = commits.indices.filter {
            !begun[$0].isFinal && begun[$0].leadID == nil && commits[$0].statedPhone != nil
        }
        guard !places.isEmpty else { return begun }
        let found = try CallParties.find(
            places.map {
                CallParties.Wanted(phone: commits[$0].statedPhone, currency: commits[$0].record.opening.currency)
            },
            in: tx)
        var parties = begun
        for (place, found) in zip(places, found) {
            parties[place].contactID = found.contactID
            parties[place].leadID = found.leadID
        }
        return parties
    }

    /// Writes a call over the record it is joined to. Verdict ``Verdict/partial`` where that has changed since it was read.
    private func join(_ commit: CallCommit, _ joins: JoinedCall, in tx: borrowing Transaction) throws -> Verdict {
        guard var links = try CallStore.lock([joins.callID], in: tx)[joins.callID].map({ [$0] }),
            try JoinedCall.read(joins.callID, in: tx) == joins
        else { return .partial }
        if commit.isWorthALead, links[0].leadID == nil {
            let wanted = CallParties.Wanted(phone: commit.phone, currency: commit.record.opening.currency)
            try CallParties.makeMissing([0], of: &links, [wanted], in: tx)
        }
        let parties = links[0]
        let known = try LeadState.read(
            parties.leadID.map {
                [
                    LeadState.Wanted(
                        leadID: $0, contactID: parties.contactID, userID: parties.userID,
                        answeredAt: commit.record.personTurns.isEmpty ? nil : commit.endedAt)
                ]
            } ?? [], in: tx)
        // The turns are numbered anew, through both parts.
        _ = try tx.execute("delete from conversations where call_id = $1", [.uuid(joins.callID.uuid)])
        var rows = CallRows()
        commit.add(to: &rows, parties, parties.leadID.flatMap { known[$0] })
        try rows.send(in: tx)
        if commit.isToBeEnriched { try tx.enqueue(EnrichCall(commit)) }
        return .written(commit.insight.outcome)
    }
}
