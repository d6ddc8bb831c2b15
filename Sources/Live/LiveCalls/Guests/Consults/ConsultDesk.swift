import CallModel
import Consult
import Encoding
import Foundation
import Runtime
import SpeechAgent
import Telemetry
import WebSocketTransport

/// The call a consult belongs to. Called on its loop.
protocol ConsultDeskOwner: AnyObject {
    /// In ms since the phone rang, and the moment that such a time is.
    var nowMs: Int { get }
    func moment(atMs ms: Int) -> MonotonicTime
    func consult(tells command: SpeechAgentCommand)
    func consult(holds isHeld: Bool)
    func consult(journals entry: CallJournalEntry)
    func consultPlaysTone()
    func consultWantsPerson()
    /// Agent speech that is to be heard before what comes now, in ms.
    var waitingSpeechMs: Int { get }
}

/// The consults of one call, on its media loop: feeds the ``ConsultGate``, and performs what it orders.
final class ConsultDesk {
    /// A consult on its way to another loop, with its call.
    struct Carried {
        fileprivate let gate: ConsultGate
        fileprivate let asking: ConsultAsking?
        fileprivate let delivery: String?
        fileprivate let quickQuestion: String?
        fileprivate let consents: [ConsentRecord]
        fileprivate let offeredMs: Int?
    }

    private typealias Line = ConsultLines.Line

    /// Noise cut the answer off before a word of it was heard: it is said again after this long without words.
    private static let redeliverMs = 3_000

    private let card: CallCard
    private let loop: MediaLoop
    private let services: ConsultServices
    private unowned let owner: any ConsultDeskOwner
    private var gate: ConsultGate
    private var ear = AgentFilter()
    private var timer: LoopTimer?
    private var asking: ConsultAsking?
    private var lines = ConsultLines()
    private var speaking: Line?
    private var sent: [Line] = []
    private var delivery: String?
    /// From when on the caller hears the answer; nil until there is speech of it.
    private var deliveryHeardFromMs: Int?
    /// A question that was declined, to be put to the agent once it was said that the quick answer comes.
    private var quickQuestion: String?
    private var redeliverAtMs = Int.max
    /// The agent's call that has no answer yet: only while it is being looked at.
    private var unanswered: AgentToolCall?
    private var consents: [ConsentRecord] = []
    private var offeredMs: Int?
    private var isOver = false

    /// Nil where the call's profile has no consults, or its language no lexicon.
    ///
    /// - Parameter carried: the consults of the call on the loop it was on until now.
    init?(
        _ card: CallCard, _ services: ConsultServices, loop: MediaLoop, owner: any ConsultDeskOwner,
        carrying carried: Carried? = nil
    ) {
        guard let gate = carried?.gate ?? services.gate(for: card.profile) else { return nil }
        self.gate = gate
        self.card = card
        if let carried {
            (asking, delivery, quickQuestion) = (carried.asking, carried.delivery, carried.quickQuestion)
            (consents, offeredMs) = (carried.consents, carried.offeredMs)
        }
        self.loop = loop
        self.services = services
        self.owner = owner
        timer = loop.makeTimer { [unowned self] in timePassed() }
        listen()
        arm()
    }

    // MARK: What the call tells

    /// The agent called `consult_specialists`, and is answered at once: an agent whose call is open may say nothing, not
    /// even the offer. What comes of the consult follows as instructions, the answer with the words to be spoken.
    func requested(_ call: AgentToolCall) {
        let arguments = (try? WireJSON(parsing: call.arguments))?.object
        let text = Redacted.text(arguments?["question"]?.string ?? "")
        let question = ConsultQuestion(text: text, askedAtMs: owner.nowMs, source: .tool)
        guard !question.text.isEmpty else {
            let refusal = #"{"error":"say in `question` what the specialists are to be asked"}"#
            return owner.consult(tells: .toolResult(id: call.id, name: call.name, content: refusal))
        }
        unanswered = call
        handle(.toolRequested(question, callID: call.id))
        // The caller is being asked already, because the detector was first.
        answer(with: callerIsAsked)
    }

    /// The question as the agent put it is part of the answer: there it is data, in its instructions it would be one.
    private var callerIsAsked: String {
        WireJSON.object([
            "status": "asking_caller", "question": .string(gate.question?.text ?? ""),
            "instructions": """
            We are asking the caller whether our specialists are to be asked. Say nothing until you are told what came \
            of it.
            """,
        ]).text
    }

    private func answer(with content: String) {
        guard let call = unanswered else { return }
        unanswered = nil
        owner.consult(
            journals: .toolCalled(name: call.name, arguments: call.arguments, result: content, atMs: owner.nowMs))
        owner.consult(tells: .toolResult(id: call.id, name: call.name, content: content))
    }

    func callerSaid(_ text: String, audioPositionMs: Int) {
        redeliverAtMs = .max
        quickQuestion = nil
        handle(.callerSaid(text, audioPositionMs: audioPositionMs))
    }

