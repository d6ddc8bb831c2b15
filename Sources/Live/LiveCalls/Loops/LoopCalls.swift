import AudioCore
import CallModel
import Foundation
import SpeechAgent
import Synchronization
import TwilioProtocol
import WebSocketTransport

/// What the calls of one loop have in common on their hot path. Loop-confined.
final class SharedByCalls {
    let grain: MessageGrain
    let blocks = AudioBlockPool()
    let room = TwilioMessageRoom()
    /// Where the payload of the message at hand is decoded.
    var payload = [UInt8](repeating: 0, count: TwilioMessage.audioBytesMax)
    /// The frames that are about to go to a carrier.
    var frames = [UInt8](repeating: MuLaw.silence, count: MessageGrain.framesMax * MuLaw.frameBytes)

    init(grain: MessageGrain) { self.grain = grain }
}

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
        shared = SharedByCalls(grain: MessageGrain(isAdaptive: services.coalescesAudio))
    }

    /// On the loop, before its first call.
    func followPulse() {
        let grain = shared.grain
        loop.everySecond { grain.observe(busy: $0.busy) }
    }

    subscript(_ sid: CallSid) -> MediaCall? { calls[sid] }
    var all: [MediaCall] { Array(calls.values) }
    var streamSilenceMs: Int { services.streamSilenceMs }

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

/// The calls of every loop, reachable from any thread by posting to it.
final class LoopTable: Sendable {
    private let group: LoopGroup
    /// Filled by each loop itself before the listener opens, read by that loop only.
    private let tables: Mutex<[Int: SendableBox<LoopCalls>]>

    init(group: LoopGroup, services: CallServices, tokens: StreamTokenMint) {
        self.group = group
        tables = Mutex([:])
        for loop in group.loops {
            let calls = SendableBox(LoopCalls(loop: loop, services: services, tokens: tokens, loops: self))
            tables.withLock { $0[loop.index] = calls }
            loop.post { calls.value.followPulse() }
        }
    }

    /// The calls of `loop`; to be used on that loop only.
    func calls(of loop: MediaLoop) -> LoopCalls? { tables.withLock { $0[loop.index] }?.value }

    func leastLoaded() -> MediaLoop { group.leastLoaded() }

    /// Runs `work` on a loop with its calls.
    func post(to index: Int, _ work: @escaping @Sendable (LoopCalls) -> Void) {
        guard group.loops.indices.contains(index), let box = tables.withLock({ $0[index] }) else { return }
        group.loops[index].post { work(box.value) }
    }

    /// The phone rings for a call of a loop: returns when the call has begun there, which `begin` does.
    func ring(_ index: Int, _ begin: @escaping @Sendable (LoopCalls) -> Void) async {
        guard group.loops.indices.contains(index) else { return }
        await withCheckedContinuation { continuation in
            post(to: index) { calls in
                calls.ring {
                    begin(calls)
                    continuation.resume()
                }
            }
        }
    }

    /// Asks something of the calls of a loop.
    func ask<Answer: Sendable>(_ index: Int, _ question: @escaping @Sendable (LoopCalls) -> Answer) async -> Answer? {
        guard group.loops.indices.contains(index) else { return nil }
        return await withCheckedContinuation { continuation in
            post(to: index) { continuation.resume(returning: question($0)) }
        }
    }
}
