-- A role that may read every row of every tenant, and nothing else: for pg_dump. Row-level security is forced, so that not
-- even the owner reads across tenants; on a server without a superuser nobody else could take a backup.
--
-- It gets a password from the operator (alter role parley_backup password '…'); until then nobody logs in as it.
do $$
begin
    if not exists (select from pg_roles where rolname = 'parley_backup') then
        begin
            create role parley_backup login nosuperuser nobypassrls nocreatedb nocreaterole;
        exception
            when duplicate_object or unique_violation then null;
            -- A login that may not make roles: whoever may makes this one, then calls app.admit_backup().
            when insufficient_privilege then null;
        end;
    end if;
    -- The record of migrations and its schema belong to whoever migrated first; the rest to parley_owner.
    if exists (select from pg_roles where rolname = 'parley_backup')
        and pg_has_role(current_user, (select relowner from pg_class where oid = 'app.schema_migrations'::regclass), 'usage')
    then
        grant usage on schema app, public to parley_backup;
        grant select on app.schema_migrations to parley_backup;
    end if;
end $$;

set local role parley_owner;

-- Lets the backup role read one table, if there is such a role: all rows, no verb but select.
create or replace function app.admit_backup(tenant_table regclass) returns void language plpgsql set search_path = '' as $$
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'parley_backup') then
        execute format('grant select on %s to parley_backup', tenant_table);
        execute format('drop policy if exists backup on %s', tenant_table);
        execute format('create policy backup on %s for select to parley_backup using (true)', tenant_table);
    end if;
end $$;
revoke execute on function app.admit_backup(regclass) from public;

-- The same for all there are: once, or after the role was made by hand.
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
end $$;
revoke execute on function app.admit_backup() from public;
select app.admit_backup();

-- As before, and readable for backups.
create or replace function app.protect(tenant_table regclass) returns void language plpgsql set search_path = '' as $$
begin
    execute format('alter table %s enable row level security', tenant_table);
    execute format('alter table %s force row level security', tenant_table);
    execute format('drop policy if exists tenant_isolation on %s', tenant_table);
    execute format(
        'create policy tenant_isolation on %s using (tenant_id = (select app.tenant_id()))'
        || ' with check (tenant_id = (select app.tenant_id()))', tenant_table);
    if exists (
        select from pg_catalog.pg_attribute
        where attrelid = tenant_table and attname = 'updated_at' and not attisdropped)
    then
        execute format('drop trigger if exists touch on %s', tenant_table);
        execute format('create trigger touch before update on %s for each row execute function app.touch()',
            tenant_table);
    end if;
    perform app.admit_backup(tenant_table);
end $$;
