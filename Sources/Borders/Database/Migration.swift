import Encoding

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

    /// Those of this version of the program, in order.
    package static func all() throws(DatabaseError) -> [Migration] { try read(EmbeddedFiles.texts) }

    /// - Parameter files: texts by file name.
    static func read(_ files: [String: String]) throws(DatabaseError) -> [Migration] {
        var migrations: [Migration] = []
        for (file, up) in files.sorted(by: { $0.key < $1.key }) where file.hasSuffix(".up.sql") {
            let path = file.dropLast(".up.sql".count)
            let name = String(path.split(separator: "/").last ?? path)
            guard let version = Int(name.prefix(4)), name.dropFirst(4).first == "_" else {
                throw .migration(name: name, reason: "its file name does not begin with four digits and an underscore")
            }
            guard let down = files["\(path).down.sql"] else {
                throw .migration(name: name, reason: "its .down.sql is missing")
            }
            migrations.append(Migration(version: version, name: name, up: up, down: down))
        }
        for (earlier, later) in zip(migrations, migrations.dropFirst()) where earlier.version == later.version {
            throw .migration(name: later.name, reason: "its number is taken by \(earlier.name)")
        }
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
