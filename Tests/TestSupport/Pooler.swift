#if canImport(Glibc)
    import Glibc
#endif

/// The real PgBouncer before a test's database, in transaction mode: two server sessions for all who come, lent for one
/// transaction at a time.
package final class Pooler: Sendable {
    package let appURL: String
    package let ownerURL: String
    private let program: OutsideProgram

    package static func start(before database: TemporaryDatabase) async throws -> Pooler {
        let port = try HeldPort.take()
        // It logs in to the server as the user it runs as.
        if geteuid() == 0 {
            try await database.admit("parley_app", as: "postgres")
            try await database.admit("parley_super", as: "postgres")
        }
        let settings = """
            [databases]
            * = host=\(database.socketFolder) port=5432
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = trust
            auth_file = {folder}/users
            pool_mode = transaction
            default_pool_size = 2
            max_client_conn = 200

            """
        let program = try await OutsideProgram.start(
            "pgbouncer", ["{folder}/pgbouncer.ini"],
            files: ["pgbouncer.ini": settings, "users": "\"parley_app\" \"\"\n\"parley_super\" \"\"\n"],
            listeningOn: port)
        return Pooler(database, port, program)
    }

    private init(_ database: TemporaryDatabase, _ port: Int, _ program: OutsideProgram) {
        appURL = "postgresql://parley_app@127.0.0.1:\(port)/\(database.name)"
        ownerURL = "postgresql://parley_super@127.0.0.1:\(port)/\(database.name)"
        self.program = program
    }
}
