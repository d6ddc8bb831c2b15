import Campaigns
import Database
import Dialing
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// What the activities of a campaign come to.
struct CampaignFigures: Sendable {
    private let id: UUID

    init(_ id: UUID) { self.id = id }

    private static func rate(_ part: Int, of whole: Int) -> Double? {
        whole > 0 ? (Double(part) / Double(whole) * 10_000).rounded() / 10_000 : nil
    }

    func performance(in tx: borrowing Transaction) throws -> CampaignReports.CampaignPerformance {
        try CampaignRoutes.check(id.uuidString, in: tx)
        let groups = try tx.query(
            """
            select activity_type as type, metadata ->> 'code' as code, count(*)::integer as n,
                coalesce(sum((metadata ->> 'talk_seconds')::numeric), 0)::integer as talk,
                coalesce(sum(\(Self.minutes)), 0)::double precision as minutes
            from campaign_activities where campaign_id = $1::uuid group by 1, 2
            """, [.uuid(id)])
        var (counts, refusals, outcomes, talk): ([String: Int], [String: Int], [String: Int], Int) = ([:], [:], [:], 0)
        var minutes = 0.0
        for group in groups {
            let (type, count) = (try group.text("type"), try group.int("n"))
            counts[type, default: 0] += count
            talk += try group.int("talk")
            minutes += try group.double("minutes")
            if type == "dial_refused", let code = try group.textOrNil("code") { refusals[code, default: 0] += count }
            if let outcome = DialOutcome(rawValue: String(type.dropFirst("dial_".count))), type.hasPrefix("dial_") {
                outcomes[outcome.rawValue, default: 0] += count
            }
        }
        let results = try tx.query(Self.results, [.uuid(id)]).first
        let (qualified, meetings) = (try results?.int("qualified") ?? 0, try results?.int("meetings") ?? 0)
        let (dialled, answered) = (counts["dial_placed"] ?? 0, counts["dial_answered"] ?? 0)
        let budget = try budget(in: tx)
        let cost = budget.hasPrice ? budget.cost(calls: Double(dialled), minutes: minutes) : nil
        func each(_ count: Int) -> Double? {
            count > 0 ? cost.map { ($0 / Double(count) * 10_000).rounded() / 10_000 } : nil
        }
        return .init(
            campaignID: RowID(id), enrolled: counts["enrolled"] ?? 0, dialled: dialled, answered: answered,
            answerRate: Self.rate(answered, of: dialled), talkSeconds: talk, outcomes: outcomes, refusals: refusals,
            optedOut: counts["contact_opted_out"] ?? 0, abandonment: try abandonment(in: tx), qualified: qualified,
            meetings: meetings, conversion: Self.rate(meetings, of: answered), cost: cost, costPerCall: each(dialled),
            costPerMeeting: each(meetings), currency: budget.currency)
    }

    func budget(in tx: borrowing Transaction) throws -> CampaignBudget {
        let rows = try tx.query("select budget::text as budget from campaigns where id = $1::uuid", [.uuid(id)])
        guard let row = rows.first else { throw Problem.notFound }
        return try CampaignBudget(json: try row.text("budget"))
    }

    /// Told from its activities: what was placed, and how long each talk was. Nil without a price.
    func cost(at budget: CampaignBudget, in tx: borrowing Transaction) throws -> Double? {
        guard budget.hasPrice else { return nil }
        let row = try tx.query(
            """
            select (count(*) filter (where activity_type = 'dial_placed'))::double precision as calls,
                coalesce(sum(\(Self.minutes)), 0)::double precision as minutes
            from campaign_activities where campaign_id = $1::uuid
            """, [.uuid(id)]
        ).first
        return budget.cost(calls: try row?.double("calls") ?? 0, minutes: try row?.double("minutes") ?? 0)
    }

    /// That have begun.
    private static let minutes = "ceil((metadata ->> 'talk_seconds')::numeric / 60)"

