set local role parley_owner;

drop table if exists dial_receipts, dial_attempts;
drop function if exists app.number_route(text);
create function app.number_route(called text)
returns table (
    tenant_id uuid, profile_id uuid, name text, prompt text, greeting text, greeting_known text, language text,
    voice text, listen_model text, think_model text, human_number text, apology text, fallback_message text,
    rollout_percent integer, currency text, time_zone text, call_seconds_max integer, silence_seconds_max integer,
    turns_max integer, consult text)
language sql stable security definer set search_path = '' as $$
    select r.*, p.consult::text
    from app.route_number(called) r
    join public.profiles p on p.tenant_id = r.tenant_id and p.id = r.profile_id
$$;
revoke execute on function app.number_route(text) from public;
grant execute on function app.number_route(text) to parley_app;
alter table profiles drop column if exists greeting_outbound;
alter table tenants drop column if exists calls_stopped_at, drop column if exists calling_rule_sets;
alter table consents drop constraint if exists level_is_known, drop column if exists level;
