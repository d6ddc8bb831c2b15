import Database

/// A clock that is moved by hand, for a whole database: PostgreSQL's `now()` and `clock_timestamp()` are replaced before the first
/// migration, and say what stands in a table. The product's own statements are none the wiser.
enum DatabaseClock {
    static func install(_ ownerURL: String, at seconds: Double) async throws {
        var statements = [
            "create schema simulated", "create table simulated.clock (at timestamptz not null)",
            "insert into simulated.clock values (to_timestamp(\(seconds)))",
            "grant usage on schema simulated to public",
            "grant select on simulated.clock to public",
        ]
        for (name, kind) in [("now", "stable"), ("clock_timestamp", "volatile")] {
            statements += [
                "alter function pg_catalog.\(name)() rename to real_\(name)",
                """
                create function pg_catalog.\(name)() returns timestamptz language sql \(kind) parallel safe
                as 'select at from simulated.clock'
                """,
            ]
        }
        for statement in statements { try await Migrator.runAlone(statement, url: ownerURL) }
    }

    static func set(_ seconds: Double, in owner: Database) async throws {
        try await owner.unscoped { try $0.send("update simulated.clock set at = to_timestamp($1)", [.double(seconds)]) }
    }
}
