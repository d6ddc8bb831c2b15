import Foundation
import Glibc
import Runtime

/// A PostgreSQL server of our own, below the data directory, reachable through a unix socket only.
///
/// Who may connect is decided by the peer's operating-system user: ours, as `parley_super` (migrations) or `parley_app`
/// (everything else). There are no passwords. A server that ends by itself is started again; it is told to shut down when
/// this process dies, by whatever signal.
package final class PrivateCluster: Sendable {
    /// For ``Migrator``; a superuser.
    package let ownerURL: String
    /// For ``Database``; works once the migrations have made the role.
    package let appURL: String
    /// False while another process of ours runs the server and this one only visits.
    package var isOurs: Bool { keeper.isOurs }

    /// Where its files are: the data directory, or below `/var/lib/parley`.
    package let directory: String

    private let keeper: ClusterKeeper

    /// Whether PostgreSQL's server programs are on this machine.
    package static var isInstalled: Bool { (try? ClusterHost()) != nil }

    /// Makes the cluster when there is none, and starts its server; a server that a killed process left behind is ended
    /// first. When another living process runs it, this one visits: ``stop()`` then leaves it alone, and should that
    /// process go first, this one runs the server from then on.
    ///
    /// - Parameters:
    ///   - dataDirectory: made when missing. Relative paths are relative to the working directory.
    ///   - durable: false only where losing everything is fine (tests): no fsync.
    package static func start(dataDirectory: String, durable: Bool = true) async throws -> PrivateCluster {
        try await withCheckedThrowingContinuation { continuation in
            NamedThread.start("cluster") {
                continuation.resume(with: Result { try PrivateCluster(dataDirectory: dataDirectory, durable: durable) })
            }
        }
    }

    /// ``appURL`` of the cluster of a data directory while a process runs it; nil otherwise. Makes and starts nothing.
    package static func runningURL(dataDirectory: String) -> String? {
        guard FileManager.default.fileExists(atPath: dataDirectory),
            let server = try? server(of: dataDirectory, durable: true)
        else { return nil }
        let lock = unsafe open(server.location.lock, O_RDONLY | O_CLOEXEC)
        guard lock >= 0 else { return nil }
        defer { close(lock) }
        return flock(lock, LOCK_SH | LOCK_NB) == 0 ? nil : server.url("parley_app")
    }

    /// A cluster in a folder of its own, both of which go away with `body`.
    ///
    /// - Parameters:
    ///   - name: of whom it is for, part of the folder's.
    ///   - body: gets the folder too, which it may use.
    package static func temporary<T: Sendable>(
        for name: String, durable: Bool = true, _ body: @Sendable (PrivateCluster, _ folder: String) async throws -> T
    ) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-\(name)-\(UUID().uuidString)")
            .path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cluster = try await start(dataDirectory: folder, durable: durable)
        let result: Result<T, any Error>
        do { result = .success(try await body(cluster, folder)) } catch { result = .failure(error) }
        await cluster.stop()
        try? discard(dataDirectory: folder)
        return try result.get()
    }

    /// Deletes the cluster of a data directory, wherever it lives. Refuses while a server runs it.
    package static func discard(dataDirectory: String) throws {
        let server = try server(of: dataDirectory, durable: true)
        let location = server.location
        guard unsafe access(location.data, F_OK) == 0 else { return }
        let lock = unsafe open(location.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(lock) }
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw DatabaseError.clusterFailed(
                step: "discard \(location.data)", reason: "another process runs this database; end it first")
        }
        try server.endLeftover()
        try FileManager.default.removeItem(atPath: location.data)
    }

    private static func server(of dataDirectory: String, durable: Bool) throws -> ClusterServer {
        let host = try ClusterHost()
        return ClusterServer(
            host: host, location: try ClusterLocation(dataDirectory: dataDirectory, host: host), durable: durable)
    }

    private init(dataDirectory: String, durable: Bool) throws {
        let server = try PrivateCluster.server(of: dataDirectory, durable: durable)
        ownerURL = server.url(ClusterServer.superuser)
        appURL = server.url("parley_app")
        directory = server.location.base
        keeper = try ClusterKeeper(server)
    }

    deinit { keeper.stop() }

    /// Fast shutdown: open transactions are rolled back, everything committed is on disk. Harmless when repeated.
    package func stop() async {
        await withCheckedContinuation { done in
            NamedThread.start("cluster") {
                self.stopNow()
                done.resume()
            }
        }
    }

    /// The same, blocking: for `atexit`.
    package func stopNow() { keeper.stop() }

    /// Ends the server at once, as a power cut would: for tests of what happens then.
    package func crash() { keeper.signal(SIGQUIT) }

    /// Lets go of the data directory while the server runs on, as the death of this process would: for tests.
    package func releaseLock() { keeper.releaseDirectory() }
}
