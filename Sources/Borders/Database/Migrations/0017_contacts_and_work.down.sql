set local role parley_owner;

drop function if exists app.move_to_contact(uuid[], uuid);
drop function if exists app.is_opted_out(text);
drop function if exists app.withdraw_opt_out(uuid, text, text, text, timestamptz);
drop trigger if exists append_only_rows on consents;
drop trigger if exists append_only on consents;
create trigger append_only before update or delete or truncate on consents
    for each statement execute function app.refuse_change();
drop index if exists contacts_by_creation, follow_ups_by_creation, meetings_by_creation, consents_by_creation,
    deals_by_contact, tasks_by_contact, lead_activities_by_time, follow_ups_by_completion;
alter table if exists meetings drop column if exists sequence;
drop table if exists daily_reports, notification_preferences, notifications, todos;