    func callerVoiceStarted() { if gate.phase == .asking { handle(.callerVoiceStarted) } }
    func keyPressed(_ key: String) { handle(.keyPressed(key)) }

    /// The caller talks; `heardText` is what they had heard of what the agent was saying.
    func callerInterrupted(heardText: String) {
        speaking = nil
        sent = []
        lines.forget()
        guard let delivery, gate.phase == .delivering else { return }
        let hasBegun = deliveryHeardFromMs.map { $0 <= owner.nowMs } ?? false
        let heard = hasBegun ? ConsultDesk.heard(of: delivery, in: heardText) : ""
        if heard.isEmpty { redeliverAtMs = owner.nowMs + ConsultDesk.redeliverMs }
        handle(.deliveryInterrupted(heardText: heard))
    }

    func agentLegReopened() {
        ear = AgentFilter()
        streamReopened()
    }

    /// The caller is back on another stream: what they were to hear is said again.
    func streamReopened() {
        speaking = nil
        sent = []
        lines.forget()
        handle(.agentLegReopened)
    }

    /// Everything sent so far was heard.
    func allHeard() {
        let heard = sent
        sent = []
        for line in heard {
            switch line {
            case .offer: handle(.offerHeard)
            case .delivery:
                delivery = nil
                handle(.deliveredHeard)
            case .declined:
                guard let question = quickQuestion else { continue }
                quickQuestion = nil
                owner.consult(tells: .userText(question))
            }
        }
    }

    func hungUp() { handle(.hungUp) }

    /// Lets go of the consults, which go on on another loop with the call.
    func handOver() -> Carried {
        asking?.listen(nil)
        let carried = Carried(
            gate: gate, asking: asking, delivery: delivery, quickQuestion: quickQuestion,
            consents: consents, offeredMs: offeredMs)
        asking = nil
        return carried
    }

    /// The call is over, or goes on elsewhere.
    func close() {
        isOver = true
        asking?.cancel()
        timer?.cancel()
    }

    // MARK: What the agent says

    /// Whether what is being spoken only bridges the wait.
    var speaksFiller: Bool { ear.isOurs && speaking == nil }

    /// Whether the call is to hear of `event`. While the agent is paused its own speech is not to.
    func admits(_ event: SpeechAgentEvent) -> Bool {
        switch event {
        case .agentText(let text): if let line = lines.spoken(text)?.line { speaking = line }
        case .injectionRefused:
            lines.refused(atMs: owner.nowMs)
            arm()
        default: break
        }
        let wasOurs = ear.isOurs
        let admitted = ear.admits(event)
        if case .agentAudioSent = event, wasOurs, let line = speaking {
            sent.append(line)
            speaking = nil
        }
        return admitted
    }

    /// Hot path: whether agent audio is to be heard.
    func admitsAudio(bytes: Int) -> Bool {
        guard ear.admitsAudio(bytes: bytes) else { return false }
        if speaking == .delivery, deliveryHeardFromMs == nil {
            let waitingMs = owner.waitingSpeechMs
            deliveryHeardFromMs = owner.nowMs + waitingMs
            handle(.deliveryBegan(inMs: waitingMs))
        }
        return true
    }

    // MARK: The gate

    private func handle(_ event: ConsultGate.Event) {
        guard !isOver else { return }
        let nowMs = owner.nowMs
        let actions = gate.handle(event, at: nowMs)
        // The words that lead over to the quick answer come before the answer itself.
        for action in actions { if case .declineQuietly(_, let text) = action { say(text, as: .declined) } }
        let isTakenUp = actions.contains {
            switch $0 {
            case .promiseCallBack, .say: true
            default: false
            }
        }
        for action in actions { perform(action, nowMs, isTakenUp: isTakenUp) }
        arm()
    }

    private func arm() {
        let due = min(gate.nextDeadlineMs, redeliverAtMs, lines.againAtMs)
        if due == .max { timer?.cancel() } else { timer?.arm(at: owner.moment(atMs: due)) }
    }

    private func timePassed() {
        guard !isOver else { return }
        if owner.nowMs >= redeliverAtMs {
            redeliverAtMs = .max
            if gate.phase == .delivering, let delivery { say(delivery, as: .delivery) }
        }
        for told in lines.due(atMs: owner.nowMs) where isWanted(told.line) { say(told) }
        handle(.tick)
    }

    /// Whether it is still of use to say something that the agent refused before.
    private func isWanted(_ line: Line?) -> Bool {
        switch line {
        case .offer: gate.phase == .asking
        case .delivery: gate.phase == .delivering
        case .declined, nil: true
        }
    }

