package import Database

/// Table `daily_reports`.
package enum DailyReportColumn: String, TableColumn {
    case reportDate, report

    package static let table: StaticString = "daily_reports"

    package var type: ColumnType {
        switch self {
        case .reportDate: .timestamptz
        case .report: .jsonb
        }
    }
}
