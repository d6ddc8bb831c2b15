import CallModel
import Database
import Foundation
import TestSupport
import Testing

/// `parley user`, `parley tenant` and `parley jobs`, as an operator types them.
@Suite struct AccountCommandTests {
    private let temporary: TemporaryDatabase
    private let folder: String

    init() async throws {
        temporary = try await TemporaryDatabase.make(connectionsMax: 2)
        folder = Props.directory("accounts")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// Its exit code, and what it wrote.
    private func parley(_ arguments: [String], input: String = "") async throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = GatewayProcess.executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = Sanitizer.environment.merging(["PARLEY_DATABASE_URL": temporary.appURL]) { $1 }
        let name = folder + "/" + UUID().uuidString
        try Data(input.utf8).write(to: URL(filePath: name + ".in"))
        try Data().write(to: URL(filePath: name + ".out"))
        process.standardInput = FileHandle(forReadingAtPath: name + ".in")
        process.standardOutput = FileHandle(forWritingAtPath: name + ".out")
        process.standardError = process.standardOutput
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume() }
        }
        return (process.terminationStatus, try String(contentsOf: URL(filePath: name + ".out"), encoding: .utf8))
    }

    @Test func `a user is added with a password from standard input, which is nowhere else`() async throws {
        let added = try await parley(
            ["user", "add", "--email", "Ann@Example.com", "--name", "Ann", "--role", "admin"],
            input: "a heron waits at noon\n")
        #expect(added.code == 0 && added.output.contains("role admin"), "\(added.output)")
        #expect(!added.output.contains("heron"))
        #expect(try await parley(["user", "list"]).output.contains("admin  ann@example.com  Ann\n"))
        let again = try await parley(["user", "add", "--email", "ann@example.com"], input: "a heron waits at noon\n")
        #expect(again.code == 1 && again.output.contains("already"), "\(again.output)")

        let rows = try await temporary.rows("select subject, action from admin_audit order by created_at, table_name")
        #expect(try rows.map { try $0.text("action") } == ["parley user add", "parley user add"])
    }

    @Test func `what is no user is refused with a word on what is wrong`() async throws {
        for (arguments, input, word) in [
            (["user"], "", "add or list"), (["user", "add"], "", "--email"),
            (["user", "add", "--email", "x@y.test"], "short\n", "12 to 128"),
            (["user", "add", "--email", "x@y.test"], "", "no password"),
            (["user", "add", "--email", "x"], "a heron waits at noon\n", "no e-mail address"),
            (["user", "add", "--email", "x@y.test", "--role", "king"], "", "--role"),
            (
                ["user", "add", "--email", "x@y.test", "--tenant", "nowhere"], "a heron waits at noon\n",
                "no tenant nowhere"
            ),
            (["tenant", "add", "--name", "X", "--slug", "No Slug"], "", "--slug"),
        ] {
            let result = try await parley(arguments, input: input)
            #expect(result.code != 0 && result.output.contains(word), "\(arguments): \(result.output)")
        }
        #expect(try await temporary.rows("select from users where not is_ai_agent").isEmpty)
    }

    @Test func `a tenant is added with all it needs, and has users of its own`() async throws {
        let added = try await parley(
            ["tenant", "add", "--name", "Acme", "--slug", "acme", "--number", "+493012345678"])
        #expect(added.code == 0, "\(added.output)")
        let user = try await parley(
            ["user", "add", "--tenant", "acme", "--email", "eve@acme.test", "--no-password"])
        #expect(user.code == 0, "\(user.output)")

        #expect(try await parley(["tenant", "list"]).output.contains("  acme  Acme\n"))
        #expect(try await parley(["user", "list", "--tenant", "acme"]).output.contains("eve@acme.test"))
        #expect(try await !parley(["user", "list"]).output.contains("eve@acme.test"))
        let taken = try await parley(["tenant", "add", "--name", "Other", "--slug", "acme"])
        #expect(taken.code == 1 && taken.output.contains("taken"), "\(taken.output)")
    }

    @Test func `jobs that were given up are listed, tried again and dropped`() async throws {
        _ = try await temporary.rows(
            """
            insert into jobs (tenant_id, kind, state, attempts, last_error, ended_at)
            select $1::uuid, 'lead.rescore', 'dead', 8, 'the disk is full', now() from generate_series(1, 3)
            """, [.uuid(TenantID.initial.uuid)])
        let ids = try await temporary.rows("select id from jobs order by id").map { try $0.text("id") }
        func states() async throws -> [String] {
            try await temporary.rows("select state, attempts from jobs order by id").map {
                "\(try $0.text("state")) \(try $0.int("attempts"))"
            }
        }

        let listed = try await parley(["jobs", "dead"])
        #expect(listed.output.contains("\(ids[0])  lead.rescore  8 attempts"), "\(listed.output)")
        #expect(listed.output.contains("the disk is full"))
        #expect(try await parley(["jobs", "again"]).code == 2)
        #expect(try await parley(["jobs", "discard", "--id", "7"]).code == 2)
        #expect(try await parley(["jobs", "again", "--id", ids[0], "--all"]).code == 2)
        let other = try await parley(["jobs", "again", "--id", UUID().uuidString])
        #expect(other.code == 1 && other.output.contains("no such job"), "\(other.output)")

        #expect(try await parley(["jobs", "again", "--id", ids[0]]).output.hasPrefix("1 job put back"))
        #expect(try await states() == ["waiting 0", "dead 8", "dead 8"])
        #expect(try await parley(["jobs", "discard", "--id", ids[1]]).output.hasPrefix("1 job dropped"))
        #expect(try await states() == ["waiting 0", "dead 8"])
        #expect(try await parley(["jobs", "again", "--all"]).output.hasPrefix("1 job put back"))
        #expect(try await parley(["jobs", "dead"]).output == "No job is given up.\n")
    }
}
