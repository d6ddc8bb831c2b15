import CallModel
import Consult
import Encoding
import SpeechAgent
import Telemetry
import WebSocketTransport

/// The consults of one call, on its media loop: feeds the ``ConsultGate``, and performs what it orders.
final class ConsultDesk: CallGuest {
    /// A consult on its way to another loop, with its call.
    struct Carried: Sendable {
        fileprivate let gate: ConsultGate
        fileprivate let asking: ConsultAsking?
        fileprivate let delivery: String?
        fileprivate let quickQuestion: String?
        fileprivate let consents: [ConsentRecord]
        fileprivate let offeredMs: Int?
    }

    typealias Line = ConsultLines.Line

    /// Noise cut the answer off before a word of it was heard: it is said again after this long without words.
    private static let redeliverMs = 3_000

    let services: ConsultServices
    unowned let call: any CallHandle
    var gate: ConsultGate
    var ear = AgentFilter()
    var timer: LoopTimer?
    var asking: ConsultAsking?
    var lines = ConsultLines()
    private var speaking: Line?
    private var sent: [Line] = []
    var delivery: String?
    /// From when on the caller hears the answer; nil until there is speech of it.
    var deliveryHeardFromMs: Int?
    /// A question that was declined, to be put to the agent once it was said that the quick answer comes.
    var quickQuestion: String?
    var redeliverAtMs = Int.max
    /// The agent's call that has no answer yet: only while it is being looked at.
    var unanswered: AgentToolCall?
    var consents: [ConsentRecord] = []
    var offeredMs: Int?
    var isOver = false

    /// Nil where the call's profile has no consults, or its language no lexicon.
    ///
    /// - Parameter carried: the consults of the call on the loop it was on until now.
    init?(_ call: any CallHandle, _ services: ConsultServices, carrying carried: Carried?) {
        guard let gate = carried?.gate ?? services.gate(for: call.card.profile) else { return nil }
        self.gate = gate
        self.call = call
        if let carried {
            (asking, delivery, quickQuestion) = (carried.asking, carried.delivery, carried.quickQuestion)
            (consents, offeredMs) = (carried.consents, carried.offeredMs)
        }
        self.services = services
        timer = call.loop.makeTimer { [unowned self] in timePassed() }
        listen()
        arm()
    }

    // MARK: What the call tells

    var tools: [AgentTool] { [CallTool.consultSpecialists.schema] }

    func event(_ event: CallGuestEvent) {
        switch event {
        case .callerVoiceStarted: if gate.phase == .asking { handle(.callerVoiceStarted) }
        case .callerInterrupted(let heardText): callerInterrupted(heardText)
        case .keyPressed(let key): handle(.keyPressed(key))
        case .toolCalled(let wish): requested(wish)
        case .allHeard: allHeard()
        case .streamReopened: saidAgain()
        case .agentLegReopened:
            ear = AgentFilter()
            saidAgain()
        case .carrierDetected: break
        case .hungUp: handle(.hungUp)
        }
    }

    func callerSaid(_ text: String, audioPositionMs: Int) {
        redeliverAtMs = .max
        quickQuestion = nil
        handle(.callerSaid(text, audioPositionMs: audioPositionMs))
    }

    private func callerInterrupted(_ heardText: String) {
        speaking = nil
        sent = []
        lines.forget()
        if let asked = gate.asked {
            return handle(.offerInterrupted(heardText: ConsultDesk.heard(of: asked, in: heardText)))
        }
        guard let delivery, gate.phase == .delivering else { return }
        let hasBegun = deliveryHeardFromMs.map { $0 <= call.nowMs } ?? false
        let heard = hasBegun ? ConsultDesk.heard(of: delivery, in: heardText) : ""
        if heard.isEmpty { redeliverAtMs = call.nowMs + ConsultDesk.redeliverMs }
        handle(.deliveryInterrupted(heardText: heard))
    }

    /// What the caller was to hear is said again: they are back on another stream, or the agent is another.
    private func saidAgain() {
        speaking = nil
        sent = []
        lines.forget()
        handle(.agentLegReopened)
    }

    private func allHeard() {
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
                call.tell(.userText(question))
            }
        }
    }

    /// Lets go of the consults, which go on on another loop with the call.
    func moved() -> (any Sendable)? {
        asking?.listen(nil)
        let carried = Carried(
            gate: gate, asking: asking, delivery: delivery, quickQuestion: quickQuestion,
            consents: consents, offeredMs: offeredMs)
        asking = nil
        return carried
    }

    func ended() {
        isOver = true
        asking?.cancel()
        timer?.cancel()
    }

    // MARK: What the agent says

    var isBridging: Bool { ear.isOurs && speaking == nil }

    /// While the agent is paused its own speech is not to be heard.
    func admits(_ event: SpeechAgentEvent) -> Bool {
        switch event {
        case .agentText(let text): if let line = lines.spoken(text)?.line { speaking = line }
        case .injectionRefused:
            lines.refused(atMs: call.nowMs)
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

    /// Hot path.
    func admitsSpeech(bytes: Int) -> Bool {
        guard ear.admitsAudio(bytes: bytes) else { return false }
        if speaking == .delivery, deliveryHeardFromMs == nil {
            let waitingMs = call.waitingSpeechMs
            deliveryHeardFromMs = call.nowMs + waitingMs
            handle(.deliveryBegan(inMs: waitingMs))
        }
        return true
    }

    // MARK: The agent's question

    /// The agent called `consult_specialists`, and is answered at once: an agent whose call is open may say nothing, not
    /// even the offer. What comes of the consult follows as instructions, the answer with the words to be spoken.
    private func requested(_ wish: AgentToolCall) {
        let arguments = (try? WireJSON(parsing: wish.arguments))?.object
        let text = Redacted.text(arguments?["question"]?.string ?? "")
        let question = ConsultQuestion(text: text, askedAtMs: call.nowMs, source: .tool)
        guard !question.text.isEmpty else {
            let refusal = #"{"error":"say in `question` what the specialists are to be asked"}"#
            return call.tell(.toolResult(id: wish.id, name: wish.name, content: refusal))
        }
        unanswered = wish
        handle(.toolRequested(question, callID: wish.id))
        // The caller is being asked already, because the detector was first.
        answer(with: callerIsAsked)
    }

    /// The question as the agent put it is part of the answer: there it is data, in its instructions it would be one.
    var callerIsAsked: String {
        WireJSON.object([
            "status": "asking_caller", "question": .string(gate.question?.text ?? ""),
            "instructions": """
            We are asking the caller whether our specialists are to be asked. Say nothing until you are told what came \
            of it.
            """,
        ]).text
    }

    func answer(with content: String) {
        guard let wish = unanswered else { return }
        unanswered = nil
        call.journal(
            .toolCalled(name: wish.name, arguments: wish.arguments, result: content, atMs: call.nowMs))
        call.tell(.toolResult(id: wish.id, name: wish.name, content: content))
    }
}
