import AudioCore
import CallModel
import CallSession
import Events
import Foundation
import Journal
import Runtime
import SpeechAgent
import Telemetry
import TwilioProtocol
import WebSocketTransport

/// One call on its media loop: joins the carrier's stream and the agent leg, moves the audio, and performs what the
/// ``CallMachine`` orders. Made when the phone rings, on the loop both legs will be on; used on that loop only.
final class MediaCall: AgentLegOwner {
    enum Beginning {
        case ring
        /// The call's record so far, when a gateway before this one held the call.
        case resuming(CallRecord)
        /// On another loop of this gateway until now.
        case moved(HandOver)
    }

    /// A call on its way from one loop to another.
    struct HandOver {
        fileprivate let machine: CallMachine
        /// Nil while the call has had no stream: the new agent leg begins like the first.
        fileprivate let settings: AgentSettings?
        fileprivate let began: MonotonicTime
        fileprivate let beganMsOffset: Int
        fileprivate let streamsSeen: Int
        fileprivate let guests: GuestList.Carried
        fileprivate let redacted: Redacted
    }

    let card: CallCard
    let loop: MediaLoop
    let services: CallServices
    let began: MonotonicTime
    let beganMsOffset: Int
    var machine: CallMachine
    var agentLeg: (any AgentLine)?
    private let shared: SharedByCalls
    let caller: CallerLeg
    private var controlTimer: LoopTimer?
    private var responseIsNew = true
    /// What the agent is saying bridges a wait.
    private var responseIsFiller = false
    var drainReported = true
    var tools: [String: Task<Void, Never>] = [:]
    private var streamsSeen = 0
    var asking = false
    let guests = GuestList()
    /// What the caller had heard of the agent's words when they last cut in.
    private var heardBeforeCut = ""
    private var isOver = false
    private var redacted = Redacted()
    private let onFinish: (MediaCall) -> Void

    /// - Parameters:
    ///   - beginning: whether it rings here, or was elsewhere until now.
    ///   - onFinish: called once, on the loop, when the call is over and its journal has its ending.
    init(
        card: CallCard, loop: MediaLoop, services: CallServices, shared: SharedByCalls, _ beginning: Beginning,
        onFinish: @escaping (MediaCall) -> Void
    ) {
        self.card = card
        self.loop = loop
        self.services = services
        self.onFinish = onFinish
        self.shared = shared
        caller = CallerLeg(loop: loop, leadMs: services.settings.playoutLeadMs, shared: shared, guests: guests)
        var limits = CallMachine.Limits(profile: card.profile)
        limits.firstAudioMs = services.settings.patience.firstAudioMs
        limits.askCarrierAfterMs = services.settings.patience.askCarrierAfterMs
        let wording = CallWording(profile: card.profile)
        let settings: (AgentBriefing) -> AgentSettings
        switch beginning {
        case .ring:
            machine = CallMachine(limits: limits, rangAt: card.opening.rangAt, wording: wording)
            (began, beganMsOffset) = (.now(), 0)
            settings = { $0.settings() }
        case .resuming(let record):
            machine = CallMachine(limits: limits, wording: wording, resuming: record)
            (began, beganMsOffset) = (.now(), max(0, Int(Date().timeIntervalSince(card.opening.rangAt) * 1_000)))
            settings = { $0.settings(resuming: record) }
            redacted = Redacted(resuming: record)
        case .moved(let before):
            machine =
                before.settings == nil
                ? CallMachine(limits: limits, rangAt: card.opening.rangAt, wording: wording)
                : before.machine
            (began, beganMsOffset, streamsSeen) = (before.began, before.beganMsOffset, before.streamsSeen)
            settings = { before.settings ?? $0.settings() }
            redacted = before.redacted
        }
        if card.opening.direction == .outbound { machine.optOutKey = "9" }
        controlTimer = loop.makeTimer { [unowned self] in handle(.tick) }
        caller.becameAudible = { [unowned self] ms in handle(.agentAudible(inMs: ms)) }
        var carried: GuestList.Carried?
        if case .moved(let before) = beginning { carried = before.guests }
        guests.seat(services.guests, at: self, carrying: carried)
        machine.guestTools = Set(guests.tools.map(\.name))
        machine.partingTools = [CallTool.endCall.schema.name]
        openAgentLeg(settings(briefing))
        armControl()
    }

    private var briefing: AgentBriefing {
        AgentBriefing(
            card: card, guestTools: guests.tools, promptCharactersMax: services.agent.vendor.promptCharactersMax)
    }

    // MARK: What others tell the call

    var afterStream: CallMachine.AfterStream { machine.afterStream }

    func carrierReported(status: String) { handle(.callEnded(carrierStatus: status)) }
    func transferFailed(_ reason: String) { handle(.transferFailed(reason: reason)) }
    func carrierDetected(_ answer: AnsweredBy) { guests.event(.carrierDetected(answer)) }

