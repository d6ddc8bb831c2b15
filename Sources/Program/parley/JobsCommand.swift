import CallModel
import Database
import Foundation
import Gateway
import Jobs

enum JobsCommand: Command {
    static let name = "jobs"
    static let summary = "lists jobs that are given up, tries them again or drops them"
    static let verbs = ["dead", "again", "discard"]
    static let options = [
        Option("--tenant", "ID|SLUG", "whose; without it the one there is"),
        Option("--id", "ID", "again, discard: this job"),
        Option("--all", nil, "again, discard: all that are given up"),
        Option("--json", nil, "dead: print JSON"),
    ]

    private enum Chosen: Sendable {
        case one(UUID)
        case all
    }

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let (verb, name) = (arguments.verb, arguments.text("--tenant"))
        let (chosen, asJSON) = (verb == "dead" ? .all : try chosen(arguments), arguments.has("--json"))
        return try await CommandDatabase.use(try GatewayConfig()) { database in
            let tenant = try await CommandDatabase.tenant(name, in: database)
            guard verb != "dead" else { return try await list(tenant, asJSON, in: database) }
            let isAgain = verb == "again"
            let count = try await database.transaction(tenant: tenant) { tx in
                let ids: [UUID]
                switch chosen {
                case .one(let id): ids = [id]
                case .all: ids = try tx.deadJobs(limit: Int(Int32.max)).map(\.id)
                }
                return isAgain ? try tx.tryAgain(ids) : try tx.discard(ids)
            }
            print("\(count) \(count == 1 ? "job" : "jobs") \(isAgain ? "put back into the line" : "dropped").")
            if case .one = chosen, count == 0 {
                complain("There is no such job that was given up.")
                return .failed
            }
            return .done
        }
    }

    private static func chosen(_ arguments: Arguments) throws -> Chosen {
        switch (arguments.text("--id"), arguments.has("--all")) {
        case (let text?, false):
            guard let id = UUID(uuidString: text) else { throw Arguments.Mistake(text: "--id is no id of a job") }
            return .one(id)
        case (nil, true): return .all
        default: throw Arguments.Mistake(text: "\(arguments.verb) needs --id or --all")
        }
    }

    private static func list(_ tenant: TenantID, _ asJSON: Bool, in database: Database) async throws -> ExitCode {
        let dead = try await database.transaction(tenant: tenant) { try $0.deadJobs() }
        if asJSON { return try JSONPage.print(dead) }
        for job in dead {
            let died = job.diedAt.formatted(.iso8601)
            print("\(job.id.uuidString.lowercased())  \(job.kind)  \(job.attempts) attempts  \(died)")
            print("  \(job.lastError)")
        }
        if dead.isEmpty { print("No job is given up.") }
        return .done
    }
}
