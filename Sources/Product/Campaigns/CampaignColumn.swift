package import Database

/// Table `campaigns`.
package enum CampaignColumn: String, TableColumn {
    case name, description, type, status, reason, goalType, goalTarget, purpose, callerIds, schedule, startsAt, endsAt
    case pace, rules, targetCriteria, budget, nextDialAt, startedAt, endedAt, createdByUserID

    package static let table: StaticString = "campaigns"

    package var type: ColumnType {
        switch self {
        case .createdByUserID: .uuid
        case .name, .description, .type, .status, .reason, .goalType, .purpose: .text
        case .callerIds: .textArray
        case .goalTarget: .integer
        case .schedule, .pace, .rules, .targetCriteria, .budget: .jsonb
        case .startsAt, .endsAt, .nextDialAt, .startedAt, .endedAt: .timestamptz
        }
    }
}

/// Table `campaign_contacts`.
package enum CampaignContactColumn: String, TableColumn {
    case campaignID, contactID, status, reason, attempts, nextAt, attemptID, lastOutcome

    package static let table: StaticString = "campaign_contacts"

    package var type: ColumnType {
        switch self {
        case .campaignID, .contactID, .attemptID: .uuid
        case .status, .reason, .lastOutcome: .text
        case .attempts: .integer
        case .nextAt: .timestamptz
        }
    }
}

/// Table `campaign_activities`.
package enum CampaignActivityColumn: String, TableColumn {
    case campaignID, campaignContactID, contactID, attemptID, activityType, at, metadata

    package static let table: StaticString = "campaign_activities"

    package var type: ColumnType {
        switch self {
        case .campaignID, .campaignContactID, .contactID, .attemptID: .uuid
        case .activityType: .text
        case .metadata: .jsonb
        case .at: .timestamptz
        }
    }
}
