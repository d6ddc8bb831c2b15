import Database
import FoundationEssentials

/// What becomes of a campaign by itself.
enum CampaignChange: Sendable {
    /// Its time has come.
    case begin
    /// Nobody is left, or its time is over.
    case complete

    /// Changes nothing where it is not so any more.
    func write(_ campaign: UUID, in tx: borrowing Transaction) throws {
        switch self {
        case .begin:
            try tx.send(
                """
                update campaigns set status = 'active', started_at = coalesce(started_at, now()), reason = null
                where id = $1::uuid and status = 'scheduled' and coalesce(starts_at, now()) <= now()
                """, [.uuid(campaign)])
        case .complete:
            try tx.send(
                """
                update campaigns c set status = 'completed', ended_at = now(),
                    reason = case when c.ends_at <= now() then 'its time was over' else 'nobody is left to call' end
                where c.id = $1::uuid and c.status = 'active' and (c.ends_at <= now() or not exists (
                    select from campaign_contacts e where e.campaign_id = c.id
                        and (e.attempt_id is not null or e.status in \(EnrolmentStatus.waitingSQL))))
                """, [.uuid(campaign)])
        }
    }
}
