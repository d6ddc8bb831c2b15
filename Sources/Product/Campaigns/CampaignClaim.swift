import CallModel
import Compliance
package import Database
package import Dialing
package import FoundationEssentials

/// Takes contacts of one campaign that are due, asks the gate about each, and keeps those a place who may be called: all in one
/// transaction. Who dies in it has taken nobody; after it, the call that is asked for is the lease, and its job outlives its process.
package struct CampaignClaim: Sendable {
    package struct Result: Equatable, Sendable {
        package var reserved = 0
        package var refused = 0
        package var postponed = 0
        /// There was work, and it went to another process, or there is no place free.
        package var isBlocked = false
        /// As many were due as were looked at.
        package var isMore = false
    }

    private let campaign: UUID
    /// Of a tenant's campaigns together, at once.
    private let callsMax: Int
    private let placesHere: Int
    private let desk: DialDesk

    /// - Parameter placesHere: of calls on this node.
    package init(_ campaign: UUID, callsMax: Int, placesHere: Int = .max, desk: DialDesk = DialDesk()) {
        self.campaign = campaign
        self.callsMax = callsMax
        self.placesHere = placesHere
        self.desk = desk
    }

    package func take(in tx: borrowing Transaction) throws -> Result {
        // Places are counted and taken by one at a time.
        let lock =
            "select pg_try_advisory_xact_lock(hashtextextended('campaigns dial ' || app.tenant_id()::text, 0)) as yes"
        guard try tx.query(lock).first?.bool("yes") == true else { return Result(isBlocked: true) }
        guard let order = try CampaignOrder.read(campaign, in: tx) else { return Result() }
        let room = min(callsMax - order.underWayOfTenant, placesHere - order.reservedOfTenant)
        guard room > 0 else { return Result(isBlocked: order.late >= 0) }
        let free = min(try places(order, in: tx) - order.underWay, room)
        let wanted = order.pace.due(late: order.late, free: free)
        guard wanted > 0 else { return Result(isBlocked: order.late >= 0) }
        let due = try due(wanted, in: tx)
        var use = due.isEmpty ? nil : try order.budget.use(of: campaign, in: tx)
        var result = Result(isMore: due.count == wanted)
        var callerIDs = due.isEmpty ? [] : try CallerIDChoice.read(order.callerIDs, desk, in: tx)
        for enrolled in due {
            let before = result.reserved
            guard try ask(enrolled, order, use, &callerIDs, &result, in: tx) else { return result }
            // In this transaction nobody else calls for the campaign.
            if result.reserved > before { order.budget.count(oneCallIn: &use) }
        }
        let advance = order.pace.advance(late: order.late, dialled: result.reserved)
        if advance > 0 || result.reserved > 0 && order.reason != nil {
            try tx.send(
                """
                update campaigns set next_dial_at = next_dial_at + make_interval(secs => $2), reason = null
                where id = $1::uuid
                """, [.uuid(campaign), .double(advance)])
        }
        return result
    }

    private func places(_ order: CampaignOrder, in tx: borrowing Transaction) throws -> Int {
        guard let ahead = order.pace.ahead else { return order.pace.places }
        let (measure, talking) = try PaceMeasure.read(campaign, in: tx)
        return ahead.underWayMax(talking: talking, after: measure)
    }

    // MARK: Who is due

    private struct Enrolled: Sendable {
        var id: UUID
        var contact: UUID
        var phone: E164?
        var attempts: Int
        var callback: Callback?
    }

    /// The call back that they wait for.
    private struct Callback: Sendable {
        var id: UUID
        /// Nobody has done it, and nobody called it off.
        var isOpen: Bool
        /// Somebody has put it off.
        var isToCome: Bool
    }

    private func due(_ most: Int, in tx: borrowing Transaction) throws -> [Enrolled] {
        let candidates = try tx.query(
            """
            select e.id, k.phone from campaign_contacts e join contacts k on k.id = e.contact_id
            where e.campaign_id = $1::uuid and e.status in \(EnrolmentStatus.waitingSQL) and e.next_at <= now()
            order by e.next_at limit $2::integer
            """, [.uuid(campaign), .int(most)]
        ).map { (id: try $0.uuid("id"), phone: try $0.textOrNil("phone")) }
        // Numbers before rows, and in one order, as whoever opts out has them.
        let phones = Set(candidates.compactMap(\.phone)).sorted()
        try tx.send("select app.lock_phone(p) from unnest($1::text[]) p", [.textArray(phones)])
        return try tx.query(
            """
            select e.id, e.contact_id, e.attempts, k.phone, coalesce(n.id, e.callback_id) as callback_id,
                n.id is not null or f.status is not distinct from 'Pending' as is_open,
                coalesce(coalesce(n.due_at, f.due_at) > now(), false) as is_to_come
            from campaign_contacts e
            join contacts k on k.id = e.contact_id
            left join follow_ups f on f.id = e.callback_id
            left join lateral (
                select w.id, w.due_at from follow_ups w
                where f.status = 'Rescheduled' and w.lead_id = f.lead_id and w.status = 'Pending'
                    and w.created_at >= f.created_at and (w.is_asked or w.call_id is null)
                order by w.created_at desc limit 1) n on true
            where e.id = any($1::uuid[]) and e.status in \(EnrolmentStatus.waitingSQL) and e.next_at <= now()
                and (k.phone is null or k.phone = any($2::text[]))
            order by e.next_at for update of e skip locked
            """, [.array(candidates.map { .uuid($0.id) }), .textArray(phones)]
        ).map { row in
            Enrolled(
                id: try row.uuid("id"), contact: try row.uuid("contact_id"),
                phone: try row.textOrNil("phone").flatMap { E164($0) }, attempts: try row.int("attempts"),
                callback: try row.uuidOrNil("callback_id").map {
                    Callback(id: $0, isOpen: try row.bool("is_open"), isToCome: try row.bool("is_to_come"))
                })
        }
    }

    // MARK: One of them

    /// - Returns: false where the campaign waits as a whole.
    private func ask(
        _ enrolled: Enrolled, _ order: CampaignOrder, _ use: DialQuestion.BudgetUse?,
        _ callerIDs: inout [CallerIDChoice.Candidate], _ result: inout Result, in tx: borrowing Transaction
    ) throws -> Bool {
        let move = EnrolmentMove(enrolled.id)
        guard let phone = enrolled.phone else {
            result.refused += 1
            try move.end(.refused, reason: "no_number", in: tx)
            return true
        }
        if let callback = enrolled.callback, !callback.isOpen || callback.isToCome {
            result.postponed += 1
            if callback.isOpen {
                try move.callBack(callback.id, in: tx)
            } else {
                try move.end(.completed, reason: "callback_done", in: tx)
            }
            return true
        }
        let callerID = CallerIDChoice.best(of: callerIDs, for: phone)
        var wish = DialDesk.Wish(
            number: phone, contactID: enrolled.contact, callerID: callerID, purpose: order.purpose, userID: nil,
            enrolment: .init(campaign: campaign, id: enrolled.id, rules: order.ownRules, budgetUse: use))
        wish.machines = order.machines
        wish.isAskedFor = enrolled.callback != nil
        switch try desk.ask(wish, in: tx) {
        case .reserved(let attempt, _):
            result.reserved += 1
            CallerIDChoice.note(callerID, in: &callerIDs)
            try move.begin(attempt, in: tx)
        case .underWay:
            result.postponed += 1
            try move.wait(
                .after(.seconds(60)), status: enrolled.attempts > 0 ? .retryAt : .scheduled, reason: "number_in_call",
                in: tx)
        case .refused(let verdict, _):
            switch RefusalRules.step(after: verdict, at: order.now) {
            case .over(let status, let reason):
                result.refused += 1
                try move.end(status, reason: reason, in: tx)
            case .wait(let reason, let times):
                result.postponed += 1
                try move.wait(
                    .latest(times), status: enrolled.attempts > 0 ? .retryAt : .scheduled, reason: reason, in: tx)
            case .campaignWaits(let reason, let seconds):
                try tx.send(
                    """
                    update campaigns set next_dial_at = clock_timestamp() + make_interval(secs => $2), reason = $3
                    where id = $1::uuid
                    """, [.uuid(campaign), .double(seconds), .text(reason)])
                result.isMore = false
                return false
            }
        }
        return true
    }
}

