import CallModel
import Database
import FoundationEssentials
import TestSupport
import Testing

@Suite struct MigratorTests {
    private let one = Migration(
        version: 1, name: "0001_one", up: "create table app.one (id int);", down: "drop table app.one;")
    private let two = Migration(
        version: 2, name: "0002_two", up: "create table app.two (id int);", down: "drop table app.two;")

    @Test func `the shipped migrations go up twice, down, and up again`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let migrator = try Migrator(ownerURL: temporary.ownerURL)
        let all = try Migration.all().map(\.name)
        let tables = "select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"

        #expect(try await migrator.up() == [])
        #expect(try await temporary.rows(tables).count >= 31)
        #expect(try await migrator.down() == all.reversed())
        #expect(try await temporary.rows(tables).isEmpty)
        #expect(try await migrator.up() == all)
        #expect(try await migrator.status().allSatisfy { $0.state == .applied && $0.appliedAt != nil })
        #expect(try await temporary.owner.fenceGaps() == [])
    }

    @Test func `every script can be run again over its own work and loses nothing`() async throws {
        let temporary = try await TemporaryDatabase.make()
        try await Everything.insert(for: .initial, into: temporary)
        let tables = try await temporary.rows(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
        ).map { try $0.text("relname") }
        let before = try await Everything.fingerprint(of: .initial, tables, in: temporary)
        _ = try await temporary.rows("delete from app.schema_migrations")

        try await Migrator(ownerURL: temporary.ownerURL).up()

        #expect(try await Everything.fingerprint(of: .initial, tables, in: temporary) == before)
        #expect(try await temporary.owner.fenceGaps() == [])
    }

    @Test func `an applied migration whose file was edited stops everything`() async throws {
        let temporary = try await TemporaryDatabase.make()
        _ = try await temporary.rows("delete from app.schema_migrations")
        try await Migrator(ownerURL: temporary.ownerURL, migrations: [one]).up()
        let edited = Migration(version: 1, name: one.name, up: one.up + " ", down: one.down)
        let migrator = Migrator(ownerURL: temporary.ownerURL, migrations: [edited, two])

        let error = await #expect(throws: DatabaseError.self) { try await migrator.up() }

        #expect(error?.description.contains("0001_one") == true)
        #expect(try await migrator.status().map(\.state) == [.changed, .pending])
        #expect(
            try await temporary.rows("select to_regclass('app.two') is null as absent").first?.bool("absent") == true)
    }

    @Test func `a script that fails leaves nothing of itself, and what came before it stays`() async throws {
        let temporary = try await TemporaryDatabase.make()
        _ = try await temporary.rows("delete from app.schema_migrations")
        let broken = Migration(
            version: 2, name: "0002_broken", up: "create table app.two (id int); select 1 / 0;", down: "")
        let migrator = Migrator(ownerURL: temporary.ownerURL, migrations: [one, broken])

        let error = await #expect(throws: DatabaseError.self) { try await migrator.up() }

        #expect(error?.description.contains("0002_broken") == true)
        #expect(try await migrator.status().map(\.state) == [.applied, .pending])
        #expect(
            try await temporary.rows("select to_regclass('app.two') is null as absent").first?.bool("absent") == true)
    }

    @Test func `a dry run says what it would do and does nothing`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let migrator = Migrator(
            ownerURL: temporary.ownerURL,
            migrations: try Migration.all() + [
                Migration(version: 9_000, name: "9000_new", up: "create table app.new (id int)", down: "")
            ])

        #expect(try await migrator.up(dryRun: true) == ["9000_new"])
        #expect(try await migrator.status().last?.state == .pending)
    }

    @Test func `the application role may look at the state of the schema and not change it`() async throws {
        let temporary = try await TemporaryDatabase.make()
        let migrator = Migrator(
            ownerURL: temporary.appURL,
            migrations: try Migration.all() + [
                Migration(version: 9_000, name: "9000_new", up: "create table app.new (id int)", down: "")
            ])

        #expect(try await migrator.status().last?.state == .pending)
        await #expect(throws: DatabaseError.self) { try await migrator.up() }
    }

    @Test func `a migration of a newer program is shown as unknown`() async throws {
        let temporary = try await TemporaryDatabase.make()
        _ = try await temporary.rows(
            "insert into app.schema_migrations (version, name, checksum) values (9001, '9001_later', 'x')")

        let last = try await Migrator(ownerURL: temporary.ownerURL).status().last

        #expect(last?.state == .unknown)
        #expect(last?.name == "9001_later")
    }

    @Test func `two migrators at once apply each migration once`() async throws {
        let temporary = try await TemporaryDatabase.make()
        _ = try await temporary.rows("delete from app.schema_migrations")
        let migrator = Migrator(ownerURL: temporary.ownerURL, migrations: [one, two])

        async let first = migrator.up()
        async let second = migrator.up()

        #expect(try await (first + second).sorted() == ["0001_one", "0002_two"])
    }
}
