import CallModel
import Compliance
package import Database
import Dialing
package import FoundationEssentials
package import Jobs
import PhoneNumbers
import Telemetry

/// Moves a contact on when a call of a campaign is over: `app.follow_campaign_call` asks for it in the transaction that ends the call.
package struct MoveOn: JobKind {
    package static let kind = "campaign.move_on"
    package static let policy = {
        var policy = JobPolicy()
        policy.placesMax = 8
        policy.attemptsMax = 20
        policy.backoff = .milliseconds(200) ... .seconds(600)
        return policy
    }()

    package var attempt: UUID

    package init(attempt: UUID) { self.attempt = attempt }

    package static var handler: JobHandler {
        JobHandler(writing: MoveOn.self) { job, _, tx in try job.write(in: tx) }
    }

    /// Does nothing a second time: the enrolment is another's by then.
    package func write(in tx: borrowing Transaction) throws {
        guard let row = try read(in: tx), let outcome = DialOutcome(rawValue: try row.text("outcome")) else { return }
        // Who answered is written beside the carrier's word that the call is over, and may come after it.
        if try row.bool("is_told_soon") { throw JobFailure.notYet(.seconds(1)) }
        // So is what was said in it, which may be that they want to be called back.
        if try row.bool("is_read_soon") { throw JobFailure.notYet(.seconds(1)) }
        let wasAsked = try row.bool("was_asked")
        let counted = RetryRules.counts(outcome, wasAsked: wasAsked)
        let attempts = try row.int("attempts") + (counted ? 1 : 0)
        let enrolment = try row.uuid("id")
        let zone = zone(try row.textOrNil("timezone"), try row.text("number"))
        let (local, tried) = try clocks(of: enrolment, zone: zone, in: tx)
        let talk = try row.textOrNil("talk").flatMap { RetryRules.TalkEnd(rawValue: $0) }
        let call = RetryRules.Ended(
            outcome: outcome, machine: try row.textOrNil("machine").flatMap { RetryRules.MachineEnd(rawValue: $0) },
            talk: try row.bool("is_alive") ? talk : nil,
            wasAsked: wasAsked, times: try row.int(talk == nil ? "times" : "broken_talks"), attempts: attempts,
            local: local,
            tried: tried)
        let rules = try JSONDecoder().decode(RetryRules.self, from: Data(try row.text("rules").utf8))
        var generator = SystemRandomNumberGenerator()
        var step = rules.step(after: call, using: &generator)
        if try row.bool("is_left_alone") { step = .over(.optedOut, reason: DialVerdict.Code.leftAlone.rawValue) }
        if outcome == .carrierCongestion, call.times >= Self.congestionsToTellOf {
            Log.error(
                "the carrier has no room for calls of a campaign", ["dial.attempt": attempt, "times": call.times])
        }
        try tx.send(
            """
            update campaign_contacts set attempts = $2::integer, last_outcome = $3,
                callback_id = case when not $4::boolean then callback_id end
            where id = $1::uuid
            """,
            [
                .uuid(enrolment), .int(attempts), .text(call.reason),
                .bool(outcome == .completed && call.machine == nil),
            ])
        let move = EnrolmentMove(enrolment)
        if step == .callBack, let callback = try row.uuidOrNil("callback") {
            try move.callBack(callback, in: tx)
        } else {
            try write(step, to: move, attempts, call.reason, in: tx)
        }
    }

    /// The call that is over, and whose it was; nil where they are another call's by now.
    private func read(in tx: borrowing Transaction) throws -> Row? {
        try tx.query(
            """
            select e.id, e.attempts, a.outcome, \(MachineRules.end("a")) as machine, a.number,
                a.requested_at is not null as was_asked,
                case when app.is_time_zone(k.timezone) then k.timezone end as timezone,
                a.answered_at is not null and a.answered_by is null
                    and a.ended_at > now() - make_interval(secs => $2) as is_told_soon,
                l.finalized_at is null and l.id is not null
                    and a.ended_at > now() - make_interval(secs => $3) as is_read_soon,
                \(Self.talk), back.id as callback, c.status in ('scheduled', 'active', 'paused') as is_alive,
                app.is_opted_out(a.number) as is_left_alone, c.rules::text as rules,
                (select count(*)::integer from dial_attempts o
                    where o.campaign_contact_id = e.id and o.outcome = a.outcome
                        and (\(MachineRules.end("o"))) is not distinct from (\(MachineRules.end("a")))
                        and (o.requested_at is not null or o.outcome = 'carrier_congestion')) as times,
                (select count(*)::integer from dial_attempts o join calls b on b.carrier_call_sid = o.carrier_call_sid
                    where o.campaign_contact_id = e.id and \(Self.brokenTalk("b")) = \(Self.brokenTalk("l"))) as broken_talks
            from campaign_contacts e
            join campaigns c on c.id = e.campaign_id
            join contacts k on k.id = e.contact_id
            join dial_attempts a on a.id = e.attempt_id
            left join calls l on l.carrier_call_sid = a.carrier_call_sid and a.answered_at is not null
            left join lateral (
                select f.id from follow_ups f where f.call_id = l.id and f.is_asked and f.status = 'Pending'
                order by f.created_at desc limit 1) back on true
            where e.attempt_id = $1::uuid and a.state = 'ended' for update of e
            """,
            [
                .uuid(attempt), .double(Self.verdictWithin / .seconds(1)), .double(Self.recordWithin / .seconds(1)),
            ]
        ).first
    }

    /// A ``RetryRules/TalkEnd`` of the call `l`, whose call back is `back`; or null.
    private static let talk = """
        case when back.id is not null then 'callback' else \(brokenTalk("l")) end as talk
        """

    /// How a talk broke off, of the call `alias`; or null.
    private static func brokenTalk(_ alias: String) -> String {
        """
        case when \(alias).end_reason = 'agent_fault' then 'agent_fault'
            when (\(alias).outcome = 'interrupted' or \(alias).end_reason in ('carrier_failed', 'node_shutdown'))
                and exists (select from conversations v where v.call_id = \(alias).id and v.speaker = 'caller')
            then 'talked_incomplete' end
        """
    }

    /// By then the record of a call is written, if the node that had it lives.
    private static let recordWithin = Duration.seconds(60)

    /// By then it is on record who answered, if it ever is.
    private static let verdictWithin = Duration.seconds(5)

    /// Somebody has to look at the carrier's limits by then.
    private static let congestionsToTellOf = 6

    private func write(
        _ step: RetryRules.Step, to move: EnrolmentMove, _ attempts: Int, _ reason: String,
        in tx: borrowing Transaction
    ) throws {
        let status = attempts > 0 ? EnrolmentStatus.retryAt : .scheduled
        switch step {
        case .over(let status, let reason): try move.end(status, reason: reason, in: tx)
        case .back, .callBack: try move.wait(.now, status: attempts > 0 ? .retryAt : .pending, reason: nil, in: tx)
        case .after(let pause): try move.wait(.after(pause), status: status, reason: reason, in: tx)
        case .at(let local):
            try move.wait(.latest([.local(local)]), status: status, reason: reason, in: tx)
        }
    }

    // MARK: Clocks

    /// One of those they may be in; the gate asks all of them.
    private func zone(_ own: String?, _ number: String) -> String {
        own ?? E164(number).flatMap { NumberPlace(of: $0).zones.first } ?? "UTC"
    }

    /// When this call was placed, and in which parts of the day those before it were.
    private func clocks(
        of enrolment: UUID, zone: String, in tx: borrowing Transaction
    ) throws -> (DialQuestion.LocalTime, tried: Set<DayPart>) {
        let rows = try tx.query(
            """
            select a.id, to_char(l.at, 'YYYY-MM-DD') as day,
                (extract(hour from l.at) * 60 + extract(minute from l.at))::integer as minute
            from dial_attempts a
            cross join lateral (
                select coalesce(a.requested_at, a.ended_at) at time zone $2 as at) l
            where a.campaign_contact_id = $1::uuid and (a.requested_at is not null or a.id = $3::uuid)
            order by a.created_at desc limit 20
            """, [.uuid(enrolment), .text(zone), .uuid(attempt)])
        var local: DialQuestion.LocalTime?
        var tried: Set<DayPart> = []
        for row in rows {
            let minute = try row.int("minute")
            if try row.uuid("id") == attempt {
                local = CalendarDay(try row.text("day")).map { .init(zone: zone, day: $0, minute: minute) }
            } else {
                tried.insert(DayPart.around(minute))
            }
        }
        guard let local else { throw DatabaseError.unexpectedValue(column: "requested_at", expected: "a day") }
        return (local, tried)
    }
}
