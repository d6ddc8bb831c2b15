package import CallModel
package import Database
import Endpoints
package import FoundationEssentials
import WebSocketTransport

/// Tenants as the command line makes, lists and finds them.
package enum TenantAccounts {
    package struct Listed: Codable, Sendable {
        package var id: UUID
        package var name: String
        package var slug: String
        package var isActive: Bool
    }

    package static func add(name: String, slug: Slug, number: E164?, in database: Database) async throws -> TenantID {
        let tenant = TenantID(UUID())
        do {
            return try await database.transaction(tenant: tenant) { transaction in
                _ = try TenantQueries.add(
                    tenant, name: name, slug: slug, number: number, UserAccounts.command("parley tenant add"),
                    in: transaction)
                return tenant
            }
        } catch let problem as Problem {
            throw UserAccounts.Mistake(description: problem.detail)
        }
    }

    /// Newest first.
    package static func list(in database: Database) async throws -> [Listed] {
        try await database.unscoped { transaction in
            try transaction.query("select id, name, slug, is_active from app.tenants_page(null, null, 10000, null)")
                .map { try $0.decode(Listed.self) }
        }
    }

    /// - Parameter name: an id or a slug.
    package static func find(_ name: String, in database: Database) async throws -> TenantID {
        let found = try await list(in: database).first { $0.slug == name || TenantID($0.id) == TenantID(name) }
        guard let found else { throw UserAccounts.Mistake(description: "there is no tenant \(name)") }
        return TenantID(found.id)
    }
}
