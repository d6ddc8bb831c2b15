package import CallModel
import CallSession
import Encoding
import Foundation
import Journal
import Telemetry
import TwilioProtocol
package import WebSocketTransport

/// Opens calls, whether they ring or were dialled, and finds those that are on for whoever has something to tell them.
package final class Switchboard: Sendable {
    package let registry: CallRegistry
    let services: CallServices
    let loops: LoopTable
    let orphans: OrphanedCalls
    private let tokens: StreamTokenMint

    private static let tokenSeconds: Int64 = 60

    /// - Parameter group: the loops that calls live on; nothing of theirs has begun yet.
    package init(_ services: CallServices, on group: LoopGroup) {
        self.services = services
        registry = services.registry
        tokens = services.settings.tokenMint()
        loops = LoopTable(group: group, services: services, tokens: tokens)
        orphans = OrphanedCalls(
            journals: services.journals, carrier: services.carrier,
            patienceMs: services.settings.patience.orphanMs, submit: services.office.submitInterrupted)
    }

    /// What the first calls, and those beside them on a media thread, would otherwise wait for: the sentences the gateway
    /// will need, and whatever is read from the disk at its first use.
    package func warmUp(for profile: AgentProfile) {
        services.phrases.prepare(profile.apology)
        for guest in services.guests { guest.warmUp(profile) }
        _ = LocalMoment.text(Date(), in: TimeZone(identifier: profile.timeZone) ?? .gmt)
        var redacted = Redacted()
        _ = redacted.entry(
            .turn(Turn(number: 1, speaker: .caller, startedMs: 0, endedMs: 0, text: "It is 4111 1111 1111 1111.")))
    }

    // MARK: Opening

    /// Opens a call: looks its number up, keeps it a place, begins its journal, and lets it ring on a loop.
    package func open(_ call: NewCall) async -> Opening {
        let sid = call.callSid
        guard let route = try? await services.office.route(call.ownAddress, services.settings.patience.routeMs) else {
            return .notInService
        }
        switch registry.admit(sid, attempt: call.dialled?.attempt) {
        case .alreadyOn:
            // Asked for again, a call is found and gets the same instructions.
            return await card(sid).map { .on($0) } ?? .fallback(route.profile)
        case .ended: return .over
        case .full, .draining, .noJournal:
            Metrics.shared.add(CallMetrics.refused)
            Log.warning(
                "no room for a call",
                ["call.sid": sid, "calls": registry.count, "journal": services.journals.isWell])
            return .fallback(route.profile)
        case .admitted: break
        }
        if orphans.has(sid) {
            // Another request for it could not take it up, since it was looked for.
            registry.dismiss(sid)
            return await takeUp(sid)
        }
        guard takesPart(sid, route.profile) else {
            registry.dismiss(sid)
            return .fallback(route.profile)
        }
        return .on(await begin(call, route))
    }

    /// The rollout: the same call always falls on the same side.
    private func takesPart(_ sid: CallSid, _ profile: AgentProfile) -> Bool {
        let drawn = sid.text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 } % 100
        return drawn < UInt32(profile.rolloutPercent)
    }

    private func begin(_ call: NewCall, _ route: NumberRoute) async -> CallCard {
        let opening = CallOpening(
            callID: CallID(), tenant: route.tenant, profileID: route.profile.id, callSid: call.callSid, from: call.from,
            to: call.to, direction: call.direction, rangAt: Date(), currency: route.profile.currency,
            timeZone: route.profile.timeZone, language: route.profile.language, callerDoubt: call.callerDoubt)
        let journal = services.journals.open(opening.callID)
        journal.append(.rang(opening))
        if let doubt = opening.callerDoubt {
            journal.append(.note("the caller is unverified, and so is what this call changes: \(doubt)", atMs: 0))
        }
        var context: CustomerContext?
        do {
            context = try await customer(of: opening)
        } catch {
            Log.warning("call starts without customer context", ["call.sid": call.callSid, "error": error])
            journal.append(.note("customer context not available: \(error)", atMs: 0))
        }
        let card = CallCard(
            opening: opening, profile: route.profile, context: context, journal: journal,
            loopIndex: loops.leastLoaded().index, terms: await terms(of: call))
        await start(card, resuming: nil)
        Log.info(
            "call rings",
            ["call.sid": call.callSid, "call.id": opening.callID, "pii.from": call.from?.masked ?? "withheld"])
        return card
    }

    /// Without them a machine is talked to like anybody, and who answered is not on record.
    private func terms(of call: NewCall) async -> DialTerms? {
        guard let dialled = call.dialled else { return nil }
        do {
            return try await services.office.terms(dialled, services.settings.patience.routeMs)
        } catch {
            Log.warning("call starts without its terms", ["call.sid": call.callSid, "error": error])
            return nil
        }
    }

    /// Nil where nobody is looked up.
    func customer(of opening: CallOpening) async throws -> CustomerContext? {
        guard let phone = opening.trustedPhone else { return nil }
        return try await services.office.customer(opening.tenant, phone, services.settings.patience.contextMs)
    }

    /// Returns when the call has begun on its loop: its stream is not asked for before.
    func start(_ card: CallCard, resuming record: CallRecord?) async {
        Metrics.shared.adjust(CallMetrics.active, by: 1)
        let phrases = services.phrases
        Task { phrases.prepare(card.profile.apology) }
        let registry = registry
        await loops.ring(card.loopIndex) { calls in
            let over = registry.register(card)
            let call = calls.begin(card, as: record.map { .resuming($0) } ?? .ring)
            if let over { call.carrierReported(status: over) }
        }
    }

    // MARK: The media stream

    /// How the carrier gets to the call: which loop its agent leg is on, and a token that opens one stream.
    func connect(_ card: CallCard) -> TwiML {
        let sid = card.opening.callSid
        let token = tokens.mint(for: sid, expiresAt: Int64(Date().timeIntervalSince1970) + Self.tokenSeconds)
        return TwiML([
            .connectStream(
                url: services.urls.media(loop: card.loopIndex), name: "agent",
                parameters: [
                    FormField("call", card.opening.callID.description),
                    FormField("tenant", card.opening.tenant.description), FormField("token", token.text),
                ], statusCallback: services.urls.streamStatus),
            .redirect(url: services.urls.resume),
        ])
    }

    /// What takes a media stream on `loop`; nil on a loop that calls do not live on.
    package func stream(on loop: MediaLoop) -> (any WebSocketHandler)? {
        loops.calls(of: loop).map { CarrierStream(calls: $0) }
    }

    // MARK: Calls that are on

    /// The card of a call, that of one being opened as soon as it is there.
    func card(_ sid: CallSid) async -> CallCard? {
        for _ in 0..<200 where registry.isOn(sid) {
            if let card = registry.card(sid) { return card }
            try? await Task.sleep(for: .milliseconds(25))
        }
        return registry.card(sid)
    }

    /// What is to come after a media stream of the call; nil when it is over.
    func afterStream(_ card: CallCard) async -> CallMachine.AfterStream? {
        await loops.ask(card.loopIndex) { $0[card.opening.callSid]?.afterStream } ?? nil
    }

    func carrierDetected(_ card: CallCard, _ answer: AnsweredBy) {
        loops.post(to: card.loopIndex) { $0[card.opening.callSid]?.carrierDetected(answer) }
    }

    func transferFailed(_ card: CallCard, _ reason: String) {
        loops.post(to: card.loopIndex) { $0[card.opening.callSid]?.transferFailed(reason) }
    }

    /// The carrier says that a call is over.
    ///
    /// - Returns: whether nothing of it can be lost any more.
    func ended(_ sid: CallSid, status: String) async -> Bool {
        if let card = registry.over(sid, status: status) {
            loops.post(to: card.loopIndex) { $0[sid]?.carrierReported(status: status) }
        }
        guard await registry.waitUntilEnded(sid) else { return false }
        await orphans.ended(sid)
        return true
    }
}
