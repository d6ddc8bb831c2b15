package import Database
import FoundationEssentials

/// A tenant's own rules, as far as writing a call needs them.
package struct TenantRules: Equatable, Sendable, Decodable {
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
        let rows = try tx.query(
            """
            select currency, time_zone, settings as settings_json, weights as weights_json,
                demographic_rules as demographic_rules_json, thresholds as thresholds_json
            from tenants left join lateral (
                select weights, demographic_rules, thresholds from lead_scoring_criteria where is_active
                order by updated_at desc limit 1) criteria on true
            """, [])
        return try rows.first?.decode(TenantRules.self) ?? TenantRules()
    }
}
