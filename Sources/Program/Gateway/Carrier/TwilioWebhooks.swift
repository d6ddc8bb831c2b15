import API
import CRM
import CallModel
import CallSession
import Encoding
import Foundation
import Journal
import Telemetry
import TwilioProtocol
import WebSocketTransport

/// The carrier's webhooks: what rings, what comes after a media stream, what has ended.
struct TwilioWebhooks: Sendable {
    let gate: WebhookGuard
    let services: CallServices
    let loops: LoopTable
    let tokens: StreamTokenMint
    let numbers: NumberDirectory
    let customers: CustomerDirectory
    let orphans: OrphanedCalls

    private static let tokenSeconds: Int64 = 60

    /// Nil when the path is none of the carrier's.
    func respond(to request: HTTPRequest) async -> HTTPResponse? {
        guard WebhookGuard.concerns(request) else { return nil }
        let parameters: [FormField]
        switch gate.judge(request) {
        case .refused(let response): return response
        case .genuine(let fields): parameters = fields
        }
        switch request.path {
        case "/twilio/voice": return await voice(parameters, request)
        case "/twilio/status": return await status(parameters, request)
        case "/twilio/resume": return await resume(parameters, request)
        case "/twilio/dial-done": return await dialDone(parameters, request)
        default: return streamStatus(parameters)
        }
    }

    private func document(_ twiml: TwiML) -> HTTPResponse {
        var response = HTTPResponse.xml(twiml.xml)
        response.headers.append((name: "cache-control", value: "no-store"))
        return response
    }

    // MARK: Ring

    private func voice(_ form: [FormField], _ request: HTTPRequest) async -> HTTPResponse {
        let ring: VoiceWebhook
        do {
            ring = try VoiceWebhook(form: form)
        } catch {
            return gate.refuse(request, 400, "\(error)")
        }
        let sid = ring.callSid
        // A ring that comes late: nobody is on the line.
        guard !ring.callStatus.isTerminal else { return document(.hangUp) }
        // A call of the gateway before this one that rings again goes on.
        if orphans.has(sid) { return await takeUp(sid) }
        guard let to = ring.dialled else { return document(.refusal) }
        guard let route = try? await numbers.route(to, timeoutMs: services.patience.routeMs) else {
            return document(.refusal)
        }

        switch services.registry.admit(sid) {
        case .alreadyOn:
            // A repeated webhook finds its call and gets the same instructions.
            if let card = await card(sid) { return document(connect(card)) }
            return document(.fallback(route.profile))
        case .ended: return document(.hangUp)
        case .full, .draining, .noJournal:
            Metrics.shared.add("parley_calls_refused_total", help: "calls given the fallback for want of room")
            Log.warning(
                "no room for a call",
                ["call.sid": sid, "calls": services.registry.count, "journal": services.journals.isWell])
            return document(.fallback(route.profile))
        case .admitted: break
        }
        if orphans.has(sid) {
            // Another request for it could not take it up, since it was looked for.
            services.registry.dismiss(sid)
            return await takeUp(sid)
        }
        guard takesPart(sid, route.profile) else {
            services.registry.dismiss(sid)
            return document(.fallback(route.profile))
        }
        let card = await open(ring, to: to, route: route)
        return document(connect(card))
    }

    /// The card of a call that is being opened, as soon as it is there.
    private func card(_ sid: CallSid) async -> CallCard? {
        for _ in 0..<200 where services.registry.isOn(sid) {
            if let card = services.registry.card(sid) { return card }
            try? await Task.sleep(for: .milliseconds(25))
        }
        return services.registry.card(sid)
    }

