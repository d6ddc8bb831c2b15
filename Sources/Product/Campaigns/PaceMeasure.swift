import Database
import FoundationEssentials

/// What has happened to the calls of a campaign, as far as its pace depends on it.
package struct PaceMeasure: Equatable, Sendable {
    /// The latest that are over; those that the carrier had no room for are none.
    package var calls = 0
    /// Of these, by whomever or whatever.
    package var answered = 0
    /// On the mean, until somebody answered.
    package var ringSeconds = 0.0
    /// On the mean, of those answered.
    package var talkSeconds = 0.0
    /// Calls of the last 30 days that people answered.
    package var reached = 0
    /// Of these, those in which they heard nobody in time.
    package var abandoned = 0

    package init() {}

    /// So many of the latest say what the next ones will be like.
    static let callsMax = 500
}

/// A person answered, and heard nobody within two seconds of what they said first.
package enum AbandonedCalls {
    package static let days = 30
    /// 16 CFR 310.4(b)(4)(ii).
    private static let firstWordMsMax = 2_000

    /// Of a call of the table `alias`: a person answered, or nobody of ours was there to hear who did. Word for word as the index
    /// `dial_attempts_reached` has it.
    package static func isReached(_ alias: String) -> String {
        "\(alias).state = 'ended' and \(alias).answered_at is not null and coalesce(\(alias).answered_by, 'person') = 'person'"
    }

    /// Of one that was answered so. Who hung up before the two seconds were over was not let down.
    package static func isAbandoned(_ alias: String) -> String {
        """
        coalesce(\(alias).first_word_ms_after_greeting > \(firstWordMsMax),
            \(alias).ended_at >= \(alias).answered_at + make_interval(secs => \(firstWordMsMax) / 1000.0))
        """
    }
}

extension PaceMeasure {
    /// - Returns: what has happened, and how many talk now.
    static func read(_ campaign: UUID, in tx: borrowing Transaction) throws -> (PaceMeasure, talking: Int) {
        let rows = try tx.query(
            """
            select l.*, d.*,
                (select count(*)::integer from dial_attempts t where t.campaign_id = $1::uuid and t.state = 'in_call') as talking
            from (
                select count(*)::integer as calls, count(answered_at)::integer as answered,
                    coalesce(avg(extract(epoch from answered_at - requested_at)), 0)::double precision as ring,
                    coalesce(avg(extract(epoch from ended_at - answered_at)), 0)::double precision as talk
                from (
                    select requested_at, answered_at, ended_at from dial_attempts
                    where campaign_id = $1::uuid and state = 'ended' and requested_at is not null
                        and outcome <> 'carrier_congestion'
                    order by created_at desc limit \(callsMax)) latest) l,
                (select count(*)::integer as reached,
                    (count(*) filter (where \(AbandonedCalls.isAbandoned("a"))))::integer as abandoned
                from dial_attempts a
                where a.campaign_id = $1::uuid and \(AbandonedCalls.isReached("a"))
                    and a.ended_at > now() - make_interval(days => \(AbandonedCalls.days))) d
            """, [.uuid(campaign)])
        var measure = PaceMeasure()
        guard let row = rows.first else { return (measure, 0) }
        measure.calls = try row.int("calls")
        measure.answered = try row.int("answered")
        measure.ringSeconds = try row.double("ring")
        measure.talkSeconds = try row.double("talk")
        measure.reached = try row.int("reached")
        measure.abandoned = try row.int("abandoned")
        return (measure, try row.int("talking"))
    }
}
