/// What there was between two moments, in numbers: of a tenant, or of the leads that an agent sees.
package enum Figures {
    /// A statement that yields `body`: from `$1` on, before `$2`.
    ///
    /// - Parameter seen: which leads count: SQL over `l`, whose parameters begin with `$3`; nil: all.
    package static func statement(seen: String? = nil) -> String {
        let lead = seen.map { " and (\($0))" } ?? ""
        func ofLead(_ alias: String) -> String {
            seen.map { " and exists (select from leads l where l.id = \(alias).lead_id and (\($0)))" } ?? ""
        }
        func within(_ column: String) -> String { "\(column) >= $1::timestamptz and \(column) < $2::timestamptz" }
        // A call without a lead is nobody's.
        let calls =
            "from calls c where \(within("c.call_start_time"))"
            + (seen == nil ? "" : " and (c.lead_id is null or true\(ofLead("c")))")
        return """
            select jsonb_build_object(
                'calls', (select jsonb_build_object('total', count(*), 'connected_seconds', coalesce(sum(c.duration), 0),
                        'by_outcome', coalesce((select jsonb_object_agg(o.outcome, o.n) from (
                            select c.outcome, count(*) as n \(calls) and c.outcome is not null group by c.outcome) o), '{}'))
                    \(calls)),
                'leads', (select jsonb_build_object('created', count(*),
                        'qualified', count(*) filter (
                            where l.qualification_status in ('marketing_qualified', 'sales_qualified')),
                        'value', coalesce(sum(l.deal_value), 0))
                    from leads l where \(within("l.created_at"))\(lead)),
                'meetings', (select jsonb_build_object('booked', count(*)) from meetings m
                    where \(within("m.created_at"))\(ofLead("m"))),
                'follow_ups', (select jsonb_build_object('completed', count(*)) from follow_ups f
                    where \(within("f.completed_at"))\(ofLead("f")))
            )::text as body
            """
    }

    package static let ofTenant = statement()
}
