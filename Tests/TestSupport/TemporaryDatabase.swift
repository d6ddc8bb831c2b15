package import CallModel
package import Database
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A database of one test's own, fresh from the migrations, in a private cluster that the test run starts when the first
/// test asks and that ends with the run.
package final class TemporaryDatabase: Sendable {
    /// As the application role, the way the product uses it.
    package let database: Database
    /// A superuser, past the fence: for arranging and for looking.
    package let owner: Database
    package let ownerURL: String
    package let appURL: String
    package let name: String
    /// Where the server's unix socket is.
    package let socketFolder: String

    /// - Parameter connectionsMax: of ``database``.
    package static func make(connectionsMax: Int = 4) async throws -> TemporaryDatabase {
        let cluster = try await SharedCluster.shared.value
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        // Making one from a template needs the template to itself for a moment.
        try await SharedCluster.administrate(cluster, "create database \(name) template \(SharedCluster.template)")
        return TemporaryDatabase(cluster: cluster, name: name, connectionsMax: connectionsMax)
    }

    private init(cluster: PrivateCluster, name: String, connectionsMax: Int) {
        self.name = name
        socketFolder =
            URLComponents(string: cluster.appURL)?.queryItems?.first { $0.name == "host" }?.value ?? ""
        ownerURL = SharedCluster.url(cluster.ownerURL, database: name)
        appURL = SharedCluster.url(cluster.appURL, database: name)
        database = Database(url: appURL, connectionsMax: connectionsMax, applicationName: "test")
        owner = Database(url: ownerURL, connectionsMax: 2, applicationName: "test-owner")
    }

    deinit {
        let (database, owner, name) = (database, owner, name)
        Task.detached {
            await database.close()
            await owner.close()
            let cluster = try await SharedCluster.shared.value
            try await SharedCluster.administrate(cluster, "drop database if exists \(name) with (force)")
        }
    }

    /// Another tenant with the same beginnings as the default one: users, stages, profile, and the number +15550100200.
    package func secondTenant() async throws -> TenantID {
        let id = UUID()
        return try await owner.unscoped(timeoutMs: 60_000) { transaction in
            _ = try transaction.query(
                "select app.create_tenant('Second Tenant', $1, $2::uuid, '+15550100200')",
                [.text("second-\(id.uuidString.lowercased().prefix(8))"), .uuid(id)])
            return TenantID(id)
        }
    }

    /// See ``PrivateCluster/admit(_:as:)``.
    package func admit(_ role: String, as user: String) async throws {
        try await SharedCluster.shared.value.admit(role, as: user)
    }

    /// Rows of a query past the fence.
    package func rows(_ sql: String, _ values: [SQLValue] = []) async throws -> [Row] {
        try await owner.unscoped(timeoutMs: 60_000) { transaction in try transaction.query(sql, values) }
    }
}

/// The cluster all tests of one run share, with a migrated template to copy databases from.
private enum SharedCluster {
    static let template = "template_migrated"

    static let shared = Task<PrivateCluster, any Error> {
        let folder = FileManager.default.temporaryDirectory
        sweep(folder)
        let directory = folder.appending(path: "parley-test-\(getpid())").path(percentEncoded: false)
        let cluster = try await PrivateCluster.start(dataDirectory: directory, durable: false)
        running.withLock { $0 = (cluster, directory) }
        atexit {
            guard let (cluster, directory) = SharedCluster.running.withLock({ $0 }) else { return }
            cluster.stopNow()
            try? FileManager.default.removeItem(atPath: directory)
        }
        try await administrate(cluster, "create database \(template)")
        try await Migrator(ownerURL: url(cluster.ownerURL, database: template)).up()
        return cluster
    }

    private static let running = Mutex<(cluster: PrivateCluster, directory: String)?>(nil)

    static func url(_ url: String, database: String) -> String {
        url.replacing("@/parley?", with: "@/\(database)?")
    }

    /// One statement on the maintenance database, one at a time.
    static func administrate(_ cluster: PrivateCluster, _ sql: String) async throws {
        try await Administration.shared.run(cluster, sql)
    }

    /// Removes what a run that was killed has left: its server went with it.
    private static func sweep(_ folder: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names where name.hasPrefix("parley-test-") {
            guard let pid = pid_t(name.dropFirst("parley-test-".count)), kill(pid, 0) != 0, errno == ESRCH else {
                continue
            }
            try? FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }
}

/// `create database` and `drop database` refuse a transaction block and each other's company.
private actor Administration {
    static let shared = Administration()
    private var last: Task<Void, any Error>?

    func run(_ cluster: PrivateCluster, _ sql: String) async throws {
        let before = last
        let task = Task {
            _ = try? await before?.value
            try await Migrator.runAlone(sql, url: cluster.ownerURL)
        }
        last = task
        try await task.value
    }
}
