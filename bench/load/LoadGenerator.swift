import CallModel
import Foundation
import Runtime
import TwilioProtocol
import WebSocketTransport

/// Plays the carrier and the speech agent of many calls on one event loop, and keeps as many calls up as it is told.
///
/// `@unchecked Sendable`: what is marked so is used on the loop only; the rest never changes after `init`.
final class LoadGenerator: @unchecked Sendable {
    /// Where the calls go.
    struct Target: Sendable {
        /// `http://127.0.0.1:8080`
        var gatewayURL: String
        var accountSid: String
        var authToken: String
        /// Whether records of its calls are looked for at the end.
        var keepsRecords: Bool
        /// Nobody rings there: what the carrier's half sends comes to the agent's half as it is, and the other way round.
        var passesBytes = false
        var authority: String { String(gatewayURL.drop { $0 != "/" }.dropFirst(2)) }
    }

    /// How a crowd's calls come and go.
    struct Manners: Sendable {
        /// Instead of the generator's scenario.
        var scenario: LoadScenario?
        /// Calls that end are replaced by new ones.
        var replaces = true
        /// Whoever is refused dials again after this; nil: not at all.
        var redialSeconds: Int?
        /// They ask one question after the other; nil: the conversation is the scenario's.
        var topic: CallScript.Topic?
    }

    private struct Standing {
        var manners = Manners()
        var wanted = 0
        var settingUp = 0
        var waiting = 0
        var up = 0
    }

    let leadNanoseconds: Int64
    private let loop: MediaLoop
    private let webhooks = WebhookPoster()
    private let fixtures: [[UInt8]]
    static let lingerMs: Int64 = 5_000

    // Below: the loop only.
    /// How calls that begin from now on go.
    var scenario: LoadScenario
    var meter = LoadMeter()
    private var clock: FrameClock?
    private var callers: [Int: CarrierLeg] = [:]
    private var agents: [Int: AgentSideLeg] = [:]
    private var ending: [Int: CarrierLeg] = [:]
    private var crowds: [Crowd: Standing] = [.underWay: Standing(), .beside: Standing()]
    private var target: Target?
    private var nextLeg = 0
    private var dice: Dice
    /// Of the callers' messages, one after the other.
    var clientFrame: ClientFrame
    private var hangUps: [String: Date] = [:]
    private var pacers: [Pacer] = []
    private var leftovers: Leftovers?

    /// - Parameters:
    ///   - fixtures: recordings in mu-law that callers and agent speak with; at least one.
    ///   - leadMs: the lead of the target's pacer: how far frames may run ahead of the caller's ear.
    init(loop: MediaLoop, scenario: LoadScenario, fixtures: [[UInt8]], leadMs: Int, seed: UInt64) {
        self.loop = loop
        self.scenario = scenario
        self.fixtures = fixtures
        // An ideal pacer sends the next frame when what was sent is down to the lead, less the frame itself.
        leadNanoseconds = Int64(leadMs - 20) * 1_000_000
        dice = Dice(seed: seed)
        clientFrame = ClientFrame(dice: Dice(seed: seed ^ 0xF4A3))
    }

    // MARK: From outside

