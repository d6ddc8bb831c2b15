package import Database
package import FoundationEssentials
package import Jobs

/// The report of yesterday, once it is morning where the tenant is.
package struct WriteDailyReport: JobKind {
    package static let kind = "report.write"
    package static let policy = {
        var policy = JobPolicy()
        policy.placesMax = 1
        return policy
    }()
    package static let everySeconds = 1_800
    private static let morning = 7

    package init() {}

    package static let handler = JobHandler(writing: WriteDailyReport.self) { _, _, tx in
        try write(at: nil, in: tx)
    }

    /// - Parameter moment: nil is now.
    package static func write(at moment: Date?, in tx: borrowing Transaction) throws {
        let zone = try TenantRules.read(in: tx).timeZone
        let known = SQLValue.text(TimeZone(identifier: zone) == nil ? "UTC" : zone)
        let rows = try tx.query(day, [.timestamp(moment), known, .int(morning)])
        guard let row = rows.first else { return }
        let bounds: [SQLValue] = [.timestamp(try row.timestamp("begins")), .timestamp(try row.timestamp("ends"))]
        let report = try tx.query(Figures.ofTenant, bounds).first?.text("body")
        try tx.execute(
            """
            insert into daily_reports (tenant_id, report_date, report)
            values ((select app.tenant_id()), $1::date, $2::jsonb || (\(standing)))
            on conflict on constraint day_is_one_report_of_a_tenant do nothing
            """, [.text(try row.text("day")), .json(report)])
    }

    static let statements = [day, Figures.ofTenant]

    /// Yesterday and its bounds, where it is morning and there is no report yet.
    private static let day = """
        select d.day::text as day, d.day::timestamp at time zone $2::text as begins,
            (d.day + 1)::timestamp at time zone $2::text as ends
        from (select (coalesce($1::timestamptz, now()) at time zone $2::text)::date - 1 as day) d
        where extract(hour from coalesce($1::timestamptz, now()) at time zone $2::text) >= $3::integer
            and not exists (select from daily_reports r where r.report_date = d.day)
        """

    /// What stands open in the morning.
    private static let standing = """
        select jsonb_build_object('open', jsonb_build_object(
            'follow_ups_overdue', (select count(*) from follow_ups where status = 'Pending' and due_at < now()),
            'meetings_ahead', (select count(*) from meetings where status = 'scheduled' and starts_at > now())))
        """
}
