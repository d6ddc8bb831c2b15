package import Database

/// Table `leads`.
package enum LeadColumn: String, TableColumn {
    case id, contactID, clientID, agentID, campaignID, phone, companyName, contactPerson, email, industry
    case stage, previousStage, stageChangedAt, pipelineStageID, statusBucket, qualificationStatus, leadScore
    case budget, authority, need, timeline, qualificationData, extractedInfo, conversationSummary
    case leadSource, utmSource, utmMedium, notes, dealValue, currency, winProbability, expectedCloseDate, createdAt,
        updatedAt

    package static let table: StaticString = "leads"

    package var type: ColumnType {
        switch self {
        case .id, .contactID, .clientID, .agentID, .campaignID, .pipelineStageID: .uuid
        case .phone, .companyName, .contactPerson, .email, .industry, .stage, .previousStage, .statusBucket,
            .qualificationStatus, .budget, .authority, .need, .timeline, .conversationSummary, .leadSource, .utmSource,
            .utmMedium, .notes, .currency:
            .text
        case .leadScore, .winProbability: .integer
        case .dealValue: .double
        case .qualificationData, .extractedInfo: .jsonb
        case .stageChangedAt, .expectedCloseDate, .createdAt, .updatedAt: .timestamptz
        }
    }
}
