import CRM
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Keys of programs. One is shown when it is made and never again; what is kept is its digest.
enum APIKeyRoutes {
    static func routes(_ dependencies: APIDependencies) -> [Endpoint] {
        let directory = dependencies.logins.directory
        var revoke = revoke
        revoke.afterwards = { directory.forget($0.tenant) }
        return list.endpoints + [make, revoke]
    }

    private static let path = "/api/v1/api-keys"

    private static let list = Resource(
        "api_keys", of: "APIKey", verbs: [.list], access: [.list: .admin],
        [
            .text(APIKeyColumn.name, [.required, .search], max: 200),
            .text(APIKeyColumn.prefix, .readOnly, max: 20),
            .choice(APIKeyColumn.role, APIRole.allCases.map(\.rawValue), [.required, .filter]),
            .text(APIKeyColumn.createdBy, .readOnly, max: 256),
            .time(APIKeyColumn.expiresAt), .time(APIKeyColumn.lastUsedAt, .readOnly),
            .time(APIKeyColumn.revokedAt, .readOnly),
        ])

    struct NewKey: EndpointInput {
        var name: String
        var role: APIRole
        var expiresAt: Date?
        static let rules: [String: FieldRule] = [
            "name": .lengths(1...200, "What it is for."), "role": .help("Your own at most."),
            "expires_at": .help("Absent: not by itself."),
        ]
    }

    struct MadeKey: Codable, Sendable {
        var id: UUID
        var name: String
        var prefix: String
        var role: APIRole
        var expiresAt: Date?
        /// For `X-API-Key`. It is not shown again.
        var key: String
    }

    /// No `Idempotency-Key` here: the answer would be kept, and the key with it.
    private static let make = Endpoint.act(
        .post, path, id: "createAPIKey", .role(.admin), "Makes a key for a program; it is shown this once.",
        NewKey.self,
        MadeKey.self, status: 201
    ) { context, new in
        let principal = try context.principal
        guard principal.role.includes(new.role) else { throw Problem.forbidden(new.role) }
        if let end = new.expiresAt, end <= context.now {
            throw Problem.unprocessable([Problem.Fault(.pointer("/expires_at"), "This time is over.")])
        }
        let key = KeyText.make()
        let id = try await context.write { transaction in
            let rows = try transaction.query(
                """
                insert into api_keys as k (tenant_id, name, prefix, key_digest, role, created_by, expires_at)
                values ((select app.tenant_id()), $1, $2, $3, $4, $5, $6::timestamptz) returning k.id, \(json)
                """,
                [
                    .text(new.name), .text(KeyText.prefix(of: key)), .text(Secrets.digest(key)),
                    .text(new.role.rawValue), .text(principal.subject), .timestamp(new.expiresAt),
                ])
            guard let row = rows.first else { throw Problem.broken }
            try Audit(context).note("api_keys", before: nil, after: try row.text("body"), in: transaction)
            return try row.uuid("id")
        }
        let made = MadeKey(
            id: id, name: new.name, prefix: KeyText.prefix(of: key), role: new.role, expiresAt: new.expiresAt, key: key)
        return try .value(made, status: 201).with([
            (name: "location", value: "\(path)/\(id.uuidString.lowercased())"),
            (name: "cache-control", value: "no-store"),
        ])
    }

    struct OneKey: EndpointInput {
        var id: UUID
        static let rules: [String: FieldRule] = ["id": .help("The key's id.")]
    }

    private static let revoke = Endpoint.write(
        .delete, "\(path)/{id}", id: "revokeAPIKey", .role(.admin), "Revokes a key; it opens nothing from then on.",
        OneKey.self, Nothing.self, status: 204
    ) { transaction, context, one in
        let rows = try transaction.query(
            "select \(json) from api_keys k where k.id = $1 for update", [.uuid(one.id)])
        guard let before = try rows.first?.text("body") else { throw Problem.notFound }
        let after = try transaction.query(
            "update api_keys k set revoked_at = now() where k.id = $1 and k.revoked_at is null returning \(json)",
            [.uuid(one.id)]
        ).first?.text("body")
        if let after { try Audit(context).note("api_keys", before: before, after: after, in: transaction) }
        return .done
    }

    /// As the audit has it: nothing that opens anything.
    private static let json = """
        jsonb_build_object('id', k.id, 'name', k.name, 'prefix', k.prefix, 'role', k.role, 'created_by', k.created_by,
            'expires_at', k.expires_at, 'revoked_at', k.revoked_at)::text as body
        """
}
