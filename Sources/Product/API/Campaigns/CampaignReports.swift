import Campaigns
import Database
import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// How a campaign goes, told from its activities.
enum CampaignReports {
    static let routes: [Endpoint] = [summary, performance, funnel, timeSeries, compare, recipient]

    struct OneCampaign: EndpointInput {
        var id: UUID
        static let rules: [String: FieldRule] = ["id": .help("The campaign's id.")]
    }

    // MARK: How far it is

    struct CampaignSummary: Codable, Sendable {
        var status: String
        var enrolled: Int
        /// Enrolments by how far they are.
        var byStatus: [String: Int]
        /// Those that are over or wait, by why.
        var byReason: [String: Int]
        /// Calls asked for, ringing or talking now.
        var underWay: Int
        /// When the next of those who wait is to be called.
        var nextAt: Date?
        /// Why it waits as a whole, or was paused or ended.
        var reason: String?
        /// Of its calls, at the prices of its budget; null where it has none.
        var cost: Double?
        var spendMax: Double?
        var currency: String?
    }

    private static let summary = Endpoint.get(
        CampaignRoutes.address + "/{id}/summary", id: "campaignSummary", .role(.admin),
        "How far a campaign is: its contacts by status and reason.", OneCampaign.self, CampaignSummary.self,
        problems: [404]
    ) { context, input in
        try .value(
            try await context.read { tx in
                let rows = try tx.query("select status, reason from campaigns where id = $1::uuid", [.uuid(input.id)])
                guard let campaign = rows.first else { throw Problem.notFound }
                let groups = try tx.query(
                    """
                    select status, reason, count(*)::integer as n, (count(attempt_id))::integer as under_way,
                        min(next_at) as next_at
                    from campaign_contacts where campaign_id = $1::uuid group by status, reason
                    """, [.uuid(input.id)])
                var told = CampaignSummary(
                    status: try campaign.text("status"), enrolled: 0, byStatus: [:], byReason: [:], underWay: 0)
                for group in groups {
                    let count = try group.int("n")
                    told.enrolled += count
                    told.byStatus[try group.text("status"), default: 0] += count
                    if let reason = try group.textOrNil("reason") { told.byReason[reason, default: 0] += count }
                    told.underWay += try group.int("under_way")
                    if let next = try group.timestampOrNil("next_at") { told.nextAt = min(told.nextAt ?? next, next) }
                }
                told.reason = try campaign.textOrNil("reason")
                let budget = try CampaignFigures(input.id).budget(in: tx)
                (told.spendMax, told.currency) = (budget.spendMax, budget.currency)
                told.cost = try CampaignFigures(input.id).cost(at: budget, in: tx)
                return told
            })
    }

    // MARK: What came of it

    /// Of the last 30 days.
    struct CampaignAbandonment: Codable, Sendable {
        /// Calls that people answered.
        var reached: Int
        /// Of these, those in which they heard nobody within two seconds of what they said first.
        var abandoned: Int
        /// Null where nobody was reached.
        var rate: Double?
    }

    struct CampaignPerformance: Codable, Sendable {
        var campaignID: RowID
        var enrolled: Int
        /// Calls that the carrier has placed.
        var dialled: Int
        var answered: Int
        /// Of those dialled; null where none was.
        var answerRate: Double?
        var talkSeconds: Int
        /// Calls by how they ended.
        var outcomes: [String: Int]
        /// What the gate refused, by why.
        var refusals: [String: Int]
        var optedOut: Int
        var abandonment: CampaignAbandonment
        /// Leads that its calls have qualified, and meetings that came of them.
        var qualified: Int
        var meetings: Int
        /// Meetings of those who were reached; null where nobody was.
        var conversion: Double?
        /// Of calls that are over, at the prices of its budget; null where it has none.
        var cost: Double?
        var costPerCall: Double?
        var costPerMeeting: Double?
        var currency: String?
    }

    private static let performance = Endpoint.get(
        CampaignRoutes.address + "/{id}/performance", id: "campaignPerformance", .role(.admin),
        "What came of a campaign: calls, answers, talk, leads and meetings.", OneCampaign.self,
        CampaignPerformance.self, problems: [404]
    ) { context, input in try .value(try await context.read { try CampaignFigures(input.id).performance(in: $0) }) }

    struct CampaignComparison: EndpointInput {
        var campaignIds: [UUID]
        static let rules: [String: FieldRule] = ["campaign_ids": .ids(atMost: 20)]
    }

    struct CampaignsCompared: Codable, Sendable { var data: [CampaignPerformance] }

