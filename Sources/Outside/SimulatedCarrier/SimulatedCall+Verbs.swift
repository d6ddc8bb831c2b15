import CallModel
import Encoding
import TwilioProtocol
import WebSocketTransport

/// The verbs of §2.2, as far as a gateway can tell the difference.
extension SimulatedCall {
    /// How long a dialled human talks before hanging up.
    private static let humanTalksMs = 3_000
    private static let beepMs = 400
    private static let recordSecondsMax = 30

    /// Performs a document; the result is where the next one comes from. A document that is over ends the call.
    func perform(_ document: TwiML) async throws(Interruption) -> TwiMLSource {
        if case .reject(let reason)? = document.verbs.first, answeredAt == nil {
            throw .ended(status: reason == .busy ? "busy" : "no-answer", by: .gateway, failure: nil)
        }
        await answer()
        for verb in document.verbs {
            switch verb {
            case .connectStream(let stream): try await connect(stream)
            case .redirect(let url): return .url(url, extra: [])
            case .say(let text):
                log.note(.said, "<Say>", text: text)
                try await sound(ms: CarrierTone.sayMs(text))
            case .play(let url):
                log.note(.said, "<Play> \(url)")
                try await sound(ms: 2_000)
            case .pause(let seconds): try await pause(ms: seconds * 1_000)
            case .dial(let dial): if let next = try await self.dial(dial) { return next }
            case .record(let maxLengthSeconds, let action):
                if let next = try await record(maxLengthSeconds: maxLengthSeconds, action: action) { return next }
            case .hangup:
                log.note(.hungUp, "gateway: <Hangup>")
                throw .ended(status: "completed", by: .gateway, failure: nil)
            case .reject: throw .ended(status: "completed", by: .carrier, failure: "<Reject> is not the first verb")
            }
        }
        log.note(.hungUp, "gateway: end of TwiML")
        throw .ended(status: "completed", by: .gateway, failure: nil)
    }

    /// Opens the stream and returns once it is closed, however that came.
    private func connect(_ stream: TwiML.Stream) async throws(Interruption) {
        let sid = SidGenerator.sid("MZ")
        guard let streamSid = StreamSid(sid) else { return }
        streamSids.append(sid)
        guard let plan = plan(stream, streamSid) else {
            let reason = "31922: `\(stream.url)` is no ws or wss address without a query"
            log.note(.streamFailed, reason)
            await callBackStream(
                stream.statusCallback, name: stream.name, streamSid: sid, event: "stream-error", error: reason)
            return
        }
        onLine { $0.openStream(plan) }
        do throws(Interruption) {
            while true {
                let ending: StreamEnding? = try await wait { signal -> StreamEnding?? in
                    switch signal {
                    case .streamStarted(sid): .some(nil)
                    case .streamEnded(sid, let ending): ending
                    default: nil
                    }
                }
                guard let ending else {
                    await callBackStream(
                        stream.statusCallback, name: stream.name, streamSid: sid, event: "stream-started")
                    continue
                }
                await streamEnded(stream, sid, ending)
                return
            }
        } catch {
            await callBackStream(stream.statusCallback, name: stream.name, streamSid: sid, event: "stream-stopped")
            throw error
        }
    }

    private func plan(_ stream: TwiML.Stream, _ streamSid: StreamSid) -> StreamPlan? {
        guard !stream.url.contains("?") else { return nil }
        var headers = [("user-agent", "Twilio.TmeWs/1.0")]
        if let signature = sign(stream.url, [], as: options.streamSignature) {
            headers.append(("x-twilio-signature", signature))
            if let settings = config.signatureSettings { headers.append((settings.name, settings.value)) }
        }
        guard let request = try? WebSocketRequest(url: stream.url, headers: headers, tls: config.tls) else {
            return nil
        }
        return StreamPlan(
            request: request, streamSid: streamSid, callSid: setup.callSid, accountSid: config.accountSid,
            parameters: stream.parameters)
    }

