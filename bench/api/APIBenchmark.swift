import CallModel
import Database
import Foundation
import LoadBenchmark

/// What the CRM's API takes: a million contacts, a million calls and 200,000 leads in one tenant beside 49 others, a gateway
/// in a process of its own, clients with open connections that each ask again as soon as they are answered. Prints requests a
/// second and, kind by kind, how long answers take; and the audio's delay of calls beside them. Fails by ratios within the run.
@main struct APIBenchmark {
    static func main() async throws {
        do {
            let options = try APIBenchmarkOptions(Array(CommandLine.arguments.dropFirst()))
            if try await !measure(options) { exit(1) }
        } catch let mistake as APIBenchmarkOptions.Mistake {
            FileHandle.standardError.write(Data("api-benchmark: \(mistake)\n".utf8))
            exit(2)
        } catch {
            say("\(error)")
            exit(1)
        }
    }

    private static func measure(_ options: APIBenchmarkOptions) async throws -> Bool {
        say("starting PostgreSQL")
        return try await PrivateCluster.temporary(for: "api") { cluster, folder in
            try await run(options, cluster, folder)
        }
    }

    private static func run(
        _ options: APIBenchmarkOptions, _ cluster: PrivateCluster, _ folder: String
    ) async throws -> Bool {
        _ = try await Migrator(ownerURL: cluster.ownerURL).up()
        let tenants = try await CRMFill(cluster: cluster, options: options).fill()
        let stage = try await APIStage.start(in: folder, databaseURL: cluster.appURL)
        var result = APIResult(options: options, date: ISO8601DateFormatter().string(from: .now))
        do {
            try await load(stage, tenants, options, &result)
        } catch {
            await stage.stop()
            throw error
        }
        await stage.stop()
        result.printTable()
        if let path = options.jsonPath { try result.writeJSON(to: path) }
        if let path = options.plotPath { try result.writePlot(to: path) }
        guard let path = options.thresholdsPath else { return true }
        return try APIThresholds.load(path).hold(result)
    }

    private static func load(
        _ stage: APIStage, _ tenants: CRMFill.Tenants, _ options: APIBenchmarkOptions, _ result: inout APIResult
    ) async throws {
        let questions = RequestMix(tenants: tenants, secret: APIStage.secret)
        say("asking what needs no database, for comparison")
        result.plain = try await Clients.run(stage.port, options.connections, seconds: options.seconds / 3) { _ in
            { questions.plain() }
        }
        say("reading")
        _ = try await Clients.run(stage.port, options.connections, seconds: 2) { seed in questions.reads(seed) }
        result.reads = try await Clients.run(stage.port, options.connections, seconds: options.seconds) { seed in
            questions.reads(seed)
        }
        say("writing")
        result.writes = try await Clients.run(stage.port, options.connections, seconds: options.seconds) { seed in
            questions.writes(seed)
        }
        guard options.calls > 0 else { return }
        say("\(options.calls) calls alone")
        result.audioAlone = try await stage.audio(calls: options.calls, seconds: options.seconds)
        say("\(options.calls) calls beside readers")
        async let beside = Clients.run(
            stage.port, options.connections, seconds: options.seconds + options.calls / APIStage.callsPerSecond + 5
        ) { seed in questions.reads(seed) }
        result.audioBeside = try await stage.audio(calls: options.calls, seconds: options.seconds)
        result.readsBeside = try await beside
    }

    static func say(_ text: String) { FileHandle.standardError.write(Data("api-benchmark: \(text)\n".utf8)) }
}
