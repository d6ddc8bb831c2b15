package import Database

/// Table `pipeline_stages`.
package enum PipelineStageColumn: String, TableColumn {
    case id, name, stage, position, winProbability

    package static let table: StaticString = "pipeline_stages"

    package var type: ColumnType {
        switch self {
        case .id: .uuid
        case .name, .stage: .text
        case .position, .winProbability: .integer
        }
    }
}
