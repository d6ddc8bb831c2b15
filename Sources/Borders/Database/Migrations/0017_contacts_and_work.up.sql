-- Contacts and daily work through the API: what users are told, what they have to do, what a day was like.
set local role parley_owner;

create table if not exists todos (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    -- Whose it is.
    user_id uuid not null,
    title text not null,
    description text,
    due_at timestamptz,
    priority text not null default 'medium',
    is_done boolean not null default false,
    done_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    constraint priority_is_known check (priority in ('low', 'medium', 'high', 'urgent')),
    constraint done_at_only_when_done check (is_done or done_at is null)
);
create index if not exists todos_by_user on todos (tenant_id, user_id, created_at desc, id desc);
select app.protect('todos');
grant select, insert, update, delete on todos to parley_app;

create table if not exists notifications (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    -- Who is told.
    user_id uuid not null,
    kind text not null,
    title text not null,
    body text,
    -- What it is about: a row of that table, once for each who is told.
    subject_table text not null,
    subject_id uuid not null,
    is_read boolean not null default false,
    read_at timestamptz,
    -- Where it is to be seen: on the page, and in a mail that is still to be sent.
    on_page boolean not null default true,
    by_email boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    constraint kind_is_known check (
        kind in ('follow_up_overdue', 'lead_hot', 'meeting_booked', 'campaign_failed', 'delivery_failed', 'webhook_disabled')),
    constraint read_at_only_when_read check (is_read or read_at is null),
    constraint user_is_told_once unique (tenant_id, kind, subject_id, user_id)
);
create index if not exists notifications_by_user on notifications (tenant_id, user_id, created_at desc, id desc);
select app.protect('notifications');
grant select, insert, update, delete on notifications to parley_app;

-- Who has no row for a kind is told on the page, and by no mail.
create table if not exists notification_preferences (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    user_id uuid not null,
    kind text not null,
    on_page boolean not null default true,
    by_email boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    constraint kind_is_known check (
        kind in ('follow_up_overdue', 'lead_hot', 'meeting_booked', 'campaign_failed', 'delivery_failed', 'webhook_disabled')),
    constraint kind_is_one_preference_of_a_user unique (tenant_id, user_id, kind)
);
select app.protect('notification_preferences');
grant select, insert, update, delete on notification_preferences to parley_app;

create table if not exists daily_reports (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    -- In the tenant's zone.
    report_date date not null,
    report jsonb not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint report_is_an_object check (jsonb_typeof(report) = 'object'),
    constraint day_is_one_report_of_a_tenant unique (tenant_id, report_date)
);
select app.protect('daily_reports');
grant select, insert, delete on daily_reports to parley_app;

-- How often a calendar was told of a meeting anew: RFC 5545, SEQUENCE.
alter table meetings add column if not exists sequence integer not null default 0;

-- A page of a list, newest first.
create index if not exists contacts_by_creation on contacts (tenant_id, created_at desc, id desc);
create index if not exists follow_ups_by_creation on follow_ups (tenant_id, created_at desc, id desc);
create index if not exists meetings_by_creation on meetings (tenant_id, created_at desc, id desc);
create index if not exists consents_by_creation on consents (tenant_id, created_at desc, id desc);
-- What goes with a contact when it is merged.
create index if not exists deals_by_contact on deals (tenant_id, contact_id);
create index if not exists tasks_by_contact on tasks (tenant_id, contact_id);
-- What a day of a tenant was like.
create index if not exists lead_activities_by_time on lead_activities (tenant_id, created_at desc);
create index if not exists follow_ups_by_completion on follow_ups (tenant_id, completed_at) where completed_at is not null;

-- What app.opt_out did for a person and their number is taken back, in their words: whoever shares the number may be contacted
-- again. What was cancelled stays so. Returns the contacts that were left alone until now.
create or replace function app.withdraw_opt_out(person uuid, number text, said text, heard_from text, moment timestamptz)
returns integer language plpgsql set search_path = '' as $$
declare
    people uuid[];
    freed integer;
begin
    insert into public.consents (tenant_id, contact_id, phone, kind, granted, words, source, at)
    select (select app.tenant_id()), person, number, kind, true, said, heard_from, moment
    from unnest(array['marketing_voice', 'marketing_sms', 'marketing_email']) as kind;
    people := array(select c.id from public.contacts c where c.id = person or c.phone = number order by c.id);
    select count(*) into freed from public.contacts c where c.id = any(people) and c.do_not_contact;
    update public.contacts c set do_not_contact = false, opt_in_status = 'opted_in' where c.id = any(people);
    return freed;
end $$;
revoke execute on function app.withdraw_opt_out(uuid, text, text, text, timestamptz) from public;
grant execute on function app.withdraw_opt_out(uuid, text, text, text, timestamptz) to parley_app;

-- Whether somebody with this number has asked not to be contacted: a contact says so, or the newest word on calls does.
create or replace function app.is_opted_out(number text) returns boolean language sql stable set search_path = '' as $$
    select exists (select from public.contacts c where c.phone = number and c.do_not_contact)
        or coalesce((
            select not s.granted from public.consents s where s.phone = number and s.kind = 'marketing_voice'
            order by s.at desc, s.created_at desc limit 1), false)
$$;
revoke execute on function app.is_opted_out(text) from public;
grant execute on function app.is_opted_out(text) to parley_app;

-- Consents stay as they were written, but for the contact they are filed under when two turn out to be one.
drop trigger if exists append_only on consents;
create trigger append_only before delete or truncate on consents for each statement execute function app.refuse_change();
drop trigger if exists append_only_rows on consents;
create trigger append_only_rows before update on consents for each row
    when (to_jsonb(old) - 'contact_id' is distinct from to_jsonb(new) - 'contact_id' or new.contact_id is null)
    execute function app.refuse_change();

-- What belongs to some contacts belongs to another from now on: rows of all tables that point to contacts, those to come
-- included. Returns how many of each.
create or replace function app.move_to_contact(merged uuid[], kept uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
    place record;
    rows bigint;
    moved jsonb := '{}';
begin
    for place in
        select c.conrelid::regclass as whole, r.relname as name, a.attname as pointer
        from pg_constraint c
        join pg_class r on r.oid = c.conrelid
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey) and a.attname <> 'tenant_id'
        where c.contype = 'f' and c.confrelid = 'public.contacts'::regclass
        order by r.relname, a.attname
    loop
        execute format('update %s set %I = $1 where tenant_id = $2 and %I = any($3)', place.whole, place.pointer, place.pointer)
            using kept, app.tenant_id(), merged;
        get diagnostics rows = row_count;
        moved := moved || jsonb_build_object(place.name, rows);
    end loop;
    return moved;
end $$;
revoke execute on function app.move_to_contact(uuid[], uuid) from public;
grant execute on function app.move_to_contact(uuid[], uuid) to parley_app;
