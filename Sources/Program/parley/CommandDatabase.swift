import API
import CallModel
import Database
import Gateway

/// The database of a command that works on it beside the gateway, or without one.
enum CommandDatabase {
    /// Lends it to `work`: the one that is set, or the private one, which a running gateway shares.
    static func use<T>(_ config: GatewayConfig, _ work: (Database) async throws -> T) async throws -> T {
        if let url = config.databaseURL { return try await lend(url, work) }
        let cluster = try await PrivateCluster.start(dataDirectory: config.dataDirectory)
        do {
            if cluster.isOurs { try await Migrator(ownerURL: cluster.ownerURL).up() }
            let result = try await lend(cluster.appURL, work)
            await cluster.stop()
            return result
        } catch {
            await cluster.stop()
            throw error
        }
    }

    /// Whom a command works for.
    ///
    /// - Parameter name: an id or a slug; nil: the one tenant there is.
    static func tenant(_ name: String?, in database: Database) async throws -> TenantID {
        if let name { return try await TenantAccounts.find(name, in: database) }
        let all = try await TenantAccounts.list(in: database)
        guard let one = all.first, all.count == 1 else {
            throw Arguments.Mistake(text: "there are \(all.count) tenants: name one with --tenant")
        }
        return TenantID(one.id)
    }

    private static func lend<T>(_ url: String, _ work: (Database) async throws -> T) async throws -> T {
        let database = Database(url: url, connectionsMax: 2, applicationName: "parley-command")
        do {
            let result = try await work(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }
}
