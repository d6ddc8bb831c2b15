import API
import CRM
import CallModel
import Database
import Endpoints
import Foundation
import Runtime
import WebSocketTransport

struct Failure: Error, CustomStringConvertible { var description: String }

/// A file of contacts, a million by default, brought over the API's own route and imported by a node that is a process of its
/// own, into a private PostgreSQL that syncs to disk. Says how long it took, how many rows a second that is, and how much
/// memory the node had at most; with `--kills` it is killed on the way, again and again, and has to be complete all the same.
@main struct ImportsBenchmark {
    private struct Options {
        var rows = 1_000_000
        var kills = 0
    }

    private static let secret = Array("0123456789abcdef0123456789abcdef".utf8)

    static func main() async throws {
        do {
            var arguments = Array(CommandLine.arguments.dropFirst())
            if arguments.first == "node" { return try await ImportNode.run(Array(arguments.dropFirst())) }
            var options = Options()
            while arguments.count >= 2, let value = Int(arguments[1]) {
                switch arguments[0] {
                case "--rows": options.rows = max(1_000, value)
                case "--kills": options.kills = max(0, value)
                default: throw Failure(description: "unknown option \(arguments[0])")
                }
                arguments.removeFirst(2)
            }
            guard arguments.isEmpty else {
                throw Failure(description: "usage: imports-benchmark [--rows n] [--kills n]")
            }
            if try await !measure(options) { exit(1) }
        } catch let failure as Failure {
            FileHandle.standardError.write(Data("imports-benchmark: \(failure)\n".utf8))
            exit(2)
        }
    }

    private static func measure(_ options: Options) async throws -> Bool {
        try await PrivateCluster.temporary(for: "imports") { cluster, folder in
            try await run(cluster, folder, options)
        }
    }

    private static func run(_ cluster: PrivateCluster, _ directory: String, _ options: Options) async throws -> Bool {
        try await Migrator(ownerURL: cluster.ownerURL).up()
        let database = Database(url: cluster.appURL, connectionsMax: 2)
        let file = directory + "/list.csv"
        try SampleList.write(rows: options.rows, to: file)
        let bytes = try BodyFile(path: file).count
        let folder = directory + "/imports"

        let before = MonotonicTime.now()
        let id = try await upload(file, folder, database)
        let uploaded = seconds(since: before)
        try await start(id, folder, database)
        let started = MonotonicTime.now()
        var node = try ImportNode.start([cluster.appURL, folder, "0", options.kills > 0 ? "2000" : "30000"])
        var peakKB = 0
        var killed = 0
        while true {
            try await Task.sleep(for: .milliseconds(50))
            peakKB = max(peakKB, ImportNode.peakKB(of: node.processIdentifier))
            let now = try await state(of: id, database)
            if now.state != "running" { break }
            if killed < options.kills, now.done > options.rows * (killed + 1) / (options.kills + 1) {
                kill(node.processIdentifier, SIGKILL)
                node.waitUntilExit()
                killed += 1
                print("killed after \(now.done) rows")
                node = try ImportNode.start([cluster.appURL, folder, "0", "2000"])
            }
        }
        let took = seconds(since: started)
        kill(node.processIdentifier, SIGKILL)
        node.waitUntilExit()
        let end = try await state(of: id, database)
        let (contacts, distinct) = try await contacts(database)
        await database.close()
        print(
            String(
                format:
                    "%d rows, %.0f MB: taken in %.1f s; imported in %.1f s, %.0f rows a second; peak memory %.0f MB",
                options.rows, Double(bytes) / 1e6, uploaded, took, Double(options.rows) / took, Double(peakKB) / 1e3))
        print("\(end.state), killed \(killed) times; \(contacts) contacts, \(distinct) different numbers")
        return end.state == "completed" && contacts == options.rows && distinct == options.rows
            && killed == options.kills
    }

    private static func router(_ folder: String, _ database: Database) throws -> Router {
        var dependencies = APIDependencies(
            database: database, customers: CustomerDirectory(database: database), keys: TokenKeys(secret: secret),
            readiness: { ReadinessReport(checks: []) })
        dependencies.importFiles = ImportFiles(directory: folder)
        let live = Endpoint.Upgrade(
            refusal: { _ in .nothingHere }, accept: { _, _ throws(Problem) in throw .nothingHere })
        return APIRoutes.router(dependencies, live: live)
    }

    private static func send(
        _ request: (method: String, path: String), type: String?, file: BodyFile? = nil, body: String = "",
        _ folder: String, _ database: Database
    ) async throws -> JSONValue {
        let admin = APIPrincipal(subject: "bench", tenant: .initial, role: .admin)
        var headers = [(name: "authorization", value: "Bearer \(JWT.sign(admin, secret: secret))")]
        if let type { headers.append((name: "content-type", value: type)) }
        var message = HTTPRequest(
            method: request.method, path: request.path, headers: headers, body: Array(body.utf8))
        message.bodyFile = file
        let response = try await router(folder, database).respond(to: message)
        guard response.status < 300, let answer = JSONValue(response.body) else {
            throw Failure(description: String(decoding: response.body, as: UTF8.self))
        }
        return answer
    }

    private static func upload(_ file: String, _ folder: String, _ database: Database) async throws -> String {
        let answer = try await send(
            ("POST", "/api/v1/imports"), type: "text/csv", file: try BodyFile(path: file), folder, database)
        guard let id = answer["id"]?.text else { throw Failure(description: "the import has no id") }
        return id
    }

    private static func start(_ id: String, _ folder: String, _ database: Database) async throws {
        let path = "/api/v1/imports/\(id)"
        _ = try await send(
            ("PATCH", path), type: "application/json", body: #"{"default_country":"US"}"#, folder, database)
        _ = try await send(("POST", path + "/start"), type: nil, folder, database)
    }

    private static func state(of id: String, _ database: Database) async throws -> (state: String, done: Int) {
        try await database.transaction(tenant: .initial) { tx in
            let row = try tx.query("select state, done_records from imports where id = $1::uuid", [.text(id)]).first
            return (try row?.text("state") ?? "gone", try row?.int("done_records") ?? 0)
        }
    }

    private static func contacts(_ database: Database) async throws -> (all: Int, distinct: Int) {
        try await database.transaction(tenant: .initial, timeoutMs: 120_000) { tx in
            let row = try tx.query("select count(*) as n, count(distinct phone) as d from contacts").first
            return (try row?.int("n") ?? 0, try row?.int("d") ?? 0)
        }
    }

    private static func seconds(since start: MonotonicTime) -> Double {
        Double(MonotonicTime.now().nanoseconds - start.nanoseconds) / 1e9
    }
}
