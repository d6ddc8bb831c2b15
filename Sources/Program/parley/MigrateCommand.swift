import Database
import Foundation
import Gateway

enum MigrateCommand: Command {
    static let name = "migrate"
    static let summary = "brings the database schema up to date"
    static let options = [
        Option("--status", nil, "only say what is applied and what is not"),
        Option("--dry-run", nil, "only say what would be applied"),
        Option("--json", nil, "print JSON"),
    ]

    private struct Line: Encodable {
        var name: String
        var state: String
    }

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let config = try GatewayConfig()
        var cluster: PrivateCluster?
        let ownerURL: String
        if let url = config.databaseOwnerURL {
            ownerURL = url
        } else if config.databaseURL != nil {
            throw Arguments.Mistake(
                text: "PARLEY_DATABASE_URL names the application's role, which may not change the schema; set "
                    + "PARLEY_DATABASE_OWNER_URL to the owner's URI for this command")
        } else {
            let started = try await PrivateCluster.start(dataDirectory: config.dataDirectory)
            cluster = started
            ownerURL = started.ownerURL
        }
        do {
            let code = try await run(Migrator(ownerURL: ownerURL), arguments)
            await cluster?.stop()
            return code
        } catch {
            await cluster?.stop()
            throw error
        }
    }

    private static func run(_ migrator: Migrator, _ arguments: Arguments) async throws -> ExitCode {
        let dryRun = arguments.has("--dry-run")
        var applied: [String] = []
        if !arguments.has("--status") { applied = try await migrator.up(dryRun: dryRun) }
        let lines = try await migrator.status().map { Line(name: $0.name, state: $0.state.rawValue) }
        if arguments.has("--json") {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(lines), as: UTF8.self))
        } else {
            for line in lines {
                print("  \(line.state.padding(toLength: 8, withPad: " ", startingAt: 0)) \(line.name)")
            }
            if !arguments.has("--status") {
                let verb = dryRun ? "Would apply" : "Applied"
                print(applied.isEmpty ? "The schema is up to date." : "\(verb) \(applied.joined(separator: ", ")).")
            }
        }
        return lines.contains { $0.state == "changed" } ? .failed : .done
    }
}
