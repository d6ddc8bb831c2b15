set local role parley_owner;

drop function if exists app.tenants_page(timestamptz, uuid, integer, uuid);
drop function if exists app.add_tenant(uuid, text, text, text);
drop function if exists app.login_succeeded(text);
drop function if exists app.begin_login(text, integer, integer);
drop function if exists app.login_account(text);
drop function if exists app.find_invite(text);
drop function if exists app.find_api_key(text);
drop function if exists app.find_session(text, integer);
drop function if exists app.login_candidates(text, text);
drop policy if exists logins on users;
drop trigger if exists end_sessions on users;
drop function if exists app.end_sessions();
drop trigger if exists lower_email on users;
drop function if exists app.lower_email();
drop index if exists users_by_creation, users_by_email;

-- As 0012 has it.
create or replace function app.admit_backup() returns void language plpgsql set search_path = '' as $$
declare
    tenant_table regclass;
begin
    for tenant_table in
        select c.oid from pg_catalog.pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and c.relowner = 'parley_owner'::regrole
    loop
        perform app.admit_backup(tenant_table);
    end loop;
    if exists (select from pg_catalog.pg_roles where rolname = 'parley_backup') then
        grant select on app.periodic_jobs to parley_backup;
    end if;
end $$;

drop table if exists app.login_attempts, api_keys, user_invites, user_sessions, user_passwords;
