package import CallModel
package import Database
package import FoundationEssentials

/// What happened to a lead: rows of `lead_activities`.
package enum LeadActivity {
    package static let statement = BulkStatement<LeadActivityColumn>(insert: LeadActivityColumn.allCases)

    /// Of a call with the AI agent.
    ///
    /// - Parameter metadata: JSON.
    package static func row(
        _ leadID: UUID, call: CallID, by userID: UUID?, _ subject: String, _ description: String, metadata: String,
        at moment: Date
    ) -> BulkRow<LeadActivityColumn> {
        [
            .leadID: .uuid(leadID), .callID: .uuid(call.uuid), .activityType: "ai_interaction",
            .subject: .text(subject), .description: .text(description), .createdBy: .uuid(userID), .isAutomated: true,
            .metadata: .json(metadata), .createdAt: .timestamp(moment),
        ]
    }

    /// What people do to a lead through the API.
    package enum Kind: String, Sendable {
        case stageChange = "stage_change"
        case scoreChange = "score_change"
        case assignment
    }

    /// Of a person, or of what the rules did for them.
    ///
    /// - Parameter metadata: JSON.
    package static func row(
        _ leadID: UUID, _ kind: Kind, by userID: UUID?, _ subject: String, _ description: String?, metadata: String,
        at moment: Date
    ) -> BulkRow<LeadActivityColumn> {
        [
            .leadID: .uuid(leadID), .callID: nil, .activityType: .text(kind.rawValue), .subject: .text(subject),
            .description: .text(description), .createdBy: .uuid(userID), .isAutomated: false,
            .metadata: .json(metadata), .createdAt: .timestamp(moment),
        ]
    }
}
