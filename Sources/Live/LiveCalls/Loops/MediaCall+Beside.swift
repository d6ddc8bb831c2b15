import CallModel
import CallSession
import SpeechAgent
import Telephony
import TwilioProtocol
import WebSocketTransport

/// Slow work, beside the loop: tools, and what is asked of the carrier. What comes of it is posted to the loop.
extension MediaCall {
    func run(_ call: AgentToolCall) {
        let runner = services.tools
        let (card, loop, box) = (card, loop, SendableBox(self))
        tools[call.id] = Task {
            let outcome = await runner.run(call, for: card)
            guard !Task.isCancelled else { return }
            loop.post {
                box.value.tools[call.id] = nil
                box.value.handle(
                    .toolFinished(call, result: outcome.result, facts: outcome.facts, leaving: outcome.leaving))
            }
        }
    }

    func hangUp() {
        let (carrier, sid, loop, box) = (services.carrier, card.opening.callSid, loop, SendableBox(self))
        Task {
            let done = await carrier?.complete(sid) ?? false
            // Where the carrier cannot be told, closing the stream leads it to /twilio/resume, which hangs up.
            if !done { loop.post { box.value.caller.stream?.close(code: 1000, reason: "") } }
        }
    }

    func transfer() {
        let (carrier, sid, loop, box) = (services.carrier, card.opening.callSid, loop, SendableBox(self))
        guard let number = card.profile.humanNumber else { return handle(.transferFailed(reason: "no number to dial")) }
        let document = TwiML.transfer(to: number, action: services.urls.dialDone)
        Task {
            let done = await carrier?.update(sid, with: document) ?? false
            if !done { loop.post { box.value.handle(.transferFailed(reason: "the carrier refused the transfer")) } }
        }
    }

    func askCarrier() {
        guard !asking else { return }
        asking = true
        let (carrier, sid, loop, box) = (services.carrier, card.opening.callSid, loop, SendableBox(self))
        Task {
            let status = await carrier?.status(of: sid) ?? .unknown
            loop.post {
                box.value.asking = false
                switch status {
                case .live: box.value.armControl()
                case .over(let status): box.value.handle(.callEnded(carrierStatus: status.rawValue))
                case .unknown: box.value.handle(.carrierUnreachable)
                }
            }
        }
    }
}
