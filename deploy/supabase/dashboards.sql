-- After `parley migrate` on Supabase, and after each update, as `postgres`: users follow auth.users, and Supabase's API lets managers
-- read their tenant's rows. May be run again. docs/supabase.md says what it opens; leave out what is not wanted.

set client_min_messages = warning;

-- MARK: Users
--
-- Who signs up, or is changed by an administrator, is a user of the tenant that app_metadata names, with the same id.
-- user_metadata is the user's own to write and decides nothing but the name.
set role parley_owner;
create or replace function app.follow_auth_user() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
    tenant_before text := coalesce(current_setting('app.tenant_id', true), '');
    tenant uuid;
    named_role text := coalesce(new.raw_app_meta_data ->> 'role', 'agent');
    address text := lower(new.email);
begin
    tenant := nullif(new.raw_app_meta_data ->> 'tenant_id', '')::uuid;
    if tenant is null or address is null then return null; end if;
    perform set_config('app.tenant_id', tenant::text, true);
    insert into public.users (tenant_id, id, email, full_name, role)
    values (tenant, new.id, address,
        coalesce(nullif(left(new.raw_user_meta_data ->> 'full_name', 200), ''), address), named_role)
    on conflict (tenant_id, id) do update set email = excluded.email, role = excluded.role;
    perform set_config('app.tenant_id', tenant_before, true);
    return null;
exception when others then
    -- Nobody is kept from logging in: what is missing is the row, and the log says why. The setting is as before.
    raise warning 'Parley has no user %: %', new.id, sqlerrm;
    return null;
end $$;
revoke execute on function app.follow_auth_user() from public;
grant execute on function app.follow_auth_user() to postgres;
reset role;
create or replace trigger parley_user after insert or update of email, raw_app_meta_data on auth.users
    for each row execute function app.follow_auth_user();

-- MARK: Reading
grant usage on schema app to authenticated;
set role parley_owner;
create or replace function app.claimed_role() returns text language sql stable set search_path = '' as $$
    select nullif(current_setting('request.jwt.claims', true), '')::jsonb -> 'app_metadata' ->> 'role'
$$;
grant execute on function app.tenant_id(), app.claimed_role() to authenticated;
-- The tenant's fence holds for whoever asks. Besides, only those read here who see all of a tenant at Parley's own API: an agent
-- would see other agents' leads. What opens something, and what is no record of the business, is left out.
do $$
declare
    name text;
begin
    for name in
        select c.relname from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and c.relowner = 'parley_owner'::regrole
            and c.relname not in ('api_keys', 'idempotency_keys', 'jobs', 'login_attempts', 'user_invites', 'user_passwords',
                'user_sessions', 'webhook_endpoints', 'webhook_events', 'webhook_deliveries')
    loop
        execute format('grant select on public.%I to authenticated', name);
        execute format('drop policy if exists dashboards on public.%I', name);
        execute format('create policy dashboards on public.%I as restrictive for select to authenticated'
            || ' using ((select app.claimed_role()) in (''manager'', ''admin'', ''super_admin''))', name);
    end loop;
end $$;
reset role;
