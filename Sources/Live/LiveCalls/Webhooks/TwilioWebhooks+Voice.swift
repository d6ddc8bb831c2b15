import CallModel
import Encoding
import TwilioProtocol
import WebSocketTransport

extension TwilioWebhooks {
    var voice: Webhook {
        Webhook(name: "voice", summary: "A call rings, or one that was dialled is answered.") {
            form, request throws(Problem) in
            let ring: VoiceWebhook
            do {
                ring = try VoiceWebhook(form: form)
            } catch {
                throw gate.refusal(request, 400, "\(error)")
            }
            // A ring that comes late: nobody is on the line.
            guard !ring.callStatus.isTerminal else { return document(.hangUp) }
            // A call of the gateway before this one that rings again goes on.
            if board.orphans.has(ring.callSid) { return answer(await board.takeUp(ring.callSid)) }
            guard let to = ring.dialled else { return document(.refusal) }
            let isInbound = ring.direction == .inbound
            return answer(
                await board.open(
                    NewCall(
                        callSid: ring.callSid, from: ring.fromNumber, to: to,
                        direction: isInbound ? .inbound : .outbound,
                        callerDoubt: isInbound ? ring.attestation?.doubt : nil,
                        dialled: isInbound ? nil : DialledCall(request))))
        }
    }
}
