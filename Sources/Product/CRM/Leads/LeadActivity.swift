package import CallModel
package import Database
package import FoundationEssentials

/// Table `lead_activities`: what happened to a lead.
package enum LeadActivityColumn: String, TableColumn {
    case leadID, callID, activityType, subject, description, createdBy, isAutomated, metadata, createdAt

    package static let table: StaticString = "lead_activities"

    package var type: ColumnType {
        switch self {
        case .leadID, .callID, .createdBy: .uuid
        case .activityType, .subject, .description: .text
        case .isAutomated: .boolean
        case .metadata: .jsonb
        case .createdAt: .timestamptz
        }
    }
}

/// Rows of `lead_activities` that machines write.
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
}
