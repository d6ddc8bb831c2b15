package import Database

/// Table `usage_records`.
package enum UsageColumn: String, TableColumn {
    case callID, kind, quantity, recordedAt

    package static let table: StaticString = "usage_records"

    package var type: ColumnType {
        switch self {
        case .callID: .uuid
        case .kind: .text
        case .quantity: .bigint
        case .recordedAt: .timestamptz
        }
    }
}
