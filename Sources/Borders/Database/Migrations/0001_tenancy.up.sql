-- Roles, the tenant scope, tenants and users.
--
-- parley_owner owns every table and logs in nowhere; parley_app is what the gateway logs in as. A password for it is the
-- operator's: alter role parley_app password '…'.
do $$
begin
    if not exists (select from pg_roles where rolname = 'parley_owner') then
        begin
            create role parley_owner nologin nosuperuser nobypassrls;
        exception when duplicate_object or unique_violation then null;
        end;
    end if;
    if not exists (select from pg_roles where rolname = 'parley_app') then
        begin
            create role parley_app login nosuperuser nobypassrls nocreatedb nocreaterole;
        exception when duplicate_object or unique_violation then null;
        end;
    end if;
    if not pg_has_role(current_user, 'parley_owner', 'member') then
        execute format('grant parley_owner to %I', current_user);
    end if;
    execute format('grant create on database %I to parley_owner', current_database());
end $$;

grant usage, create on schema app to parley_owner;
grant usage, create on schema public to parley_owner;
grant usage on schema app, public to parley_app;
grant select on app.schema_migrations to parley_app;

set local role parley_owner;

-- The tenant of the running transaction, null when there is none. Verified JWT claims win over the setting, which any
-- SQL of the role could change. After a transaction the setting reads as an empty string, hence the nullif.
create or replace function app.tenant_id() returns uuid language sql stable as $$
    select coalesce(
        nullif(current_setting('request.jwt.claims', true), '')::jsonb -> 'app_metadata' ->> 'tenant_id',
        nullif(current_setting('app.tenant_id', true), ''))::uuid
$$;

create or replace function app.touch() returns trigger language plpgsql set search_path = '' as $$
begin
    new.updated_at := now();
    return new;
end $$;

-- Puts one table behind the tenant fence: forced row-level security, one policy, and updated_at kept by a trigger.
-- Every migration that makes a table calls it.
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
revoke execute on function app.protect(regclass) from public;

-- Takes turns, until the end of the transaction, on one phone number of the tenant: whoever finds or creates a contact
-- or a lead by phone calls it first. (Numbers are not unique: several people may share one.)
create or replace function app.lock_phone(phone text) returns void language sql as $$
    select pg_advisory_xact_lock(hashtextextended(coalesce(app.tenant_id()::text, '') || phone, 0))
$$;

create table if not exists tenants (
    id uuid primary key,
    tenant_id uuid not null generated always as (id) stored,
    name text not null,
    slug text not null,
    is_demo boolean not null default false,
    is_active boolean not null default true,
    currency text not null default 'USD',
    time_zone text not null default 'America/New_York',
    settings jsonb not null default '{}',
    stripe_customer_id text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint slug_is_taken_once unique (slug),
    constraint slug_is_lowercase_words check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    constraint currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
    constraint settings_are_an_object check (jsonb_typeof(settings) = 'object')
);
select app.protect('tenants');
grant select on tenants to parley_app;
grant update (name, is_demo, currency, time_zone, settings, stripe_customer_id) on tenants to parley_app;

create table if not exists users (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    email text not null,
    full_name text not null,
    role text not null default 'agent',
    is_active boolean not null default true,
    is_ai_agent boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint role_is_known check (role in ('agent', 'manager', 'admin', 'super_admin')),
    constraint email_is_lowercase check (email = lower(email)),
    constraint email_is_one_user_of_a_tenant unique (tenant_id, email)
);
create unique index if not exists one_ai_agent_a_tenant on users (tenant_id) where is_ai_agent;
select app.protect('users');
grant select, insert, update, delete on users to parley_app;