    /// The rollout: the same call always falls on the same side.
    private func takesPart(_ sid: CallSid, _ profile: AgentProfile) -> Bool {
        let drawn = sid.text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 } % 100
        return drawn < UInt32(profile.rolloutPercent)
    }

    private func open(_ ring: VoiceWebhook, to: DialledAddress, route: NumberRoute) async -> CallCard {
        let (sid, from) = (ring.callSid, ring.fromNumber)
        let opening = CallOpening(
            callID: CallID(), tenant: route.tenant, profileID: route.profile.id, callSid: sid, from: from, to: to,
            direction: ring.direction == .inbound ? .inbound : .outbound, rangAt: Date(),
            currency: route.profile.currency, timeZone: route.profile.timeZone,
            callerDoubt: ring.direction == .inbound ? ring.attestation?.doubt : nil)
        let journal = services.journals.open(opening.callID)
        journal.append(.rang(opening))
        if let doubt = opening.callerDoubt {
            journal.append(.note("the caller is unverified, and so is what this call changes: \(doubt)", atMs: 0))
        }
        var context: CustomerContext?
        if let phone = opening.trustedPhone {
            do {
                context = try await customers.context(
                    tenant: route.tenant, phone: phone, timeoutMs: services.patience.contextMs)
            } catch {
                Log.warning("call starts without customer context", ["call.sid": sid, "error": error])
                journal.append(.note("customer context not available: \(error)", atMs: 0))
            }
        }
        let card = CallCard(
            opening: opening, profile: route.profile, context: context, journal: journal,
            loopIndex: loops.leastLoaded().index)
        await start(card, resuming: nil)
        Log.info("call rings", ["call.sid": sid, "call.id": opening.callID, "pii.from": from?.masked ?? "withheld"])
        return card
    }

    /// Returns when the call has begun on its loop: its stream is not asked for before.
    private func start(_ card: CallCard, resuming record: CallRecord?) async {
        Metrics.shared.adjust("parley_calls_active", by: 1, help: "calls between ring and end")
        let phrases = services.phrases
        Task { phrases.prepare(card.profile.apology) }
        let registry = services.registry
        await loops.ring(card.loopIndex) { calls in
            let over = registry.register(card)
            let call = calls.begin(card, as: record.map { .resuming($0) } ?? .ring)
            if let over { call.carrierReported(status: over) }
        }
    }

    private func connect(_ card: CallCard) -> TwiML {
        let sid = card.opening.callSid
        let expiresAt = Int64(Date().timeIntervalSince1970) + Self.tokenSeconds
        return TwiML([
            .connectStream(
                url: services.urls.media(loop: card.loopIndex), name: "agent",
                parameters: [
                    FormField("call", card.opening.callID.description),
                    FormField("tenant", card.opening.tenant.description),
                    FormField("token", tokens.mint(for: sid, expiresAt: expiresAt).text),
                ], statusCallback: services.urls.streamStatus),
            .redirect(url: services.urls.resume),
        ])
    }

    // MARK: After the stream

    private func resume(_ form: [FormField], _ request: HTTPRequest) async -> HTTPResponse {
        guard let sid = form["CallSid"].flatMap({ CallSid($0) }) else {
            return gate.refuse(request, 400, "no valid CallSid")
        }
        if let card = services.registry.card(sid) {
            switch await loops.ask(card.loopIndex, { $0[sid]?.afterStream }) ?? nil {
            case .reconnect?: return document(connect(card))
            case .fallback?: return document(.fallback(card.profile))
            case .hangUp?, .transferring?, nil: return document(.hangUp)
            }
        }
        if orphans.has(sid) { return await takeUp(sid) }
        // Another request for the same call is taking it up.
        return document(await card(sid).map(connect) ?? .hangUp)
    }

    /// A call of the gateway before this one goes on here, from its journal. Where it cannot yet, the carrier is to ask again;
    /// where it cannot at all, it stays an orphan and is written when it is over.
    private func takeUp(_ sid: CallSid) async -> HTTPResponse {
        switch services.registry.admit(sid, isUnderWay: true) {
        case .admitted: break
        case .alreadyOn: return document(await card(sid).map(connect) ?? .hangUp)
        case .ended:
            await orphans.ended(sid)
            return document(.hangUp)
        case .full, .draining, .noJournal:
            Log.warning("no room for a call that comes back", ["call.sid": sid, "calls": services.registry.count])
            return document(.refusal)
        }
        // Admitted by one request only: nobody else claims it meanwhile, but for the carrier's word that it is over.
        guard let orphan = orphans.claim(sid) else {
            services.registry.dismiss(sid)
            return document(.hangUp)
        }
        let route: NumberRoute?
        do {
            route = try await numbers.route(orphan.record.opening.to, timeoutMs: services.patience.routeMs)
        } catch {
            Log.warning("call is not taken up yet", ["call.sid": sid, "error": error])
            orphans.putBack(orphan)
            services.registry.dismiss(sid)
            return document(TwiML([.pause(seconds: 1), .redirect(url: services.urls.resume)]))
        }
        guard let route else {
            orphans.putBack(orphan)
            services.registry.dismiss(sid)
            return document(.refusal)
        }
        let (card, record) = await takenUp(orphan, route)
        await start(card, resuming: record)
        Log.info("call taken up again", ["call.sid": sid, "call.id": card.opening.callID])
        return document(connect(card))
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
        var context: CustomerContext?
        if let phone = record.opening.trustedPhone {
            context = try? await customers.context(
                tenant: record.opening.tenant, phone: phone, timeoutMs: services.patience.contextMs)
        }
        let card = CallCard(
            opening: record.opening, profile: route.profile, context: context, journal: journal,
            loopIndex: loops.leastLoaded().index)
        return (card, record)
    }

    private func dialDone(_ form: [FormField], _ request: HTTPRequest) async -> HTTPResponse {
        guard let sid = form["CallSid"].flatMap({ CallSid($0) }) else {
            return gate.refuse(request, 400, "no valid CallSid")
        }
        let bridged = form["DialBridged"].map { $0 == "true" } ?? (form["DialCallStatus"] == "completed")
        if !bridged, orphans.has(sid) { return await takeUp(sid) }
        guard !bridged, let card = await card(sid) else { return document(.hangUp) }
        let reason = form["DialCallStatus"] ?? "not answered"
        loops.post(to: card.loopIndex) { $0[sid]?.transferFailed(reason) }
        return document(connect(card))
    }

    // MARK: The end

    private func status(_ form: [FormField], _ request: HTTPRequest) async -> HTTPResponse {
        let callback: CallStatusCallback
        do {
            callback = try CallStatusCallback(form: form)
        } catch {
            return gate.refuse(request, 400, "\(error)")
        }
        let sid = callback.callSid
        guard callback.isTerminal else { return .empty(204) }
        let status = callback.status.rawValue
        if let card = services.registry.over(sid, status: status) {
            loops.post(to: card.loopIndex) { $0[sid]?.carrierReported(status: status) }
        }
        // Acknowledged only when the journal is on disk: a call is never lost between the carrier and us.
        guard await services.registry.waitUntilEnded(sid) else {
            return gate.refuse(request, 503, "the journal of \(sid) is not on disk yet")
        }
        await orphans.ended(sid)
        return .empty(204)
    }

    private func streamStatus(_ form: [FormField]) -> HTTPResponse {
        if let callback = try? StreamStatusCallback(form: form), callback.event == .error {
            Log.warning(
                "carrier reports a stream error", ["call.sid": callback.callSid, "error": callback.error ?? ""])
        }
        return .empty(204)
    }
}

extension TwiML {
    static let hangUp = TwiML([.hangup])
    static let refusal = TwiML([.say("This number is not in service. Goodbye."), .hangup])

    /// A person when the profile names one, else a sentence and the end.
    static func fallback(_ profile: AgentProfile) -> TwiML {
        guard let number = profile.humanNumber else { return TwiML([.say(profile.fallbackMessage), .hangup]) }
        return TwiML([
            .say("I am connecting you to a colleague."),
            .dial(number: number.text), .say(profile.fallbackMessage), .hangup,
        ])
    }

    static func transfer(to number: E164, action: String) -> TwiML {
        TwiML([.dial(number: number.text, action: action, timeoutSeconds: 25)])
    }
}
