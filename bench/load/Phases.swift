import Foundation

/// Set-ups at a high rate beside calls under way: the calls that stand are measured before and meanwhile.
struct StormPhase {
    static let seconds = 5

    let runner: LevelRunner
    let scenario: LoadScenario

    func run(perSecond: Int) async -> StormResult {
        let generator = runner.generator
        runner.say("set-up storm: \(perSecond) calls a second beside the calls under way")
        let before = await runner.measureTwice(await runner.standing(), holdSeconds: Self.seconds)
        await generator.behave(.beside, .init(scenario: scenario.brief, replaces: false))
        let standing = await runner.standing()
        async let storm: Double = {
            let began = ContinuousClock.now
            await generator.storm(perSecond * Self.seconds, perSecond: Double(perSecond), .beside)
            return began.secondsSince
        }()
        let during = await runner.measure(standing, holdSeconds: Self.seconds)
        let seconds = await storm
        for _ in 0..<100 {
            if await generator.standing(.beside).settingUp == 0 { break }
            try? await Task.sleep(for: .milliseconds(100))
        }
        // Calls of one or two seconds: they are over when the last has had its time.
        for _ in 0..<100 {
            if await generator.standing(.beside).open == 0 { break }
            try? await Task.sleep(for: .milliseconds(100))
        }
        let meter = await generator.ask { $0.meter }
        let counts = meter.counts - standing.countsBefore
        await generator.behave(.beside, .init())
        return StormResult(
            perSecondWanted: perSecond, seconds: seconds, setUps: counts.callsSetUp,
            failed: counts.setUpsFailed + counts.setUpsRefused, webhook: meter.webhookBeside.summary,
            pickupToAudio: meter.pickupToAudioBeside.summary, before: before, during: during)
    }
}

/// Calls under way, measured alone and then beside others that consult specialists without a pause.
struct ConsultsPhase {
    /// Until the rows of the calls' beginnings are written.
    private static let settleSeconds = 5

    let runner: LevelRunner
    let scenario: LoadScenario
    let holdSeconds: Int

    /// - Parameter consulting: so many of `calls` consult.
    func run(calls: Int, consulting: Int) async throws -> ConsultsResult {
        let generator = runner.generator
        // Nobody hangs up meanwhile: what a call's end and its successor cost is not the consults'.
        await generator.behave(.underWay, .init(scenario: scenario.lasting))
        var standing = await runner.bring(to: max(1, calls - consulting))
        // The others are there, but ask nothing yet.
        await generator.behave(.beside, .init(scenario: scenario.lasting))
        await generator.bring(to: consulting, perSecond: runner.setUpsPerSecond, .beside)
        try await Task.sleep(for: .seconds(Self.settleSeconds))
        let without = await runner.measureTwice(standing, holdSeconds: holdSeconds)
        await generator.bring(to: 0, perSecond: 200, .beside)
        await generator.behave(.beside, .init(scenario: scenario.lasting, consults: true))
        runner.say("\(consulting) calls consult specialists")
        await generator.bring(to: consulting, perSecond: runner.setUpsPerSecond, .beside)
        try await Task.sleep(for: .seconds(Self.settleSeconds))
        standing = await runner.standing()
        let with = await runner.measureTwice(standing, holdSeconds: holdSeconds)
        let counts = await generator.ask { $0.meter.counts }
        await runner.hangUpAll()
        try await Task.sleep(for: .seconds(3))
        var endings: [String: Int] = [:]
        if let data = runner.target.dataDirectory { endings = try await CommittedRecords.consultEndings(in: data) }
        await generator.behave(.underWay, .init())
        await generator.behave(.beside, .init())
        return ConsultsResult(
            consulting: consulting, begun: counts.consultsBegun, over: counts.consultsOver, endings: endings,
            without: without, with: with)
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
