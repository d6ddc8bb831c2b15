/// Where a lead stands on its way to a customer.
package enum LeadStage: String, CaseIterable, Codable, Sendable {
    case lead = "LEAD"
    case mql = "MQL"
    case sql = "SQL"
    case opportunity = "OPPORTUNITY"
    case customer = "CUSTOMER"
    case lost = "LOST"

    /// From first contact to customer. A lost lead has left it.
    package static let way: [LeadStage] = [.lead, .mql, .sql, .opportunity, .customer]

    /// How far along the way; nil off it.
    package var rank: Int? { LeadStage.way.firstIndex(of: self) }

    /// Where a lead may be moved from here: forward, out of the way, and back onto it anywhere.
    package var moves: [LeadStage] {
        guard let rank else { return LeadStage.way }
        return Array(LeadStage.way.dropFirst(rank + 1)) + [.lost]
    }

    /// Leaving the way and coming back to it are told why.
    package func needsReason(to stage: LeadStage) -> Bool { (self == .lost) != (stage == .lost) }

    /// Why a lead is not moved; nil when it is.
    package func objection(to stage: LeadStage, reason: String?) -> String? {
        guard moves.contains(stage) else {
            let allowed = moves.map(\.rawValue).joined(separator: ", ")
            return self == stage
                ? "The lead is in \(rawValue) already. Allowed: \(allowed)."
                : "A lead in \(rawValue) does not move to \(stage.rawValue). Allowed: \(allowed)."
        }
        guard needsReason(to: stage), reason == nil else { return nil }
        return "A move from \(rawValue) to \(stage.rawValue) needs a `reason`."
    }
}