/// What a campaign asks of who dials for it.
struct CampaignOrder: Sendable {
    var now: Date
    var purpose: CallingRule.Purpose
    var callerIDs: [String]
    var pace: CampaignPace
    var ownRules: [CallingRule]
    var budget: CampaignBudget
    var machines: DialDesk.Machines
    /// Why it waited.
    var reason: String?
    /// Seconds since its next call was due.
    var late: Double
    var underWay: Int
    var underWayOfTenant: Int
    /// Of those, calls that have no place on a node yet.
    var reservedOfTenant: Int

    /// Nil where it does not dial now.
    static func read(_ campaign: UUID, in tx: borrowing Transaction) throws -> CampaignOrder? {
        let rows = try tx.query(
            """
            select c.purpose, c.reason, c.caller_ids, c.pace::text as pace, c.schedule::text as schedule, c.rules::text as rules,
                c.budget::text as budget,
                now() as now,
                extract(epoch from clock_timestamp() - c.next_dial_at)::double precision as late,
                (select count(*)::integer from dial_attempts a where a.campaign_id = c.id and a.state <> 'ended') as own,
                (select count(*)::integer from dial_attempts a where a.campaign_id is not null and a.state <> 'ended') as whole,
                (select count(*)::integer from dial_attempts a where a.state <> 'ended' and a.state = 'reserved'
                    and a.valid_until > now()) as reserved
            from campaigns c
            where c.id = $1::uuid and c.status = 'active' and (c.ends_at is null or c.ends_at > now()) and not exists (
                select from tenants t where t.calls_stopped_at is not null or not t.is_active)
            for no key update of c
            """, [.uuid(campaign)])
        guard let row = rows.first else { return nil }
        let schedule = try CampaignSchedule(json: try row.text("schedule"))
        let budget = try CampaignBudget(json: try row.text("budget"))
        return CampaignOrder(
            now: try row.timestamp("now"),
            purpose: CallingRule.Purpose(rawValue: try row.text("purpose")) ?? .marketing,
            callerIDs: try row.textArray("caller_ids"),
            pace: try JSONDecoder().decode(CampaignPace.self, from: Data(try row.text("pace").utf8)),
            ownRules: schedule.rules + budget.rules, budget: budget,
            machines: try JSONDecoder().decode(MachineRules.self, from: Data(try row.text("rules").utf8)).machines,
            reason: try row.textOrNil("reason"), late: try row.double("late"),
            underWay: try row.int("own"),
            underWayOfTenant: try row.int("whole"),
            reservedOfTenant: try row.int("reserved"))
    }
}
