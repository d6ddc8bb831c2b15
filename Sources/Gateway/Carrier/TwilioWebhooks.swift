import CRM
import CallModel
import CallSession
import Foundation
import HTTPAPI
import Telemetry
import TwilioProtocol
import WebSocketTransport

/// The carrier's webhooks: what rings, what comes after a media stream, what has ended.
struct TwilioWebhooks: Sendable {
    let authTokens: [String]
    /// Keys that sign instead of a token where a request names one of them.
    let sharedKeys: [RequestSignature.SharedKey]
    let acceptUnsigned: Bool
    let services: CallServices
    let loops: LoopTable
    let tokens: StreamTokenMint
    let numbers: NumberDirectory
    let customers: CustomerDirectory
    let orphans: OrphanedCalls

    private static let signatureSettings = "x-twilio-webhooks-signature-settings"
    private static let tokenSeconds: Int64 = 60

    private static let paths: Set<String> = [
        "/twilio/voice", "/twilio/status", "/twilio/resume", "/twilio/dial-done", "/twilio/stream-status",
    ]
    /// A webhook's form is a few kilobytes.
    private static let bodyBytesMax = 64 << 10

    /// What can be said before the body is there; nil when the path is none of the carrier's.
    func admit(_ request: HTTPRequest) -> Admission? {
        guard request.path.hasPrefix("/twilio/") else { return nil }
        if Self.isMedia(request) {
            return isGenuineUpgrade(request)
                ? .admit() : .refuse(.problem(403, detail: "The signature is missing or wrong."))
        }
        guard Self.paths.contains(request.path) else { return .refuse(Problem.nothingHere.response) }
        guard request.method == "POST" || request.method == "GET" else {
            return .refuse(Problem.methodNotAllowed(allowed: "POST, GET").response)
        }
        guard acceptUnsigned || request.header("x-twilio-signature") != nil else {
            return .refuse(refuse(request, 403, "\(RequestSignature.Refusal.missing)"))
        }
        return .admit(bodyBytesMax: Self.bodyBytesMax)
    }

    /// A media stream's address, with the number of its loop or without.
    static func isMedia(_ request: HTTPRequest) -> Bool {
        request.path == "/twilio/media" || request.path.hasPrefix("/twilio/media/")
    }

    /// Nil when the path is none of the carrier's.
    func respond(to request: HTTPRequest) async -> HTTPResponse? {
        guard request.path.hasPrefix("/twilio/") else { return nil }
        guard Self.paths.contains(request.path) else { return Problem.nothingHere.response }
        let form: [FormField]
        do throws(FormURLEncoded.DecodeError) {
            form = request.method == "POST" ? try FormURLEncoded.decode(request.body) : []
        } catch {
            if case .tooLarge = error { return refuse(request, 413, "\(error)") }
            return refuse(request, 400, "a malformed form: \(error)")
        }
        if !acceptUnsigned {
            if let refusal = signatureRefusal(request, form) { return refuse(request, 403, "\(refusal)") }
        }
        let query = (try? FormURLEncoded.decode(query: request.query)) ?? []
        let parameters = request.method == "POST" ? form : query
        switch request.path {
        case "/twilio/voice": return await voice(parameters, request)
        case "/twilio/status": return await status(parameters, request)
        case "/twilio/resume": return await resume(parameters, request)
        case "/twilio/dial-done": return await dialDone(parameters, request)
        default: return streamStatus(parameters)
        }
    }

    /// Why a request is not the carrier's; nil when it is.
    private func signatureRefusal(_ request: HTTPRequest, _ form: [FormField]) -> RequestSignature.Refusal? {
        var refusal: RequestSignature.Refusal?
        for url in services.urls.signed(target: request.target) {
            do throws(RequestSignature.Refusal) {
                try RequestSignature.validate(
                    header: request.header("x-twilio-signature"), url: url, parameters: form, tokens: authTokens,
                    settings: request.header(Self.signatureSettings), sharedKeys: sharedKeys)
                return nil
            } catch {
                refusal = refusal ?? error
            }
        }
        return refusal
    }

