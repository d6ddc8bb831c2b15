import CallModel
import Database
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Backups where there is no superuser, as on a managed PostgreSQL: with the real pg_dump and pg_restore, by the commands of
/// docs/operations.md.
@Suite(.serialized) struct BackupTests {
    @Test func `the backup role dumps the rows of all tenants, and the login that migrates restores them`() async throws
    {
        let managed = try await ManagedDatabase.make()
        let (original, restored) = (try await managed.create("original"), try await managed.create("restored"))
        try await Migrator(ownerURL: original).up()
        _ = try managed.psql(original, "select app.create_tenant('Second', 'second')")
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }

        try Self.documented(
            "pg_dump", ["--enable-row-security", "--format=custom", "--file"],
            then: [
                "\(folder)/parley.dump", managed.url(of: original, as: "parley_backup"),
            ])
        let grants = try Self.block(of: "sql", beginning: "grant create on database")
        _ = try managed.psql(restored, grants.replacing("database parley", with: "database restored"))
        try Self.documented(
            "pg_restore", ["--exit-on-error", "--no-owner", "--role parley_owner", "--dbname"],
            then: [
                restored, "\(folder)/parley.dump",
            ])

        let tables = try managed.tables(original)
        #expect(tables.count >= 31)
        for table in tables {
            let rows = "select count(*), md5(string_agg(t::text, '|' order by t::text)) from \(table) t"
            #expect(try managed.pastTheFence(original, rows) == managed.pastTheFence(restored, rows), "\(table)")
        }
        #expect(try managed.pastTheFence(restored, "select count(*) from public.tenants") == "2")
        #expect(try await Migrator(ownerURL: restored).status().allSatisfy { $0.state == .applied })
        let database = Database(url: managed.url(of: restored, as: "parley_app"))
        try await database.verifyRole()
        #expect(try await database.fenceGaps() == [])
        await database.close()
    }

    @Test func `a dump as the login that migrates is refused and not half of one`() async throws {
        let managed = try await ManagedDatabase.make()
        let original = try await managed.create("original")
        try await Migrator(ownerURL: original).up()

        let refused = #expect(throws: OutsideProgram.Failed.self) {
            try OutsideProgram.run("pg_dump", ["--file", "/dev/null", original])
        }

        #expect(refused?.description.contains("row-level security") == true)
    }

    @Test func `the backup role reads and does nothing else`() async throws {
        let managed = try await ManagedDatabase.make()
        let original = try await managed.create("original")
        try await Migrator(ownerURL: original).up()
        let url = managed.url(of: original, as: "parley_backup")

        #expect(try managed.psql(url, "select count(*) from tenants") == "1")
        for statement in [
            "update tenants set name = 'x'", "delete from calls", "truncate calls", "create table mine (id int)",
            "select app.create_tenant('X', 'x')", "set role parley_owner", "set role parley_app",
        ] {
            #expect(throws: OutsideProgram.Failed.self, "\(statement)") { try managed.psql(url, statement) }
        }
    }

    @Test func `where the login may not make roles, the schema comes first and the role by hand later`() async throws {
        let managed = try await ManagedDatabase.make()
        let original = try await managed.create("original")
        let all = try Migration.all()
        try await Migrator(ownerURL: original, migrations: Array(all.prefix { !$0.name.hasSuffix("_backup_role") }))
            .up()
        _ = try managed.psql(managed.cluster.ownerURL, "alter role \(managed.login) nocreaterole")
        try await Migrator(ownerURL: original).up()
        #expect(try managed.psql(original, "select count(*) from pg_policies where policyname = 'backup'") == "0")
        _ = try managed.psql(managed.cluster.ownerURL, "create role parley_backup login")
        let script = try Self.block(of: "sql", beginning: "create role parley_backup")
        let lines = script.split(separator: "\n").filter { !$0.hasPrefix("create role") }

        _ = try managed.psql(original, lines.joined(separator: "\n"))

        let url = managed.url(of: original, as: "parley_backup")
        #expect(try managed.psql(url, "select count(*) from tenants") == "1")
        #expect(try managed.psql(url, "select count(*) > 9 from app.schema_migrations") == "t")
    }

    @Test func `a private cluster is dumped through its socket as docs say`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }

        try OutsideProgram.run(
            "pg_dump", ["--format=custom", "--file", "\(folder)/parley.dump", temporary.ownerURL])

        let listing = try OutsideProgram.run("pg_restore", ["--list", "\(folder)/parley.dump"])
        #expect(listing.contains("TABLE DATA public calls"))
        #expect(try Self.operations().contains("parley_super@/parley?host="))
    }

    private static func operations() throws -> String {
        try Checkout.text("docs/operations.md")
    }

    private static func documented(_ program: String, _ options: [String], then: [String]) throws {
        let command = ([program] + options).joined(separator: " ")
        #expect(try operations().contains(command), "docs/operations.md does not say: \(command)")
        try OutsideProgram.run(program, options.flatMap { $0.split(separator: " ").map(String.init) } + then)
    }

    /// A block of code of docs/operations.md.
    private static func block(of language: String, beginning: String) throws -> String {
        let blocks = try operations().components(separatedBy: "```\(language)\n").dropFirst()
        let found = blocks.first { $0.hasPrefix(beginning) }?.components(separatedBy: "```").first
        return try #require(found, "docs/operations.md has no such block: \(beginning)")
    }

    private static func folder() throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "parley-backup-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}

/// What a managed PostgreSQL gives: a login that may make roles and databases and is no superuser.
private final class ManagedDatabase: Sendable {
    let login = "admin"
    let cluster: PrivateCluster
    private let folder: String

    static func make() async throws -> ManagedDatabase {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "parley-test-\(getpid())/\(UUID().uuidString)"
        ).path
        let cluster = try await PrivateCluster.start(dataDirectory: folder, durable: false)
        let managed = ManagedDatabase(cluster, folder)
        let maintenance = cluster.ownerURL.replacing("@/parley?", with: "@/postgres?")
        try await Migrator.runAlone(
            "create role \(managed.login) login createrole createdb nosuperuser nobypassrls", url: maintenance)
        for role in [managed.login, "parley_backup"] { try await cluster.admit(role) }
        return managed
    }

    private init(_ cluster: PrivateCluster, _ folder: String) {
        self.cluster = cluster
        self.folder = folder
    }

    deinit {
        cluster.stopNow()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Its URL as the login that migrates.
    func create(_ name: String) async throws -> String {
        let owner = cluster.ownerURL.replacing("parley_super@", with: "\(login)@")
        try await Migrator.runAlone("create database \(name)", url: owner)
        return owner.replacing("@/parley?", with: "@/\(name)?")
    }

    func url(of database: String, as role: String) -> String { database.replacing("\(login)@", with: "\(role)@") }

    func psql(_ url: String, _ script: String) throws -> String {
        try OutsideProgram.run("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", url, "-c", script])
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func pastTheFence(_ database: String, _ query: String) throws -> String {
        try psql(url(of: database, as: "parley_super"), query)
    }

    func tables(_ database: String) throws -> [String] {
        try pastTheFence(
            database, "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
        ).split(separator: "\n").map { "public.\($0)" }
    }
}
