-- Files of do-not-call lists, and the numbers in them; calls back that were asked for; numbers of ours that rest. docs/dialling.md,
-- docs/campaigns.md.
set local role parley_owner;

create table if not exists do_not_call_files (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    -- `us-national`, `us-tx`, `uk-tps`, `internal`: as rules of calling name it.
    list text not null,
    -- A full file is the list as it was on its date; one of changes holds on top of it.
    kind text not null default 'full',
    file_date date not null,
    file_name text,
    -- Of numbers without a country code; null: there are none.
    country text,
    -- SHA-256, in hexadecimal.
    digest text not null,
    file_bytes bigint not null default 0,
    -- Only what is `whole` is asked; `replaced`: by a full file, or because somebody withdrew it.
    state text not null default 'loading',
    -- Whether it may have less than half of what the list has.
    may_shrink boolean not null default false,
    -- Numbers that it adds and takes out, and lines that are neither.
    added_count bigint not null default 0,
    removed_count bigint not null default 0,
    wrong_count bigint not null default 0,
    -- The first of those lines: [{"line": 7, "reason": "…"}].
    mistakes jsonb not null default '[]',
    -- The place behind the last line that is in: written in the transaction that has put it there.
    done_bytes bigint not null default 0,
    done_lines bigint not null default 0,
    failure text,
    -- In the order of these its numbers hold.
    imported_at timestamptz,
    -- Its numbers are still there, though they may not hold any more.
    has_numbers boolean not null default true,
    created_by_user_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, created_by_user_id) references users (tenant_id, id) on delete set null (created_by_user_id),
    constraint list_is_a_name check (list ~ '^([a-z]{2}(-[a-z0-9]+)+|internal)$' and length(list) <= 40),
    constraint kind_is_known check (kind in ('full', 'change')),
    constraint state_is_known check (state in ('loading', 'whole', 'replaced', 'failed')),
    constraint imported_at_only_when_it_was_whole check ((state in ('whole', 'replaced')) = (imported_at is not null))
);
create index if not exists do_not_call_files_by_creation on do_not_call_files (tenant_id, created_at desc, id desc);
create index if not exists do_not_call_files_that_hold on do_not_call_files (tenant_id, list) where state = 'whole';
-- One after the other: the later one of two would not know what the first makes of the list.
create unique index if not exists a_list_has_one_file_loading on do_not_call_files (tenant_id, list) where state = 'loading';
select app.protect('do_not_call_files');
grant select, insert, update, delete on do_not_call_files to parley_app;

-- The digits of E.164. No reference to the file: a list has hundreds of millions of numbers, and each would be looked up in it once more.
create table if not exists do_not_call_numbers (
    tenant_id uuid not null,
    file_id uuid not null,
    number bigint not null,
    -- False: a change took it out.
    is_listed boolean not null default true,
    created_at timestamptz not null default now(),
    primary key (tenant_id, file_id, number)
);
select app.protect('do_not_call_numbers');
grant select, insert, update, delete on do_not_call_numbers to parley_app;

-- A call back that somebody asked for, at the time they named.
alter table follow_ups add column if not exists is_asked boolean not null default false;
create index if not exists follow_ups_asked_for on follow_ups (tenant_id, call_id) where is_asked and status = 'Pending';
-- The one that a contact of a campaign waits for: whoever does it first has done it. No reference: one that is gone is not to be done.
alter table campaign_contacts add column if not exists callback_id uuid;

-- Ours that a network blocked calls none until then, and why.
alter table phone_numbers
    add column if not exists rests_until timestamptz,
    add column if not exists rest_reason text;
alter table notifications drop constraint if exists kind_is_known;
alter table notifications add constraint kind_is_known check (
    kind in ('follow_up_overdue', 'lead_hot', 'meeting_booked', 'campaign_failed', 'delivery_failed', 'webhook_disabled',
        'number_blocked'));
alter table notification_preferences drop constraint if exists kind_is_known;
alter table notification_preferences add constraint kind_is_known check (
    kind in ('follow_up_overdue', 'lead_hot', 'meeting_booked', 'campaign_failed', 'delivery_failed', 'webhook_disabled',
        'number_blocked'));

-- A network that blocks one call of a number blocks the next: it rests for a day, and its users are told, each time anew.
create or replace function app.rest_caller_id() returns trigger language plpgsql set search_path = '' as $$
begin
    delete from public.notifications t using public.phone_numbers n
    where n.tenant_id = new.tenant_id and n.number = new.caller_id and coalesce(n.rests_until, now()) <= now()
        and t.tenant_id = n.tenant_id and t.kind = 'number_blocked' and t.subject_id = n.id;
    update public.phone_numbers n
    set rests_until = now() + interval '1 day', rest_reason = 'A call of it was blocked as unwanted.'
    where n.tenant_id = new.tenant_id and n.number = new.caller_id;
    return null;
end $$;
create or replace trigger rest_caller_id after update of outcome on dial_attempts for each row
    when (new.outcome = 'blocked_analytics' and old.outcome is distinct from new.outcome)
    execute function app.rest_caller_id();
