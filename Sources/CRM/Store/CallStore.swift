package import CallModel
package import Database
package import FoundationEssentials

/// The `calls` table while a call goes on.
package struct CallStore: Sendable {
    package enum Failure: Error, Equatable, CustomStringConvertible {
        /// The carrier's id already belongs to another call of the tenant.
        case carrierCallTaken(CallSid, by: String)
        package var description: String {
            switch self {
            case .carrierCallTaken(let sid, let call):
                "CRM: carrier call \(sid) is already recorded as call \(call); this one is not written. "
                    + "Two openings were made for one ring."
            }
        }
    }

    private let database: Database

    package init(database: Database) { self.database = database }

    /// Writes the call in progress, with the caller's contact and lead found or made, and the activity of the lead.
    /// Doing it again changes nothing; nor does it when the call is already finalized.
    package func begin(
        opening: CallOpening, answeredAt: Date?, sessionID: String, timeoutMs: Int = 2_000
    ) async throws {
        try await database.transaction(tenant: opening.tenant, timeoutMs: timeoutMs) { tx in
            _ = try CallStore.begin(opening, answeredAt: answeredAt, sessionID: sessionID, in: tx)
        }
    }

    /// Returns what the call is linked to, and takes the call's row lock.
    static func begin(
        _ opening: CallOpening, answeredAt: Date?, sessionID: String?, in tx: borrowing Transaction
    ) throws -> CallParties {
        let session = SQLValue.text(sessionID.map { StoredText.bounded($0, charactersMax: 200) })
        if let parties = try lock(opening.callID, in: tx) {
            if sessionID != nil { try resume(opening.callID, answeredAt: answeredAt, sessionID: session, in: tx) }
            return parties
        }
        let parties = try CallParties.find(opening, in: tx)
        let inserted = try tx.query(
            """
            insert into calls (
                id, tenant_id, lead_id, contact_id, user_id, profile_id, session_id, carrier_call_sid, call_type,
                direction, from_number, to_number, status, call_start_time, answered_at)
            values ($1, app.tenant_id(), $2, $3, $4, (select id from profiles where id = $5), $6, $7, 'ai_voice', $8, $9,
                $10, 'in_progress', $11, $12)
            on conflict do nothing returning id
            """,
            [
                .uuid(opening.callID.uuid), .uuid(parties.leadID),
                .uuid(parties.contactID), .uuid(parties.userID),
                .uuid(opening.profileID), session,
                .text(opening.callSid.text), .text(opening.direction.rawValue),
                .text(opening.from?.text), .text(opening.to.text), .timestamp(opening.rangAt),
                .timestamp(answeredAt),
            ])
        guard !inserted.isEmpty else {
            // Somebody else wrote it meanwhile, or another call has the carrier's id.
            if let parties = try lock(opening.callID, in: tx) { return parties }
            let other = try tx.query(
                "select id from calls where carrier_call_sid = $1", [.text(opening.callSid.text)]
            ).first?.uuid("id")
            throw Failure.carrierCallTaken(opening.callSid, by: other?.uuidString.lowercased() ?? "unknown")
        }
        if let leadID = parties.leadID {
            let direction = opening.direction == .inbound ? "Inbound" : "Outbound"
            try tx.send(
                CallStatement.activity.bulk,
                rows: [
                    [
                        .uuid(leadID), .uuid(opening.callID.uuid), "Call started",
                        .text("\(direction) call with the AI agent."), .uuid(parties.userID),
                        .json(#"{"event":"call_started"}"#), .timestamp(opening.rangAt),
                    ]
                ])
        }
        return parties
    }

    /// The call goes on, perhaps in another session; when it was answered first stays.
    private static func resume(
        _ callID: CallID, answeredAt: Date?, sessionID: SQLValue, in tx: borrowing Transaction
    ) throws {
        try tx.send(
            """
            update calls set answered_at = coalesce(answered_at, $2), session_id = $3
            where id = $1 and finalized_at is null
            """, [.uuid(callID.uuid), .timestamp(answeredAt), sessionID])
    }

    /// Takes the row lock of a call; nil when there is no such call.
    private static func lock(_ callID: CallID, in tx: borrowing Transaction) throws -> CallParties? {
        try lock([callID], in: tx)[callID]
    }

    private static let lockStatement = BulkStatement(
        columns: [.uuid],
        """
        select id, user_id, contact_id, lead_id, finalized_at is not null as is_final from calls
        where id = any($1::uuid[]) order by id for no key update
        """)

    /// Takes the row locks of calls, in the order of their ids: those that exist, and what they are linked to.
    static func lock(_ calls: [CallID], in tx: borrowing Transaction) throws -> [CallID: CallParties] {
        let rows = try tx.queries([(lockStatement, calls.map { [.uuid($0.uuid)] })])[0]
        var found: [CallID: CallParties] = [:]
        for row in rows {
            found[CallID(try row.uuid("id"))] = CallParties(
                userID: try row.uuidOrNil("user_id"), contactID: try row.uuidOrNil("contact_id"),
                leadID: try row.uuidOrNil("lead_id"), isFinal: try row.bool("is_final"))
        }
        return found
    }
}
