import Endpoints

/// What a contact may buy, for how much, and how likely.
enum DealRoutes {
    static let resource = Resource(
        "deals", of: "Deal",
        [
            .reference("contact_id", to: "contacts", [.required, .filter]),
            .text("title", [.required, .search], max: 200),
            .number("value", 0...999_999_999_999.99, [.filter, .sort]),
            .text("currency", .filter, format: .currency, standard: "USD"),
            .choice(
                "stage",
                ["prospecting", "qualification", "proposal", "negotiation", "closed_won", "closed_lost"], .filter,
                standard: "qualification"),
            .integer("probability", 0...100, [.filter, .sort], standard: 0),
        ])
}
