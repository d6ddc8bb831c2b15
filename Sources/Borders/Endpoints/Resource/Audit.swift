package import Database
import WebSocketTransport

/// Who wrote what: a row in `admin_audit` in the transaction of the write itself.
package struct Audit {
    private let context: RequestContext

    package init(_ context: RequestContext) { self.context = context }

    /// - Parameters:
    ///   - before: the row as JSON; nil for a new one.
    ///   - after: nil for one that is gone.
    package func note(
        _ table: String, before: String?, after: String?, in transaction: borrowing Transaction
    ) throws {
        try transaction.send(
            """
            insert into admin_audit (tenant_id, subject, role, action, table_name, row_id, before, after, request_id)
            values ((select app.tenant_id()), $1, $2, $3, $4, (coalesce($6::jsonb, $5::jsonb) ->> 'id')::uuid,
                $5::jsonb, $6::jsonb, $7)
            """,
            [
                .text(try context.principal.subject), .text(try context.principal.role.rawValue), .text(context.route),
                .text(table), .json(before), .json(after), .text(context.requestID),
            ])
    }
}
