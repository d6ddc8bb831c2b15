import Database
package import Jobs

/// Tells of follow-ups whose time has come: nothing in the database changes then by which a trigger could.
package struct TellOfDueFollowUps: JobKind {
    package static let kind = "webhook.due_follow_ups"
    package static let policy = {
        var policy = JobPolicy()
        policy.placesMax = 1
        return policy
    }()
    package static let everySeconds = 60

    package init() {}

    /// Each once for each time that it has been due at, and none that was due before yesterday.
    package static let handler = JobHandler(writing: TellOfDueFollowUps.self) { _, _, tx in
        try tx.send(
            """
            insert into webhook_events (tenant_id, type, data, unique_key)
            select f.tenant_id, $1, jsonb_build_object(
                'follow_up_id', f.id, 'lead_id', f.lead_id, 'call_id', f.call_id, 'agent_id', f.agent_id,
                'due_at', f.due_at, 'reason', f.reason),
                $1 || ' ' || f.id || ' ' || extract(epoch from f.due_at)::bigint
            from follow_ups f
            where f.tenant_id = (select app.tenant_id()) and f.status = 'Pending' and f.due_at <= now()
                and f.due_at > now() - interval '1 day' and app.is_awaited($1)
            on conflict do nothing
            """, [.text(WebhookEventType.followUpDue.rawValue)])
    }
}

/// Removes events of a month ago, and their deliveries with them.
package struct PruneWebhookEvents: JobKind {
    package static let kind = "webhook.prune"
    package static let policy = TellOfDueFollowUps.policy
    package static let everySeconds = 86_400
    static let rowsMax = 10_000

    package init() {}

    package static let handler = JobHandler(writing: PruneWebhookEvents.self) { _, _, tx in
        let removed = try tx.execute(
            """
            delete from webhook_events where tenant_id = (select app.tenant_id()) and id = any(array(
                select v.id from webhook_events v where v.tenant_id = (select app.tenant_id())
                    and v.created_at < now() - interval '30 days' order by v.created_at limit $1))
            """, [.int(rowsMax)])
        if removed == rowsMax { try tx.enqueue(PruneWebhookEvents(), unique: .oneWaiting("more")) }
    }
}
