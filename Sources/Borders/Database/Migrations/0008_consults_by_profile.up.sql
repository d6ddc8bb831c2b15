-- Consults as each profile wants them, and when the answer's first word was spoken.
set local role parley_owner;

-- Limits, wording, sign of life and detection threshold as JSON; what is left out is as usual. docs/consults.md has the keys.
alter table profiles add column if not exists consult jsonb not null default '{}';
alter table consults add column if not exists spoken_ms integer;
do $$
begin
    if not exists (select from pg_constraint where conname = 'consult_is_an_object') then
        alter table profiles
            add constraint consult_is_an_object check (jsonb_typeof(consult) = 'object'),
            add constraint consult_is_short check (octet_length(consult::text) <= 32768);
    end if;
end $$;

-- What app.route_number finds, with the profile's consult settings.
create or replace function app.number_route(called text)
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
