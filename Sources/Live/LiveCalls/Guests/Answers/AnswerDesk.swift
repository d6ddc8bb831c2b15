import Answering
import AudioCore
import CallModel
import CallSession
import Runtime
import SpeechAgent
import Telemetry
import TwilioProtocol

/// Who answered a call that we placed, on its media loop: listens beside the agent, whose first words wait for nothing, and does what
/// the call's terms say about machines.
final class AnswerDesk: CallGuest {
    /// On its way to another loop, with its call.
    struct Carried: Sendable {
        fileprivate var detector: AnsweringDetector?
        fileprivate var plan: AnswerPlan
        fileprivate var note: AnswerNote?
        fileprivate var firstWordMs: Int?
    }

    /// What is said last, and why the call ends behind it.
    private struct LastWords {
        var text: String
        var reason: MachineEnding
        var isMessage: Bool
    }

    /// Somebody who has been one for so long is no machine any more, whatever is heard of their line …
    private static let personForMs = 20_000
    /// … and who has not been told by then never is.
    private static let listensForMs = 60_000
    /// The agent's voice says it; where nothing of it came by then, the gateway's own does …
    private static let ownVoiceAfterMs = 2_500
    /// … and where that cannot either, nothing is said.
    private static let silentAfterMs = 8_000

    unowned let call: any CallHandle
    private let terms: DialTerms
    private let cues: AnsweringCues?
    private let record: @Sendable (DialledCall, AnswerNote) -> Void
    private let wording: CallWording
    private let message: String
    /// Nil until the first frame: only then is it known how long it rang.
    private var detector: AnsweringDetector?
    private var plan: AnswerPlan
    private var seen: AnsweringVerdict?
    private var firstWordMs: Int?
    /// What is on record.
    private var note: AnswerNote?
    private var ear = AgentFilter()
    private var lastWords: LastWords?
    private var speech = Speech.none

    /// How far what is said last is.
    private enum Speech: Equatable {
        case none
        /// The agent was asked for it so long after the answer.
        case asked(atMs: Int)
        case spoken
        /// All of it is on its way to the ear.
        case sent
        case heard
    }

    /// Nil of a call that rang here.
    init?(
        _ call: any CallHandle, carrying carried: Carried?,
        record: @escaping @Sendable (DialledCall, AnswerNote) -> Void
    ) {
        guard let terms = call.card.terms else { return nil }
        self.call = call
        self.terms = terms
        self.record = record
        wording = CallWording(profile: call.card.profile)
        message = (terms.message ?? wording.voicemail).replacing("{{company}}", with: terms.company)
        cues = AnsweringCues.of(call.card.profile.language)
        plan = carried?.plan ?? AnswerPlan(policy: terms.onMachine, menuKey: terms.menuKey)
        (detector, note, firstWordMs) = (carried?.detector, carried?.note, carried?.firstWordMs)
        if terms.onMachine == .leaveMessage { call.preparePhrase(message) }
        if case .awaitingBeep = plan.phase { hush() }
    }

    // MARK: What the call tells

    var hearsFrames: Bool { true }

    /// Hot path.
    func callerFrame(_ speech: Span<UInt8>, at now: MonotonicTime) {
        if detector == nil { detector = AnsweringDetector(rangMs: call.nowMs) }
        guard plan.phase != .over else { return }
        detector?.callerFrame(speech)
        look()
        guard plan.phase == .listening, let nowMs = detector?.nowMs else { return }
        let isPerson = detector?.verdict.kind == .person
        if nowMs >= (isPerson ? AnswerDesk.personForMs : AnswerDesk.listensForMs) { plan.stop() }
    }

    /// Hot path.
    func agentFrame(_ speech: Span<UInt8>, at now: MonotonicTime) {
        guard firstWordMs == nil, FrameEnergy.isAudible(speech) else { return }
        let nowMs = detector?.nowMs ?? 0
        firstWordMs = max(0, nowMs - (detector?.speechEndMs ?? 0))
    }

    func callerSaid(_ text: String, audioPositionMs: Int) {
        guard plan.phase == .listening else { return }
        detector?.callerSaid(text, cues: cues)
        look()
    }

    func event(_ event: CallGuestEvent) {
        switch event {
        case .carrierDetected(let answer):
            if detector == nil { detector = AnsweringDetector(rangMs: nil) }
            detector?.carrierSaid(AnswerDesk.meaning(of: answer))
            look()
        case .agentLegReopened:
            ear = AgentFilter()
            if isHushed { ear.pause() }
            if speech != .none, speech != .heard { sayInOwnVoice() }
        case .allHeard where speech == .sent: lastWordsHeard()
        default: break
        }
    }

    func moved() -> (any Sendable)? {
        plan.moved(atMs: detector?.nowMs ?? 0)
        return Carried(detector: detector, plan: plan, note: note, firstWordMs: firstWordMs)
    }

    func ended() {
        // Nobody answered where nothing was heard.
        guard let detector, detector.nowMs > 0 else { return }
        let verdict = note.map { ($0.kind, $0.afterMs) } ?? (detector.verdict.kind, detector.verdict.atMs)
        put(AnswerNote(kind: verdict.0, afterMs: verdict.1, firstWordMs: firstWordMs, leftMessage: hasLeftMessage))
    }

    private var hasLeftMessage: Bool { speech == .heard && lastWords?.isMessage == true }

    /// What is said last is said to nobody whom the agent would stop for.
    var letsAgentHear: Bool { speech == .none }

