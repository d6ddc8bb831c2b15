import Testing

@testable import SimulatedCarrier

@Suite struct ScriptedCallerTests {
    private let loud = [UInt8](repeating: 0x10, count: 160)
    private let quiet = [UInt8](repeating: 0xFF, count: 160)

    private func script(_ steps: [CallerScript.Step], nudge: CallerScript.Nudge? = nil) -> CallerScript {
        CallerScript(
            name: "test", steps: steps, onAgentSilence: nudge,
            recordings: ["a": [UInt8](repeating: 0x20, count: 400), "b": [UInt8](repeating: 0x30, count: 160)])
    }

    /// Ticks `ms` long; returns the moment (ms since this call) and kind of each action.
    private func run(_ caller: inout ScriptedCaller, ms: Int, agent: Bool) -> [(Int, ScriptedCaller.Action)] {
        var actions: [(Int, ScriptedCaller.Action)] = []
        for tick in 1...ms / 20 {
            for action in caller.tick(hearing: agent ? loud : quiet).actions { actions.append((tick * 20, action)) }
        }
        return actions
    }

    @Test func `the caller answers only after the agent was heard and has been silent`() {
        var caller = ScriptedCaller(script: script([.waitForAgent(silenceMs: 700, timeoutMs: 20_000), .say("a")]))

        #expect(run(&caller, ms: 2_000, agent: false).isEmpty)
        #expect(run(&caller, ms: 1_000, agent: true).isEmpty)
        #expect(run(&caller, ms: 680, agent: false).isEmpty)
        let actions = run(&caller, ms: 20, agent: false)

        #expect(actions.map(\.1) == [.beganSaying("a")])
    }

    @Test func `a pause between two sentences of the agent is not the end of its turn`() {
        var caller = ScriptedCaller(script: script([.waitForAgent(silenceMs: 700, timeoutMs: 20_000), .say("a")]))

        _ = run(&caller, ms: 500, agent: true)
        _ = run(&caller, ms: 600, agent: false)
        _ = run(&caller, ms: 500, agent: true)

        #expect(run(&caller, ms: 680, agent: false).isEmpty)
    }

    @Test func `a click is not the agent speaking`() {
        var caller = ScriptedCaller(script: script([.waitForAgent(silenceMs: 700, timeoutMs: 20_000), .say("a")]))

        _ = run(&caller, ms: 80, agent: true)

        #expect(run(&caller, ms: 3_000, agent: false).isEmpty)
    }

    @Test func `what the agent said during the caller's own words does not count as an answer to them`() {
        var caller = ScriptedCaller(
            script: script([.say("a"), .waitForAgent(silenceMs: 100, timeoutMs: 20_000), .say("b")]))

        let first = run(&caller, ms: 60, agent: true)
        let during = run(&caller, ms: 1_000, agent: false)
        _ = run(&caller, ms: 200, agent: true)
        let after = run(&caller, ms: 100, agent: false)

        #expect(first.map(\.1) == [.beganSaying("a"), .endedSaying("a")])
        #expect(during.isEmpty)
        #expect(after.map(\.1).first == .beganSaying("b"))
    }

    @Test func `a recording is spoken byte for byte and its last frame is filled with silence`() {
        var caller = ScriptedCaller(script: script([.say("a")]))

        let ticks = (0..<4).map { _ in caller.tick(hearing: quiet) }

        #expect(ticks.flatMap(\.frame).prefix(400).allSatisfy { $0 == 0x20 })
        #expect(ticks.flatMap(\.frame).dropFirst(400).allSatisfy { $0 == 0xFF })
        #expect(ticks.allSatisfy { $0.frame.count == 160 })
        #expect(ticks[2].actions == [.endedSaying("a")])
        #expect(caller.isDone)
    }

    @Test func `an interruption begins once the agent has talked for the time given`() {
        var caller = ScriptedCaller(script: script([.interrupt(afterMs: 1_200), .say("a")]))

        _ = run(&caller, ms: 1_000, agent: false)
        #expect(run(&caller, ms: 1_180, agent: true).isEmpty)

        #expect(run(&caller, ms: 20, agent: true).map(\.1) == [.beganSaying("a")])
    }

    @Test func `a wait for an agent who never speaks ends at its limit`() {
        var caller = ScriptedCaller(script: script([.waitForAgent(silenceMs: 700, timeoutMs: 3_000), .hangUp]))

        #expect(run(&caller, ms: 2_980, agent: false).isEmpty)
        #expect(run(&caller, ms: 20, agent: false).map(\.1) == [.hangUp])
    }

    @Test func `keys are pressed at once and nothing happens after hanging up`() {
        var caller = ScriptedCaller(script: script([.press("5"), .press("0"), .hangUp, .say("a")]))

        #expect(run(&caller, ms: 20, agent: false).map(\.1) == [.press("5"), .press("0"), .hangUp])
        #expect(run(&caller, ms: 1_000, agent: true).isEmpty)
        #expect(caller.isDone)
    }

    @Test func `a dead line is spoken into once, as often as the script allows`() {
        let nudge = CallerScript.Nudge(afterMs: 1_000, say: "b", times: 1)
        var caller = ScriptedCaller(
            script: script([.waitForAgent(silenceMs: 700, timeoutMs: 20_000), .say("a")], nudge: nudge))

        let actions = run(&caller, ms: 5_000, agent: false)

        #expect(actions.map(\.1) == [.beganSaying("b"), .endedSaying("b")])
        #expect(actions.first?.0 == 1_000)
    }
}
