package import Database
package import FoundationEssentials

/// An event for one endpoint alone, to see whether it takes any.
package enum WebhookTrial {
    /// The delivery, on its way as soon as the transaction commits.
    package static func send(to endpoint: UUID, in tx: borrowing Transaction) throws -> UUID? {
        let rows = try tx.query(
            """
            insert into webhook_events (tenant_id, type, data, endpoint_id)
            values ((select app.tenant_id()), $1, jsonb_build_object('endpoint_id', $2::uuid), $2) returning id
            """, [.text(WebhookEventType.test), .uuid(endpoint)])
        guard let event = try rows.first?.uuid("id") else { return nil }
        return try tx.query("select id from webhook_deliveries where event_id = $1", [.uuid(event)]).first?.uuid("id")
    }
}
