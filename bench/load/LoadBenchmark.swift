import CallModel
import Foundation
import Telemetry
import WebSocketTransport

/// `parley bench`: carrier and agent of many calls in this process, the gateway in another, figures at the end.
package struct LoadBenchmark: Sendable {
    private let options: LoadOptions
    private let scenario: LoadScenario
    private let fixtures: [[UInt8]]
    private let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - fixtures: the folder of recordings the callers and the agent speak with.
    ///   - say: receives lines of progress.
    package init(
        _ options: LoadOptions, scenario: LoadScenario, fixtures folder: String,
        say: @escaping @Sendable (String) -> Void
    ) throws {
        self.options = options
        self.scenario = scenario
        self.say = say
        var fixtures: [[UInt8]] = []
        for voice in ["rms", "awb"] {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(voice)")) ?? []
            for file in files.sorted() where file.hasSuffix(".ulaw") {
                if let data = FileManager.default.contents(atPath: "\(folder)/\(voice)/\(file)"),
                    data.count >= FrameStamp.frameBytes
                {
                    fixtures.append(Array(data))
                }
            }
        }
        guard !fixtures.isEmpty else {
            throw LoadScenario.Mistake(description: "there are no recordings in \(folder)/rms and \(folder)/awb")
        }
        self.fixtures = fixtures
    }

    /// Starts what is needed, runs every phase that was asked for, and cleans up. Throws when a target does not start.
    package func run() async throws -> LoadResult {
        var result = LoadResult(
            date: ISO8601DateFormatter().string(from: Date()), command: options.command, machine: .current(),
            scenario: scenario, agentTLS: options.agentTLS, mediaThreads: options.mediaThreads)
        let stage = try LoadStage(options, scenario: scenario, fixtures: fixtures)
        do {
            if options.gatewayURL != nil { say("the gateway must have PARLEY_AGENT_URL=\(stage.agentURL)") }
            if let calls = options.countsAllocationsAt {
                say("counting allocations: a gateway with the shim")
                result.allocations = try await AllocationCount(stage: stage, options: options, say: say).run(
                    calls: calls)
            }
            if !options.countsAllocationsOnly {
                say("starting the gateway and its database")
                let gateway = try await stage.gateway()
                do {
                    try await measure(gateway, stage, &result)
                } catch {
                    await gateway.stop()
                    throw error
                }
                await gateway.stop()
            }
        } catch {
            await stage.shutdown()
            throw error
        }
        await stage.shutdown()
        return result
    }

    private func runner(_ target: LoadTarget, _ stage: LoadStage) -> LevelRunner {
        LevelRunner(
            target: target, generator: stage.generator, setUpsPerSecond: options.setUpsPerSecond, say: say)
    }

    private func measure(_ gateway: LoadTarget, _ stage: LoadStage, _ result: inout LoadResult) async throws {
        let mine = runner(gateway, stage)
        if let soakCalls = options.soakCalls {
            try await soak(soakCalls, mine, &result)
        } else if options.findCapacity {
            await findCapacity(mine, &result)
        } else if options.comparesRelay {
            let relay = try await stage.relay()
            let yardstick = runner(relay, stage)
            for share in options.shares {
                let calls = max(1, Int(share * Double(options.calls)))
                // In turns, so that both meet the machine in the same mood.
                let ours = await mine.level(calls, holdSeconds: options.holdSeconds)
                await mine.hangUpAll()
                let theirs = await yardstick.level(calls, holdSeconds: options.holdSeconds)
                await yardstick.hangUpAll()
                result.levels += [ours, theirs]
                if let a = ours.cpuMsPerCallSecond, let b = theirs.cpuMsPerCallSecond, b > 0 {
                    result.cpuOverRelay["\(calls)"] = a / b
                }
            }
            await relay.stop()
        } else {
            for share in options.shares {
                let calls = max(1, Int(share * Double(options.calls)))
                result.levels.append(await mine.level(calls, holdSeconds: options.holdSeconds))
            }
        }
        say("hanging up")
        await mine.hangUpAll()
        guard let data = gateway.dataDirectory else { return }
        let hangUps = await stage.generator.takeHangUps()
        let (delays, missing) = try await CommittedRecords.delays(since: hangUps, dataDirectory: data, waitSeconds: 20)
        result.hangUpToRecord = delays
        result.recordsMissing = missing
    }

    /// Keeps the calls up until `total` were set up. What grows from the middle of the run to its end is a leak.
    private func soak(_ total: Int, _ runner: LevelRunner, _ result: inout LoadResult) async throws {
        let (gateway, generator) = (runner.target, runner.generator)
        result.levels.append(await runner.level(options.calls, holdSeconds: options.holdSeconds))
        var samples: [LoadResult.SoakSample] = []
        while gateway.isRunning {
            let calls = await generator.ask { $0.meter.counts.callsSetUp }
            if calls >= total * (samples.count + 1) / 20, let now = gateway.probe?.read() {
                samples.append(
                    .init(calls: calls, residentKB: now.residentKB, descriptors: now.descriptors, threads: now.threads))
                say("  \(calls) calls: \(now.residentKB) KB, \(now.descriptors) descriptors, \(now.threads) threads")
            }
            if calls >= total { break }
            try await Task.sleep(for: .milliseconds(500))
        }
        guard gateway.isRunning else { throw LoadTarget.Failure(description: "the gateway died during the soak") }
        result.soak = samples
    }

    private static let capacitySecondsMax = 240

    /// Doubles by steps until a level fails, then halves the distance twice.
    private func findCapacity(_ runner: LevelRunner, _ result: inout LoadResult) async {
        let began = ContinuousClock.now
        var (good, bad) = (0, Int.max)
        var next = max(10, options.calls / 4)
        var halvings = 0
        while halvings <= 2, ContinuousClock.now - began < .seconds(Self.capacitySecondsMax) {
            let level = await runner.level(next, holdSeconds: options.holdSeconds)
            result.levels.append(level)
            guard level.isBelievable else {
                say("\(next) calls: the generator is late itself; capacity is at least \(good)")
                break
            }
            if let overload = level.overload {
                say("\(next) calls are too many: \(overload)")
                bad = next
            } else {
                good = next
            }
            if bad == .max {
                next = good < options.calls ? good + max(10, options.calls / 4) : good * 3 / 2
            } else {
                halvings += 1
                next = (good + bad) / 2
                if next - good < 10 { break }
            }
        }
        result.capacityCalls = good
    }
}
