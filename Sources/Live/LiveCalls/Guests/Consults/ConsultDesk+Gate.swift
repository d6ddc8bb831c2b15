import CallModel
import Consult
import Runtime
import SpeechAgent
import Telemetry
import WebSocketTransport

/// Performs what the ``ConsultGate`` orders.
extension ConsultDesk {
    func handle(_ event: ConsultGate.Event) {
        guard !isOver else { return }
        let nowMs = call.nowMs
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

    func arm() {
        let due = min(gate.nextDeadlineMs, redeliverAtMs, lines.againAtMs)
        if due == .max { timer?.cancel() } else { timer?.arm(at: call.moment(atMs: due)) }
    }

    func timePassed() {
        guard !isOver else { return }
        if call.nowMs >= redeliverAtMs {
            redeliverAtMs = .max
            if gate.phase == .delivering, let delivery { say(delivery, as: .delivery) }
        }
        for told in lines.due(atMs: call.nowMs) where isWanted(told.line) { say(told) }
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
            call.hold(true, by: self)
            call.tell(.appendInstructions(AgentHold.wait))
        case .resumeAgent:
            ear.resume()
            call.hold(false, by: self)
            let words = isTakenUp ? AgentHold.goOn + " " + AgentHold.takeUp : AgentHold.goOn
            call.tell(.appendInstructions(words))
        case .askConsent(let text):
            answer(with: callerIsAsked)
            if offeredMs == nil {
                offeredMs = nowMs
                Metrics.shared.add(ConsultMetrics.offered)
            }
            say(text, as: .offer)
        case .askAgainConsent(let text): say(text, as: .offer)
        case .consentRecord(let record): noted(record, nowMs)
        case .declineQuietly(let question, _): quickQuestion = question.text
        case .begin(let question, let grant): begin(question, grant)
        case .sayHold(let text), .signOfLife(.spoken(let text)), .say(let text): say(text)
        case .signOfLife(.tone): call.play(ConsultTone.audio)
        case .answerBargeIn(let text): say(text, mode: .interrupt)
        case .cancelConsult:
            asking?.cancel()
            asking = nil
        case .deliver(let text, let instructions):
            delivery = text
            redeliverAtMs = .max
            call.tell(.appendInstructions(instructions))
            say(text, as: .delivery)
        case .offerRest: break  // Part of the instructions that came with the answer.
        case .promiseCallBack(let text, _): say(text)
        case .transferToPerson: call.transfer(reason: "the caller asked for a person during a consult")
        case .record(let record): closed(record, nowMs)
        case .resolveTool(let callID, let content):
            if callID == unanswered?.id {
                answer(with: content)
            } else {
                call.tell(.appendInstructions(AgentHold.outcome(content)))
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
        call.say(told.text, mode: told.mode)
    }
}
