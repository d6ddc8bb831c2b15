import Foundation
import Runtime
import Telemetry

/// Brings a database's schema up to date. Each migration runs in a transaction of its own, once; whoever comes second
/// waits. Needs a login that may create roles the first time, and is a member of `parley_owner` later.
package struct Migrator: Sendable {
    private let ownerURL: String
    private let migrations: [Migration]
    /// Any constant will do, as long as every migrator of a database uses it.
    private static let advisoryLock = 5_029_718_300
    private static let timeoutMs = 600_000

    package init(ownerURL: String) throws(DatabaseError) {
        self.init(ownerURL: ownerURL, migrations: try Migration.all())
    }

    package init(ownerURL: String, migrations: [Migration]) {
        self.ownerURL = ownerURL
        self.migrations = migrations
    }

    /// Applies what is pending, in order.
    ///
    /// - Parameter dryRun: only say what would be applied.
    /// - Returns: names of the migrations applied.
    /// - Throws: ``DatabaseError/migration(name:reason:)`` when an applied file was edited since, or a script fails;
    ///   what was applied before it stays.
    @discardableResult
    package func up(dryRun: Bool = false) async throws -> [String] {
        try await session { connection in
            let statuses = try status(connection)
            if let changed = statuses.first(where: { $0.state == .changed }) {
                throw DatabaseError.migration(
                    name: changed.name,
                    reason: "its file was edited after it had been applied; restore it and add a new migration")
            }
            if !dryRun {
                try inTransaction("app.schema_migrations", connection) {
                    try connection.runScript(Migrator.ledger, Migrator.patience)
                }
            }
            let pending = Set(statuses.filter { $0.state == .pending }.map(\.version))
            var applied: [String] = []
            for migration in migrations where pending.contains(migration.version) {
                if !dryRun, try !apply(migration, connection) { continue }
                applied.append(migration.name)
            }
            return applied
        }
    }

    /// Takes back the newest migrations, data included: for tests and for a hand that knows what it does.
    @discardableResult
    package func down(count: Int = .max) async throws -> [String] {
        try await session { connection in
            let applied = Set(try status(connection).filter { $0.state == .applied }.map(\.version))
            var names: [String] = []
            for migration in migrations.reversed() where applied.contains(migration.version) && names.count < count {
                try inTransaction(migration.name, connection) {
                    try connection.runScript(migration.down, Migrator.patience)
                    try connection.runScript("reset role", Migrator.patience)
                    _ = try connection.run(
                        "delete from app.schema_migrations where version = $1", [.int(migration.version)],
                        Migrator.patience)
                }
                names.append(migration.name)
            }
            return names
        }
    }

    /// Every migration known here or applied there, in order.
    package func status() async throws -> [MigrationStatus] {
        try await session { connection in try status(connection) }
    }

    private func apply(_ migration: Migration, _ connection: PostgresConnection) throws -> Bool {
        var isMine = false
        try inTransaction(migration.name, connection) {
            let known = try connection.run(
                "select 1 from app.schema_migrations where version = $1", [.int(migration.version)], Migrator.patience)
            // Another migrator was faster while we waited for the lock.
            guard known.rows.isEmpty else { return }
            try connection.runScript(migration.up, Migrator.patience)
            try connection.runScript("reset role", Migrator.patience)
            _ = try connection.run(
                "insert into app.schema_migrations (version, name, checksum) values ($1, $2, $3)",
                [.int(migration.version), .text(migration.name), .text(migration.checksum)], Migrator.patience)
            isMine = true
        }
        if isMine { Log.info("migration applied", ["migration": migration.name]) }
        return isMine
    }

    private func inTransaction(
        _ name: String, _ connection: PostgresConnection, _ body: () throws -> Void
    ) throws {
        _ = try connection.run(PostgresConnection.begin, [], Migrator.patience)
        do {
            _ = try connection.run("select \(PostgresConnection.conventions)", [], Migrator.patience)
            _ = try connection.run("select pg_advisory_xact_lock($1)", [.int(Migrator.advisoryLock)], Migrator.patience)
            // From 16 on who makes a role, and is no superuser, may not become it unless this says so.
            _ = try connection.run(
                """
                select set_config('createrole_self_grant', 'set, inherit', true)
                where current_setting('server_version_num')::integer >= 160000
                """, [], Migrator.patience)
            try body()
            _ = try connection.run("commit", [], Migrator.patience)
        } catch {
            _ = try? connection.run("rollback", [], Migrator.patience)
            throw DatabaseError.migration(name: name, reason: "\(error)")
        }
    }

    private func status(_ connection: PostgresConnection) throws(DatabaseError) -> [MigrationStatus] {
        let exists = try connection.run(
            "select to_regclass('app.schema_migrations') is not null as it", [], Migrator.patience)
        var applied: [Int: (name: String, checksum: String, at: String)] = [:]
        if try exists.rows.first?.bool("it") == true {
            let rows = try connection.run(
                "select version, name, checksum, applied_at from app.schema_migrations", [], Migrator.patience
            ).rows
            for row in rows {
                applied[try row.int("version")] = (
                    try row.text("name"), try row.text("checksum"), try row.text("applied_at")
                )
            }
        }
        var statuses = migrations.map { migration in
            let known = applied[migration.version]
            return MigrationStatus(
                version: migration.version, name: migration.name,
                state: known.map { $0.checksum == migration.checksum ? .applied : .changed } ?? .pending,
                appliedAt: known?.at)
        }
        let versions = Set(migrations.map(\.version))
        for (version, known) in applied where !versions.contains(version) {
            statuses.append(
                MigrationStatus(version: version, name: known.name, state: .unknown, appliedAt: known.at))
        }
        return statuses.sorted { $0.version < $1.version }
    }

    /// Runs one statement outside of any transaction, as `create database` demands.
    package static func runAlone(_ sql: String, url: String) async throws {
        try await session(url) { connection in _ = try connection.run(sql, [], patience, remember: .never) }
    }

    private static var patience: Patience { Patience(ms: timeoutMs) }

    private func session<T: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection) throws -> T
    ) async throws -> T {
        try await Migrator.session(ownerURL, body)
    }

    /// Runs `body` with one connection on a thread of its own.
    private static func session<T: Sendable>(
        _ url: String, _ body: @escaping @Sendable (PostgresConnection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            NamedThread.start("migrator") {
                continuation.resume(
                    with: Result {
                        let connection = try PostgresConnection(
                            url: url, applicationName: "parley-migrate", patience: Patience(ms: 10_000))
                        return try body(connection)
                    })
            }
        }
    }
}

extension Migrator {
    /// The record of what was applied; made before the first migration, hence not one of them.
    fileprivate static let ledger = """
        create schema if not exists app;
        create table if not exists app.schema_migrations (
            version integer primary key,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null default now()
        );
        """
}
