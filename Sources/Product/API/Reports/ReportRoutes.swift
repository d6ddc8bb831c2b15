import CRM
import Endpoints

/// What days were like: one report a day, written in the morning after.
enum ReportRoutes {
    static let resource = Resource(
        "daily_reports", of: "DailyReport", verbs: [.list, .read], role: .manager, isAppendOnly: true,
        sortedBy: "-report_date",
        [
            .date(DailyReportColumn.reportDate, [.required, .filter, .sort]),
            .json(DailyReportColumn.report, .map(.anything), .required),
        ])
}
