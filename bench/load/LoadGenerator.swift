import CallModel
import Foundation
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
        var tls: ClientTLS
        /// Whether records of its calls are looked for at the end.
        var keepsRecords: Bool
    }

    let leadNanoseconds: Int64
    private let loop: MediaLoop
    private let webhooks: WebhookPoster
    private let fixtures: [[UInt8]]

    // Below: the loop only.
    /// How calls that begin from now on go.
    var scenario: LoadScenario
    var meter = LoadMeter()
    /// The audio of the message at hand.
    private var scratch = [UInt8](repeating: 0, count: 16_384)
    private var clock: FrameClock?
    private var callers: [Int: CarrierLeg] = [:]
    private var agents: [Int: AgentSideLeg] = [:]
    private var ending: [Int: CarrierLeg] = [:]
    private var target: Target?
    private var wanted = 0
    private var settingUp = 0
    private var nextLeg = 0
    private var dice: Dice
    private var hangUps: [String: Date] = [:]

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
        webhooks = WebhookPoster()
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

    /// Brings the number of calls to `count`, at `perSecond` set-ups or hang-ups a second, and keeps it there.
    func bring(to count: Int, perSecond: Double) async {
        let began = ContinuousClock.now
        var steps = 0
        while !Task.isCancelled {
            let now = await ask { $0.wanted }
            guard now != count else { return }
            await ask { generator in
                if now < count {
                    generator.wanted += 1
                    generator.setUp()
                } else {
                    generator.wanted -= 1
                    if let last = generator.callers.values.first { generator.ended(last, replace: false) }
                }
            }
            steps += 1
            try? await Task.sleep(until: began.advanced(by: .seconds(Double(steps) / perSecond)), clock: .continuous)
        }
    }

    /// Calls whose stream is open, and whether all that are wanted are.
    func standing() async -> (open: Int, settingUp: Int) { await ask { ($0.callers.count, $0.settingUp) } }

    /// When each call that ended in order was hung up.
    func takeHangUps() async -> [String: Date] {
        await ask { generator in
            defer { generator.hangUps = [:] }
            return generator.hangUps
        }
    }

    /// Calls whose stream is open or opening. Loop only.
    var callCount: Int { callers.count }

    func shutdown() { webhooks.shutdown() }

    /// The speech agent's half: takes a connection.
    func acceptAgent() -> AgentSideLeg {
        let leg = AgentSideLeg(id: takeLeg(), generator: self)
        agents[leg.id] = leg
        return leg
    }

    // MARK: The loop only

    func caller(_ id: Int) -> CarrierLeg? { callers[id] ?? ending[id] }
    func agent(_ id: Int) -> AgentSideLeg? { agents[id] }

    private func takeLeg() -> Int {
        repeat { nextLeg = (nextLeg + 1) % FrameStamp.legsMax } while callers[nextLeg] != nil || ending[nextLeg] != nil
        agents[nextLeg] = nil
        return nextLeg
    }

    private func setUp() {
        guard let target else { return }
        settingUp += 1
        let (webhooks, loop) = (webhooks, loop)
        let sid = Self.sid("CA", &dice)
        let stream = Self.sid("MZ", &dice)
        let from = "+1202555\(1_000 + dice.below(9_000))"
        Task {
            let began = MonotonicTime.now()
            let answer = await webhooks.ring(target, callSid: sid, streamSid: stream, from: from)
            let took = MonotonicTime.now().nanoseconds - began.nanoseconds
            loop.post { self.rang(answer, took: took) }
        }
    }

    private func rang(_ answer: WebhookPoster.Answer, took: Int64) {
        settingUp -= 1
        meter.webhook.record(nanoseconds: took)
        switch answer {
        case .refused: meter.counts.setUpsRefused += 1
        case .failed: meter.counts.setUpsFailed += 1
        case .connect(let plan):
            let leg = CarrierLeg(id: takeLeg(), plan: plan, generator: self, dice: Dice(seed: dice.next()))
            callers[leg.id] = leg
            loop.connect(plan.request, handler: leg)
        }
    }

    func opened(_ leg: CarrierLeg) {
        meter.counts.callsSetUp += 1
        clock?.join(leg)
    }

    /// A call is over: hangs up, tells the gateway, and has it replaced while as many calls are wanted.
    func ended(_ leg: CarrierLeg, replace: Bool) {
        guard callers.removeValue(forKey: leg.id) != nil else { return }
        ending[leg.id] = leg
        clock?.leave(leg)
        leg.leave()
        meter.counts.callsEnded += 1
        let sid = leg.plan.callSid.text
        if leg.isOrdinary, target?.keepsRecords == true { hangUps[sid] = Date() }
        if let target {
            let webhooks = webhooks
            Task { await webhooks.hungUp(target, callSid: sid) }
        }
        if replace, callers.count + settingUp < wanted { setUp() }
    }

    /// The stream's connection is closed; a little later its agent leg is as well.
    func gone(_ leg: CarrierLeg) {
        let (id, loop) = (leg.id, loop)
        Task {
            try? await Task.sleep(for: .seconds(5))
            loop.post { self.ending[id] = nil }
        }
    }

    /// An agent connection is closed; frames it sent may still be on their way through the gateway.
    func gone(_ leg: AgentSideLeg) {
        let (id, loop) = (leg.id, loop)
        Task {
            try? await Task.sleep(for: .seconds(5))
            loop.post { self.agents[id] = nil }
        }
    }

    /// Puts one frame of the caller into `frame`: speech, or silence without an utterance.
    func fill(_ frame: inout [UInt8], utterance: Int?, frame number: Int) {
        guard let utterance else {
            for index in frame.indices { frame[index] = 0xFF }
            return
        }
        let audio = fixtures[utterance % fixtures.count]
        let start = number % (audio.count / FrameStamp.frameBytes) * FrameStamp.frameBytes
        for index in frame.indices { frame[index] = audio[start + index] }
    }

    func appendSpeech(to message: inout [UInt8], frame number: Int) {
        let audio = fixtures[0]
        let start = number % (audio.count / FrameStamp.frameBytes) * FrameStamp.frameBytes
        message.append(contentsOf: audio[start..<(start + FrameStamp.frameBytes)])
    }

    /// Decodes base64 from `start` to the closing quote into memory of its own; -1 when it is none or too long.
    func decode(_ text: Span<UInt8>, from start: Int) -> Int {
        var bits: UInt32 = 0
        var held = 0
        var count = 0
        var at = start
        while at < text.count, text[at] != UInt8(ascii: "\"") {
            let code = text[at]
            at += 1
            if code == UInt8(ascii: "=") { continue }
            let value = Self.base64[Int(code)]
            guard value >= 0, count < scratch.count else { return -1 }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                scratch[count] = UInt8(truncatingIfNeeded: bits >> UInt32(held))
                count += 1
            }
        }
        return count
    }

    /// The stamp of the frame at `start` of what ``decode(_:from:)`` decoded last.
    func decodedStamp(at start: Int) -> FrameStamp? {
        let audio = scratch
        return FrameStamp.read(audio.span, at: start)
    }

    private static let base64: [Int8] = {
        var table = [Int8](repeating: -1, count: 256)
        for (value, code) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            table[Int(code)] = Int8(value)
        }
        return table
    }()

    private static func sid(_ prefix: String, _ dice: inout Dice) -> String {
        let digits = Array("0123456789abcdef")
        return prefix + String((0..<32).map { _ in digits[dice.below(16)] })
    }
}
