package import CallModel
package import Foundation

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

    /// ISO 4217.
    package var currency: String
    /// The caller's zone, in which "Tuesday at three" is meant.
    package var timeZone: TimeZone
    package var thresholds: BudgetThresholds

    package init(currency: String, timeZone: TimeZone, thresholds: BudgetThresholds = BudgetThresholds()) {
        self.currency = currency
        self.timeZone = timeZone
        self.thresholds = thresholds
    }

    /// The tenant's currency and zone as the call's opening carries them; an unknown zone reads as GMT.
    package init(record: CallRecord, thresholds: BudgetThresholds = BudgetThresholds()) {
        self.init(
            currency: record.opening.currency, timeZone: TimeZone(identifier: record.opening.timeZone) ?? .gmt,
            thresholds: thresholds)
    }
}
