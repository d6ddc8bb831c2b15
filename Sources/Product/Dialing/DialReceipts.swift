package import CallModel
package import Compliance
package import Database
import FoundationEssentials

/// The chain of a tenant's receipts.
package enum DialReceipts {
    static func add(
        _ body: DialReceipt.Body, _ attempt: UUID?, _ enrolment: DialDesk.Enrolment?, in tx: borrowing Transaction
    ) throws -> UUID {
        // One after the other: each holds the hash of the one before.
        try tx.send("select pg_advisory_xact_lock(hashtextextended('dial receipts ' || app.tenant_id()::text, 0))")
        let last = try tx.query("select sequence, hash from dial_receipts order by sequence desc limit 1").first
        let previous = try last.map { (sequence: try $0.int("sequence"), hash: try $0.text("hash")) }
        let receipt = try DialReceipt(body, after: previous)
        let id = UUID()
        try tx.send(
            """
            insert into dial_receipts (
                tenant_id, id, sequence, attempt_id, number, is_allowed, code, body, previous_hash, hash, campaign_id,
                campaign_contact_id)
            values (
                (select app.tenant_id()), $1::uuid, $2::bigint, $3::uuid, $4, $5::boolean, $6, $7, $8, $9, $10::uuid,
                $11::uuid)
            """,
            [
                .uuid(id), .int(receipt.sequence), .uuid(attempt), .text(body.question.number),
                .bool(body.verdict.isAllowed),
                .text(body.verdict.refusals.first?.code.rawValue), .text(receipt.body), .text(receipt.previousHash),
                .text(receipt.hash), .uuid(enrolment?.campaign), .uuid(enrolment?.id),
            ])
        return id
    }

    /// Goes through a tenant's receipts, the oldest first, a page at a time.
    ///
    /// - Returns: how many there were.
    @discardableResult package static func each(
        of tenant: TenantID, after sequence: Int = 0, in database: Database, _ body: (DialReceipt) throws -> Void
    ) async throws -> Int {
        var (last, count) = (sequence, 0)
        while true {
            let after = last
            let page = try await database.transaction(tenant: tenant) { tx in
                try tx.query(
                    """
                    select sequence, previous_hash, body, hash from dial_receipts where sequence > $1::bigint
                    order by sequence limit 500
                    """, [.int(after)]
                ).map { row in
                    DialReceipt(
                        sequence: try row.int("sequence"), previousHash: try row.text("previous_hash"),
                        body: try row.text("body"), hash: try row.text("hash"))
                }
            }
            guard let end = page.last else { return count }
            for receipt in page { try body(receipt) }
            (last, count) = (end.sequence, count + page.count)
        }
    }

    /// What is wrong with the chain of a tenant's receipts first; nil where it is whole.
    package static func verify(_ tenant: TenantID, in database: Database) async throws -> (count: Int, fault: String?) {
        var (previous, fault): (DialReceipt?, String?) = (nil, nil)
        let count = try await each(of: tenant, in: database) { receipt in
            fault = fault ?? receipt.fault(after: previous)
            previous = receipt
        }
        return (count, fault)
    }
}
