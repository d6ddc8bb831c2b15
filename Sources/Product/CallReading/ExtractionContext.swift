package import CallModel
package import Foundation
package import SpokenLanguage

/// What the extractor must know besides the call itself.
package struct ExtractionContext: Sendable {
    /// The amounts from which a budget counts as medium and as high, in the tenant's currency.
    package struct BudgetThresholds: Equatable, Sendable, Codable {
        package var medium: Double
        package var high: Double
        package init(medium: Double = 5_000, high: Double = 25_000) {
            self.medium = medium
            self.high = high
        }

        package func level(of amount: Double) -> BudgetLevel {
            amount >= high ? .high : amount >= medium ? .medium : .low
        }
    }

    /// What an amount is worth to the tenant, as coarsely as three levels need it: a currency of another size must not make
    /// a small budget a high one.
    func level(of amount: Double, in other: String?) -> BudgetLevel {
        guard let other, let theirs = Self.unitsToTheDollar[other] else { return thresholds.level(of: amount) }
        return thresholds.level(of: amount / theirs * (Self.unitsToTheDollar[currency] ?? 1))
    }

    /// The currency that was meant, nil for the tenant's: "dollars" are Canadian ones to a Canadian tenant.
    func currency(of mention: MoneyMention) -> String? {
        guard let named = mention.currency, named != currency else { return nil }
        let isOwn = !mention.isNational && Self.namesakes.contains { $0.contains(named) && $0.contains(currency) }
        return isOwn ? nil : named
    }

    private static let namesakes: [Set<String>] = [
        ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"], ["MXN", "COP", "ARS", "CLP", "PHP", "UYU", "DOP"],
        ["INR", "PKR", "LKR"], ["SEK", "NOK", "DKK", "CZK"], ["GBP", "EGP"], ["AED", "MAD"],
    ]
    /// Rounded to what one can say by heart.
    private static let unitsToTheDollar: [String: Double] = [
        "USD": 1, "EUR": 0.9, "GBP": 0.75, "CHF": 0.85, "CAD": 1.4, "AUD": 1.5, "NZD": 1.7, "SGD": 1.3, "HKD": 7.8,
        "TWD": 32, "INR": 85, "PKR": 280, "LKR": 300, "AED": 3.7, "MAD": 10, "SAR": 3.75, "JPY": 150, "CNY": 7.2,
        "MXN": 19, "COP": 4_100, "ARS": 1_200, "CLP": 950, "UYU": 42, "DOP": 61, "PEN": 3.7, "PHP": 57, "BRL": 5.5,
        "ZAR": 18, "PLN": 4, "CZK": 23, "SEK": 10.5, "NOK": 10.8, "DKK": 6.9, "TRY": 38, "ILS": 3.7, "NGN": 1_550,
        "EGP": 50,
        "KRW": 1_380, "MYR": 4.4, "THB": 34, "IDR": 16_000, "KES": 130, "KWD": 0.31,
    ]

    /// ISO 4217.
    package var currency: String
    /// The caller's zone, in which "Tuesday at three" is meant.
    package var timeZone: TimeZone
    /// What the agent speaks, and callers are expected to.
    package var tongue: Tongue
    package var thresholds: BudgetThresholds

    package init(
        currency: String, timeZone: TimeZone, tongue: Tongue = .english,
        thresholds: BudgetThresholds = BudgetThresholds()
    ) {
        self.currency = currency
        self.timeZone = timeZone
        self.tongue = tongue
        self.thresholds = thresholds
    }

    /// The tenant's currency, zone and language as the call's opening carries them; an unknown zone reads as GMT.
    package init(record: CallRecord, thresholds: BudgetThresholds = BudgetThresholds()) {
        self.init(
            currency: record.opening.currency, timeZone: TimeZone(identifier: record.opening.timeZone) ?? .gmt,
            tongue: Tongue(tag: record.opening.language ?? ""), thresholds: thresholds)
    }
}