    // MARK: The carrier's stream

    /// The carrier's media stream for this call has started and is known to be genuine.
    func attach(_ socket: WebSocket, streamSid: StreamSid) {
        if let old = caller.stream {
            streamClosed(old)
            old.close(code: 1000, reason: "replaced")
        }
        caller.attach(socket, streamSid: streamSid)
        streamsSeen += 1
        services.registry.streams(card.opening.callSid)
        handle(.streamStarted(streamSid))
        if streamsSeen == 1 {
            let begin = services.office.begin
            let (opening, at) = (card.opening, Date())
            Task {
                do {
                    try await begin(opening, at, streamSid)
                } catch {
                    Log.warning(
                        "call row not written at start; the post-call writer will",
                        ["call.sid": opening.callSid, "error": error])
                }
            }
        }
        if streamsSeen > 1 { guests.event(.streamReopened) }
        caller.playout(at: .now())
    }

    /// Hot path: one media message of the caller.
    func callerSpoke(_ speech: Span<UInt8>, _ media: CallerAudio, at now: MonotonicTime) {
        // The leg fills with silence what it is not given.
        if guests.letAgentHear { agentLeg?.callerSpoke(speech, at: now) }
        guests.callerFrame(speech, at: now)
        switch caller.callerFrame(speech, media, at: now) {
        case .speechStarted?:
            handle(.callerVoiceStarted(lagMs: caller.audio.callerStartedAgoMs))
            guests.event(.callerVoiceStarted)
        case .speechEnded?: handle(.callerVoiceEnded(lagMs: caller.audio.callerVoicedAgoMs))
        case nil: break
        }
    }

    func keyPressed(_ digit: String) {
        caller.otherMessage()
        handle(.keyPressed(digit))
        guests.event(.keyPressed(digit))
    }

    func markReturned(_ name: String) {
        guard caller.markReturned(name) else { return }
        while let onset = caller.takeOnset() { handle(.agentHeard(agoMs: onset.agoMs, isFiller: onset.isFiller)) }
        reportDrained()
    }

    /// The stream is gone, by `stop`, close or loss. The call may live on.
    func streamClosed(_ socket: WebSocket) {
        guard caller.stream === socket else { return }
        agentLeg?.flush()
        let now = MonotonicTime.now()
        handle(.streamClosed)
        caller.detach(at: now)
        responseIsNew = true
    }

    // MARK: The agent leg

    private func openAgentLeg(_ settings: AgentSettings) {
        agentLeg = services.agent.open(settings, on: loop, grain: shared.grain, owner: self)
    }

    func agentLeg(_ leg: any AgentLine, said event: SpeechAgentEvent) {
        guard leg === agentLeg, guests.admits(event) else { return }
        switch event {
        case .agentText(let text): responseIsFiller = machine.isFiller(text) || guests.isBridging
        case .agentAudioSent: responseEnded()
        case .userTranscript(let text):
            // Told twice, words are no second yes or no.
            guard !machine.isRepeat(text, at: nowMs) else { return }
            responseIsNew = true
            responseIsFiller = false
        default: break
        }
        heardBeforeCut = ""
        handle(.agent(event))
        switch event {
        case .agentAudioSent:
            reportDrained()
            if caller.audio.isDrained { guests.event(.allHeard) }
        case .agentText(let text): guests.agentSaid(text)
        case .userTranscript: guests.callerSaid(redacted.callerText, audioPositionMs: caller.audio.framesIn * 20)
        case .userSpeechStarted: guests.event(.callerInterrupted(heardText: heardBeforeCut))
        default: break
        }
    }

    /// Hot path: agent speech arrives, faster than it is heard.
    func agentLeg(_ leg: any AgentLine, spoke speech: Span<UInt8>) {
        guard leg === agentLeg, guests.admitsSpeech(bytes: speech.count) else { return }
        if responseIsNew {
            responseIsNew = false
            caller.responseBegins(isFiller: responseIsFiller)
            handle(.agentAudioBegan)
        }
        drainReported = false
        caller.speak(speech)
    }

    func responseEnded() {
        responseIsNew = true
        responseIsFiller = false
        caller.responseEnded()
    }

    func agentLegLost(_ leg: any AgentLine, reason: String, retryable: Bool) {
        guard leg === agentLeg else { return }
        Log.warning("agent leg lost", ["call.sid": card.opening.callSid, "reason": reason])
        Metrics.shared.add(CallMetrics.agentLegsLost)
        responseEnded()
        handle(.agentLegLost(reason: reason, retryable: retryable))
    }

    private func reportDrained() {
        guard !drainReported, caller.audio.isDrained else { return }
        drainReported = true
        handle(.playoutDrained)
        guests.event(.allHeard)
    }

    // MARK: The machine

