package import Database
import Dialing
package import FoundationEssentials
import Jobs

/// What is to be placed for campaigns and was not yet asked for at the carrier is taken back, in the transaction that stops them.
package enum CampaignStop {
    /// One campaign, before its next call.
    package static func takeBack(_ campaign: UUID, in tx: borrowing Transaction) throws {
        try tx.send(
            """
            update dial_attempts set state = 'ended', outcome = 'cancelled', ended_at = now()
            where campaign_id = $1::uuid and state = 'reserved'
            """, [.uuid(campaign)])
    }

    package struct Emergency: Sendable {
        package var campaigns: Int
        package var cancelled: Int
        package var hungUp: Int
    }

    /// All calls of the tenant: none is placed from now on, whoever asks for it, and its campaigns are paused.
    ///
    /// - Parameter endsTalks: calls under way are ended too.
    package static func everything(
        reason: String, endsTalks: Bool, in tx: borrowing Transaction
    ) throws -> Emergency {
        try tx.send("update tenants set calls_stopped_at = coalesce(calls_stopped_at, now())")
        let campaigns = try tx.execute(
            "update campaigns set status = 'paused', reason = $1 where status in ('scheduled', 'active')",
            [.text(reason)])
        let cancelled = try tx.execute(
            "update dial_attempts set state = 'ended', outcome = 'cancelled', ended_at = now() where state = 'reserved'"
        )
        guard endsTalks else { return Emergency(campaigns: campaigns, cancelled: cancelled, hungUp: 0) }
        let underWay = try tx.query("select id from dial_attempts where state <> 'ended'").map { try $0.uuid("id") }
        try tx.enqueue(underWay.map { DropCall(attempt: $0, endsTalks: true) })
        return Emergency(campaigns: campaigns, cancelled: cancelled, hungUp: underWay.count)
    }
}