    private static let compare = Endpoint.write(
        .post, CampaignRoutes.address + "/analytics/compare", id: "compareCampaigns", .role(.admin),
        "What came of several campaigns, side by side.", CampaignComparison.self, CampaignsCompared.self,
        problems: [404]
    ) { transaction, _, input in
        var told: [CampaignPerformance] = []
        for id in input.campaignIds { told.append(try CampaignFigures(id).performance(in: transaction)) }
        return try .value(CampaignsCompared(data: told))
    }

    struct CampaignFunnel: Codable, Sendable {
        struct FunnelStep: Codable, Sendable {
            var name: String
            /// Contacts that have come so far.
            var contacts: Int
            /// Of those of the step before; null where there were none.
            var rate: Double?
        }
        var data: [FunnelStep]
    }

    private static let funnel = Endpoint.get(
        CampaignRoutes.address + "/{id}/funnel", id: "campaignFunnel", .role(.admin),
        "How many contacts have come how far.", OneCampaign.self, CampaignFunnel.self, problems: [404]
    ) { context, input in try .value(try await context.read { try CampaignFigures(input.id).funnel(in: $0) }) }

    // MARK: In time

    struct TimeSeriesAsk: EndpointInput {
        enum Step: String, Codable, CaseIterable, Sendable { case hour, day }
        var id: UUID
        var step: Step?
        var since: Date?
        static let rules: [String: FieldRule] = [
            "id": .help("The campaign's id."), "step": .help("`day`, where nothing is said."),
            "since": .help("From then on; the last 30 days, or 48 hours by the hour, where nothing is said."),
        ]
    }

    struct CampaignTimes: Codable, Sendable {
        struct TimeStep: Codable, Sendable {
            var at: Date
            var dialled: Int
            var answered: Int
            var completed: Int
            var refused: Int
        }
        /// In order; a time at which nothing happened is left out. At most 1000.
        var data: [TimeStep]
    }

    private static let timeSeries = Endpoint.get(
        CampaignRoutes.address + "/{id}/time-series", id: "campaignTimeSeries", .role(.admin),
        "Calls and answers of a campaign by the hour or the day, in UTC.", TimeSeriesAsk.self, CampaignTimes.self,
        problems: [404]
    ) { context, input in
        let step = input.step ?? .day
        let since = input.since ?? context.now.addingTimeInterval(step == .day ? -30 * 86_400 : -48 * 3_600)
        return try .value(
            try await context.read { try CampaignFigures(input.id).times(by: step, since: since, in: $0) })
    }

    // MARK: One contact

    struct CampaignRecipient: EndpointInput {
        var id: UUID
        var contact: UUID
        static let rules: [String: FieldRule] = [
            "id": .help("The campaign's id."), "contact": .help("The contact's id."),
        ]
    }

    struct RecipientReport: Codable, Sendable {
        struct RecipientStep: Codable, Sendable {
            var at: Date
            var activityType: String
            var reason: String?
        }
        var status: String
        var reason: String?
        var attempts: Int
        var nextAt: Date?
        var lastOutcome: String?
        /// What happened, the first at the beginning; at most the last 200.
        var timeline: [RecipientStep]
    }

    private static let recipient = Endpoint.get(
        CampaignRoutes.address + "/{id}/recipients/{contact}/analytics", id: "campaignRecipient", .role(.admin),
        "How far a campaign is with one contact, and what happened.", CampaignRecipient.self, RecipientReport.self,
        problems: [404]
    ) { context, input in
        try .value(
            try await context.read { tx in
                let rows = try tx.query(
                    """
                    select id, status, reason, attempts, next_at, last_outcome from campaign_contacts
                    where campaign_id = $1::uuid and contact_id = $2::uuid
                    """, [.uuid(input.id), .uuid(input.contact)])
                guard let row = rows.first else { throw Problem.notFound }
                let steps = try tx.query(
                    """
                    select at, activity_type, coalesce(metadata ->> 'reason', metadata ->> 'code') as reason
                    from campaign_activities where campaign_contact_id = $1::uuid order by at desc, id desc limit 200
                    """, [.uuid(try row.uuid("id"))])
                return RecipientReport(
                    status: try row.text("status"), reason: try row.textOrNil("reason"),
                    attempts: try row.int("attempts"), nextAt: try row.timestampOrNil("next_at"),
                    lastOutcome: try row.textOrNil("last_outcome"),
                    timeline: try steps.reversed().map { step in
                        .init(
                            at: try step.timestamp("at"), activityType: try step.text("activity_type"),
                            reason: try step.textOrNil("reason"))
                    })
            })
    }
}
