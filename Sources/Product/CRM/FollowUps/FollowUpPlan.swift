package import FoundationEssentials

/// The next contact after a call: a row of `follow_ups`.
package struct FollowUpPlan: Equatable, Sendable, Codable {
    package var dueAt: Date
    package var reason: String
    package var recommendation: String
    /// They named the time themselves.
    package var isAsked: Bool

    package init(dueAt: Date, reason: String, recommendation: String, isAsked: Bool = false) {
        self.dueAt = dueAt
        self.reason = reason
        self.recommendation = recommendation
        self.isAsked = isAsked
    }
}
