import Foundation

/// Set-ups at a high rate beside calls under way, which are measured beside as many calls as the storm has open at a
/// time, and beside the storm, in turns.
struct StormPhase {
    private static let rounds = 3
    /// Where the generator was mostly late, there are more.
    private static let roundsMax = 4
    private static let seconds = 4
    /// Until as many calls of the storm end as begin.
    private static let leadSeconds = 2
    /// Until what the calls' beginnings and ends leave is written.
    private static let settleSeconds = 3

    let runner: LevelRunner
    let scenario: LoadScenario

    func run(perSecond: Int) async -> StormResult {
        let lasts = scenario.brief.callSeconds
        var result = StormResult(perSecondWanted: perSecond, standing: perSecond * (lasts.min + lasts.max) / 2)
        for round in 1...Self.roundsMax where round <= Self.rounds || !result.turns.isBelievable {
            runner.say("round \(round): \(result.standing) calls beside those under way")
            let without = await besideCalls(result.standing)
            runner.say("round \(round): \(perSecond) set-ups a second beside those under way")
            result.turns.rounds.append(.init(without: without, with: await besideStorm(perSecond, &result)))
        }
        await runner.generator.behave(.beside, .init())
        return result
    }

    private func besideCalls(_ count: Int) async -> LevelResult {
        let generator = runner.generator
        await generator.behave(.beside, .init(scenario: scenario.lasting))
        await generator.bring(to: count, perSecond: runner.setUpsPerSecond, .beside)
        try? await Task.sleep(for: .seconds(Self.leadSeconds))
        let level = await runner.measure(await runner.standing(), holdSeconds: Self.seconds)
        await generator.bring(to: 0, perSecond: 200, .beside)
        try? await Task.sleep(for: .seconds(Self.settleSeconds))
        return level
    }

    private func besideStorm(_ perSecond: Int, _ result: inout StormResult) async -> LevelResult {
        let generator = runner.generator
        await generator.behave(.beside, .init(scenario: scenario.brief, replaces: false))
        let before = await generator.ask { $0.meter.counts }
        async let storm: Double = {
            let began = ContinuousClock.now
            await generator.storm(
                perSecond * (Self.leadSeconds + Self.seconds), perSecond: Double(perSecond), .beside)
            return began.secondsSince
        }()
        try? await Task.sleep(for: .seconds(Self.leadSeconds))
        let level = await runner.measure(await runner.standing(), holdSeconds: Self.seconds)
        result.seconds += await storm
        for _ in 0..<200 {
            let now = await generator.standing(.beside)
            if now.settingUp == 0, now.open == 0 { break }
            try? await Task.sleep(for: .milliseconds(100))
        }
        let meter = await generator.ask { $0.meter }
        let counts = meter.counts - before
        result.setUps += counts.callsSetUp
        result.failed += counts.setUpsFailed + counts.setUpsRefused
        (result.webhook, result.pickupToAudio) = (meter.webhookBeside.summary, meter.pickupToAudioBeside.summary)
        try? await Task.sleep(for: .seconds(Self.settleSeconds))
        return level
    }
}

/// Calls under way, measured beside others that talk as much and beside others that consult specialists without a pause, in
/// turns.
struct ConsultsPhase {
    private static let rounds = 3
    /// Where the generator was mostly late, there are more.
    private static let roundsMax = 6
    /// Until all beside have asked something.
    private static let settleSeconds = CallScript.cycleMs / 1_000

    let runner: LevelRunner
    let scenario: LoadScenario
    let holdSeconds: Int

    /// - Parameter consulting: so many of `calls` consult.
    func run(calls: Int, consulting: Int) async throws -> ConsultsResult {
        let generator = runner.generator
        var result = ConsultsResult(consulting: consulting, begun: 0, over: 0)
        // Nobody hangs up meanwhile: what a call's end and its successor cost is not the consults'.
        await generator.behave(.underWay, .init(scenario: scenario.lasting))
        _ = await runner.bring(to: max(1, calls - consulting))
        for round in 1...Self.roundsMax where round <= Self.rounds || !result.turns.isBelievable {
            runner.say("round \(round): \(consulting) of the calls make small talk")
            let without = try await beside(consulting, .smallTalk)
            runner.say("round \(round): \(consulting) of the calls consult specialists")
            result.turns.rounds.append(.init(without: without, with: try await beside(consulting, .consults)))
        }
        let counts = await generator.ask { $0.meter.counts }
        (result.begun, result.over) = (counts.consultsBegun, counts.consultsOver)
        await runner.hangUpAll()
        try await Task.sleep(for: .seconds(3))
        if let data = runner.target.dataDirectory {
            result.endings = try await CommittedRecords.consultEndings(in: data)
        }
        await generator.behave(.underWay, .init())
        await generator.behave(.beside, .init())
        return result
    }

