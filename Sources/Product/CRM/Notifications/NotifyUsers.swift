package import Database
import FoundationEssentials
package import Jobs

/// Tells users of what they should know: overdue follow-ups, hot leads, meetings that were booked, webhooks that are
/// sent no more, numbers that networks block. Each is told of once, to whose it is; what is nobody's, or the voice assistant's, to all managers.
package struct NotifyUsers: JobKind {
    package static let kind = "users.notify"
    package static let policy = {
        var policy = JobPolicy()
        policy.placesMax = 1
        return policy
    }()
    package static let everySeconds = 300

    package init() {}

    /// - Parameter sendsMail: a mail server is set up.
    package static func handler(sendsMail: Bool) -> JobHandler {
        JobHandler(writing: NotifyUsers.self) { _, _, tx in try write(in: tx, sendsMail: sendsMail) }
    }

    /// Of one kind and run; the rest comes with the next.
    private static let subjectsMax = 1_000

    package static func write(in tx: borrowing Transaction, sendsMail: Bool = false) throws {
        let rules = try TenantRules.read(in: tx)
        let criteria = ScoringCriteria(
            weightsJSON: rules.weightsJSON, demographicRulesJSON: rules.demographicRulesJSON,
            thresholdsJSON: rules.thresholdsJSON)
        let max = SQLValue.int(subjectsMax)
        let told = try tx.queries([
            (overdue, [max]), (hot, [max, .int(criteria.hotFrom)]), (booked, [max]), (disabled, [max]),
            (blocked, [max]),
        ])
        guard sendsMail else { return }
        let mails = try told.joined().filter { try $0.bool("by_email") }.map {
            MailNotification(notification: try $0.uuid("id"))
        }
        try tx.enqueue(mails) { .once($0.notification.uuidString) }
    }

    static let statements = [overdue, hot, booked, disabled, blocked]

    /// - Parameter subjects: `id`, `title`, `body`, `owner`: a row of `table` each, where `owner` may be nobody. At
    /// most `$1`.
    private static func telling(_ kind: NotificationKind, of table: String, _ subjects: String) -> String {
        """
        insert into notifications
            (tenant_id, user_id, kind, title, body, subject_table, subject_id, on_page, by_email)
        select (select app.tenant_id()), u.id, '\(kind.rawValue)', left(s.title, 200), left(s.body, 2000), '\(table)', s.id,
            coalesce(p.on_page, true), coalesce(p.by_email, false)
        from (\(subjects)) s
        join users u on u.is_active and not u.is_ai_agent
            and (u.id = s.owner or s.owner is null and u.role in ('manager', 'admin'))
        left join notification_preferences p on p.user_id = u.id and p.kind = '\(kind.rawValue)'
        where coalesce(p.on_page, true) or coalesce(p.by_email, false)
        on conflict on constraint user_is_told_once do nothing
        returning id, by_email
        """
    }

    /// Nobody has been told of it yet.
    private static func isNews(_ kind: NotificationKind) -> String {
        "not exists (select from notifications n where n.kind = '\(kind.rawValue)' and n.subject_id = t.id)"
    }

    /// The first of them who is a person that works here.
    private static func owner(_ agents: String...) -> String {
        """
        (select o.id from users o join unnest(array[\(agents.joined(separator: ", "))]::uuid[]) with ordinality
            as a (id, place) on a.id = o.id where o.is_active and not o.is_ai_agent order by a.place limit 1) as owner
        """
    }

    private static let who = "coalesce(l.company_name, l.contact_person, l.phone, 'a lead')"

    /// Older ones are no news to anybody who has just been made a user.
    private static let overdue = telling(
        .followUpOverdue, of: "follow_ups",
        """
        select t.id, 'Follow-up overdue: ' || \(who) as title, nullif(t.reason, '') as body, \(owner("t.agent_id", "l.agent_id"))
        from follow_ups t join leads l on l.id = t.lead_id
        where t.status = 'Pending' and t.due_at <= now() and t.due_at > now() - interval '7 days'
            and \(isNews(.followUpOverdue))
        order by t.due_at limit $1
        """)

    private static let hot = telling(
        .leadHot, of: "leads",
        """
        select t.id, 'Hot lead: ' || coalesce(t.company_name, t.contact_person, t.phone, 'a lead') as title,
            'Score ' || t.lead_score || '. ' || coalesce(t.conversation_summary, '') as body, \(owner("t.agent_id"))
        from leads t
        where t.lead_score >= 50 and t.lead_score >= $2 and t.updated_at > now() - interval '1 day'
            and t.stage not in ('CUSTOMER', 'LOST') and \(isNews(.leadHot))
        order by t.updated_at desc limit $1
        """)

    private static let booked = telling(
        .meetingBooked, of: "meetings",
        """
        select t.id, 'Meeting booked: ' || t.title as title,
            \(who) || ', ' || to_char(t.starts_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') as body,
            \(owner("t.agent_id", "l.agent_id"))
        from meetings t join leads l on l.id = t.lead_id
        where t.created_at > now() - interval '1 day' and t.status = 'scheduled' and t.starts_at > now()
            and \(isNews(.meetingBooked))
        order by t.created_at limit $1
        """)

    /// Who switches one on again takes the notice away with it, so that a next time is told of as well.
    private static let disabled = telling(
        .webhookDisabled, of: "webhook_endpoints",
        """
        select t.id, 'Webhooks switched off: ' || t.url as title, t.disabled_reason as body, null::uuid as owner
        from webhook_endpoints t
        where not t.is_active and t.disabled_reason is not null and \(isNews(.webhookDisabled))
        order by t.updated_at limit $1
        """)

    /// A number that begins to rest again takes the notice away with it.
    private static let blocked = telling(
        .numberBlocked, of: "phone_numbers",
        """
        select t.id, 'Number blocked: ' || t.number as title,
            t.rest_reason || ' It calls nobody until ' || to_char(t.rests_until at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')
                || '. Have it registered, or call from another.' as body, null::uuid as owner
        from phone_numbers t where t.rests_until > now() and \(isNews(.numberBlocked)) order by t.rests_until limit $1
        """)
}
