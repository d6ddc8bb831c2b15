package import Database

/// Table `lead_activities`.
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
