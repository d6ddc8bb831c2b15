import CallModel
import Database
import Encoding
package import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Tenants, which only the platform's own people see more of than their own: by functions of the database.
enum TenantQueries {
    private static let json = """
        jsonb_build_object('id', t.id, 'name', t.name, 'slug', t.slug, 'is_demo', t.is_demo, 'is_active', t.is_active,
            'currency', t.currency, 'time_zone', t.time_zone, 'created_at', t.created_at)::text as body
        """

    static func page(_ query: TenantRoutes.Page, in transaction: borrowing Transaction) throws -> String {
        let rows = try transaction.query(
            """
            select t.id, \(json), (extract(epoch from t.created_at) * 1000000)::bigint as micros
            from app.tenants_page(
                timestamptz 'epoch' + $1::bigint * interval '1 microsecond', $2, $3::integer, null) t
            order by t.created_at desc, t.id desc
            """, [.int(query.cursor?.micros), .uuid(query.cursor?.id), .int(query.limit + 1)])
        let shown = rows.prefix(query.limit)
        var next = "null"
        if rows.count > query.limit, let last = shown.last {
            next = JSONText.quoted(TimeCursor(micros: try last.int("micros"), id: try last.uuid("id")).text)
        }
        return "{\"data\":[\(try shown.map { try $0.text("body") }.joined(separator: ","))],\"next_cursor\":\(next)}"
    }

    static func one(_ id: UUID, in transaction: borrowing Transaction) throws -> String? {
        try transaction.query("select \(json) from app.tenants_page(null, null, 1, $1) t", [.uuid(id)]).first?
            .text("body")
    }

    /// In the scope of the tenant that is made.
    ///
    /// - Returns: the tenant as JSON.
    static func add(
        _ tenant: TenantID, name: String, slug: Slug, number: E164?, _ audit: Audit,
        in transaction: borrowing Transaction
    ) throws -> String {
        do {
            _ = try transaction.query(
                "select app.add_tenant($1, $2, $3, $4)",
                [.uuid(tenant.uuid), .text(name), .text(slug.text), .text(number?.text)])
        } catch {
            guard case .statementFailed("23505", _, let rule) = error else { throw error }
            throw Problem.conflict(
                rule == "slug_is_taken_once"
                    ? "The slug \(slug.text) is taken." : "The number is another tenant's already.")
        }
        guard let made = try one(tenant.uuid, in: transaction) else { throw Problem.broken }
        try audit.note("tenants", before: nil, after: made, in: transaction)
        return made
    }
}

/// What a tenant is called in addresses, and by whoever logs in: `acme-berlin`.
package struct Slug: Equatable, Sendable {
    package let text: String

    package init?(_ text: String) {
        let words = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isSlug = words.allSatisfy { word in
            !word.isEmpty && word.allSatisfy { $0.isASCIIDigit || (0x61...0x7A).contains($0) }
        }
        guard isSlug, text.utf8.count <= 63 else { return nil }
        self.text = text
    }
}

extension Slug: Codable, SchemaDescribed {
    package static var schema: Schema { .text(lengths: 1...63) }
    package static var sample: Slug { Slug("acme") ?? Slug(text: "") }

    private init(text: String) { self.text = text }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let slug = Slug(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "no slug: small letters and digits, with single hyphens between"))
        }
        self = slug
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
