package import CallModel
package import Database
package import FoundationEssentials

/// The `calls` table while a call goes on.
package struct CallStore: Sendable {
    package enum Failure: Error, Equatable, CustomStringConvertible {
        /// The carrier's id already belongs to another call of the tenant.
        case carrierCallTaken(CallSid, by: CallID)
        /// The record that a part of a call was to be joined to has changed since it was read.
        case changed(CallID)
        package var description: String {
            switch self {
            case .changed(let call):
                "CRM: the record of call \(call) has changed meanwhile; its other part is joined again."
            case .carrierCallTaken(let sid, let call):
                "CRM: carrier call \(sid) is already recorded as call \(call); what follows is joined to it when it ends."
            }
        }
    }

    private let beginnings: TenantBatches<CallBeginning, CallParties>
    private let timeoutMs: Int

    /// - Parameter timeoutMs: for a call's beginning to be written.
    package init(database: Database, timeoutMs: Int = 2_000) {
        self.timeoutMs = timeoutMs
        beginnings = TenantBatches(isolates: true) { tenant, calls, timeoutMs in
            try await database.transaction(tenant: tenant, timeoutMs: timeoutMs) { tx in
                try CallStore.begin(calls, in: tx)
            }
        }
    }

    /// Writes the call in progress, with the caller's contact and lead found or made, and the activity of the lead.
    /// Doing it again changes nothing; nor does it when the call is already finalized.
    package func begin(opening: CallOpening, answeredAt: Date?, sessionID: String) async throws {
        _ = try await beginnings.ask(
            CallBeginning(opening: opening, answeredAt: answeredAt, sessionID: sessionID), of: opening.tenant,
            timeoutMs: timeoutMs)
    }

    /// What begins a note of a call's record that has another part of the call, and not yet the one it is named after.
    package static let lacksWords: StaticString = "lacks what was journalled as call "

    /// Plans are made once, not anew for each length of the arrays.
    private static let planOnce = "select set_config('plan_cache_mode', 'force_generic_plan', true)"

    static let beginning = BulkStatement<CallColumn>(
        insert: [
            .id, .leadID, .contactID, .userID, .profileID, .sessionID, .carrierCallSid, .callType, .direction,
            .fromNumber, .toNumber, .status, .callStartTime, .answeredAt,
        ],
        finding: [.profileID: "(select p.id from profiles p where p.id = \(given: .profileID))"],
        "on conflict do nothing returning \(.id)")

    /// Writes the rows of calls of one tenant, each of them once, and takes their locks: three round trips, whatever their
    /// number, and another where a caller is new. Returns what each call is linked to, in their order; throws
    /// ``Failure`` when one of them cannot be written.
    package static func begin(
        _ calls: [CallBeginning], in tx: borrowing Transaction
    ) throws -> [CallParties] {
        try tx.send(planOnce)
        var found = try lock(calls.map(\.opening.callID), in: tx)
        for call in calls where found[call.opening.callID] != nil { try resume(call, in: tx) }
        var seen = Set(found.keys)
        let new = calls.filter { seen.insert($0.opening.callID).inserted }
        guard !new.isEmpty else { return calls.compactMap { found[$0.opening.callID] } }
        let parties = try CallParties.find(
            new.map { CallParties.Wanted(phone: $0.opening.customerPhone, currency: $0.opening.currency) }, in: tx)
        let inserted = try tx.query(beginning, zip(new, parties).map { $0.row($1) })
        let ids = Set(try inserted.map { CallID(try $0.uuid(CallColumn.id.name)) })
        var activities: [BulkRow<LeadActivityColumn>] = []
        for (call, parties) in zip(new, parties) where ids.contains(call.opening.callID) {
            found[call.opening.callID] = parties
            if let leadID = parties.leadID { activities.append(call.activity(leadID, parties)) }
        }
        try tx.send(LeadActivity.statement, activities)
        // Somebody else wrote them meanwhile, or other calls have the carrier's ids.
        let left = new.map(\.opening.callID).filter { found[$0] == nil }
        if !left.isEmpty { found.merge(try lock(left, in: tx)) { mine, _ in mine } }
        return try calls.map { call in
            if let parties = found[call.opening.callID] { return parties }
            let other = try tx.query(
                callOf, [[.carrierCallSid: .text(call.opening.callSid.text)]]
            ).first?.uuid(CallColumn.id.name)
            // Gone again since: the transaction is to be repeated.
            guard let other else {
                throw DatabaseError.statementFailed(
                    sqlState: "40001", message: "a call was removed while another took its place", constraint: nil)
            }
            throw Failure.carrierCallTaken(call.opening.callSid, by: CallID(other))
        }
    }

    static let callOf = BulkStatement<CallColumn>(
        "select \(.id) from calls where \(.carrierCallSid) = any(\(all: .carrierCallSid))")

    /// The call goes on, perhaps in another session; when it was answered first stays.
    private static func resume(_ call: CallBeginning, in tx: borrowing Transaction) throws {
        guard call.sessionID != nil else { return }
        try tx.send(resuming, [call.resumed])
    }

    static let resuming = BulkStatement<CallColumn>(
        update: .id,
        set: [.answeredAt: "coalesce(t.\(.answeredAt), \(given: .answeredAt))", .sessionID: .given],
        where: "t.\(.finalizedAt) is null")

    static let locking = BulkStatement<CallColumn>(
        """
        select \([.id, .userID, .contactID, .leadID]), \(.finalizedAt) is not null as is_final,
            \(.finalizedAt) is not null and \(.notes) ? ('\(lacksWords)' || \(.id)) as is_partial
        from calls where \(.id) = any(\(all: .id)) order by \(.id) for no key update
        """)

    private struct Locked: Decodable {
        var id: UUID
        var userID: UUID?
        var contactID: UUID?
        var leadID: UUID?
        var isFinal: Bool
        var isPartial: Bool
    }

    /// Takes the row locks of calls, in the order of their ids: those that exist, and what they are linked to.
    package static func lock(_ calls: [CallID], in tx: borrowing Transaction) throws -> [CallID: CallParties] {
        var found: [CallID: CallParties] = [:]
        for row in try tx.query(locking, calls.map { [.id: .uuid($0.uuid)] }) {
            let call = try row.decode(Locked.self)
            found[CallID(call.id)] = CallParties(
                userID: call.userID, contactID: call.contactID, leadID: call.leadID, isFinal: call.isFinal,
                isPartial: call.isPartial)
        }
        return found
    }
}
