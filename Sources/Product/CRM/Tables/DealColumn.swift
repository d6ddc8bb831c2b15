package import Database

/// Table `deals`.
package enum DealColumn: String, TableColumn {
    case id, contactID, title, value, currency, stage, probability

    package static let table: StaticString = "deals"

    package var type: ColumnType {
        switch self {
        case .id, .contactID: .uuid
        case .title, .currency, .stage: .text
        case .value: .double
        case .probability: .integer
        }
    }
}
