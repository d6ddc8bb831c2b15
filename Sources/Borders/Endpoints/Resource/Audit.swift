package import Database
package import WebSocketTransport

/// Who wrote what: a row in `admin_audit` in the transaction of the write itself.
package struct Audit: Sendable {
    private let subject: String
    private let role: String
    private let action: String
    private let requestID: String

    /// By whom a request speaks for.
    package init(_ context: RequestContext) throws(Problem) {
        self.init(context, by: try context.principal)
    }

    /// By somebody who is known only once the request has been looked at: who logs in.
    package init(_ context: RequestContext, by principal: APIPrincipal) {
        self.init(
            subject: principal.subject, role: principal.role, action: context.route, requestID: context.requestID)
    }

    /// By what is no request.
    package init(subject: String, role: APIRole, action: String, requestID: String) {
        self.subject = subject
        self.role = role.rawValue
        self.action = action
        self.requestID = requestID
    }

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
                .text(subject), .text(role), .text(action), .text(table), .json(before), .json(after),
                .text(requestID),
            ])
    }
}
