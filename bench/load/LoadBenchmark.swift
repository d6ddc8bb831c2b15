import CallModel
import Foundation
import Glibc
import Telemetry
import WebSocketTransport

/// `parley bench`: carrier and agent of many calls in this process, the gateway in another, figures at the end.
package struct LoadBenchmark: Sendable {
    package struct Options: Sendable {
        package var calls = 200
        /// Levels of load, as shares of ``calls``, measured one after the other.
        package var shares = [1.0]
        package var setUpsPerSecond = 50.0
        package var holdSeconds = 12
        /// TLS between gateway and agent; the carrier's side stays plain.
        package var agentTLS = false
        package var mediaThreads = 1
        package var seed: UInt64 = 1
        package var findCapacity = false
        package var comparesRelay = false
        /// Go on until so many calls have been set up, and print what the gateway's process holds meanwhile.
        package var soakCalls: Int?
        package var playoutLeadMs = 100
        /// A gateway that runs already, and who it takes for its carrier; its agent URL must be `agentListen`.
        package var gatewayURL: String?
        package var accountSid = ""
        package var authToken = ""
        package var gatewayPID: Int32?
        package var agentPort = 0
        /// This program, and the relay.
        package var executable = ""
        package var relay = ""
        package var command = ""

        package init() {}
    }

    private static let settleSeconds = 1.5
    private static let capacitySecondsMax = 240

    private let options: Options
    private let scenario: LoadScenario
    private let fixtures: [[UInt8]]
    private let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - fixtures: the folder of recordings the callers and the agent speak with.
    ///   - say: receives lines of progress.
    package init(
        _ options: Options, scenario: LoadScenario, fixtures folder: String, say: @escaping @Sendable (String) -> Void
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

    /// Starts what is needed, runs every level, and cleans up. Throws when a target does not start.
    package func run() async throws -> LoadResult {
        Self.raiseDescriptorLimit()
        var result = LoadResult(
            date: ISO8601DateFormatter().string(from: Date()), command: options.command, machine: .current(),
            scenario: scenario, agentTLS: options.agentTLS, mediaThreads: options.mediaThreads)
        let folder = FileManager.default.temporaryDirectory.path + "/parley-bench-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let tls = options.agentTLS ? try LoadTLS.make(in: folder) : nil

        let loops = try LoopGroup(threads: 1)
        let generator = LoadGenerator(
            loop: loops.loops[0], scenario: scenario, fixtures: fixtures, leadMs: options.playoutLeadMs,
            seed: options.seed)
        let agent = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: options.agentPort),
            tls: tls.map { ServerTLS(certificatePath: $0.certificate, keyPath: $0.key) },
            routes: ServerRoutes(
                respond: { _ in .text("not found\n", status: 404) },
                upgrade: { _, _ in .accept(generator.acceptAgent()) }))
        // The carrier's REST interface, in plain HTTP: every call is unknown there, which a gateway takes for over.
        let carrier = try TransportServer(
            loops: loops, listen: ListenAddress(host: "127.0.0.1", port: 0), tls: nil,
            routes: ServerRoutes(
                respond: { _ in .text("not found\n", status: 404) },
                upgrade: { _, _ in .refuse(.text("not found\n", status: 404)) }))
        let scheme = tls == nil ? "ws" : "wss"
        let agentURL = "\(scheme)://127.0.0.1:\(agent.boundPort)/v1/agent/converse"
        if options.gatewayURL != nil { say("the gateway must have PARLEY_AGENT_URL=\(agentURL)") }

        var failure: (any Error)?
        do {
            let gateway: LoadTarget
            if let url = options.gatewayURL {
                gateway = .given(
                    url: url, accountSid: options.accountSid, authToken: options.authToken, pid: options.gatewayPID)
            } else {
                say("starting the gateway and its database")
                gateway = try await .gateway(
                    executable: options.executable, agentURL: agentURL,
                    carrierURL: "http://127.0.0.1:\(carrier.boundPort)", callsMax: 20_000,
                    threads: options.mediaThreads, tls: tls, folder: folder)
            }
            do {
                try await measure(gateway, generator, agentPort: agent.boundPort, folder: folder, &result)
            } catch {
                failure = error
            }
            await gateway.stop()
        } catch {
            failure = error
        }
        generator.shutdown()
        await agent.shutdown(graceSeconds: 1)
        await carrier.shutdown(graceSeconds: 1)
        await loops.shutdown()
        if let failure { throw failure }
        return result
    }

    private func measure(
        _ gateway: LoadTarget, _ generator: LoadGenerator, agentPort: Int, folder: String, _ result: inout LoadResult
    ) async throws {
        if let soakCalls = options.soakCalls {
            try await soak(soakCalls, gateway, generator, &result)
        } else if options.findCapacity {
            await findCapacity(gateway, generator, &result)
        } else if options.comparesRelay {
            let relay = try await LoadTarget.relay(executable: options.relay, agentPort: agentPort, folder: folder)
            for share in options.shares {
                let calls = max(1, Int(share * Double(options.calls)))
                // In turns, so that both meet the machine in the same mood.
                let mine = await level(calls, on: gateway, generator)
                await hangUpAll(generator)
                let yardstick = await level(calls, on: relay, generator)
                await hangUpAll(generator)
                result.levels += [mine, yardstick]
                if let a = mine.cpuMsPerCallSecond, let b = yardstick.cpuMsPerCallSecond, b > 0 {
                    result.cpuOverRelay["\(calls)"] = a / b
                }
            }
            await relay.stop()
        } else {
            for share in options.shares {
                result.levels.append(
                    await level(max(1, Int(share * Double(options.calls))), on: gateway, generator))
            }
        }
        say("hanging up")
        await hangUpAll(generator)
        guard let data = gateway.dataDirectory else { return }
        let hangUps = await generator.takeHangUps()
        let (delays, missing) = try await CommittedRecords.delays(since: hangUps, dataDirectory: data, waitSeconds: 20)
        result.hangUpToRecord = delays
        result.recordsMissing = missing
    }

    /// Keeps ``Options/calls`` up until `total` were set up. What grows from the middle of the run to its end is a leak.
    private func soak(
        _ total: Int, _ gateway: LoadTarget, _ generator: LoadGenerator, _ result: inout LoadResult
    ) async throws {
        result.levels.append(await level(options.calls, on: gateway, generator))
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

    private func hangUpAll(_ generator: LoadGenerator) async {
        await generator.bring(to: 0, perSecond: max(200, options.setUpsPerSecond))
        try? await Task.sleep(for: .seconds(1))
    }

    /// Doubles by steps until a level fails, then halves the distance twice.
    private func findCapacity(_ gateway: LoadTarget, _ generator: LoadGenerator, _ result: inout LoadResult) async {
        let began = ContinuousClock.now
        var (good, bad) = (0, Int.max)
        var next = max(10, options.calls / 4)
        var halvings = 0
        while halvings <= 2, ContinuousClock.now - began < .seconds(Self.capacitySecondsMax) {
            let level = await level(next, on: gateway, generator)
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

    private func level(_ calls: Int, on target: LoadTarget, _ generator: LoadGenerator) async -> LevelResult {
        var level = LevelResult(target: target.kind.rawValue, calls: calls)
        await generator.point(at: target.address)
        let countsBefore = await generator.ask { generator in
            generator.meter.startLevel()
            return generator.meter.counts
        }
        if await generator.standing().open == 0 {
            // A call alone first: what a process makes once, such as connections to its database, is no cost of a call.
            await generator.bring(to: 1, perSecond: 1)
            try? await Task.sleep(for: .seconds(1))
        }
        let openBefore = await generator.standing().open
        let idle = target.probe?.read()
        let rampBegan = ContinuousClock.now
        say("\(target.kind.rawValue): bringing \(openBefore) calls to \(calls)")
        await generator.bring(to: calls, perSecond: options.setUpsPerSecond)
        for _ in 0..<100 {
            let standing = await generator.standing()
            if standing.settingUp == 0, standing.open <= calls { break }
            try? await Task.sleep(for: .milliseconds(100))
        }
        let ramp = Self.seconds(ContinuousClock.now - rampBegan)
        try? await Task.sleep(for: .seconds(Self.settleSeconds))

        let (framesBefore, setUp) = await generator.ask { generator in
            generator.meter.beginMeasuring()
            return (generator.meter.counts.callerFramesSent, generator.meter.counts.callsSetUp)
        }
        level.setUpsPerSecond = Double(setUp - countsBefore.callsSetUp) / max(0.001, ramp)
        let before = target.probe?.read()
        let ownBefore = Self.ownCPUSeconds()
        let began = ContinuousClock.now
        for second in 1...max(1, options.holdSeconds) {
            try? await Task.sleep(until: began.advanced(by: .seconds(second)), clock: .continuous)
            let (inward, outward, open) = await generator.ask { generator in
                (
                    generator.meter.callerToAgent.percentileMs(0.99), generator.meter.agentToCaller.percentileMs(0.99),
                    generator.callCount
                )
            }
            if second % 3 == 0 {
                say(
                    "  \(second) s  \(open) calls  p99 in \(LoadTable.decimal(inward, 2)) out "
                        + "\(LoadTable.decimal(outward, 2)) ms")
            }
        }
        let (meter, open) = await generator.ask { generator in
            defer { generator.meter.isMeasuring = false }
            return (generator.meter, generator.callCount)
        }
        let elapsed = Self.seconds(ContinuousClock.now - began)
        let after = target.probe?.read()
        level.callsOpen = open
        level.measuredSeconds = elapsed
        level.callSeconds = Double(meter.counts.callerFramesSent - framesBefore) / 50
        level.callerToAgent = meter.callerToAgent.summary
        level.agentToCaller = meter.agentToCaller.summary
        level.pickupToAudio = meter.pickupToAudio.summary
        level.bargeInToClear = meter.bargeInToClear.summary
        level.webhook = meter.webhook.summary
        level.ownLateness = meter.ownLateness.summary
        level.counts = meter.counts - countsBefore
        level.generatorCPUShare = (Self.ownCPUSeconds() - ownBefore) / elapsed
        if let idle, let before, let after {
            let used = after.cpuSeconds - before.cpuSeconds
            if level.callSeconds > 0 { level.cpuMsPerCallSecond = used * 1_000 / level.callSeconds }
            level.cpuShare = used / elapsed
            level.mediaCPUShare = (after.mediaSeconds - before.mediaSeconds) / elapsed
            level.residentKB = after.residentKB
            level.descriptors = after.descriptors
            level.threads = after.threads
            if open > openBefore {
                level.memoryKBPerCall = Double(before.residentKB - idle.residentKB) / Double(open - openBefore)
            }
        }
        return level
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private static func ownCPUSeconds() -> Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    /// Two descriptors a call here, two in the gateway, which inherits the limit.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        let which = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(which, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(which, &limit)
    }
}