    /// Whether a media-stream handshake comes from the carrier.
    func isGenuineUpgrade(_ request: HTTPRequest) -> Bool {
        if acceptUnsigned { return true }
        do {
            try RequestSignature.validateWebSocket(
                header: request.header("x-twilio-signature"), url: services.urls.signedSocket(target: request.target),
                tokens: authTokens, settings: request.header(Self.signatureSettings), sharedKeys: sharedKeys)
            return true
        } catch {
            _ = refuse(request, 403, "\(error)")
            return false
        }
    }

    private func refuse(_ request: HTTPRequest, _ status: Int, _ why: String) -> HTTPResponse {
        Log.warning(
            "webhook refused", ["path": request.path, "peer": request.peerAddress, "reason": why], from: .strangers)
        Metrics.shared.add(
            "parley_webhooks_refused_total", 1, ["status": "\(status)"], help: "webhook requests refused")
        return .problem(status, detail: "The request was refused; the gateway's log says why.")
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
            return refuse(request, 400, "\(error)")
        }
        let sid = ring.callSid
        guard let to = ring.dialled else { return document(.refusal) }
        guard let route = try? await numbers.route(to, timeoutMs: services.patience.routeMs) else {
            return document(.refusal)
        }

        switch services.registry.admit(sid) {
        case .alreadyOn:
            // A repeated webhook finds its call and gets the same instructions.
            for _ in 0..<200 {
                if let card = services.registry.card(sid) { return document(connect(card)) }
                try? await Task.sleep(for: .milliseconds(25))
            }
            return document(.fallback(route.profile))
        case .ended: return document(.hangUp)
        case .full, .draining:
            Metrics.shared.add("parley_calls_refused_total", help: "calls given the fallback for want of room")
            Log.warning("no room for a call", ["call.sid": sid, "calls": services.registry.count])
            return document(.fallback(route.profile))
        case .admitted: break
        }
        guard takesPart(sid, route.profile) else {
            services.registry.dismiss(sid)
            return document(.fallback(route.profile))
        }
        let card = await open(ring, to: to, route: route)
        return document(connect(card))
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
                Log.warning("call starts without customer context", ["call.sid": sid, "error": "\(error)"])
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
            return refuse(request, 400, "no valid CallSid")
        }
        if let card = services.registry.card(sid) {
            switch await loops.ask(card.loopIndex, { $0[sid]?.afterStream }) ?? nil {
            case .reconnect?: return document(connect(card))
            case .fallback?: return document(.fallback(card.profile))
            case .hangUp?, .transferring?, nil: return document(.hangUp)
            }
        }
        guard let record = orphans.claim(sid) else { return document(.hangUp) }
        guard let route = try? await numbers.route(record.opening.to), services.registry.admit(sid) == .admitted
        else { return document(.refusal) }
        let journal = services.journals.open(record.opening.callID)
        journal.append(.note("taken up again after the gateway was lost", atMs: record.lastEntryMs))
        let context = record.opening.trustedPhone.map { phone in
            Task {
                try? await customers.context(
                    tenant: record.opening.tenant, phone: phone, timeoutMs: services.patience.contextMs)
            }
        }
        let card = CallCard(
            opening: record.opening, profile: route.profile, context: await context?.value ?? nil, journal: journal,
            loopIndex: loops.leastLoaded().index)
        await start(card, resuming: record)
        Log.info("call taken up again", ["call.sid": sid])
        return document(connect(card))
    }

    private func dialDone(_ form: [FormField], _ request: HTTPRequest) async -> HTTPResponse {
        guard let sid = form["CallSid"].flatMap({ CallSid($0) }) else {
            return refuse(request, 400, "no valid CallSid")
        }
        let bridged = form["DialBridged"].map { $0 == "true" } ?? (form["DialCallStatus"] == "completed")
        guard !bridged, let card = services.registry.card(sid) else { return document(.hangUp) }
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
            return refuse(request, 400, "\(error)")
        }
        let sid = callback.callSid
        guard callback.isTerminal else { return .empty(204) }
        let status = callback.status.rawValue
        if let card = services.registry.over(sid, status: status) {
            loops.post(to: card.loopIndex) { $0[sid]?.carrierReported(status: status) }
        }
        // Acknowledged only when the journal is on disk: a call is never lost between the carrier and us.
        await services.registry.waitUntilEnded(sid)
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
