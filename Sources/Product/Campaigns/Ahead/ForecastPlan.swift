import Answering
import CallModel
import Compliance
package import Database
package import Dialing
package import FoundationEssentials
import PhoneNumbers

extension Forecast {
    /// A campaign and who stands for its contacts, as the database has them now.
    package struct Ground: Sendable {
        var plan: Plan
        /// Contacts that are still to be called, those without a number among them.
        package var open: Int
        package var withoutNumber: Int
        package var odds: CallOdds { plan.odds }
        package var price: CampaignBudget { plan.budget }
        package var begins: Date { plan.from }
        package var people: Int { plan.people.count }

        /// Computes for a while, and asks nobody.
        package func lookAhead() -> Outcome {
            var outcome = Forecast.run(plan)
            if withoutNumber > 0 {
                outcome.ends[EnrolmentStatus.refused.rawValue, default: 0] += Double(withoutNumber)
                outcome.reasons["no_number", default: 0] += Double(withoutNumber)
            }
            return outcome
        }
    }

    /// Nil where there is no such campaign.
    ///
    /// - Parameter callsMax: of the tenant's campaigns, at once.
    package static func read(
        _ campaign: UUID, callsMax: Int, desk: DialDesk = DialDesk(), in tx: borrowing Transaction
    ) throws -> Ground? {
        guard let order = try ForecastOrder.read(campaign, in: tx) else { return nil }
        let counts = try tx.query(
            """
            select (count(k.phone))::integer as callable, (count(*) filter (where k.phone is null))::integer as silent
            from campaign_contacts e join contacts k on k.id = e.contact_id
            where e.campaign_id = $1::uuid and e.status in \(EnrolmentStatus.waitingSQL)
            """, [.uuid(campaign)]
        ).first
        let (callable, silent) = (try counts?.int("callable") ?? 0, try counts?.int("silent") ?? 0)
        // Whoever comes first by a number that has nothing to do with them.
        let rows = try tx.query(
            """
            select e.contact_id, e.attempts, e.last_outcome, e.next_at, k.phone, k.timezone
            from campaign_contacts e join contacts k on k.id = e.contact_id
            where e.campaign_id = $1::uuid and e.status in \(EnrolmentStatus.waitingSQL) and k.phone is not null
            order by hashtext(e.id::text), e.id limit \(peopleMax)
            """, [.uuid(campaign)])
        var people: [Person] = []
        var gate = desk.gate(sets: [], own: order.ownRules)
        for row in rows {
            guard let number = E164(try row.text("phone")) else { continue }
            let wish = DialDesk.Wish(
                number: number, contactID: try row.uuid("contact_id"), callerID: order.callerIDs.first,
                purpose: order.purpose, userID: nil,
                enrolment: .init(campaign: campaign, id: campaign, rules: order.ownRules))
            let inquiry = try desk.inquiry(wish, in: tx)
            gate = inquiry.gate
            let zone = try row.textOrNil("timezone") ?? NumberPlace(of: number).zones.first ?? "UTC"
            var person = Person(
                question: inquiry.question, zone: zone, dueAt: try row.timestamp("next_at"),
                attempts: try row.int("attempts"))
            if let last = try row.textOrNil("last_outcome") { person.ends[last] = 1 }
            people.append(person)
        }
        let (measure, _) = try PaceMeasure.read(campaign, in: tx)
        let odds = try CallOdds.seen(in: tx) ?? .assumed(machine: order.machine)
        let plan = Plan(
            from: order.from, until: order.until, gate: gate, pace: order.pace, retries: order.retries,
            budget: order.budget, budgetUse: try order.budget.use(of: campaign, in: tx),
            callerIDs: max(order.callerIDs.count, 1), callsMax: callsMax, odds: odds,
            reachedBefore: measure.reached, open: callable, people: people)
        return Ground(plan: plan, open: callable + silent, withoutNumber: silent)
    }
}

/// What a look ahead has to know of a campaign, whether it dials or not.
private struct ForecastOrder {
    var from: Date
    var until: Date?
    var purpose: CallingRule.Purpose
    var callerIDs: [E164]
    var pace: CampaignPace
    var retries: RetryRules
    var machine: RetryRules.MachineEnd
    var ownRules: [CallingRule]
    var budget: CampaignBudget

    static func read(_ campaign: UUID, in tx: borrowing Transaction) throws -> ForecastOrder? {
        let rows = try tx.query(
            """
            select c.purpose, c.pace::text as pace, c.rules::text as rules, c.schedule::text as schedule,
                c.budget::text as budget, greatest(c.starts_at, now()) as begins, c.ends_at,
                array(select n.number from phone_numbers n where n.is_active and n.number = any(c.caller_ids)
                    order by array_position(c.caller_ids, n.number)) as caller_ids
            from campaigns c where c.id = $1::uuid
            """, [.uuid(campaign)])
        guard let row = rows.first else { return nil }
        func decoded<T: Decodable>(_ type: T.Type, _ column: String) throws -> T {
            try JSONDecoder().decode(type, from: Data(try row.text(column).utf8))
        }
        let budget = try CampaignBudget(json: try row.text("budget"))
        let machines = try decoded(MachineRules.self, "rules")
        return ForecastOrder(
            from: try row.timestamp("begins"), until: try row.timestampOrNil("ends_at"),
            purpose: CallingRule.Purpose(rawValue: try row.text("purpose")) ?? .marketing,
            callerIDs: try row.textArray("caller_ids").compactMap { E164($0) },
            pace: try decoded(CampaignPace.self, "pace"),
            retries: try decoded(RetryRules.self, "rules"),
            machine: machines.onMachine == .leaveMessage ? .voicemailLeft : .hangup,
            ownRules: try CampaignSchedule(json: try row.text("schedule")).rules + budget.rules, budget: budget)
    }
}
