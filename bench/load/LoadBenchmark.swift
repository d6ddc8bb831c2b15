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
            scenario: scenario, tls: options.tls, mediaThreads: options.mediaThreads)
        let wakeful = options.keepsAwake ? try WakefulProcessors() : nil
        defer { wakeful?.stop() }
        let stage = try LoadStage(options, scenario: scenario, fixtures: fixtures)
        do {
            if options.gatewayURL != nil { say("the gateway must have PARLEY_AGENT_URL=\(stage.agentURL)") }
            if let calls = options.countsAllocationsAt {
                say("counting allocations: a gateway with the shim")
                result.allocations = try await AllocationCount(stage: stage, options: options, say: say).run(
                    calls: calls)
                // The records of its calls are in a database that is gone.
                _ = await stage.generator.takeHangUps()
            }
            if !options.countsAllocationsOnly {
                say("starting the gateway and its database")
                let gateway =
                    try await options.showsOverload
                    ? stage.ownGateway(callsMax: options.calls) : stage.gateway()
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
            let soak = SoakPhase(runner: mine, calls: options.calls, holdSeconds: options.holdSeconds)
            let (level, samples) = try await soak.run(total: soakCalls)
            result.levels.append(level)
            result.soak = samples
        } else if options.showsOverload {
            result.overload = await OverloadPhase(
                runner: mine, scenario: scenario, limit: options.calls, holdSeconds: options.holdSeconds
            ).run()
        } else if let consulting = options.consults {
            result.consults = try await ConsultsPhase(
                runner: mine, scenario: scenario, holdSeconds: options.holdSeconds
            ).run(calls: options.calls, consulting: consulting)
        } else if let perSecond = options.strangersPerSecond {
            result.strangers = await StrangersPhase(runner: mine, scenario: scenario)
                .run(calls: options.calls, perSecond: perSecond)
        } else if !options.threadsToCompare.isEmpty {
            await gateway.stop()
            return try await compareThreads(stage, &result)
        } else {
            let relay = options.comparesRelay ? try await stage.yardstick(.relay) : nil
            let floor = options.comparesFloor ? try await stage.yardstick(.floor) : nil
            await beside(relay.map { runner($0, stage) }, floor.map { runner($0, stage) }, mine, &result)
            await relay?.stop()
            await floor?.stop()
        }
        say("hanging up")
        await mine.hangUpAll()
        try await lookForRecords(of: gateway, stage, &result)
    }

    private func beside(
        _ relay: LevelRunner?, _ floor: LevelRunner?, _ mine: LevelRunner, _ result: inout LoadResult
    ) async {
        if options.showsIdle {
            result.idle = await IdlePhase(
                runner: mine, relay: relay, calls: options.calls, holdSeconds: options.holdSeconds
            ).run()
        } else if options.findCapacity {
            for runner in [relay, mine].compactMap(\.self) {
                let (levels, capacity) = await CapacitySearch(
                    runner: runner, calls: options.calls, holdSeconds: options.holdSeconds
                ).run()
                result.levels += levels
                result.capacityCalls[runner.target.kind.rawValue] = capacity
            }
        } else {
            await levels(mine, relay, floor, &result)
        }
    }

    /// Each level on the gateway and, in turns with it, on relay and floor: all meet the machine in the same mood.
    private func levels(
        _ mine: LevelRunner, _ relay: LevelRunner?, _ floor: LevelRunner?, _ result: inout LoadResult
    ) async {
        for (number, share) in options.shares.enumerated() {
            let calls = max(1, Int(share * Double(options.calls)))
            let ours = await mine.level(calls, holdSeconds: options.holdSeconds)
            result.levels.append(ours)
            if let rate = options.stormPerSecond, number == 0 {
                result.storm = await StormPhase(runner: mine, scenario: scenario).run(perSecond: rate)
            }
            if let relay {
                let theirs = await turn(calls, on: relay, after: mine)
                result.levels.append(theirs)
                result.cpuOverRelay["\(calls)"] = ours.cpu(over: theirs)
            }
            if let floor {
                await floor.generator.behave(.underWay, .init(scenario: scenario.paced))
                let theirs = await turn(calls, on: floor, after: mine)
                await floor.generator.behave(.underWay, .init())
                result.levels.append(theirs)
                result.cpuOverFloor["\(calls)"] = ours.cpu(over: theirs)
            }
        }
    }

    /// One level on a yardstick, alone.
    private func turn(_ calls: Int, on yardstick: LevelRunner, after mine: LevelRunner) async -> LevelResult {
        await mine.hangUpAll()
        let level = await yardstick.level(calls, holdSeconds: options.holdSeconds)
        await yardstick.hangUpAll()
        return level
    }

    private func lookForRecords(of gateway: LoadTarget, _ stage: LoadStage, _ result: inout LoadResult) async throws {
        guard let data = gateway.dataDirectory else { return }
        let hangUps = await stage.generator.takeHangUps()
        guard !hangUps.isEmpty else { return }
        let (delays, missing) = try await CommittedRecords.delays(since: hangUps, dataDirectory: data, waitSeconds: 20)
        result.hangUpToRecord = delays
        result.recordsMissing = missing
    }

    /// The same calls on gateways that differ in their media threads only.
    private func compareThreads(_ stage: LoadStage, _ result: inout LoadResult) async throws {
        var gateways: [(threads: Int, target: LoadTarget)] = []
        do {
            for threads in options.threadsToCompare {
                gateways.append((threads, try await stage.ownGateway(name: "threads-\(threads)", threads: threads)))
            }
            let phase = ThreadsPhase(
                runners: gateways.map { ($0.threads, runner($0.target, stage)) }, calls: options.calls,
                holdSeconds: options.holdSeconds)
            let (levels, threads) = await phase.run()
            result.levels += levels
            result.threads = threads
        } catch {
            for gateway in gateways { await gateway.target.stop() }
            throw error
        }
        for gateway in gateways { await gateway.target.stop() }
    }
}
