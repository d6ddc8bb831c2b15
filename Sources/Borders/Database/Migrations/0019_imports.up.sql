-- Imports of contacts: the files that were brought, how they are read, how far each has come, what was wrong with their rows.
-- docs/imports.md.
set local role parley_owner;

create table if not exists imports (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    state text not null default 'uploaded',
    -- As whoever brought it calls it.
    file_name text,
    -- SHA-256 of the file as it came, in hexadecimal, and its length as it is kept, in UTF-8.
    digest text,
    file_bytes bigint not null default 0,
    encoding text not null default 'utf-8',
    delimiter text not null default ',',
    has_header boolean not null default true,
    -- Name and samples of each column, and the field that each goes to.
    columns jsonb not null default '[]',
    mapping jsonb not null default '[]',
    duplicates text not null default 'skip',
    match_by text not null default 'both',
    default_country text,
    -- Where the list is from, and why these people may be contacted.
    list_source text,
    consent_basis text,
    created_by_user_id uuid,
    -- The place behind the last row that is done: written in the transaction that has done it.
    done_bytes bigint not null default 0,
    done_lines bigint not null default 0,
    done_records bigint not null default 0,
    created_count bigint not null default 0,
    updated_count bigint not null default 0,
    skipped_count bigint not null default 0,
    failed_count bigint not null default 0,
    -- Of what was created or updated: with a number of somebody who asked to be left alone; with a warning.
    left_alone_count bigint not null default 0,
    warned_count bigint not null default 0,
    -- Rows of import_errors, which has no more than it may.
    kept_errors bigint not null default 0,
    failure text,
    started_at timestamptz,
    ended_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, created_by_user_id) references users (tenant_id, id) on delete set null (created_by_user_id),
    constraint state_is_known check (state in ('uploaded', 'running', 'completed', 'failed', 'cancelled')),
    constraint duplicates_is_known check (duplicates in ('skip', 'update', 'create')),
    constraint match_by_is_known check (match_by in ('phone', 'email', 'both')),
    constraint ended_at_only_when_over check ((state in ('completed', 'failed', 'cancelled')) = (ended_at is not null))
);
create index if not exists imports_by_creation on imports (tenant_id, created_at desc, id desc);
-- Two would not see each other's contacts while they look for duplicates.
create unique index if not exists a_tenant_has_one_import_at_a_time on imports (tenant_id) where state = 'running';
select app.protect('imports');
grant select, insert, update, delete on imports to parley_app;

create table if not exists import_errors (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    import_id uuid not null,
    -- Of the file, from 1, the header not counted, and the line on which it begins.
    record_number integer not null,
    line integer not null,
    -- A row with an error is not taken, one with a warning is.
    severity text not null default 'error',
    code text not null,
    column_name text,
    value text,
    reason text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade,
    constraint severity_is_known check (severity in ('error', 'warning'))
);
create index if not exists import_errors_by_row on import_errors (tenant_id, import_id, record_number, id);
select app.protect('import_errors');
grant select, insert, delete on import_errors to parley_app;

-- The e-mail address as it is compared: its ASCII letters small. A column, because no index over a function serves behind row-level security.
alter table contacts add column if not exists email_key text generated always as (lower(contact_email collate "C")) stored;
create index if not exists contacts_by_email on contacts (tenant_id, email_key) where email_key is not null;

-- Whoever looks for contacts by many numbers, and makes those that are missing, has all of the tenant's for itself until the
-- end of the transaction: nobody else finds or creates one by phone, or learns meanwhile that somebody is to be left alone.
create or replace function app.lock_contacts() returns void language sql as $$
    select pg_advisory_xact_lock(hashtextextended('contacts ' || coalesce(app.tenant_id()::text, ''), 0))
$$;

-- As before, one number after the other, and none while all are taken.
create or replace function app.lock_phone(phone text) returns void language sql as $$
    select pg_advisory_xact_lock_shared(hashtextextended('contacts ' || coalesce(app.tenant_id()::text, ''), 0));
    select pg_advisory_xact_lock(hashtextextended(coalesce(app.tenant_id()::text, '') || phone, 0))
$$;

-- Those among many numbers that app.is_opted_out is true of. Few have a consent on record, and only those are looked at twice.
create or replace function app.opted_out_among(numbers text[]) returns setof text language sql stable set search_path = '' as $$
    select c.phone from public.contacts c
    where c.tenant_id = (select app.tenant_id()) and c.phone = any(numbers) and c.do_not_contact
    union
    select s.phone from (
        select distinct t.phone from public.consents t
        where t.tenant_id = (select app.tenant_id()) and t.phone = any(numbers) and t.kind = 'marketing_voice') s
    where app.is_opted_out(s.phone)
$$;
revoke execute on function app.opted_out_among(text[]) from public;
grant execute on function app.opted_out_among(text[]) to parley_app;