    /// Runs `work` on the loop and hands back its result.
    func ask<Answer: Sendable>(_ work: @escaping @Sendable (LoadGenerator) -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in
            loop.post { continuation.resume(returning: work(self)) }
        }
    }

    func point(at target: Target) async {
        await ask { generator in
            generator.target = target
            generator.clock = generator.clock ?? FrameClock(loop: generator.loop)
        }
    }

    func behave(_ crowd: Crowd, _ manners: Manners) async {
        await ask { $0.crowds[crowd, default: Standing()].manners = manners }
    }

    /// Brings the number of calls of a crowd to `count`, at `perSecond` set-ups or hang-ups a second on one absolute
    /// schedule, and keeps it there.
    func bring(to count: Int, perSecond: Double, _ crowd: Crowd = .underWay) async {
        await pace(perSecond) { [unowned self] in step(crowd, toward: count) }
    }

    /// Sets up `total` calls of a crowd, whatever becomes of them.
    func storm(_ total: Int, perSecond: Double, _ crowd: Crowd) async {
        var left = total
        await pace(perSecond) { [unowned self] in
            guard left > 0 else { return false }
            left -= 1
            setUp(crowd)
            return true
        }
    }

    /// Runs `step` on the loop so many times a second, until it returns false.
    private func pace(_ perSecond: Double, _ step: @escaping () -> Bool) async {
        let step = Unchecked(step)
        await withCheckedContinuation { continuation in
            loop.post { [self] in
                let pacer = Pacer(loop: loop, perSecond: perSecond, step: step.value) { [unowned self] pacer in
                    pacers.removeAll { $0 === pacer }
                    continuation.resume()
                }
                pacers.append(pacer)
                pacer.start()
            }
        }
    }

    /// False when there is nothing left to do.
    private func step(_ crowd: Crowd, toward count: Int) -> Bool {
        let wanted = crowds[crowd]?.wanted ?? 0
        if wanted < count {
            crowds[crowd]?.wanted += 1
            setUp(crowd)
        } else if wanted > count {
            crowds[crowd]?.wanted -= 1
            if let last = callers.values.first(where: { $0.crowd == crowd }) { ended(last, replace: false) }
        }
        return wanted != count
    }

    /// Calls of a crowd whose stream is open or opening, and those on their way there.
    func standing(_ crowd: Crowd = .underWay) async -> (open: Int, settingUp: Int) {
        await ask { generator in
            let crowd = generator.crowds[crowd]
            return (crowd?.up ?? 0, crowd?.settingUp ?? 0)
        }
    }

    /// When each call that ended in order was hung up.
    func takeHangUps() async -> [String: Date] {
        await ask { generator in
            defer { generator.hangUps = [:] }
            return generator.hangUps
        }
    }

    /// Callers send nothing any more, not even silence: for the rest of their lives.
    func fallSilent() async { await ask { $0.clock?.stop() } }

    /// Calls of a crowd whose stream is open or opening. Loop only.
    func callCount(_ crowd: Crowd = .underWay) -> Int { crowds[crowd]?.up ?? 0 }

    func shutdown() { webhooks.shutdown() }

    /// The speech agent's half: takes a connection.
    func acceptAgent() -> AgentSideLeg {
        let leg = AgentSideLeg(id: takeLeg(), hearsCarrier: target?.passesBytes == true, generator: self)
        agents[leg.id] = leg
        return leg
    }

    // MARK: The loop only

    func caller(_ id: Int) -> CarrierLeg? { callers[id] ?? ending[id] }
    func agent(_ id: Int) -> AgentSideLeg? { agents[id] }

    /// Runs `work` on the loop in so many ms.
    func after(ms: Int64, _ work: @escaping () -> Void) {
        loop.makeTimer(work).arm(at: MonotonicTime.now().adding(milliseconds: ms))
    }

    private func takeLeg() -> Int {
        repeat { nextLeg = (nextLeg + 1) % FrameStamp.legsMax } while callers[nextLeg] != nil || ending[nextLeg] != nil
        agents[nextLeg] = nil
        return nextLeg
    }

    private func setUp(_ crowd: Crowd) {
        guard let target else { return }
        crowds[crowd]?.settingUp += 1
        let sid = Self.sid("CA", &dice)
        let stream = Self.sid("MZ", &dice)
        let from = "+1202555\(1_000 + dice.below(9_000))"
        if target.passesBytes { return rang(Self.through(target, callSid: sid, streamSid: stream), crowd, took: 0) }
        let loop = loop
        let began = MonotonicTime.now()
        webhooks.ring(target, callSid: sid, streamSid: stream, from: from) { answer in
            let took = MonotonicTime.now().nanoseconds - began.nanoseconds
            loop.post { self.rang(answer, crowd, took: took) }
        }
    }

    /// A call over sockets whose bytes are only passed on: the WebSocket is between both halves.
    private static func through(_ target: Target, callSid: String, streamSid: String) -> WebhookPoster.Answer {
        let url = target.gatewayURL.replacing(/^http/, with: "ws") + "/v1/agent/converse"
        guard let call = CallSid(callSid), let id = StreamSid(streamSid),
            let request = try? WebSocketRequest(url: url, tls: .insecureNoVerification)
        else { return .failed }
        return .connect(
            CarrierPlan(
                callSid: call, streamSid: id, accountSid: target.accountSid, request: request, parameters: [],
                pickedUpAt: .now()))
    }

    private func rang(_ answer: WebhookPoster.Answer, _ crowd: Crowd, took: Int64) {
        crowds[crowd]?.settingUp -= 1
        switch answer {
        case .connect(let plan):
            meter.accepted(crowd, took: took)
            let manners = crowds[crowd]?.manners ?? Manners()
            let leg = CarrierLeg(
                id: takeLeg(), plan: plan, crowd: crowd, manners: manners, generator: self,
                dice: Dice(seed: dice.next()))
            callers[leg.id] = leg
            crowds[crowd]?.up += 1
            loop.connect(plan.request, handler: leg)
            return
        case .refused:
            meter.refusal.record(nanoseconds: took)
            meter.counts.setUpsRefused += 1
        case .unavailable(let retryAfter):
            meter.refusal.record(nanoseconds: took)
            meter.counts.setUpsUnavailable += 1
            if !retryAfter { meter.counts.setUpsFailed += 1 }
        case .failed: meter.counts.setUpsFailed += 1
        }
        guard let seconds = crowds[crowd]?.manners.redialSeconds else { return }
        crowds[crowd]?.waiting += 1
        after(ms: Int64(seconds) * 1_000) { [unowned self] in
            crowds[crowd]?.waiting -= 1
            replace(crowd)
        }
    }

    private func replace(_ crowd: Crowd) {
        guard let now = crowds[crowd], now.up + now.settingUp + now.waiting < now.wanted else { return }
        setUp(crowd)
    }

    func opened(_ leg: CarrierLeg) {
        meter.counts.callsSetUp += 1
        clock?.join(leg)
    }

    /// A call is over: hangs up, tells the gateway, and has it replaced while as many calls are wanted.
    func ended(_ leg: CarrierLeg, replace wantsAnother: Bool) {
        guard callers.removeValue(forKey: leg.id) != nil else { return }
        ending[leg.id] = leg
        crowds[leg.crowd]?.up -= 1
        clock?.leave(leg)
        leg.leave()
        meter.counts.callsEnded += 1
        let sid = leg.plan.callSid.text
        if leg.isOrdinary, target?.keepsRecords == true { hangUps[sid] = Date() }
        if let target, !target.passesBytes { webhooks.hungUp(target, callSid: sid) }
        guard wantsAnother else { return }
        if crowds[leg.crowd]?.manners.replaces == true { replace(leg.crowd) }
    }

    /// The stream's connection is closed; a little later its agent leg is as well.
    func gone(_ leg: CarrierLeg) { forget(leg.id) }

    /// An agent connection is closed; frames it sent may still be on their way through the gateway.
    func gone(_ leg: AgentSideLeg) { forget(leg.id) }

    private func forget(_ id: Int) {
        let leftovers =
            self.leftovers
            ?? Leftovers(loop: loop, afterMs: Self.lingerMs) { [unowned self] id in
                ending[id] = nil
                agents[id] = nil
            }
        self.leftovers = leftovers
        leftovers.add(id)
    }

    /// Puts one frame of the caller's speech into `frame`.
    func fill(_ frame: inout [UInt8], utterance: Int, frame number: Int) {
        let audio = fixtures[utterance % fixtures.count]
        let start = number % (audio.count / FrameStamp.frameBytes) * FrameStamp.frameBytes
        for index in frame.indices { frame[index] = audio[start + index] }
    }

    func appendSpeech(to message: inout [UInt8], frame number: Int) {
        let audio = fixtures[0]
        let start = number % (audio.count / FrameStamp.frameBytes) * FrameStamp.frameBytes
        message.append(contentsOf: audio[start..<(start + FrameStamp.frameBytes)])
    }

    private static func sid(_ prefix: String, _ dice: inout Dice) -> String {
        let digits = Array("0123456789abcdef")
        return prefix + String((0..<32).map { _ in digits[dice.below(16)] })
    }
}

