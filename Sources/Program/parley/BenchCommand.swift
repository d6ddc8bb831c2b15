import Foundation
import LoadBenchmark
import Telemetry

enum BenchCommand: Command {
    static let name = "bench"
    static let summary = "the load benchmark: how many calls this machine carries, and what the caller notices"
    static let options = [
        Option("--calls", "N", "calls at once; default 200"),
        Option("--levels", "N", "measure in so many equal steps up to --calls; default 1"),
        Option("--cps", "N", "set-ups a second; default 50"),
        Option("--ramp", "SECONDS", "set all calls up in this time, instead of --cps"),
        Option("--hold", "SECONDS", "measure each level this long; default 12"),
        Option("--seconds", "SECONDS", "the whole run, set-up included, instead of --hold; one level"),
        Option("--threads", "N", "media threads of the gateway; default 1, so that the generator has a core"),
        Option("--one-frame-a-message", nil, "the gateway does not coalesce audio, as the relay does not"),
        Option("--keep-awake", nil, "no processor sleeps meanwhile: for virtual machines, which wake late"),
        Option("--tls", nil, "TLS on both legs, webhooks included, with a certificate made for the run"),
        Option("--scenario", "NAME|FILE", "how calls go: a name under bench/scenarios, or a file; default sales"),
        Option("--seed", "N", "the same seed makes the same calls; default 1"),
        Option("--find-capacity", nil, "look for the most calls with p99 added ≤ 5 ms, no lost frame, no underrun"),
        Option("--compare-relay", nil, "the same load through the minimal C relay, in turns"),
        Option("--compare-floor", nil, "the same conversations over sockets whose bytes are only passed on, in turns"),
        Option("--storm", "N", "after the first level: N set-ups a second beside the calls under way"),
        Option("--consults", "N", "N of the calls consult specialists all the time; the others with and without them"),
        Option("--strangers", "N", "N connections a second without credential, four requests each, beside the calls"),
        Option("--overload", nil, "the refusal curve: half to twice as many callers as a limit of --calls"),
        Option("--idle", nil, "what silent calls cost, with frames of silence and without any"),
        Option("--compare-threads", "N,M", "the same calls on gateways with so many media threads each"),
        Option("--soak", "N", "go on until N calls were set up; prints memory, descriptors and threads meanwhile"),
        Option("--check", "FILE", "compare ratios with this file of thresholds; exit 1 when one is exceeded"),
        Option(
            "--count-allocations", "N",
            "count the gateway's allocations a frame with N steady calls, in a gateway of its own"),
        Option("--allocation-stacks", "FILE", "with it: who allocates on the media loops; slow"),
        Option("--only", nil, "with --count-allocations: nothing else"),
        Option("--gateway", "URL", "a gateway that runs already, with this benchmark for its agent (--agent-port)"),
        Option("--gateway-pid", "PID", "its process, when it is on this machine: for CPU and memory"),
        Option("--agent-port", "PORT", "where the agent's half listens; default: any"),
        Option("--json", "FILE", "write the result"),
        Option("--plot", "FILE", "write an SVG of delays, CPU and memory against calls"),
        Option("--strict", nil, "exit 1 when the generator itself was late and the figures mean nothing"),
        Option("--fixtures", "FOLDER", "where audio-fixtures is"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        Log.level = .error
        var options = LoadOptions()
        try setLoad(of: &options, arguments)
        try setPhases(of: &options, arguments)
        try setGateway(of: &options, arguments)
        options.command = "parley " + CommandLine.arguments.dropFirst().joined(separator: " ")
        let executable = Bundle.main.executablePath ?? CommandLine.arguments[0]
        options.executable = executable

        let fixtures = try FixturesFolder.find(arguments.text("--fixtures"))
        options.specialistsDirectory =
            URL(fileURLWithPath: fixtures).deletingLastPathComponent().path + "/specialists"
        let scenario = try LoadScenario.load(path: scenarioPath(arguments.text("--scenario") ?? "sales", fixtures))
        let benchmark = try LoadBenchmark(options, scenario: scenario, fixtures: fixtures) { line in
            complain(line)
        }
        return try report(await benchmark.run(), arguments)
    }

    /// How many calls, how fast they come and how long they stay.
    private static func setLoad(of options: inout LoadOptions, _ arguments: Arguments) throws {
        options.calls = try whole(arguments, "--calls", 1...20_000) ?? options.calls
        let levels = try whole(arguments, "--levels", 1...20) ?? 1
        options.shares = (1...levels).map { Double($0) / Double(levels) }
        if let rate = try whole(arguments, "--cps", 1...1_000) { options.setUpsPerSecond = Double(rate) }
        if let ramp = try whole(arguments, "--ramp", 1...600) {
            options.setUpsPerSecond = max(0.5, Double(options.calls) / Double(ramp))
        }
        options.holdSeconds = try whole(arguments, "--hold", 1...86_400) ?? (arguments.has("--find-capacity") ? 8 : 12)
        if let seconds = try whole(arguments, "--seconds", 5...86_400) {
            options.holdSeconds = max(1, seconds - Int(Double(options.calls) / options.setUpsPerSecond) - 4)
        }
        options.mediaThreads = try whole(arguments, "--threads", 1...256) ?? 1
        options.seed = UInt64(try whole(arguments, "--seed", 1...Int.max) ?? 1)
        options.tls = arguments.has("--tls")
        options.sendsOneFrameAMessage = arguments.has("--one-frame-a-message")
        options.keepsAwake = arguments.has("--keep-awake")
    }

    /// What is measured besides.
    private static func setPhases(of options: inout LoadOptions, _ arguments: Arguments) throws {
        options.findCapacity = arguments.has("--find-capacity")
        options.comparesRelay = arguments.has("--compare-relay")
        options.comparesFloor = arguments.has("--compare-floor")
        if options.tls, options.comparesFloor {
            throw Arguments.Mistake(text: "--compare-floor: not with --tls, which the floor would pass on as it is")
        }
        options.stormPerSecond = try whole(arguments, "--storm", 1...1_000)
        options.consults = try whole(arguments, "--consults", 1...5_000)
        options.strangersPerSecond = try whole(arguments, "--strangers", 1...5_000)
        options.showsOverload = arguments.has("--overload")
        options.showsIdle = arguments.has("--idle")
        options.threadsToCompare = try (arguments.text("--compare-threads") ?? "").split(separator: ",").map { text in
            guard let threads = Int(text), (1...256).contains(threads) else {
                throw Arguments.Mistake(text: "--compare-threads: \"\(text)\" is not a number of threads")
            }
            return threads
        }
        options.soakCalls = try whole(arguments, "--soak", 100...10_000_000)
        options.countsAllocationsAt = try whole(arguments, "--count-allocations", 1...2_000)
        options.allocationStacksPath = arguments.text("--allocation-stacks")
        options.countsAllocationsOnly = arguments.has("--only") && options.countsAllocationsAt != nil
    }

    /// A gateway that runs already, and what cannot be asked of it.
    private static func setGateway(of options: inout LoadOptions, _ arguments: Arguments) throws {
        options.agentPort = try whole(arguments, "--agent-port", 0...65_535) ?? 0
        guard let url = arguments.text("--gateway") else { return }
        let environment = ProcessInfo.processInfo.environment
        options.gatewayURL = url.hasSuffix("/") ? String(url.dropLast()) : url
        guard let sid = environment["PARLEY_TWILIO_ACCOUNT_SID"],
            let token = environment["PARLEY_TWILIO_AUTH_TOKEN"]
        else {
            throw Arguments.Mistake(
                text:
                    "--gateway: set the gateway's PARLEY_TWILIO_ACCOUNT_SID and PARLEY_TWILIO_AUTH_TOKEN, to sign with"
            )
        }
        options.accountSid = sid
        options.authToken = token
        options.gatewayPID = try whole(arguments, "--gateway-pid", 1...Int(Int32.max)).map { Int32($0) }
        if options.showsOverload || !options.threadsToCompare.isEmpty {
            throw Arguments.Mistake(
                text: "--overload and --compare-threads start gateways of their own: not with --gateway")
        }
        if options.sendsOneFrameAMessage {
            throw Arguments.Mistake(
                text: "--one-frame-a-message: with --gateway, set PARLEY_COALESCE_AUDIO=off for that gateway")
        }
        if options.tls {
            throw Arguments.Mistake(text: "--tls: not with --gateway, whose URL says whether it speaks TLS")
        }
    }

    /// Prints and writes what was measured; failed where it is not as it was asked to be.
    private static func report(_ result: LoadResult, _ arguments: Arguments) throws -> ExitCode {
        print(LoadTable.text(result))
        if let path = arguments.text("--json") { try write(result.json(), path) }
        if let path = arguments.text("--plot") { try write(Data(LoadPlot.svg(result).utf8), path) }
        var code = ExitCode.done
        if let path = arguments.text("--check") {
            let verdict = try LoadThresholds.load(path: path).verdict(on: result)
            print("\n" + verdict.lines.joined(separator: "\n"))
            if !verdict.passed { code = .failed }
        }
        if let soak = result.soak, SoakSlopes(soak)?.isFlat != true { code = .failed }
        if let overload = result.overload, !overload.faults.isEmpty { code = .failed }
        if arguments.has("--strict"), !result.isBelievable {
            complain("parley bench: the generator was late itself; these figures mean nothing")
            code = .failed
        }
        return code
    }

    private static func scenarioPath(_ name: String, _ fixtures: String) -> String {
        if name.contains("/") || name.hasSuffix(".json") { return name }
        let beside = URL(fileURLWithPath: fixtures).deletingLastPathComponent().path
        return "\(beside)/bench/scenarios/\(name).json"
    }

    private static func whole(_ arguments: Arguments, _ name: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard let written = arguments.text(name) else { return nil }
        guard let number = Int(written), range.contains(number) else {
            throw Arguments.Mistake(
                text: "\(name): \"\(written)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func write(_ data: Data, _ path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: path))
        complain("written: \(path)")
    }
}
