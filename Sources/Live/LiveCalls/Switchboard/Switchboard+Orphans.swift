package import CallModel
import Foundation
import Journal
import Telemetry
import WebSocketTransport

/// Calls of the gateway before this one.
extension Switchboard {
    /// Takes the calls whose journals have no ending. To be called before the listener answers.
    package func take(orphans unfinished: [CallID]) { orphans.take(unfinished) }

    /// Asks the carrier about them until it is told that none is left.
    package func watchOrphans() async { await orphans.watch() }

    /// A call goes on here, from its journal. Where it cannot yet, the carrier is to ask again; where it cannot at all, it
    /// stays an orphan and is written when it is over.
    func takeUp(_ sid: CallSid) async -> Opening {
        switch registry.admit(sid, isUnderWay: true) {
        case .admitted: break
        case .alreadyOn: return await card(sid).map { .on($0) } ?? .over
        case .ended:
            await orphans.ended(sid)
            return .over
        case .full, .draining, .noJournal:
            Log.warning("no room for a call that comes back", ["call.sid": sid, "calls": registry.count])
            return .notInService
        }
        // Admitted by one request only: nobody else claims it meanwhile, but for the carrier's word that it is over.
        guard let orphan = orphans.claim(sid) else {
            registry.dismiss(sid)
            return .over
        }
        let route: NumberRoute?
        do {
            route = try await services.office.route(
                orphan.record.opening.ownAddress, services.settings.patience.routeMs)
        } catch {
            Log.warning("call is not taken up yet", ["call.sid": sid, "error": error])
            orphans.putBack(orphan)
            registry.dismiss(sid)
            return .notYet
        }
        guard let route else {
            orphans.putBack(orphan)
            registry.dismiss(sid)
            return .notInService
        }
        let (card, record) = await takenUp(orphan, route)
        await start(card, resuming: record)
        Log.info("call taken up again", ["call.sid": sid, "call.id": card.opening.callID])
        return .on(card)
    }

    /// The call's card, and its record so far by the clock of the card.
    private func takenUp(_ orphan: OrphanedCalls.Orphan, _ route: NumberRoute) async -> (CallCard, CallRecord) {
        var record = orphan.record
        let journal: CallJournal
        if orphan.isGivenUp {
            record.opening.callID = CallID()
            record.opening.rangAt = Date()
            record.lastEntryMs = 0
            journal = services.journals.open(record.opening.callID)
            journal.append(.rang(record.opening))
        } else {
            journal = services.journals.open(
                record.opening.callID, after: (try? services.journals.load(record.opening.callID)) ?? [])
        }
        journal.append(.note("taken up again after the gateway was lost", atMs: record.lastEntryMs))
        let card = CallCard(
            opening: record.opening, profile: route.profile, context: try? await customer(of: record.opening),
            journal: journal, loopIndex: loops.leastLoaded().index)
        return (card, record)
    }
}
