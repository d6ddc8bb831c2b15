/// What calls of a campaign cost.
package struct CampaignBudget: Codable, Equatable, Sendable {
    package static let priceRange = 0.0...1_000.0

    /// ISO 4217.
    package var currency: String?
    package var pricePerCall: Double?
    /// Of talk, begun ones.
    package var pricePerMinute: Double?

    package init() {}

    enum CodingKeys: String, CodingKey {
        case currency
        case pricePerCall = "price_per_call"
        case pricePerMinute = "price_per_minute"
    }

    /// Whether it says what anything costs.
    package var hasPrice: Bool { pricePerCall != nil || pricePerMinute != nil }

    package func cost(calls: Double, minutes: Double) -> Double {
        calls * (pricePerCall ?? 0) + minutes * (pricePerMinute ?? 0)
    }
}
