package import Database
import FoundationEssentials

/// A tenant's own rules, as far as writing a call needs them.
package struct TenantRules: Equatable, Sendable {
    package var currency = "USD"
    package var timeZone = "America/New_York"
    /// `tenants.settings`: `holidays`, `redaction_patterns`, …
    package var settingsJSON = "{}"
    /// The active row of `lead_scoring_criteria`, nil when the product's defaults hold.
    package var weightsJSON: String?
    package var demographicRulesJSON: String?
    package var thresholdsJSON: String?
    package init() {}

    private struct Settings: Decodable { var redactionPatterns: [String]? }

    /// Regular expressions of what this tenant wants out of every text.
    package var redactionPatterns: [String] {
        StoredText.decode(Settings.self, from: settingsJSON)?.redactionPatterns ?? []
    }
}

extension TenantRules {
    package static func read(in tx: borrowing Transaction) throws -> TenantRules {
        var rules = TenantRules()
        let rows = try tx.query(
            """
            select currency, time_zone, settings, weights, demographic_rules, thresholds from tenants left join lateral (
                select weights, demographic_rules, thresholds from lead_scoring_criteria where is_active
                order by updated_at desc limit 1) criteria on true
            """, [])
        if let row = rows.first {
            rules.currency = try row.text("currency")
            rules.timeZone = try row.text("time_zone")
            rules.settingsJSON = try row.text("settings")
            rules.weightsJSON = try row.textOrNil("weights")
            rules.demographicRulesJSON = try row.textOrNil("demographic_rules")
            rules.thresholdsJSON = try row.textOrNil("thresholds")
        }
        return rules
    }
}
