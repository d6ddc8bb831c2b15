import CRM
import Endpoints

/// What a contact may buy, for how much, and how likely.
enum DealRoutes {
    static let resource = Resource(
        "deals", of: "Deal",
        [
            .reference(DealColumn.contactID, to: "contacts", [.required, .filter]),
            .text(DealColumn.title, [.required, .search], max: 200),
            .number(DealColumn.value, 0...999_999_999_999.99, [.filter, .sort]),
            .text(DealColumn.currency, .filter, format: .currency, standard: "USD"),
            .choice(
                DealColumn.stage,
                ["prospecting", "qualification", "proposal", "negotiation", "closed_won", "closed_lost"], .filter,
                standard: "qualification"),
            .integer(DealColumn.probability, 0...100, [.filter, .sort], standard: 0),
        ])
}
