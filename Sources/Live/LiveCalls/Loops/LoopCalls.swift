import CallModel
import Foundation
import Runtime
import TwilioProtocol
import WebSocketTransport

/// The calls of one media loop. Made and used on that loop only.
final class LoopCalls {
    /// Who waits for a call from another loop; used on this loop only.
    private final class Arrival {
        let call: (MediaCall?) -> Void
        init(_ call: @escaping (MediaCall?) -> Void) { self.call = call }
    }

    struct Refusal: Error { let reason: String }
    enum Admission {
        case here(MediaCall)
        /// On another loop than the stream, whose address had lost its number: to be brought over.
        case elsewhere(CallCard)
    }

    let loop: MediaLoop
    let shared: SharedByCalls
    private let services: CallServices
    private let tokens: StreamTokenMint
    private unowned let loops: LoopTable
    private var calls: [CallSid: MediaCall] = [:]
    /// Calls that ring and wait for their turn to begin.
    private var ringing: [() -> Void] = []
    private var pace = RingPace()
    private var ringTimer: LoopTimer?

    init(loop: MediaLoop, services: CallServices, tokens: StreamTokenMint, loops: LoopTable) {
        self.loop = loop
        self.loops = loops
        self.services = services
        self.tokens = tokens
        shared = SharedByCalls(grain: MessageGrain(isAdaptive: services.settings.coalescesAudio))
    }

    /// On the loop, before its first call.
    func followPulse() {
        let grain = shared.grain
        loop.everySecond { grain.observe(busy: $0.busy) }
    }

    subscript(_ sid: CallSid) -> MediaCall? { calls[sid] }
    var all: [MediaCall] { Array(calls.values) }
    var streamSilenceMs: Int { services.settings.streamSilenceMs }

    /// The phone rings: `begin` is run when it is the call's turn.
    func ring(_ begin: @escaping () -> Void) {
        ringing.append(begin)
        if ringTimer?.isArmed != true { beginCalls() }
    }

    private func beginCalls() {
        while !ringing.isEmpty {
            if let due = pace.turn(at: .now(), waiting: ringing.count - 1) {
                let timer = ringTimer ?? loop.makeTimer { [unowned self] in beginCalls() }
                ringTimer = timer
                return timer.arm(at: due)
            }
            ringing.removeFirst()()
        }
    }

    /// The call begins here, with its agent leg.
    @discardableResult
    func begin(_ card: CallCard, as beginning: MediaCall.Beginning = .ring) -> MediaCall {
        let services = services
        let call = MediaCall(card: card, loop: loop, services: services, shared: shared, beginning) {
            [unowned self] call in
            calls[call.card.opening.callSid] = nil
            let card = call.card
            Task { await CallEnd.settle(card, services) }
        }
        calls[card.opening.callSid] = call
        return call
    }

    /// Checks a stream's token, and finds its call.
    func admit(callSid: CallSid, token: String) -> Result<Admission, Refusal> {
        let now = Int64(Date().timeIntervalSince1970)
        do throws(StreamTokenError) {
            try services.registry.spend(try tokens.verify(token, for: callSid, now: now), now: now)
        } catch {
            return .failure(Refusal(reason: "\(error)"))
        }
        if let call = calls[callSid] { return .success(.here(call)) }
        guard let card = services.registry.card(callSid) else { return .failure(Refusal(reason: "no such call")) }
        return .success(.elsewhere(card))
    }

    /// Brings a call over from the loop it is on, as it stands, and opens a fresh agent leg for it here. Nil when it ended
    /// meanwhile.
    func bring(_ card: CallCard, then arrived: @escaping (MediaCall?) -> Void) {
        let sid = card.opening.callSid
        let home = SendableBox(self)
        let answer = SendableBox(Arrival(arrived))
        let moved = card.moved(toLoop: loop.index)
        loops.post(to: card.loopIndex) { other in
            let handOver = SendableBox(other.calls[sid]?.handOver())
            if handOver.value != nil { other.calls[sid] = nil }
            home.value.loop.post {
                let here = home.value
                guard let state = handOver.value else { return answer.value.call(here.calls[sid]) }
                let over = here.services.registry.register(moved)
                let call = here.begin(moved, as: .moved(state))
                answer.value.call(call)
                if let over { call.carrierReported(status: over) }
            }
        }
    }
}
