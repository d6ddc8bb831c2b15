package import Database

/// Table `lead_scores`.
package enum LeadScoreColumn: String, TableColumn {
    case leadID, callID, scoreType, score, confidence, scoreFactors, reasoning, scoredBy, scoredAt

    package static let table: StaticString = "lead_scores"

    package var type: ColumnType {
        switch self {
        case .leadID, .callID, .scoredBy: .uuid
        case .scoreType, .reasoning: .text
        case .score: .integer
        case .confidence: .double
        case .scoreFactors: .jsonb
        case .scoredAt: .timestamptz
        }
    }
}
