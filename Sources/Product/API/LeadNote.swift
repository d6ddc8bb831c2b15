import Database
import Encoding
import Endpoints
import FoundationEssentials

/// What somebody has done for a lead, for its timeline.
enum LeadNote {
    /// - Parameters:
    ///   - kind: one of the types of `lead_activities`.
    ///   - details: an object of JSON.
    static func write(
        of lead: JSONValue?, _ kind: String, _ subject: String, _ description: String? = nil,
        details: JSONValue = .object([:]), in transaction: borrowing Transaction, _ context: RequestContext
    ) throws {
        guard let lead = lead?.text else { return }
        // Of several in one transaction the order stays.
        try transaction.send(
            """
            insert into lead_activities
                (tenant_id, lead_id, activity_type, subject, description, created_by, metadata, created_at)
            values ((select app.tenant_id()), $1::uuid, $2, $3, $4, $5, $6::jsonb, clock_timestamp())
            """,
            [
                .text(lead), .text(kind), .text(subject), .text(description),
                .uuid(try context.userID(in: transaction)), .json(details.json),
            ])
    }
}
