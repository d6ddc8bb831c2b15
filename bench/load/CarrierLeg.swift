import CallModel
import Encoding
import Runtime
import TwilioProtocol
import WebSocketTransport

/// What is needed to open the stream of one generated call.
struct CarrierPlan: Sendable {
    var callSid: CallSid
    var streamSid: StreamSid
    var accountSid: String
    var request: WebSocketRequest
    var parameters: [FormField]
    /// When the carrier knew where to connect: the call is picked up.
    var pickedUpAt: MonotonicTime
}

/// The carrier's end of one call, with the caller behind it. Sends one frame each time its slot comes up, checks what
/// comes back, and runs the conversation of both sides. Lives on the generator's loop.
final class CarrierLeg: WebSocketHandler {
    private enum Phase { case listening, pausing, talking, thinking }
    private struct PendingMark {
        var due: Int64
        var name: MarkName
    }

    let id: Int
    let plan: CarrierPlan
    let crowd: Crowd
    /// The agent's half runs the conversation, about this.
    let topic: CallScript.Topic?
    private let scenario: LoadScenario
    /// False for calls that are to end badly: their losses are intended.
    private(set) var isOrdinary: Bool
    var slot = 0
    private let generator: LoadGenerator
    private var dice: Dice
    private var socket: WebSocket?
    private var writer: TwilioCarrierWriter
    private var frame = [UInt8](repeating: 0xFF, count: FrameStamp.frameBytes)
    private var frameIsSilence = true
    private(set) var nextIndex = 0
    private var firstDue: Int64 = 0
    private(set) var hasLeft = false
    private var heardAnything = false
    private var agent: AgentSideLeg?
    private var expectedIndex = 0
    private var playedOutAt: Int64 = 0
    /// How long the ear ran dry in this response: all that follows is heard so much later, and is due so much later.
    private var ranDry: Int64 = 0
    private var marks: [PendingMark] = []
    /// Due time of the first of ``marks``.
    private var nextMarkDue = Int64.max
    private var phase = Phase.listening
    private var framesLeft = 0
    private var utterance = 0
    private var utteranceFrame = 0
    private var speechCredit = 0
    private var interruptAfter: Int?
    private var bargedInAt: Int64?
    private var framesToLive: Int
    private let endsByCut: Bool
    private let losesAgentAt: Int?

    init(
        id: Int, plan: CarrierPlan, crowd: Crowd, manners: LoadGenerator.Manners, generator: LoadGenerator, dice: Dice
    ) {
        self.id = id
        self.crowd = crowd
        topic = manners.topic
        self.plan = plan
        self.generator = generator
        self.dice = dice
        writer = TwilioCarrierWriter(streamSid: plan.streamSid, callSid: plan.callSid, accountSid: plan.accountSid)
        scenario = manners.scenario ?? generator.scenario
        framesToLive = scenario.callSeconds.draw(&self.dice) * 50 + self.dice.below(50)
        endsByCut = self.dice.happens(scenario.cutRate)
        losesAgentAt = self.dice.happens(scenario.agentLossRate) ? framesToLive / 2 : nil
        isOrdinary = !endsByCut && losesAgentAt == nil && topic == nil
    }

    func dueTime(of index: Int) -> Int64 { firstDue + Int64(index) * FrameClock.ptimeNanoseconds }

    /// `agent` serves this call.
    func adopt(_ agent: AgentSideLeg, heardAt now: Int64?) {
        if self.agent !== agent {
            self.agent = agent
            expectedIndex = 0
        }
        if let now { agent.bind(self, heardAt: now) }
    }

    func lost(_ agent: AgentSideLeg) {
        guard self.agent === agent else { return }
        self.agent = nil
        phase = .listening
    }

    // MARK: Every 20 ms