    private func streamEnded(_ stream: TwiML.Stream, _ sid: String, _ ending: StreamEnding) async {
        var event = "stream-stopped"
        var error: String?
        switch ending {
        case .closedByGateway(let code):
            log.note(.streamEnded, "31921: closed by the gateway (\(code.map(String.init) ?? "no code"))")
        case .connectionLost(let reason):
            log.note(.streamEnded, "31903: connection lost (\(reason))")
            (event, error) = ("stream-error", "31903: connection lost")
        case .handshakeFailed(let reason):
            log.note(.streamFailed, "31920: handshake failed (\(reason))")
            (event, error) = ("stream-error", "31920: handshake failed")
        }
        await callBackStream(stream.statusCallback, name: stream.name, streamSid: sid, event: event, error: error)
    }

    private func sound(ms: Int) async throws(Interruption) {
        onLine { $0.play(CarrierTone.tone(ms: ms)) }
        try await pause(ms: ms)
    }

    private func dial(_ dial: TwiML.Dial) async throws(Interruption) -> TwiMLSource? {
        log.note(.dialing, dial.number)
        let limitMs = dial.timeoutSeconds * 1_000
        var outcome = "no-answer"
        var bridgedMs = 0
        switch config.callee(dial.number) {
        case .busy: outcome = "busy"
        case .declines(let afterMs):
            try await pause(ms: min(afterMs, limitMs))
            if afterMs <= limitMs { outcome = "failed" }
        case .noAnswer: try await pause(ms: limitMs)
        case .answers(let afterMs, _), .machine(let afterMs, _, _), .hangsUp(let afterMs):
            try await pause(ms: min(afterMs, limitMs))
            guard afterMs <= limitMs else { break }
            outcome = "completed"
            guard case .hangsUp = config.callee(dial.number) else {
                bridgedMs = Self.humanTalksMs
                try await sound(ms: bridgedMs)
                break
            }
        }
        log.note(.dialEnded, outcome)
        guard let action = dial.action else { return nil }
        return .url(
            action,
            extra: [
                FormField("DialCallStatus", outcome), FormField("DialCallSid", SidGenerator.sid("CA")),
                FormField("DialCallDuration", String(bridgedMs / 1_000)),
                FormField("DialBridged", bridgedMs > 0 ? "true" : "false"),
            ])
    }

    private func record(maxLengthSeconds: Int, action: String?) async throws(Interruption) -> TwiMLSource? {
        try await sound(ms: Self.beepMs)
        let seconds = min(maxLengthSeconds, Self.recordSecondsMax)
        try await pause(ms: seconds * 1_000)
        log.note(.recorded, "\(seconds) s")
        guard let action else { return nil }
        let url = "https://api.twilio.com/2010-04-01/Accounts/\(config.accountSid)/Recordings/\(SidGenerator.sid("RE"))"
        return .url(
            action, extra: [FormField("RecordingUrl", url), FormField("RecordingDuration", String(seconds))])
    }
}

extension TwiML.Verb {
    /// The element's name, for the event log.
    var shortName: String {
        switch self {
        case .connectStream: "Connect/Stream"
        case .redirect: "Redirect"
        case .say: "Say"
        case .play: "Play"
        case .pause: "Pause"
        case .dial: "Dial"
        case .record: "Record"
        case .hangup: "Hangup"
        case .reject: "Reject"
        }
    }
}

extension Callee {
    var script: CallerScript? {
        switch self {
        case .answers(_, let script), .machine(_, let script, _): script
        case .busy, .declines, .noAnswer, .hangsUp: nil
        }
    }

    var isDeclining: Bool { if case .declines = self { true } else { false } }

    /// What answering machine detection says.
    var answeredBy: String {
        switch self {
        case .machine(_, _, let isFax): isFax ? "fax" : "machine_start"
        case .answers, .busy, .declines, .noAnswer, .hangsUp: "human"
        }
    }
}
