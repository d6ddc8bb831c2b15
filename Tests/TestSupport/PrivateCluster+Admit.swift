package import Database
import Foundation

extension PrivateCluster {
    /// Lets a user of this machine log in as a role of the cluster, as an administrator would in `pg_ident.conf`; until the
    /// server's next start.
    ///
    /// - Parameter user: nil is ours.
    package func admit(_ role: String, as user: String? = nil) async throws {
        let line = "parley \"\(user ?? NSUserName())\" \(role)\n"
        guard let map = FileHandle(forUpdatingAtPath: directory + "/postgres/pg_ident.conf") else {
            throw DatabaseError.clusterFailed(step: "admit \(role)", reason: "no pg_ident.conf in \(directory)")
        }
        try map.seekToEnd()
        try map.write(contentsOf: Data(line.utf8))
        try map.close()
        let owner = Database(url: ownerURL, connectionsMax: 1)
        // The signal is there before the answer, and the server takes it before the next connection.
        _ = try await owner.unscoped { try $0.query("select pg_reload_conf()") }
        await owner.close()
    }
}
