import Database
import Encoding
import FoundationEssentials
import PublicHTTP

/// One message for one endpoint, as the database has it when it is to be sent.
struct WebhookParcel: Sendable {
    let delivery: UUID
    let endpoint: UUID
    let url: String
    let isActive: Bool
    /// The newest first.
    let secrets: [WebhookSecret]
    let message: String
    let body: [UInt8]
    let attempts: Int

    /// Nil when there is nothing to send any more.
    static func read(_ delivery: UUID, in tx: borrowing Transaction) throws -> WebhookParcel? {
        let rows = try tx.query(
            """
            select d.endpoint_id, d.event_id, d.attempts, e.url, e.is_active, e.secret,
                case when e.previous_secret_until > now() then e.previous_secret end as previous_secret,
                jsonb_build_object('type', v.type, 'timestamp', v.created_at, 'data', v.data)::text as body
            from webhook_deliveries d
            join webhook_endpoints e on e.tenant_id = d.tenant_id and e.id = d.endpoint_id
            join webhook_events v on v.tenant_id = d.tenant_id and v.id = d.event_id
            where d.tenant_id = (select app.tenant_id()) and d.id = $1 and d.status = 'waiting'
            """, [.uuid(delivery)])
        guard let row = rows.first else { return nil }
        let secrets = [try row.text("secret"), try row.textOrNil("previous_secret")].compactMap { $0 }
        return WebhookParcel(
            delivery: delivery, endpoint: try row.uuid("endpoint_id"), url: try row.text("url"),
            isActive: try row.bool("is_active"), secrets: secrets.compactMap { WebhookSecret($0) },
            message: try row.uuid("event_id").uuidString.lowercased(), body: Array(try row.text("body").utf8),
            attempts: try row.int("attempts"))
    }

    /// Standard Webhooks: who checks with the old secret or the new one finds a signature of it.
    func headers(at seconds: Int) -> [(name: String, value: String)] {
        let signatures = secrets.map { $0.signature(id: message, at: seconds, body) }
        return [
            ("content-type", "application/json"), ("user-agent", "Parley-Webhooks/1"), ("webhook-id", message),
            ("webhook-timestamp", "\(seconds)"), ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }

    // MARK: What became of it

    func delivered(_ status: Int, in tx: borrowing Transaction) throws {
        try tx.send(
            """
            update webhook_deliveries set status = 'delivered', attempts = attempts + 1, response_status = $2,
                last_error = null, next_attempt_at = null, delivered_at = now()
            where tenant_id = (select app.tenant_id()) and id = $1
            """, [.uuid(delivery), .int(status)])
        try tx.send(
            "update webhook_endpoints set last_success_at = now() where tenant_id = (select app.tenant_id()) and id = $1",
            [.uuid(endpoint)])
    }

    func retried(after pause: Duration, _ status: Int?, _ reason: String, in tx: borrowing Transaction) throws {
        try tx.send(
            """
            update webhook_deliveries set attempts = attempts + 1, response_status = $2, last_error = $3,
                next_attempt_at = now() + make_interval(secs => $4)
            where tenant_id = (select app.tenant_id()) and id = $1
            """, [.uuid(delivery), .int(status), .text(reason), .double(pause / .seconds(1))])
    }

    func failed(_ status: Int?, _ reason: String, wasAsked: Bool, in tx: borrowing Transaction) throws {
        try tx.send(
            """
            update webhook_deliveries set status = 'failed', attempts = attempts + $4, response_status = $2,
                last_error = $3, next_attempt_at = null
            where tenant_id = (select app.tenant_id()) and id = $1
            """, [.uuid(delivery), .int(status), .text(reason), .int(wasAsked ? 1 : 0)])
    }

    /// Nothing is sent there any more, until a person says so. False when that was so, or when it has taken something since
    /// this delivery was made.
    ///
    /// - Parameter isGone: said so itself, whatever it took before.
    func disable(_ reason: String, isGone: Bool, in tx: borrowing Transaction) throws -> Bool {
        try tx.execute(
            """
            update webhook_endpoints e set is_active = false, disabled_reason = $2
            where e.tenant_id = (select app.tenant_id()) and e.id = $1 and e.is_active and ($3 or not exists (
                select from webhook_deliveries d
                where d.tenant_id = (select app.tenant_id()) and d.id = $4 and d.created_at < e.last_success_at))
            """, [.uuid(endpoint), .text(reason), .bool(isGone), .uuid(delivery)]) > 0
    }
}
