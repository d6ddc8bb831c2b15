package import Compliance
import Database
import FoundationEssentials

/// What calls of a campaign cost, and what it may spend.
package struct CampaignBudget: Codable, Equatable, Sendable {
    package static let priceRange = 0.0...1_000.0
    package static let spendMaxRange = 0.01...1_000_000_000.0
    package static let callsADayRange = 1...1_000_000

    /// ISO 4217.
    package var currency: String?
    /// Of one that the carrier has placed.
    package var pricePerCall: Double?
    /// From the answer on, of each that begins.
    package var pricePerMinute: Double?
    package var spendMax: Double?
    /// In 24 hours.
    package var callsADay: Int?

    package init() {}

    enum CodingKeys: String, CodingKey {
        case currency
        case pricePerCall = "price_per_call"
        case pricePerMinute = "price_per_minute"
        case spendMax = "spend_max"
        case callsADay = "calls_a_day"
    }

    package init(json: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) }

    /// Whether it says what anything costs.
    package var hasPrice: Bool { pricePerCall != nil || pricePerMinute != nil }

    package func cost(calls: Double, minutes: Double) -> Double {
        Self.rounded(calls * (pricePerCall ?? 0) + minutes * (pricePerMinute ?? 0))
    }

    /// To the hundredth of a cent: what is added up in another order is the same.
    static func rounded(_ money: Double) -> Double { (money * 10_000).rounded() / 10_000 }

    /// Beside the rules of calling, as the campaign's hours are.
    package var rules: [CallingRule] {
        guard spendMax != nil || callsADay != nil else { return [] }
        return [
            .budget(
                spendMax: spendMax, currency: currency, callsADay: callsADay, id: "campaign-budget",
                source: "the campaign's own")
        ]
    }

    /// One call more, as it counts while it is under way.
    func count(oneCallIn use: inout DialQuestion.BudgetUse?) {
        guard let before = use else { return }
        use?.spent = Self.rounded(before.spent + cost(calls: 1, minutes: 1))
        use?.calls += 1
    }

    /// Minutes that have begun, of a call of the table `alias` that somebody answered and that is over.
    static func minutes(_ alias: String) -> String {
        "ceil(round(extract(epoch from \(alias).ended_at - \(alias).answered_at)) / 60)"
    }

    /// What a campaign has used; nil where that limits nothing. Calls under way count as placed, with a minute at the least.
    func use(of campaign: UUID, in tx: borrowing Transaction) throws -> DialQuestion.BudgetUse? {
        guard !rules.isEmpty else { return nil }
        var use = DialQuestion.BudgetUse(spent: 0, calls: 0)
        if spendMax != nil {
            let row = try tx.query(
                """
                select (count(*) filter (where a.state <> 'ended' or a.carrier_call_sid is not null))::double precision as calls,
                    coalesce(sum(case when a.state = 'ended' then \(Self.minutes("a"))
                        else greatest(ceil(extract(epoch from now() - a.answered_at) / 60), 1) end), 0)::double precision as minutes
                from dial_attempts a where a.campaign_id = $1::uuid
                """, [.uuid(campaign)]
            ).first
            use.spent = cost(calls: try row?.double("calls") ?? 0, minutes: try row?.double("minutes") ?? 0)
        }
        if let callsADay {
            let counted = """
                campaign_id = $1::uuid and created_at > now() - interval '1 day'
                    and (state <> 'ended' or requested_at is not null) and outcome is distinct from 'carrier_congestion'
                """
            let row = try tx.query(
                """
                select (select count(*)::integer from dial_attempts where \(counted)) as calls,
                    coalesce(
                        (select created_at from dial_attempts where \(counted)
                            order by created_at desc offset $2::integer - 1 limit 1),
                        (select min(created_at) from dial_attempts where \(counted))) + interval '1 day' as room_at
                """, [.uuid(campaign), .int(callsADay)]
            ).first
            use.calls = try row?.int("calls") ?? 0
            use.roomAt = try row?.timestampOrNil("room_at")
        }
        return use
    }
}
