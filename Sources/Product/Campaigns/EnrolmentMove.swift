import Compliance
import Database
import FoundationEssentials

/// Where a contact of a campaign goes next, written.
struct EnrolmentMove: Sendable {
    enum Moment: Sendable {
        case now
        case after(Duration)
        /// The latest of these. Clocks on walls are the database's business.
        case latest([DialVerdict.Again])
    }

    private let id: UUID

    init(_ id: UUID) { self.id = id }

    /// A call back stays one until they are talked to.
    func begin(_ attempt: UUID, in tx: borrowing Transaction) throws {
        try tx.send(
            """
            update campaign_contacts
            set status = 'dialling', attempt_id = $2::uuid, reason = null, next_at = null
            where id = $1::uuid
            """, [.uuid(id), .uuid(attempt)])
    }

    func end(_ status: EnrolmentStatus, reason: String, in tx: borrowing Transaction) throws {
        try tx.send(
            """
            update campaign_contacts set status = $2, reason = $3, attempt_id = null, next_at = null, callback_id = null
            where id = $1::uuid
            """, [.uuid(id), .text(status.rawValue), .text(reason)])
    }

    /// At the time that was asked for.
    func callBack(_ followUp: UUID, in tx: borrowing Transaction) throws {
        try tx.send(
            """
            update campaign_contacts e set status = 'retry_at', reason = $3, attempt_id = null, callback_id = f.id,
                next_at = greatest(f.due_at, now())
            from follow_ups f where e.id = $1::uuid and f.id = $2::uuid
            """, [.uuid(id), .uuid(followUp), .text(RetryRules.TalkEnd.callback.rawValue)])
    }

    func wait(
        _ moment: Moment, status: EnrolmentStatus, reason: String?, in tx: borrowing Transaction
    ) throws {
        var times: [Date] = []
        var locals: [DialQuestion.LocalTime] = []
        var seconds: Double?
        switch moment {
        case .now: seconds = 0
        case .after(let pause): seconds = pause / .seconds(1)
        case .latest(let moments):
            for moment in moments {
                switch moment {
                case .never: break
                case .at(let time): times.append(time)
                case .local(let local): locals.append(local)
                }
            }
        }
        // Never at once again where the gate has said no, whatever it hinted at.
        let floor = seconds ?? 1
        try tx.send(
            """
            update campaign_contacts set status = $2, reason = $3, attempt_id = null, next_at = (
                select max(w.at) from (
                    select clock_timestamp() + make_interval(secs => $4) as at
                    union all select unnest($5::timestamptz[])
                    union all select (l.day::timestamp + l.minute * interval '1 minute') at time zone l.zone
                        from unnest($6::text[], $7::integer[], $8::text[]) l (day, minute, zone)) w)
            where id = $1::uuid
            """,
            [
                .uuid(id), .text(status.rawValue), .text(reason), .double(floor), .array(times.map { .timestamp($0) }),
                .textArray(locals.map(\.day.description)), .array(locals.map { .int($0.minute) }),
                .textArray(locals.map(\.zone)),
            ])
    }
}
