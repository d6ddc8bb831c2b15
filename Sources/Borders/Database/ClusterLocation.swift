import Encoding
import Foundation
import Glibc
import Telemetry

/// Where a private cluster keeps its files.
struct ClusterLocation: Sendable {
    let base: String
    /// PGDATA.
    let data: String
    /// The directory of the unix socket; short enough for one.
    let socket: String
    let log: String
    /// Held, by whoever runs the server, as long as it runs.
    let lock: String

    /// `sun_path` holds 108 bytes with its terminator, and `/.s.PGSQL.5432.lock` has to fit behind the directory.
    private static let socketPathMax = 107 - "/.s.PGSQL.5432.lock".utf8.count

    /// Below `dataDirectory`, or below `/var/lib/parley` when the server's user cannot pass through to it.
    init(dataDirectory: String, host: ClusterHost) throws(DatabaseError) {
        let root = URL(filePath: dataDirectory).standardizedFileURL.path(percentEncoded: false)
        let wanted = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        let hash = FNV1a.hex(wanted)
        let elsewhere = "/var/lib/parley/\(hash)"
        try ClusterLocation.makeDirectories(wanted)
        var base = wanted
        // A cluster that is there already is the one to use: starting empty elsewhere would look like lost data.
        if ClusterLocation.holdsCluster(wanted) || !ClusterLocation.holdsCluster(elsewhere) {
            if !host.canReach(wanted) {
                guard !ClusterLocation.holdsCluster(wanted) else {
                    throw .clusterFailed(
                        step: "directory \(wanted)",
                        reason: "it holds a cluster but the user `postgres` may not pass through: chmod o+x its parents"
                    )
                }
                base = elsewhere
            }
        } else {
            base = elsewhere
        }
        if base != wanted {
            try ClusterLocation.makeDirectories(base)
            Log.info("private database lives outside of the data directory", ["directory": base, "for": wanted])
        }
        self.base = base
        data = base + "/postgres"
        log = base + "/postgres.log"
        lock = base + "/postgres.lock"
        let near = base + "/postgres.run"
        socket =
            near.utf8.count <= ClusterLocation.socketPathMax
            ? near : "/tmp/parley-\(geteuid())-\(FNV1a.hex(base))"
    }

    private static func holdsCluster(_ base: String) -> Bool { unsafe access(base + "/postgres", F_OK) == 0 }

    /// New ones may be passed through by others, not listed.
    private static func makeDirectories(_ path: String) throws(DatabaseError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        } catch {
            throw .clusterFailed(step: "directory \(path)", reason: "it cannot be made: \(error.localizedDescription)")
        }
    }
}