    // MARK: What the agent says

    private var isHushed: Bool { ear.isPaused }

    func admits(_ event: SpeechAgentEvent) -> Bool {
        if isHushed {
            switch event {
            // A mailbox that makes a noise does not interrupt a message, and nothing is done on a recording's account.
            case .userSpeechStarted, .toolCall:
                // The agent has broken off all the same: what comes of it now is not the rest.
                if case .userSpeechStarted = event, speech == .spoken { sayInOwnVoice() }
                return false
            default: break
            }
        }
        if case .injectionRefused = event, case .asked = speech { sayInOwnVoice() }
        let wasOurs = ear.isOurs
        let isAdmitted = ear.admits(event)
        if case .agentAudioSent = event, wasOurs, speech == .spoken { speech = .sent }
        return isAdmitted
    }

    /// Hot path.
    func admitsSpeech(bytes: Int) -> Bool {
        guard ear.admitsAudio(bytes: bytes) else { return false }
        if case .asked = speech, ear.isOurs { speech = .spoken }
        return true
    }

    // MARK: What is done

    /// Hot path, as long as nothing has changed: the detector is looked at where it lies, and not copied.
    private func look() {
        guard let verdict = detector?.verdict, let nowMs = detector?.nowMs else { return }
        if case .asked(let atMs) = speech, nowMs - atMs >= AnswerDesk.ownVoiceAfterMs {
            sayInOwnVoice()
            if speech != .sent, nowMs - atMs >= AnswerDesk.silentAfterMs { give(up: .answeringMachine) }
        }
        if verdict != seen { changed(verdict) }
        guard verdict.isSettled else { return }
        let steps = plan.steps(
            verdict, beepEndMs: detector?.beepEndMs, speechEndMs: detector?.speechEndMs, nowMs: nowMs)
        for step in steps { perform(step, nowMs) }
    }

    private func changed(_ verdict: AnsweringVerdict) {
        seen = verdict
        guard verdict.isSettled, note?.kind != verdict.kind else { return }
        // What is behind a menu or a screening does not change what answered.
        if let note, note.kind.isMachine, verdict.kind != .voicemail { return }
        call.journal(
            .note(
                "answered by: \(verdict.kind.rawValue) (\(verdict.reason.rawValue), after \(verdict.atMs) ms)",
                atMs: call.nowMs))
        put(AnswerNote(kind: verdict.kind, afterMs: verdict.atMs, firstWordMs: firstWordMs, leftMessage: false))
    }

    private func put(_ new: AnswerNote) {
        guard new != note else { return }
        if new.kind != note?.kind { Metrics.shared.add(AnswerMetrics.answered[new.kind.rawValue]) }
        note = new
        record(terms.call, new)
    }

    private func perform(_ step: AnswerPlan.Step, _ nowMs: Int) {
        switch step {
        case .hush: hush()
        case .leaveMessage:
            say(LastWords(text: message, reason: .voicemailLeft, isMessage: true), nowMs)
        case .answerScreening:
            call.tell(.appendInstructions(AgentHold.screened))
            call.say(wording.screened(by: terms.company, reason: terms.reason), mode: .interrupt)
            detector = AnsweringDetector()
        case .press(let key):
            call.hush()
            if let audio = KeyTones.audio(of: key) { call.play(audio) }
            call.tell(.appendInstructions(AgentHold.menu))
            detector = AnsweringDetector()
        case .sayGoodbye(let reason):
            say(LastWords(text: wording.machineGoodbye, reason: reason, isMessage: false), nowMs)
        case .end(let reason): call.end(reason: reason.rawValue)
        }
    }

    private func say(_ words: LastWords, _ nowMs: Int) {
        lastWords = words
        speech = .asked(atMs: nowMs)
        ear.expect(words.text)
        call.say(words.text, mode: .interrupt)
    }

    private func give(up reason: MachineEnding) {
        speech = .none
        plan.stop()
        call.end(reason: reason.rawValue)
    }

    /// What the agent has not been heard saying is never heard, nor is anything else of its own.
    private func hush() {
        guard !isHushed else { return }
        ear = AgentFilter()
        ear.pause()
        call.hush()
        call.hold(true, by: self)
        call.tell(.appendInstructions(AgentHold.machine))
    }

    /// All of it from its beginning, in a voice that nothing interrupts.
    private func sayInOwnVoice() {
        guard let lastWords else { return }
        guard let audio = call.phrase(lastWords.text) else {
            // There is no such voice: what was broken off is asked for again.
            if speech == .spoken { say(lastWords, detector?.nowMs ?? 0) }
            return
        }
        call.hush()
        speech = .sent
        // What still comes of the agent's is none of ours any more.
        ear = AgentFilter()
        ear.pause()
        call.play(audio)
    }

    private func lastWordsHeard() {
        speech = .heard
        plan.stop()
        if hasLeftMessage, let note {
            put(AnswerNote(kind: note.kind, afterMs: note.afterMs, firstWordMs: firstWordMs, leftMessage: true))
        }
        if let lastWords { call.end(reason: lastWords.reason.rawValue) }
    }

    private static func meaning(of answer: AnsweredBy) -> CarrierAnswer {
        switch answer {
        case .human: .person
        case .machineStart: .machine
        case .machineEndBeep: .greetingEnded(byBeep: true)
        case .machineEndSilence, .machineEndOther: .greetingEnded(byBeep: false)
        case .fax: .fax
        case .unknown: .unknown
        }
    }
}
