-- A call that may be placed may be for two minutes, and no longer than the hours last that it was allowed in. docs/dialling.md.
set local role parley_owner;

alter table dial_attempts add column if not exists valid_until timestamptz not null default now() + interval '2 minutes';
-- Calls that a number of ours is about to place.
create index if not exists dial_attempts_about_to_be_placed on dial_attempts (tenant_id, caller_id) where state = 'reserved';

-- Whether there is such a zone: lists that people bring have all sorts.
create or replace function app.is_time_zone(zone text) returns boolean language plpgsql stable set search_path = '' as $$
begin
    perform now() at time zone zone;
    return true;
exception when invalid_parameter_value then
    return false;
end $$;
revoke execute on function app.is_time_zone(text) from public;
grant execute on function app.is_time_zone(text) to parley_app;