    /// The calls under way, measured beside `count` new ones.
    private func beside(_ count: Int, _ topic: CallScript.Topic) async throws -> LevelResult {
        await runner.generator.behave(.beside, .init(scenario: scenario.lasting, topic: topic))
        await runner.generator.bring(to: count, perSecond: runner.setUpsPerSecond, .beside)
        try await Task.sleep(for: .seconds(Self.settleSeconds))
        let level = await runner.measure(await runner.standing(), holdSeconds: holdSeconds)
        await runner.generator.bring(to: 0, perSecond: 200, .beside)
        return level
    }
}

/// More and more callers than the limit: who gets in, what the others are told and how soon, and what those notice who are
/// in.
struct OverloadPhase {
    static let shares = [0.5, 0.75, 1, 1.25, 1.5, 2]

    /// On a gateway whose limit is `limit`.
    let runner: LevelRunner
    let scenario: LoadScenario
    let limit: Int
    let holdSeconds: Int

    func run() async -> OverloadResult {
        let generator = runner.generator
        var result = OverloadResult(limit: limit)
        await generator.behave(.underWay, .init(scenario: scenario.lasting))
        // Whoever is refused dials again a second later.
        await generator.behave(.beside, .init(scenario: scenario.lasting, redialSeconds: 1))
        for share in Self.shares {
            let offered = Int(share * Double(limit))
            var standing = await runner.bring(to: min(offered, limit))
            if offered > limit {
                runner.say("\(offered - limit) more callers want in, each again every second")
                await generator.bring(to: offered - limit, perSecond: runner.setUpsPerSecond, .beside)
                standing = await runner.standing()
            }
            let level = await runner.measureTwice(standing, holdSeconds: holdSeconds, orLate: true)
            let (up, refusal) = await generator.ask {
                ($0.callCount() + $0.callCount(.beside), $0.meter.refusal.summary)
            }
            let ready = await WebhookPoster.look(runner.target.address.gatewayURL, path: "/readyz")
            result.steps.append(
                .init(
                    offered: offered, accepted: up, refusedWithTwiML: level.counts.setUpsRefused,
                    answered503: level.counts.setUpsUnavailable, failed: level.counts.setUpsFailed, refusal: refusal,
                    readyStatus: ready?.status ?? 0, readyHasRetryAfter: ready?.retryAfter ?? false, level: level))
        }
        await runner.hangUpAll()
        await generator.behave(.underWay, .init())
        await generator.behave(.beside, .init())
        return result
    }
}

/// Silent calls: what their frames cost, and what they cost without frames.
struct IdlePhase {
    /// A stream that is silent for ten seconds is given up: the count is over before that.
    private static let (quietSeconds, countedSeconds) = (2, 6)

    let runner: LevelRunner
    let relay: LevelRunner?
    let calls: Int
    let holdSeconds: Int

    func run() async -> IdleResult {
        let generator = runner.generator
        await generator.behave(.underWay, .init(scenario: .silent))
        var onRelay: LevelResult?
        if let relay {
            onRelay = await relay.level(calls, holdSeconds: holdSeconds)
            await relay.hangUpAll()
        }
        let silence = await runner.level(calls, holdSeconds: holdSeconds)
        runner.say("callers send nothing at all")
        await generator.fallSilent()
        try? await Task.sleep(for: .seconds(Self.quietSeconds))
        let fillersBefore = await generator.ask { $0.meter.counts.fillerFrames }
        let before = runner.target.probe?.read()
        let began = ContinuousClock.now
        try? await Task.sleep(for: .seconds(Self.countedSeconds))
        let seconds = began.secondsSince
        let fillers = await generator.ask { $0.meter.counts.fillerFrames } - fillersBefore
        let after = runner.target.probe?.read()
        let open = await generator.standing().open
        await runner.hangUpAll()
        await generator.behave(.underWay, .init())
        return IdleResult(
            silence: silence, silenceOnRelay: onRelay,
            nothingCPUShare: ((after?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0)) / seconds, nothingSeconds: seconds,
            fillerFrames: fillers,
            callsOpen: open)
    }
}