    func nowMs(_ now: MonotonicTime) -> Int { beganMsOffset + Int(now.milliseconds(since: began)) }

    func handle(_ event: CallMachine.Event) {
        guard !isOver else { return }
        if case .callEnded = event { guests.event(.hungUp) }
        let now = MonotonicTime.now()
        var playout = CallMachine.Playout(
            queuedBytes: caller.audio.queuedBytes, heardBytes: caller.audio.heardBytes(at: now),
            audible: caller.audio.isAudible(at: now))
        playout.droppedBytes = caller.audio.overrunBytes
        playout.playedOutMs = caller.audio.playedOut(at: now).map(nowMs)
        if caller.audio.callerSpeaks { playout.callerVoicedMs = nowMs(now) - caller.audio.callerVoicedAgoMs }
        for action in machine.handle(event, at: nowMs(now), playout: playout) { perform(action, at: now) }
        armControl()
    }

    func armControl() {
        let due = machine.nextDeadlineMs
        // Its timers outlive a call that is let go.
        guard !isOver, due != .max else { return }
        controlTimer?.arm(at: began.adding(milliseconds: Int64(due - beganMsOffset)))
    }

    private func perform(_ action: CallMachine.Action, at now: MonotonicTime) {
        switch action {
        case .discardPlayout: discardPlayout(detectedAt: now)
        case .agent(let command): agentLeg?.perform(command)
        case .reopenAgentLeg:
            let settings = agentLeg?.reconnectSettings() ?? briefing.settings()
            agentLeg?.close()
            openAgentLeg(settings)
            guests.event(.agentLegReopened)
        case .playApology: playApology()
        case .runTool(let call): run(call)
        case .askGuest(let call): guests.take(call)
        case .cancelTools(let ids): for id in ids { tools.removeValue(forKey: id)?.cancel() }
        case .journal(let entry): journal(entry)
        case .sketch(let turn): card.journal.append(.turn(turn))
        case .agentHeardOnly(let text, let ms):
            heardBeforeCut = text
            agentLeg?.callerHeard(text, ms: ms)
        case .hangUp: hangUp()
        case .transfer: transfer()
        case .closeStream: caller.stream?.close(code: 1000, reason: "")
        case .askCarrier: askCarrier()
        case .finish: finish()
        }
    }

    private func discardPlayout(detectedAt now: MonotonicTime) {
        let discarded = caller.discardUnheard(at: now)
        nothingWaits()
        machine.bargedIn(detectedMs: nowMs(now), clearSentMs: nowMs(.now()), discardedMs: discarded)
        services.office.publish(
            LiveEvent(
                callSid: card.opening.callSid, tenant: card.opening.tenant, atMs: nowMs(now), kind: .bargeIn,
                speaker: .caller))
    }

    func nothingWaits() {
        responseIsNew = true
        drainReported = true
    }

    private func playApology() {
        if let speech = services.phrases.audio(for: card.profile.apology) {
            caller.responseBegins(isFiller: true)
            handle(.agentAudioBegan)
            drainReported = false
            caller.speak(speech.span)
        }
        responseEnded()
        handle(.agent(.agentAudioSent))
    }

    func journal(_ entry: CallJournalEntry) {
        var entry = entry
        if case .ended(var ending) = entry {
            ending.ear.longestSilenceMs = caller.longestSilenceMs
            ending.ear.framesIn = caller.audio.framesIn
            ending.ear.framesOut = caller.audio.framesOut
            ending.ear.framesLost = caller.audio.sequence.lostFrames
            ending.ear.underrunBytes = caller.audio.underrunBytes
            ending.ear.overrunBytes = caller.audio.overrunBytes
            entry = .ended(ending)
        }
        card.journal.append(entry)
        if let event = LiveEvent(redacted.entry(entry), card: card, atMs: nowMs(.now())) {
            services.office.publish(event)
        }
    }

    // MARK: The end

    private func finish() {
        letGo()
        onFinish(self)
    }

    /// Lets go of the call, which goes on on another loop; nil when the carrier has said that it is over: it ends here.
    func handOver() -> HandOver? {
        let hadStream = streamsSeen > 0
        if let stream = caller.stream { streamClosed(stream) }
        guard !isOver, !machine.isOver else { return nil }
        machine.agentLegReplaced()
        let settings = hadStream ? agentLeg?.reconnectSettings() ?? briefing.settings() : nil
        let guests = guests.moved()
        letGo()
        return HandOver(
            machine: machine, settings: settings, began: began, beganMsOffset: beganMsOffset, streamsSeen: streamsSeen,
            guests: guests, redacted: redacted)
    }

    private func letGo() {
        isOver = true
        for task in tools.values { task.cancel() }
        tools = [:]
        guests.ended()
        controlTimer?.cancel()
        agentLeg?.close()
        agentLeg = nil
        caller.close()
    }
}
