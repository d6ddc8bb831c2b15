-- The role stays: other databases of the cluster may use it.
do $$
begin
    if exists (select from pg_roles where rolname = 'parley_backup')
        and pg_has_role(current_user, (select relowner from pg_class where oid = 'app.schema_migrations'::regclass), 'usage')
    then
        revoke select on app.schema_migrations from parley_backup;
        revoke usage on schema app, public from parley_backup;
    end if;
end $$;

set local role parley_owner;

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
end $$;

do $$
declare
    tenant_table regclass;
begin
    for tenant_table in
        select c.oid from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and c.relowner = 'parley_owner'::regrole
    loop
        execute format('drop policy if exists backup on %s', tenant_table);
        if exists (select from pg_roles where rolname = 'parley_backup') then
            execute format('revoke select on %s from parley_backup', tenant_table);
        end if;
    end loop;
end $$;
drop function if exists app.admit_backup(), app.admit_backup(regclass);
