set local role parley_owner;

drop table if exists dial_receipts, dial_attempts;
drop function if exists app.call_route(text);
alter table profiles drop column if exists greeting_outbound;
alter table tenants drop column if exists calls_stopped_at, drop column if exists calling_rule_sets;
alter table consents drop constraint if exists level_is_known, drop column if exists level;