    private func perform(_ action: ConsultGate.Action, _ nowMs: Int, isTakenUp: Bool) {
        switch action {
        case .pauseAgent:
            ear.pause()
            owner.consult(holds: true)
            owner.consult(tells: .appendInstructions(AgentHold.wait))
        case .resumeAgent:
            ear.resume()
            owner.consult(holds: false)
            let words = isTakenUp ? AgentHold.goOn + " " + AgentHold.takeUp : AgentHold.goOn
            owner.consult(tells: .appendInstructions(words))
        case .askConsent(let text):
            answer(with: callerIsAsked)
            if offeredMs == nil {
                offeredMs = nowMs
                Metrics.shared.add("parley_consults_offered_total", help: "consults offered to callers")
            }
            say(text, as: .offer)
        case .askAgainConsent(let text): say(text, as: .offer)
        case .consentRecord(let record): noted(record, nowMs)
        case .declineQuietly(let question, _): quickQuestion = question.text
        case .begin(let question, let grant): begin(question, grant)
        case .sayHold(let text), .signOfLife(.spoken(let text)), .say(let text): say(text)
        case .signOfLife(.tone): owner.consultPlaysTone()
        case .answerBargeIn(let text): say(text, mode: .interrupt)
        case .cancelConsult:
            asking?.cancel()
            asking = nil
        case .deliver(let text, let instructions):
            delivery = text
            redeliverAtMs = .max
            owner.consult(tells: .appendInstructions(instructions))
            say(text, as: .delivery)
        case .offerRest: break  // Part of the instructions that came with the answer.
        case .promiseCallBack(let text, _): say(text)
        case .transferToPerson: owner.consultWantsPerson()
        case .record(let record): ended(record, nowMs)
        case .resolveTool(let callID, let content):
            if callID == unanswered?.id {
                answer(with: content)
            } else {
                owner.consult(tells: .appendInstructions(AgentHold.outcome(content)))
            }
        }
    }

    private func say(_ text: String, as line: Line? = nil, mode: SpeechAgentCommand.SayMode = .queue) {
        say(ConsultLines.Told(text: text, line: line, mode: mode))
    }

    private func say(_ told: ConsultLines.Told) {
        if told.line == .delivery { deliveryHeardFromMs = nil }
        lines.say(told)
        ear.expect(told.text)
        owner.consult(tells: .say(told.text, mode: told.mode))
    }

    // MARK: Asking

    private func begin(_ question: ConsultQuestion, _ grant: ConsentGrant) {
        Metrics.shared.add("parley_consults_accepted_total", help: "consults callers agreed to")
        var limits = gate.limits
        limits.wholeMs -= min(500, limits.wholeMs / 4)  // What came in is merged before the gate gives up waiting.
        let asking = ConsultAsking(question)
        self.asking = asking
        listen()
        asking.start(
            under: grant, limits: limits, language: gate.language, services.moderator,
            services.asker(card.opening.tenant))
    }

    private func listen() {
        guard let asking else { return }
        let (loop, box, question) = (loop, SendableBox(self), asking.question)
        asking.listen { news in
            loop.post {
                switch news {
                case .progressed(let answers): box.value.came(.partialAnswers(answers), of: question)
                case .answered(let answer): box.value.came(.answerReady(answer), of: question)
                case .failed(let answers): box.value.came(.allFailed(answers), of: question)
                }
            }
        }
    }

    private func came(_ event: ConsultGate.Event, of question: ConsultQuestion) {
        guard !isOver, gate.question?.id == question.id else { return }
        handle(event)
    }

    // MARK: Records

    /// On record at once, with the consult as if it ended here: a later entry replaces it.
    private func noted(_ consent: ConsentRecord, _ nowMs: Int) {
        consents.append(consent)
        if consent.decision == .unclear {
            Metrics.shared.add("parley_consults_unclear_total", help: "replies to an offer, neither yes nor no")
        }
        guard let question = gate.question else { return }
        journal(
            ConsultRecord(
                question: question, consents: consents, ending: .hungUp, offeredMs: offeredMs, endedMs: nowMs), nowMs)
    }

    private func ended(_ record: ConsultRecord, _ nowMs: Int) {
        journal(record, nowMs)
        let metrics = Metrics.shared
        metrics.add("parley_consults_total", 1, ["outcome": record.ending.rawValue], help: "consults by how they ended")
        if record.agreedMs == nil {
            metrics.add("parley_consults_declined_total", help: "consults that were offered and not agreed to")
        }
        if let answerMs = record.answerMs {
            metrics.observe(
                "parley_consult_answer_seconds", seconds: Double(answerMs) / 1_000,
                help: "from the caller's yes to the first of the answer in the caller's ear")
        }
        consents = []
        offeredMs = nil
        delivery = nil
        redeliverAtMs = .max
    }

    private func journal(_ record: ConsultRecord, _ nowMs: Int) {
        do {
            owner.consult(journals: .consult(try ConsultRecordPayload(record), atMs: nowMs))
        } catch {
            Log.error("consult not journalled", ["call.sid": card.opening.callSid, "error": error])
        }
    }

    /// What of `text` is in what was heard, which may begin with something said before it.
    static func heard(of text: String, in heardText: String) -> String {
        let opening = text.prefix(12)
        guard !opening.isEmpty, let start = heardText.range(of: opening)?.lowerBound else { return "" }
        return String(heardText[start...])
    }
}
