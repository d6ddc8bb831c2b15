import Consult
import TestSupport
import Testing

/// What must hold whatever happens in whatever order.
@Suite struct ConsultGateInterleavingTests {
    private static let replies = [
        "yes please", "yes please", "yes please", "no thanks",
        "only if it's quick", "never mind", "how long will it take", "no, go ahead", "hello",
        "yes, well, actually no", "", "does the gdpr allow us to do that", "can i talk to a real person",
    ]

    private struct Run {
        var bench: GateBench
        var requested: [String] = []
        var resolved: [String] = []
        var lastSignMs = 0
        var grants: [ConsentGrant] = []
        var records = 0
        var offers = 0
        /// Since when the caller has known what they are asked, and when they last began to speak.
        var heardMs: Int?
        var voiceMs: Int?
    }

    private func event(_ run: inout Run, _ random: inout SeededGenerator) throws -> ConsultGate.Event {
        switch Int.random(in: 0..<18, using: &random) {
        case 0, 1:
            let callID = "call-\(run.requested.count)"
            run.requested.append(callID)
            return .toolRequested(
                ConsultQuestion(text: "Question \(callID)?", askedAtMs: run.bench.nowMs, source: .tool), callID: callID)
        case 2...5:
            let words = Self.replies.randomElement(using: &random) ?? ""
            return .callerSaid(words, audioPositionMs: run.bench.nowMs)
        case 6: return .answerReady(try GateBench.answer())
        case 7: return .partialAnswers([try GateBench.answered("You may.")])
        case 8: return .allFailed([try GateBench.answered("", .failed)])
        case 9: return .deliveredHeard
        case 10: return .deliveryInterrupted(heardText: Bool.random(using: &random) ? "" : "Thank")
        case 11: return .agentLegReopened
        case 12: return .keyPressed(Bool.random(using: &random) ? "0" : "7")
        case 13...15: return Int.random(in: 0..<4, using: &random) > 0 ? .offerHeard : .callerVoiceStarted
        case 16:
            let words = run.bench.gate.asked?.split(separator: " ") ?? []
            let heard = words.prefix(Int.random(in: 0...max(words.count, 1), using: &random))
            return .offerInterrupted(heardText: heard.joined(separator: " "))
        default: return .tick
        }
    }

    private func check(
        _ actions: [ConsultGate.Action], after event: ConsultGate.Event, _ before: ConsultGate.Phase, _ run: inout Run
    )
        throws
    {
        let nowMs = run.bench.nowMs
        run.resolved += actions.resolved
        if actions.record != nil { run.records += 1 }
        if actions.contains(where: { if case .askConsent(_) = $0 { true } else { false } }), before == .idle {
            run.offers += 1
        }
        follow(event, actions, before, &run)
        if let grant = actions.grant {
            #expect(before == .asking)
            #expect((run.heardMs ?? .max) <= run.voiceMs ?? nowMs, "a yes to an offer that was not heard")
            #expect(actions.consents.map(\.decision) == [.yes])
            #expect(event == .callerSaid("yes please", audioPositionMs: nowMs))
            run.grants.append(grant)
            run.lastSignMs = nowMs
        }
        if actions.isSignOfLife {
            #expect(nowMs - run.lastSignMs <= 8_000)
            run.lastSignMs = nowMs
        }
        if run.bench.gate.phase == .consulting { #expect(nowMs - run.lastSignMs <= 8_000) }
        let standing = run.grants.filter { !$0.isWithdrawn }
        #expect(standing.count == (run.bench.gate.phase == .consulting ? 1 : 0))
        #expect((run.bench.gate.nextDeadlineMs == .max) == (run.bench.gate.phase == .idle))
    }

    /// What the caller has heard of the offer, told apart from the gate.
    private func follow(
        _ event: ConsultGate.Event, _ actions: [ConsultGate.Action], _ before: ConsultGate.Phase, _ run: inout Run
    ) {
        if before == .idle { (run.heardMs, run.voiceMs) = (nil, nil) }
        guard before == .asking else { return }
        let nowMs = run.bench.nowMs
        switch event {
        case .offerHeard: run.heardMs = run.heardMs ?? nowMs
        case .callerVoiceStarted: run.voiceMs = nowMs
        case .offerInterrupted(let heard):
            run.voiceMs = nowMs
            if heard.contains("Shall I") || heard.hasSuffix("yes or no?") { run.heardMs = run.heardMs ?? nowMs }
        case .callerSaid where actions.grant == nil: run.voiceMs = nil
        default: break
        }
    }

    @Test func `no order of events begins without a yes to an offer heard, or leaves caller or tool call unanswered`()
        throws
    {
        var random = SeededGenerator(seed: 2_026)
        let fresh = try GateBench()
        var begun = 0
        for _ in 0..<800 {
            var run = Run(bench: fresh)
            for _ in 0..<40 {
                // Ticks come when they are due, events at any moment before.
                let pauseMs = Int.random(in: 1...9_000, using: &random)
                let untilMs = run.bench.nowMs + pauseMs
                while run.bench.gate.nextDeadlineMs <= untilMs {
                    let before = run.bench.gate.phase
                    run.bench.nowMs = max(run.bench.nowMs, run.bench.gate.nextDeadlineMs)
                    let actions = run.bench.gate.handle(.tick, at: run.bench.nowMs)
                    #expect(!actions.isEmpty)
                    try check(actions, after: .tick, before, &run)
                }
                run.bench.nowMs = untilMs
                let before = run.bench.gate.phase
                let event = try event(&run, &random)
                let actions = run.bench.gate.handle(event, at: untilMs)
                try check(actions, after: event, before, &run)
            }
            let before = run.bench.gate.phase
            let actions = run.bench.gate.handle(.hungUp, at: run.bench.nowMs)
            try check(actions, after: .hungUp, before, &run)
            #expect(run.resolved.sorted() == run.requested.sorted())
            #expect(run.records == run.offers)
            #expect(run.bench.gate.phase == .idle)
            #expect(run.bench.gate.nextDeadlineMs == .max)
            begun += run.grants.count
        }
        #expect(begun > 150)
    }
}
