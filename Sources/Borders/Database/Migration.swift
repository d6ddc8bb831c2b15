import Foundation

/// One step of the schema: `0007_what_it_does.up.sql`, and `.down.sql` which takes it back.
package struct Migration: Equatable, Sendable {
    package let version: Int
    /// `0007_what_it_does`.
    package let name: String
    package let up: String
    package let down: String

    package init(version: Int, name: String, up: String, down: String) {
        self.version = version
        self.name = name
        self.up = up
        self.down = down
    }

    var checksum: String { FNV1a.hex(up) }

    /// Those shipped with this module, in order.
    package static func bundled() throws(DatabaseError) -> [Migration] {
        guard let folder = Bundle.module.url(forResource: "Migrations", withExtension: nil) else {
            throw .migration(name: "all", reason: "the resource folder Migrations is missing next to the executable")
        }
        return try load(from: folder)
    }

    static func load(from folder: URL) throws(DatabaseError) -> [Migration] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        var migrations: [Migration] = []
        for file in files.sorted() where file.hasSuffix(".up.sql") {
            let name = String(file.dropLast(".up.sql".count))
            guard let version = Int(name.prefix(4)), name.dropFirst(4).first == "_" else {
                throw .migration(name: name, reason: "its file name does not begin with four digits and an underscore")
            }
            guard let up = try? String(contentsOf: folder.appending(path: file), encoding: .utf8),
                let down = try? String(contentsOf: folder.appending(path: name + ".down.sql"), encoding: .utf8)
            else { throw .migration(name: name, reason: "its .up.sql or .down.sql cannot be read") }
            migrations.append(Migration(version: version, name: name, up: up, down: down))
        }
        for (earlier, later) in zip(migrations, migrations.dropFirst()) where earlier.version == later.version {
            throw .migration(name: later.name, reason: "its number is taken by \(earlier.name)")
        }
        guard !migrations.isEmpty else { throw .migration(name: "all", reason: "no migrations in \(folder.path)") }
        return migrations
    }
}

/// Where one migration stands in one database.
package struct MigrationStatus: Equatable, Sendable {
    package enum State: String, Sendable {
        case applied, pending
        /// Its file was edited after it had been applied.
        case changed
        /// Applied, but not among the files: a newer version of the program was here.
        case unknown
    }

    package let version: Int
    package let name: String
    package let state: State
    package let appliedAt: String?
}
