import CallModel
import Consult
import Foundation
import Telemetry
import WebSocketTransport

/// The specialists are asked, and what came of it is put on record.
extension ConsultDesk {
    func begin(_ question: ConsultQuestion, _ grant: ConsentGrant) {
        Metrics.shared.add(ConsultMetrics.accepted)
        var limits = gate.limits
        limits.wholeMs -= min(500, limits.wholeMs / 4)  // What came in is merged before the gate gives up waiting.
        var question = question
        let opening = call.card.opening
        let isInbound = opening.direction == .inbound
        question.whereabouts = Whereabouts(
            callerNumber: isInbound ? opening.from?.text : opening.to.number?.text,
            tenantNumber: isInbound ? opening.to.number?.text : opening.from?.text)
        let asking = ConsultAsking(question)
        self.asking = asking
        listen()
        asking.start(
            under: grant, limits: limits, language: gate.language, wording: gate.wording, services.moderator,
            services.asker(opening.tenant))
    }

    func listen() {
        guard let asking else { return }
        let (loop, box, question) = (call.loop, SendableBox(self), asking.question)
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
    func noted(_ consent: ConsentRecord, _ nowMs: Int) {
        consents.append(consent)
        if consent.decision == .unclear {
            Metrics.shared.add(ConsultMetrics.unclear)
        }
        guard let question = gate.question else { return }
        journal(
            ConsultRecord(
                question: question, consents: consents, ending: .hungUp, offeredMs: offeredMs, endedMs: nowMs), nowMs)
    }

    func closed(_ record: ConsultRecord, _ nowMs: Int) {
        journal(record, nowMs)
        let metrics = Metrics.shared
        metrics.add(ConsultMetrics.ended[record.ending.rawValue])
        if record.agreedMs == nil {
            metrics.add(ConsultMetrics.declined)
        }
        if let answerMs = record.answerMs {
            metrics.observe(ConsultMetrics.answerSeconds, seconds: Double(answerMs) / 1_000)
        }
        consents = []
        offeredMs = nil
        delivery = nil
        redeliverAtMs = .max
    }

    private func journal(_ record: ConsultRecord, _ nowMs: Int) {
        do {
            call.journal(.consult(try ConsultRecordPayload(record), atMs: nowMs))
        } catch {
            Log.error("consult not journalled", ["call.sid": call.card.opening.callSid, "error": error])
        }
    }

    /// What of `text` is in what was heard, which may begin with something said before it.
    static func heard(of text: String, in heardText: String) -> String {
        let opening = text.prefix(12)
        guard !opening.isEmpty, let start = heardText.range(of: opening)?.lowerBound else { return "" }
        return String(heardText[start...])
    }
}