/// Whose calls: those whose delays are measured, or others that come and go beside them.
enum Crowd: Sendable { case underWay, beside }

/// Hands a closure to the loop, where alone it is called.
private struct Unchecked<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

/// Does something so many times a second, on one absolute schedule, until there is nothing left to do. Loop thread only.
private final class Pacer {
    private let loop: MediaLoop
    private let gap: Int64
    private let step: () -> Bool
    private let whenDone: (Pacer) -> Void
    private var timer: LoopTimer?
    private var next: Int64 = 0

    init(loop: MediaLoop, perSecond: Double, step: @escaping () -> Bool, whenDone: @escaping (Pacer) -> Void) {
        self.loop = loop
        gap = Int64(1_000_000_000 / max(0.1, perSecond))
        self.step = step
        self.whenDone = whenDone
    }

    func start() {
        next = MonotonicTime.now().nanoseconds
        timer = loop.makeTimer { [unowned self] in run() }
        run()
    }

    private func run() {
        while next <= MonotonicTime.now().nanoseconds {
            guard step() else { return whenDone(self) }
            next += gap
        }
        timer?.arm(at: MonotonicTime(nanoseconds: next))
    }
}

/// Legs that are kept a while after their end. Loop thread only.
private final class Leftovers {
    private let afterNanoseconds: Int64
    private let forget: (Int) -> Void
    private var timer: LoopTimer?
    private var queue: [(id: Int, due: Int64)] = []

    init(loop: MediaLoop, afterMs: Int64, forget: @escaping (Int) -> Void) {
        afterNanoseconds = afterMs * 1_000_000
        self.forget = forget
        timer = loop.makeTimer { [unowned self] in sweep() }
    }

    func add(_ id: Int) {
        queue.append((id, MonotonicTime.now().nanoseconds + afterNanoseconds))
        if timer?.isArmed == false { arm() }
    }

    /// A quarter of a second at once: nobody is in a hurry.
    private func arm() {
        if let first = queue.first { timer?.arm(at: MonotonicTime(nanoseconds: first.due + 250_000_000)) }
    }

    private func sweep() {
        let now = MonotonicTime.now().nanoseconds
        let due = queue.prefix { $0.due <= now }
        for entry in due { forget(entry.id) }
        queue.removeFirst(due.count)
        arm()
    }
}
