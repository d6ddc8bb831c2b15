import Foundation
import TestSupport
import Testing

@testable import LoadBenchmark

/// The floor as a process of its own, between both halves of the generator.
@Suite struct FloorTests {
    @Test func `a conversation whose bytes are passed on comes to both halves whole`() async throws {
        var options = LoadOptions()
        options.executable = Checkout.products.appending(path: "parley").path
        var scenario = LoadScenario.steady
        // Turns and interruptions enough for a few seconds.
        scenario.agentTalksMs = .init(min: 400, max: 800)
        scenario.bargeInRate = 0.5
        let audio = [UInt8](repeating: 0x55, count: 1_600)
        let stage = try LoadStage(options, scenario: scenario, fixtures: [audio])
        let floor = try await stage.yardstick(.floor)
        let runner = LevelRunner(target: floor, generator: stage.generator, setUpsPerSecond: 50) { _ in }
        await stage.generator.behave(.underWay, .init(scenario: scenario.paced))

        let level = await runner.level(5, holdSeconds: 4)

        await runner.hangUpAll()
        await floor.stop()
        await stage.shutdown()
        let counts = level.counts
        #expect(level.callsOpen == 5)
        #expect(counts.agentFramesHeard > 300, "\(counts.agentFramesHeard)")
        // Five callers for four seconds are a thousand frames, give or take those at the edges; none may be lost.
        #expect(counts.callerFramesHeard > 900, "\(counts.callerFramesHeard)")
        #expect(counts.bargeIns > 0)
        #expect(counts.clearsMissing + counts.streamsLost + counts.setUpsFailed + counts.foreignFrames == 0)
        #expect(counts.callerFramesLost + counts.agentFramesLost == 0)
        #expect(counts.callerFramesDoubled + counts.agentFramesDoubled + counts.agentFramesLeaked == 0)
        #expect(level.cpuMsPerCallSecond != nil)
    }
}
