package import Database

/// Table `lead_scoring_criteria`.
package enum CriteriaColumn: String, TableColumn {
    case id, name, weights, demographicRules, thresholds, isActive

    package static let table: StaticString = "lead_scoring_criteria"

    package var type: ColumnType {
        switch self {
        case .id: .uuid
        case .name: .text
        case .weights, .demographicRules, .thresholds: .jsonb
        case .isActive: .boolean
        }
    }
}
