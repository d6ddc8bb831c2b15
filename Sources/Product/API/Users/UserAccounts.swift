import CRM
package import CallModel
package import Database
package import Endpoints
package import FoundationEssentials
import Passwords
import WebSocketTransport

/// Users as the command line makes and lists them: the first one of a tenant has nobody to be invited by.
package enum UserAccounts {
    package struct Mistake: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    package struct Listed: Codable, Sendable {
        package var id: UUID
        package var email: String
        package var fullName: String
        package var role: String
        package var isActive: Bool
        package var hasPassword: Bool
    }

    /// Nil for a password that may be one.
    package static func fault(in password: String, email: String) -> String? {
        PasswordRules.fault(in: password, email: email)
    }

    /// - Parameter password: nil: by an invitation, or where tokens come from elsewhere.
    package static func add(
        email: String, name: String, role: APIRole, password: String?, to tenant: TenantID, in database: Database
    ) async throws -> UUID {
        guard Schema.Format.email.holds(email) else { throw Mistake(description: "\(email) is no e-mail address") }
        if let fault = password.flatMap({ fault(in: $0, email: email) }) { throw Mistake(description: fault) }
        var hash: String?
        if let password { hash = try await PasswordDesk.shared.hash(password) }
        let made = hash
        do {
            return try await database.transaction(tenant: tenant) { transaction in
                try insert(
                    email: email, name: name, role: role, hash: made, command("parley user add"), in: transaction)
            }
        } catch let error as DatabaseError where error.sqlState == "23505" {
            throw Mistake(description: "there is a user with this address already")
        }
    }

    /// - Throws: ``DatabaseError`` for an address that another user of the tenant has.
    static func insert(
        email: String, name: String, role: APIRole, hash: String?, _ audit: Audit, in transaction: borrowing Transaction
    ) throws -> UUID {
        let rows = try transaction.query(
            """
            insert into users as u (tenant_id, email, full_name, role) values ((select app.tenant_id()), $1, $2, $3)
            returning u.id, jsonb_build_object('id', u.id, 'email', u.email, 'full_name', u.full_name, 'role', u.role,
                'is_active', u.is_active)::text as body
            """, [.text(email), .text(name), .text(role.rawValue)])
        guard let row = rows.first else { throw Problem.broken }
        let id = try row.uuid("id")
        try audit.note("users", before: nil, after: try row.text("body"), in: transaction)
        if let hash {
            try PasswordQueries.set(hash, of: id, in: transaction)
            try audit.note("user_passwords", before: nil, after: PasswordQueries.json(id), in: transaction)
        }
        return id
    }

    /// Those of one tenant, oldest first; without the AI agent.
    package static func list(of tenant: TenantID, in database: Database) async throws -> [Listed] {
        try await database.transaction(tenant: tenant) { transaction in
            try transaction.query(
                """
                select u.id, u.email, u.full_name, u.role, u.is_active, p.hash is not null as has_password
                from users u left join user_passwords p on p.user_id = u.id
                where not u.is_ai_agent order by u.created_at, u.id limit 10000
                """
            ).map { try $0.decode(Listed.self) }
        }
    }

    /// What is done on the command line is done by whoever may reach the database.
    package static func command(_ name: String) -> Audit {
        Audit(subject: name, role: .superAdmin, action: name, requestID: UUID().uuidString.lowercased())
    }
}
