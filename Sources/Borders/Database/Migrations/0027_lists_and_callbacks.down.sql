set local role parley_owner;

drop table if exists do_not_call_numbers, do_not_call_files;
drop trigger if exists rest_caller_id on dial_attempts;
drop function if exists app.rest_caller_id();
-- Of all tenants.
alter table notifications no force row level security;
alter table notification_preferences no force row level security;
delete from notifications where kind = 'number_blocked';
delete from notification_preferences where kind = 'number_blocked';
alter table notifications force row level security;
alter table notification_preferences force row level security;
alter table notifications drop constraint if exists kind_is_known;
alter table notifications add constraint kind_is_known check (
    kind in ('follow_up_overdue', 'lead_hot', 'meeting_booked', 'campaign_failed', 'delivery_failed', 'webhook_disabled'));
alter table notification_preferences drop constraint if exists kind_is_known;
alter table notification_preferences add constraint kind_is_known check (
    kind in ('follow_up_overdue', 'lead_hot', 'meeting_booked', 'campaign_failed', 'delivery_failed', 'webhook_disabled'));
alter table phone_numbers drop column if exists rests_until, drop column if exists rest_reason;
alter table campaign_contacts drop column if exists callback_id;
alter table follow_ups drop column if exists is_asked;
