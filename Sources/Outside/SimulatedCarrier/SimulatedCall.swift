import CallModel
import Encoding
import FoundationEssentials
import TwilioProtocol
import WebSocketTransport

/// One call at the carrier, from ring to terminal callback: fetches TwiML, performs it verb by verb, and lets nothing but
/// its own mailbox interrupt it. The line with ear and mouth runs on a media loop; this actor never touches audio.
package actor SimulatedCall {
    /// What is fixed before the call begins.
    struct Setup: Sendable {
        var callSid: CallSid
        /// `inbound` or `outbound-api`.
        var direction: String
        var from: String
        var to: String
        var source: TwiMLSource
        var fallbackURL: String?
        var statusURL: String?
        /// Which of `initiated`, `ringing`, `answered`, `completed` are called back.
        var statusEvents: Set<String>
        var callee: Callee
        var ringSecondsMax = 60
        var detectsMachines = false
        var detectionCallbackURL: String?
        var scriptName: String
        /// Who calls, where it is no script.
        var phone: PhoneHandset?

        var caller: (any CallerEnd)? {
            if let phone { return phone }
            return callee.script.map { ScriptedCaller(script: $0) }
        }
    }

    /// Why performing TwiML stopped.
    enum Interruption: Error {
        case ended(status: String, by: SimulatedCallReport.Party, failure: String?)
        case redirected(TwiMLSource)
        case vanished
    }

    nonisolated let setup: Setup
    nonisolated let options: CallOptions
    nonisolated let config: CarrierConfig
    nonisolated let log: CallEventLog
    nonisolated let client: WebhookClient
    nonisolated let loop: MediaLoop
    nonisolated let callbacks: CallbackSender
    nonisolated let createdAt = Date()
    nonisolated let signals: AsyncStream<CallSignal>.Continuation
    private let mailbox: AsyncStream<CallSignal>
    private let line: CallLine

    /// As the REST resource shows it.
    private(set) var status: String
    private(set) var answeredAt: Date?
    private(set) var endedAt: Date?
    var twiml: [String] = []
    var streamSids: [String] = []
    private var answeredMs: Int?
    private var inbox: [CallSignal] = []
    private var waiting: CheckedContinuation<CallSignal, Never>?
    private var timers: [Task<Void, Never>] = []
    private var nextID = 0
    private var fallbackUsed = false
    private var sequenceNumber = 0

    init(
        setup: Setup, options: CallOptions, config: CarrierConfig, client: WebhookClient, loop: MediaLoop,
        watch: @escaping @Sendable (SimulatedCallEvent) -> Void
    ) {
        self.setup = setup
        self.options = options
        self.config = config
        self.client = client
        self.loop = loop
        let log = CallEventLog(watch: watch)
        self.log = log
        callbacks = CallbackSender(
            client: client, config: config, delivery: options.callbacks, log: log)
        let (mailbox, signals) = AsyncStream.makeStream(of: CallSignal.self)
        self.mailbox = mailbox
        self.signals = signals
        status = setup.direction == "inbound" ? "ringing" : "queued"
        line = CallLine(
            loop: loop, caller: setup.caller, options: options,
            signal: { signals.yield($0) },
            announce: { log.note($0, $1, text: $2) })
    }

    /// Runs the call to its end.
    func run() async -> SimulatedCallReport {
        let pump = Task {
            for await signal in mailbox { receive(signal) }
        }
        log.note(.placed, setup.callSid.text)
        setLimits()
        var ending = Interruption.vanished
        do throws(Interruption) {
            try await ring()
            try await converse()
        } catch { ending = error }
        for timer in timers { timer.cancel() }
        let report = await finish(ending)
        signals.finish()
        await pump.value
        return report
    }

    nonisolated func interrupt(_ signal: CallSignal) { signals.yield(signal) }

    // MARK: Mailbox

    private func receive(_ signal: CallSignal) {
        if let waiter = waiting {
            waiting = nil
            waiter.resume(returning: signal)
        } else {
            inbox.append(signal)
        }
    }

    private func next() async -> CallSignal {
        if !inbox.isEmpty { return inbox.removeFirst() }
        return await withCheckedContinuation { waiting = $0 }
    }

    /// Waits for the signal that `wanted` recognises; whatever ends or redirects the call comes first.
    func wait<Value>(_ wanted: (CallSignal) -> Value?) async throws(Interruption) -> Value {
        while true {
            let signal = await next()
            switch signal {
            case .callerHungUp:
                log.note(.hungUp, "caller")
                throw .ended(status: answeredMs == nil ? "canceled" : "completed", by: .caller, failure: nil)
            case .hangUpRequested(let canceled):
                log.note(.hungUp, "gateway")
                throw .ended(
                    status: canceled && answeredMs == nil ? "canceled" : "completed", by: .gateway, failure: nil)
            case .limitReached:
                log.note(.hungUp, "carrier: time limit")
                throw .ended(status: answeredMs == nil ? "canceled" : "completed", by: .carrier, failure: "time limit")
            case .redirectRequested(let source): throw .redirected(source)
            case .vanished: throw .vanished
            default: if let value = wanted(signal) { return value }
            }
        }
    }

    func pause(ms: Int) async throws(Interruption) {
        let id = startTimer(ms: ms)
        _ = try await wait { if case .timer(id) = $0 { true } else { nil } }
    }

    private func startTimer(ms: Int, _ signal: CallSignal? = nil) -> Int {
        nextID += 1
        let id = nextID
        timers.removeAll { $0.isCancelled }
        timers.append(
            Task { [signals] in
                do { try await Task.sleep(for: .milliseconds(ms)) } catch { return }
                signals.yield(signal ?? .timer(id: id))
            })
        return id
    }

    private func setLimits() {
        if let ms = options.hangUpAfterMs { _ = startTimer(ms: ms, .callerHungUp) }
        _ = startTimer(ms: min(options.callSecondsMax, CarrierConfig.callSecondsMax) * 1_000, .limitReached)
        if case .carrierVanished(let ms) = options.breakdown { _ = startTimer(ms: ms, .vanished) }
    }

    // MARK: Ringing and TwiML

    private func ring() async throws(Interruption) {
        if setup.direction == "inbound" {
            log.note(.ringing)
            await callBack("ringing", as: "ringing")
            if options.ringMs > 0 { try await pause(ms: options.ringMs) }
            return
        }
        log.note(.initiated, setup.to)
        await callBack("initiated", as: "initiated")
        status = "ringing"
        switch setup.callee {
        case .busy: throw .ended(status: "busy", by: .caller, failure: nil)
        case .noAnswer:
            log.note(.ringing)
            await callBack("ringing", as: "ringing")
            try await pause(ms: setup.ringSecondsMax * 1_000)
            throw .ended(status: "no-answer", by: .carrier, failure: nil)
        case .declines(let afterMs):
            log.note(.ringing)
            await callBack("ringing", as: "ringing")
            try await pause(ms: min(afterMs, setup.ringSecondsMax * 1_000))
            throw .ended(status: "failed", by: .caller, failure: "declined")
        case .answers(let afterMs, _), .machine(let afterMs, _, _), .hangsUp(let afterMs):
            log.note(.ringing)
            await callBack("ringing", as: "ringing")
            guard afterMs <= setup.ringSecondsMax * 1_000 else {
                try await pause(ms: setup.ringSecondsMax * 1_000)
                throw .ended(status: "no-answer", by: .carrier, failure: nil)
            }
            try await pause(ms: afterMs)
        }
        await answer()
        if case .hangsUp = setup.callee { signals.yield(.callerHungUp) }
    }

    /// Fetches and performs documents until something ends the call; never returns otherwise.
    private func converse() async throws(Interruption) {
        var source = setup.source
        while true {
            do throws(Interruption) {
                source = try await perform(try await document(source))
                log.note(.redirected, "TwiML")
            } catch {
                guard case .redirected(let next) = error else { throw error }
                log.note(.redirected, "REST")
                onLine { line in
                    line.leaveStream()
                    line.silence()
                }
                source = next
            }
        }
    }

    private func document(_ source: TwiMLSource) async throws(Interruption) -> TwiML {
        var answer: Result<String, WebhookFailure>
        var url: String?
        switch source {
        case .inline(let text): answer = .success(text)
        case .url(let address, let extra):
            url = address
            answer = try await fetch(address, extra: extra)
            var tries = 1
            while tries < config.connectTriesMax, case .failure(let failure) = answer,
                failure.code == WebhookFailure.notConnected
            {
                try await pause(ms: 250)
                answer = try await fetch(address, extra: extra)
                tries += 1
            }
        }
        let failure: WebhookFailure
        switch answer {
        case .success(let text):
            if twiml.count < 100 { twiml.append(text) }
            do {
                let document = try TwiML(xml: text)
                log.note(.twiml, document.verbs.map(\.shortName).joined(separator: ", "))
                return document
            } catch { failure = WebhookFailure(code: error.code, reason: error.description) }
        case .failure(let reason): failure = reason
        }
        log.note(.webhookFailed, failure.description)
        guard let fallback = setup.fallbackURL, !fallbackUsed else {
            throw .ended(
                status: answeredMs == nil ? "failed" : "completed", by: .carrier, failure: failure.description)
        }
        fallbackUsed = true
        let extra = [FormField("ErrorCode", String(failure.code)), FormField("ErrorUrl", url ?? "")]
        return try await document(.url(fallback, extra: extra))
    }

    private func fetch(_ url: String, extra: [FormField]) async throws(Interruption) -> Result<String, WebhookFailure> {
        nextID += 1
        let id = nextID
        var fields = callFields(status: status) + extra
        fields += options.voiceFields.map { FormField($0.0, $0.1) }
        if setup.detectsMachines, setup.detectionCallbackURL == nil {
            fields += [FormField("AnsweredBy", setup.callee.answeredBy), FormField("MachineDetectionDuration", "3210")]
        }
        let signature = sign(url, fields, as: options.webhookSignature)
        Task { [client, signals] in
            signals.yield(.fetched(id: id, await client.fetchTwiML(url, fields: fields, signature: signature)))
        }
        return try await wait { if case .fetched(id, let answer) = $0 { answer } else { nil } }
    }

    // MARK: Life of the call

    func answer() async {
        guard answeredMs == nil else { return }
        answeredMs = log.elapsedMs
        answeredAt = Date()
        status = "in-progress"
        log.note(.answered)
        onLine { $0.answer() }
        await callBack("answered", as: "in-progress")
        guard setup.detectsMachines, let url = setup.detectionCallbackURL else { return }
        let fields = [
            FormField("CallSid", setup.callSid.text), FormField("AccountSid", config.accountSid),
            FormField("AnsweredBy", setup.callee.answeredBy),
            FormField("MachineDetectionDuration", String(config.detectionMs)),
        ]
        // In its own time: the call goes on, and may be over by then.
        Task { [callbacks, config] in
            try? await Task.sleep(for: .milliseconds(config.detectionMs))
            await callbacks.send(url, fields)
        }
    }

    nonisolated func onLine(_ work: @escaping @Sendable (CallLine) -> Void) {
        loop.post { [line] in work(line) }
    }

    private func finish(_ ending: Interruption) async -> SimulatedCallReport {
        var ended: (status: String, by: SimulatedCallReport.Party, failure: String?) = ("failed", .carrier, "vanished")
        if case .ended(let status, let by, let failure) = ending { ended = (status, by, failure) }
        if case .vanished = ending { onLine { $0.vanish() } }
        let endedMs = log.elapsedMs
        endedAt = Date()
        status = ended.status
        log.note(.ended, ended.status)
        let recording = await withCheckedContinuation { continuation in
            onLine { continuation.resume(returning: $0.end()) }
        }
        var delivered: Bool?
        if case .ended = ending {
            await callBack(
                "completed", as: ended.status, isTerminal: true, durationMs: endedMs - (answeredMs ?? endedMs))
            delivered = await callbacks.finish()
        }
        var report = SimulatedCallReport(
            callSid: setup.callSid.text, direction: setup.direction, from: setup.from, to: setup.to,
            script: setup.scriptName, status: ended.status, endedBy: ended.by, placedAt: createdAt,
            endedAt: endedAt ?? createdAt, durationMs: endedMs - (answeredMs ?? endedMs),
            timings: EarTimings(
                agent: recording.heard, caller: recording.said, utterances: recording.utterances,
                firstByteAtSample: recording.firstByteAtSample),
            discardedMs: (recording.clears.reduce(0) { $0 + $1.discardedBytes } + recording.unplayedBytes) / 8,
            unplayedMs: recording.unplayedBytes / 8, overflowBytes: recording.overflowBytes,
            framesSent: recording.framesSent, framesRefused: recording.framesRefused)
        report.failure = ended.failure
        report.streamSids = streamSids
        report.twiml = twiml
        report.answeredMs = answeredMs
        if let start = recording.firstStreamAtSample {
            report.pickupToFirstAudioMs = report.timings.firstByteMs.map { $0 - start / 8 }
            report.pickupToFirstAudibleMs = report.timings.firstAudibleMs.map { $0 - start / 8 }
        }
        report.clears = recording.clears
        report.marksReceived = recording.marksReceived
        report.marksEchoed = recording.marksEchoed
        report.violations = recording.violations
        report.terminalCallbackDelivered = delivered
        report.heard = recording.heard
        report.said = recording.said
        report.discarded = recording.discards.map(\.audio)
        report.events = log.all
        return report
    }

    // MARK: What is sent

    func nextSequenceNumber() -> Int {
        defer { sequenceNumber += 1 }
        return sequenceNumber
    }
}