    /// Hot path: sends one frame, due at `due`, and moves the conversation on.
    func tick(due: Int64) {
        guard let socket else { return }
        if nextIndex == 0 { firstDue = due }
        if phase == .talking {
            generator.fill(&frame, utterance: utterance, frame: utteranceFrame)
            frameIsSilence = false
        } else if !frameIsSilence {
            unsafe frame.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0xFF) }
            frameIsSilence = true
        }
        FrameStamp(leg: id, index: nextIndex).write(into: &frame, at: 0)
        nextIndex += 1
        var outcome = SendOutcome.refused
        writer.withMedia(frame.span) { outcome = generator.clientFrame.send($0, over: socket) }
        generator.meter.counts.callerFramesSent += 1
        if outcome == .refused { generator.meter.counts.framesRefusedBySocket += 1 }
        if generator.meter.isMeasuring {
            generator.meter.ownLateness.record(nanoseconds: MonotonicTime.now().nanoseconds - due)
        }
        if nextMarkDue <= due { returnMarks(at: due) }
        if topic == nil { converse(at: due) } else { follow(at: due) }
        framesToLive -= 1
        if framesToLive == losesAgentAt { agent?.cut() }
        if framesToLive <= 0 { generator.ended(self, replace: true) }
    }

    private func returnMarks(at now: Int64) {
        while let mark = marks.first, mark.due <= now {
            marks.removeFirst()
            _ = socket?.sendText(writer.mark(mark.name).span)
        }
        nextMarkDue = marks.first?.due ?? .max
    }

    private func converse(at now: Int64) {
        guard let agent else { return }
        if let since = bargedInAt, now - since > 2_000_000_000 {
            bargedInAt = nil
            generator.meter.counts.clearsMissing += 1
        }
        switch phase {
        case .listening:
            letSpeak(agent)
            if let after = interruptAfter, heardAnything, expectedIndex >= after {
                interruptAfter = nil
                generator.meter.counts.bargeIns += 1
                bargedInAt = MonotonicTime.now().nanoseconds
                agent.callerStarts()
                beginTalking()
            } else if hasHeard(agent, at: now) {
                phase = .pausing
                framesLeft = scenario.pauseMs.draw(&dice) / 20
            }
        case .pausing:
            framesLeft -= 1
            if framesLeft <= 0 {
                agent.callerStarts()
                beginTalking()
            }
        case .talking:
            framesLeft -= 1
            utteranceFrame += 1
            if framesLeft <= 0 {
                phase = .thinking
                framesLeft = scenario.pauseMs.draw(&dice) / 20
                agent.callerStops()
            }
        case .thinking:
            framesLeft -= 1
            if framesLeft <= 0 {
                let frames = scenario.agentTalksMs.draw(&dice) / 20
                let interrupted = dice.happens(scenario.bargeInRate)
                interruptAfter = interrupted ? agent.nextIndex + max(5, dice.below(frames * 3 / 4)) : nil
                speechCredit = scenario.agentMessageMs / 20
                agent.respond(frames: frames)
                phase = .listening
            }
        }
    }

    /// The conversation runs by a script.
    private func follow(at now: Int64) {
        guard let agent else { return }
        letSpeak(agent)
        if hasHeard(agent, at: now) { agent.callerHeardAll() }
    }

    /// What the agent sends in a frame's time.
    private func letSpeak(_ agent: AgentSideLeg) {
        guard agent.isSpeaking else { return }
        speechCredit += scenario.agentSpeed
        let message = scenario.agentMessageMs / 20
        while speechCredit >= message, agent.isSpeaking {
            speechCredit -= message
            agent.speak(frames: message)
        }
    }

    /// Whether what the agent said has been played to its end.
    private func hasHeard(_ agent: AgentSideLeg, at now: Int64) -> Bool {
        guard !agent.isSpeaking, heardAnything else { return false }
        if expectedIndex >= agent.nextIndex { return playedOutAt <= now }
        if now - playedOutAt > 3_000_000_000 {
            // The end of a response never came.
            if isOrdinary { generator.meter.counts.agentFramesLost += agent.nextIndex - expectedIndex }
            expectedIndex = agent.nextIndex
        }
        return false
    }

    private func beginTalking() {
        phase = .talking
        framesLeft = max(1, scenario.callerTalksMs.draw(&dice) / 20)
        utterance = dice.below(1 << 20)
        utteranceFrame = 0
    }

    // MARK: The end

    /// The caller hangs up: `stop` and a close, or a cut line.
    func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        guard let socket else { return }
        if endsByCut {
            socket.abort()
        } else {
            _ = socket.sendText(writer.stop().span)
            socket.close(code: 1_000, reason: "")
        }
    }

    // MARK: WebSocketHandler

    func webSocketDidOpen(_ socket: WebSocket) {
        guard !hasLeft else { return socket.abort() }
        self.socket = socket
        _ = socket.sendText(writer.connected().span)
        _ = socket.sendText(writer.start(customParameters: plan.parameters).span)
        generator.opened(self)
    }

    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {
        guard !hasLeft else { return }
        if let start = ByteSearch.find(#""payload":""#, in: message) {
            return hear(message, payloadAt: start)
        }
        let now = MonotonicTime.now().nanoseconds
        switch try? TwilioMessage.decodeOutbound(message, streamSid: plan.streamSid) {
        case .mark(let name)?:
            marks.append(PendingMark(due: max(now, playedOutAt), name: name))
            nextMarkDue = min(nextMarkDue, max(now, playedOutAt))
        case .clear?: cleared(at: now)
        default: generator.meter.counts.foreignFrames += 1
        }
    }

    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {
        generator.meter.counts.foreignFrames += 1
    }

    private func cleared(at now: Int64) {
        playedOutAt = now
        for index in marks.indices { marks[index].due = now }
        nextMarkDue = marks.isEmpty ? .max : now
        if let since = bargedInAt {
            bargedInAt = nil
            if generator.meter.isMeasuring { generator.meter.bargeInToClear.record(nanoseconds: now - since) }
        }
        if let agent { expectedIndex = max(expectedIndex, agent.cutIndex) }
    }

    /// Hot path: a message of agent audio, in base64 from `start` on.
    private func hear(_ message: Span<UInt8>, payloadAt start: Int) {
        let now = MonotonicTime.now().nanoseconds
        let payload = StampedPayload(message, from: start)
        let count = payload.bytes
        guard count > 0, count % FrameStamp.frameBytes == 0 else {
            generator.meter.counts.foreignFrames += 1
            return
        }
        var place = 0
        while place < count {
            hear(payload.stamp(at: place), at: now)
            place += FrameStamp.frameBytes
        }
    }

    private func hear(_ stamp: FrameStamp?, at now: Int64) {
        guard let stamp, let agent = generator.agent(stamp.leg) else {
            generator.meter.counts.foreignFrames += 1
            return
        }
        if !heardAnything {
            heardAnything = true
            generator.meter.heardFirst(crowd, took: now - plan.pickedUpAt.nanoseconds)
        }
        if !agent.isTimed || self.agent !== agent { adopt(agent, heardAt: now) }
        if stamp.index < agent.cutIndex {
            // Until the `clear` is there they were merely on their way.
            if bargedInAt == nil, topic == nil { generator.meter.counts.agentFramesLeaked += 1 }
            return
        }
        if stamp.index < expectedIndex {
            generator.meter.counts.agentFramesDoubled += 1
            return
        }
        let expected = max(expectedIndex, agent.cutIndex)
        if isOrdinary { generator.meter.counts.agentFramesLost += stamp.index - expected }
        expectedIndex = stamp.index + 1
        generator.meter.counts.agentFramesHeard += 1
        if stamp.beginsResponse { ranDry = 0 }
        let due = agent.dueTime(of: stamp.index).map { $0 + ranDry } ?? 0
        // A gap that the agent made itself, by sending too late, is no fault of what lies between.
        if !stamp.beginsResponse, isOrdinary, now > playedOutAt, playedOutAt > 0, due <= playedOutAt {
            generator.meter.counts.underruns += 1
            generator.meter.counts.underrunMs += Int((now - playedOutAt) / 1_000_000)
            ranDry += now - playedOutAt
        }
        playedOutAt = max(playedOutAt, now) + FrameClock.ptimeNanoseconds
        guard generator.meter.isMeasuring, crowd == .underWay, due > 0 else { return }
        generator.meter.agentToCaller.record(nanoseconds: now - due)
        if now - due > LoadMeter.lateNanoseconds { generator.meter.counts.agentFramesLate += 1 }
    }

    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) {
        self.socket = nil
        defer { agent = nil }
        if !hasLeft {
            generator.meter.counts.streamsLost += 1
            generator.ended(self, replace: true)
        }
        generator.gone(self)
    }
}
