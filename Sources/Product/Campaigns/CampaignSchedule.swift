package import Compliance
import FoundationEssentials

/// When a campaign dials, besides what the rules of calling allow: never more than they do.
package struct CampaignSchedule: Codable, Equatable, Sendable {
    /// By the clocks of the called party: `{"mon_fri": ["09:00", "17:00"]}`.
    package var hours: CallingHours?

    package init(json: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) }

    package var rules: [CallingRule] {
        hours.map { [.hours($0, id: "campaign-hours", source: "the campaign's own")] } ?? []
    }
}