    private func abandonment(in tx: borrowing Transaction) throws -> CampaignReports.CampaignAbandonment {
        let row = try tx.query(
            """
            select count(*)::integer as reached,
                (count(*) filter (where \(AbandonedCalls.isAbandoned("a"))))::integer as abandoned
            from dial_attempts a
            where a.campaign_id = $1::uuid and \(AbandonedCalls.isReached("a"))
                and a.ended_at > now() - make_interval(days => \(AbandonedCalls.days))
            """, [.uuid(id)]
        ).first
        let (reached, abandoned) = (try row?.int("reached") ?? 0, try row?.int("abandoned") ?? 0)
        return .init(reached: reached, abandoned: abandoned, rate: Self.rate(abandoned, of: reached))
    }

    /// Of its calls' records.
    private static let results = """
        select count(distinct l.id) filter (
                where l.qualification_status in ('marketing_qualified', 'sales_qualified'))::integer as qualified,
            (select count(distinct m.id)::integer from meetings m join calls k on k.id = m.call_id
                join dial_attempts b on b.carrier_call_sid = k.carrier_call_sid
                where b.campaign_id = $1::uuid) as meetings
        from dial_attempts a join calls c on c.carrier_call_sid = a.carrier_call_sid join leads l on l.id = c.lead_id
        where a.campaign_id = $1::uuid
        """

    func funnel(in tx: borrowing Transaction) throws -> CampaignReports.CampaignFunnel {
        try CampaignRoutes.check(id.uuidString, in: tx)
        let row = try tx.query(
            """
            select (count(distinct campaign_contact_id) filter (where activity_type = 'enrolled'))::integer as enrolled,
                (count(distinct campaign_contact_id) filter (where activity_type = 'dial_placed'))::integer as dialled,
                (count(distinct campaign_contact_id) filter (where activity_type = 'dial_answered'))::integer as answered,
                (count(distinct campaign_contact_id) filter (where activity_type = 'contact_completed'))::integer as completed
            from campaign_activities where campaign_id = $1::uuid
            """, [.uuid(id)]
        ).first
        let results = try tx.query(Self.results, [.uuid(id)]).first
        let steps: [(String, Int)] = [
            ("enrolled", try row?.int("enrolled") ?? 0), ("dialled", try row?.int("dialled") ?? 0),
            ("answered", try row?.int("answered") ?? 0), ("completed", try row?.int("completed") ?? 0),
            ("qualified", try results?.int("qualified") ?? 0), ("meeting", try results?.int("meetings") ?? 0),
        ]
        return .init(
            data: steps.enumerated().map { index, step in
                .init(
                    name: step.0, contacts: step.1, rate: index == 0 ? nil : Self.rate(step.1, of: steps[index - 1].1))
            })
    }

    func times(
        by step: CampaignReports.TimeSeriesAsk.Step, since: Date, in tx: borrowing Transaction
    ) throws -> CampaignReports.CampaignTimes {
        try CampaignRoutes.check(id.uuidString, in: tx)
        let rows = try tx.query(
            """
            select date_trunc($3, at, 'UTC') as at,
                (count(*) filter (where activity_type = 'dial_placed'))::integer as dialled,
                (count(*) filter (where activity_type = 'dial_answered'))::integer as answered,
                (count(*) filter (where activity_type = 'contact_completed'))::integer as completed,
                (count(*) filter (where activity_type = 'dial_refused'))::integer as refused
            from campaign_activities where campaign_id = $1::uuid and at >= $2::timestamptz
            group by 1 order by 1 limit 1000
            """, [.uuid(id), .timestamp(since), .text(step.rawValue)])
        return .init(
            data: try rows.map { row in
                .init(
                    at: try row.timestamp("at"), dialled: try row.int("dialled"), answered: try row.int("answered"),
                    completed: try row.int("completed"), refused: try row.int("refused"))
            })
    }
}
