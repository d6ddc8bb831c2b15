-- Campaigns: many calls that are placed one by one, each asked of the gate in the transaction that takes its contact. docs/campaigns.md.
set local role parley_owner;

create table if not exists campaigns (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    name text not null,
    description text,
    type text not null default 'voice',
    status text not null default 'draft',
    -- Why it is in that state, where a person or the dialer had a reason.
    reason text,
    goal_type text,
    goal_target integer,
    -- What its calls are for: rules of calling depend on it.
    purpose text not null default 'marketing',
    -- Ours, to call from; none: the tenant's first.
    caller_ids text[] not null default '{}',
    -- {"hours": {"mon_fri": ["09:00", "17:00"]}}, by the called party's clocks; the rules of calling hold besides.
    schedule jsonb not null default '{}',
    starts_at timestamptz,
    ends_at timestamptz,
    -- {"mode": "progressive", "calls_max": 5} or {"mode": "fixed", "calls_per_second": 0.5, "calls_max": 20}.
    pace jsonb not null default '{}',
    -- {"attempts_max": 6}.
    rules jsonb not null default '{}',
    -- Who is enrolled where nothing else is said.
    target_criteria jsonb not null default '{}',
    -- Not before then: what keeps a pace smooth, and what a campaign waits for as a whole.
    next_dial_at timestamptz not null default now(),
    started_at timestamptz,
    ended_at timestamptz,
    created_by_user_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, created_by_user_id) references users (tenant_id, id) on delete set null (created_by_user_id),
    constraint type_is_known check (type in ('voice', 'email', 'sms', 'whatsapp', 'multi_channel')),
    constraint status_is_known check (status in ('draft', 'scheduled', 'active', 'paused', 'completed', 'stopped')),
    constraint goal_type_is_known check (goal_type in ('meetings', 'qualified_leads', 'replies', 'revenue')),
    constraint purpose_is_known check (purpose in ('marketing', 'informational', 'collections', 'survey')),
    constraint ends_after_it_starts check (ends_at > starts_at),
    constraint documents_are_objects check (
        jsonb_typeof(schedule) = 'object' and jsonb_typeof(pace) = 'object' and jsonb_typeof(rules) = 'object'
        and jsonb_typeof(target_criteria) = 'object'),
    constraint ended_at_only_when_over check ((status in ('completed', 'stopped')) = (ended_at is not null))
);
create index if not exists campaigns_by_creation on campaigns (tenant_id, created_at desc, id desc);
create index if not exists campaigns_at_work on campaigns (tenant_id, id) where status in ('scheduled', 'active');
select app.protect('campaigns');
-- The pace moves on with every call; that changes nothing that anybody has written.
drop trigger if exists touch on campaigns;
create trigger touch before update of name, description, status, goal_type, goal_target, purpose, caller_ids, schedule, starts_at,
    ends_at, pace, rules, target_criteria on campaigns for each row execute function app.touch();
grant select, insert, update, delete on campaigns to parley_app;

-- Somebody whom a campaign is to reach: once in each, with a line of life of their own.
create table if not exists campaign_contacts (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    campaign_id uuid not null,
    contact_id uuid not null,
    status text not null default 'pending',
    -- Why it is in that state: an outcome, a rule's code.
    reason text,
    -- Calls that count as such: the carrier was asked, and had room.
    attempts integer not null default 0,
    next_at timestamptz default now(),
    -- The call under way: its lease, and its slots, for as long as it has not ended.
    attempt_id uuid,
    last_outcome text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade,
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    constraint contact_is_enrolled_once unique (tenant_id, campaign_id, contact_id),
    constraint status_is_known check (
        status in (
            'pending', 'scheduled', 'dialling', 'in_call', 'retry_at', 'completed', 'opted_out', 'exhausted', 'refused')),
    constraint attempt_id_only_while_it_is_called check ((status in ('dialling', 'in_call')) = (attempt_id is not null)),
    constraint next_at_only_while_it_waits check ((status in ('pending', 'scheduled', 'retry_at')) = (next_at is not null)),
    constraint attempts_count_up check (attempts >= 0)
);
-- Who is due first.
create index if not exists campaign_contacts_due on campaign_contacts (tenant_id, campaign_id, next_at)
    where status in ('pending', 'scheduled', 'retry_at');
create index if not exists campaign_contacts_under_way on campaign_contacts (tenant_id, campaign_id)
    where attempt_id is not null;
create index if not exists campaign_contacts_by_attempt on campaign_contacts (tenant_id, attempt_id)
    where attempt_id is not null;
create index if not exists campaign_contacts_by_contact on campaign_contacts (tenant_id, contact_id);
create index if not exists campaign_contacts_by_creation on campaign_contacts (tenant_id, campaign_id, created_at desc, id desc);
create index if not exists campaign_contacts_of_all on campaign_contacts (tenant_id, created_at desc, id desc);
-- Changes all the time: what is dead in it goes soon.
alter table campaign_contacts set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
select app.protect('campaign_contacts');
grant select, insert, update, delete on campaign_contacts to parley_app;

-- What happened in a campaign, in its order. Triggers write it, so that no way of changing something goes past it.
create table if not exists campaign_activities (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    campaign_id uuid not null,
    campaign_contact_id uuid,
    contact_id uuid,
    attempt_id uuid,
    activity_type text not null,
    at timestamptz not null default clock_timestamp(),
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade,
    foreign key (tenant_id, campaign_contact_id) references campaign_contacts (tenant_id, id)
        on delete set null (campaign_contact_id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete set null (contact_id),
    constraint metadata_is_an_object check (jsonb_typeof(metadata) = 'object')
);
create index if not exists campaign_activities_by_creation
    on campaign_activities (tenant_id, campaign_id, created_at desc, id desc);
create index if not exists campaign_activities_of_all on campaign_activities (tenant_id, created_at desc, id desc);
create index if not exists campaign_activities_by_enrolment on campaign_activities (tenant_id, campaign_contact_id);
create index if not exists campaign_activities_by_contact on campaign_activities (tenant_id, contact_id);
select app.protect('campaign_activities');
grant select, insert on campaign_activities to parley_app;

-- A call of a campaign. What is not over has a slot of the campaign and of the tenant.
alter table dial_attempts add column if not exists campaign_id uuid;
alter table dial_attempts add column if not exists campaign_contact_id uuid;
do $$
begin
    if not exists (select from pg_constraint where conname = 'campaign_is_ours' and conrelid = 'dial_attempts'::regclass) then
        alter table dial_attempts
            add constraint campaign_is_ours foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id)
                on delete set null (campaign_id),
            add constraint enrolment_is_ours foreign key (tenant_id, campaign_contact_id)
                references campaign_contacts (tenant_id, id) on delete set null (campaign_contact_id);
    end if;
end $$;
create index if not exists dial_attempts_under_way on dial_attempts (tenant_id, campaign_id)
    where campaign_id is not null and state <> 'ended';
create index if not exists dial_attempts_by_enrolment on dial_attempts (tenant_id, campaign_contact_id)
    where campaign_contact_id is not null;
create index if not exists dial_attempts_by_campaign on dial_attempts (tenant_id, campaign_id, created_at desc, id desc)
    where campaign_id is not null;
-- Whose receipt it is. No reference: receipts stay when a campaign goes.
alter table dial_receipts add column if not exists campaign_id uuid;
alter table dial_receipts add column if not exists campaign_contact_id uuid;
create index if not exists dial_receipts_by_campaign on dial_receipts (tenant_id, campaign_id, created_at desc, id desc)
    where campaign_id is not null;

-- Dialers serve all tenants: the function below, and nothing else, sees the campaigns of each.
drop policy if exists dialling on campaigns;
create policy dialling on campaigns for select to parley_owner using (true);
drop policy if exists dialling on campaign_contacts;
create policy dialling on campaign_contacts for select to parley_owner using (true);

-- The campaigns that dial, or are to begin or to end, with the seconds until the next of each has somebody to call: null where
-- nobody waits.
create or replace function app.campaigns_at_work()
returns table (tenant_id uuid, id uuid, is_to_begin boolean, is_over boolean, seconds_until double precision)
language sql stable security definer set search_path = '' as $$
    select c.tenant_id, c.id, c.status = 'scheduled' and coalesce(c.starts_at, now()) <= now(),
        c.status = 'active' and (
            coalesce(c.ends_at <= now(), false)
            or due.next_at is null and not exists (
                select from public.campaign_contacts u
                where u.tenant_id = c.tenant_id and u.campaign_id = c.id and u.attempt_id is not null)),
        case c.status when 'scheduled' then extract(epoch from c.starts_at - now())
            else extract(epoch from greatest(due.next_at, c.next_dial_at) - now()) end
    from public.campaigns c
    join public.tenants t on t.id = c.tenant_id
    left join lateral (
        select w.next_at from public.campaign_contacts w
        where w.tenant_id = c.tenant_id and w.campaign_id = c.id and w.status in ('pending', 'scheduled', 'retry_at')
        order by w.next_at limit 1) due on true
    where c.status in ('scheduled', 'active') and t.is_active and t.calls_stopped_at is null
$$;
revoke execute on function app.campaigns_at_work() from public;
grant execute on function app.campaigns_at_work() to parley_app;

-- Whoever dials is woken; who is not woken asks every second.
create or replace function app.wake_dialers() returns trigger language plpgsql set search_path = '' as $$
begin
    perform pg_notify('parley_campaigns', '');
    return null;
end $$;
create or replace trigger wake_dialers after update of status, pace on campaigns for each statement
    execute function app.wake_dialers();
create or replace trigger wake_dialers after insert on campaign_contacts for each statement
    execute function app.wake_dialers();

create or replace function app.tell_of_campaign(campaign public.campaigns) returns void
language plpgsql set search_path = '' as $$
declare
    event constant text := case campaign.status when 'active' then 'campaign.started' else 'campaign.finished' end;
begin
    if app.is_awaited(event) then
        insert into public.webhook_events (tenant_id, type, data)
        values (campaign.tenant_id, event, jsonb_build_object(
            'campaign_id', campaign.id, 'name', campaign.name, 'type', campaign.type, 'status', campaign.status,
            'reason', campaign.reason, 'started_at', campaign.started_at, 'ended_at', campaign.ended_at));
    end if;
end $$;
revoke execute on function app.tell_of_campaign(public.campaigns) from public;
grant execute on function app.tell_of_campaign(public.campaigns) to parley_app;

create or replace function app.note_campaign() returns trigger language plpgsql set search_path = '' as $$
begin
    insert into public.campaign_activities (tenant_id, campaign_id, activity_type, metadata)
    values (new.tenant_id, new.id,
        case when tg_op = 'INSERT' then 'campaign_created'
            when new.status = 'active' then case when old.status = 'paused' then 'campaign_resumed' else 'campaign_started' end
            else 'campaign_' || new.status end,
        jsonb_strip_nulls(jsonb_build_object('reason', new.reason)));
    if tg_op = 'UPDATE' and (new.status = 'active' and old.status <> 'paused' or new.status in ('completed', 'stopped')) then
        perform app.tell_of_campaign(new);
    end if;
    return null;
end $$;
create or replace trigger note_campaign after insert on campaigns for each row execute function app.note_campaign();
create or replace trigger note_changed_campaign after update of status on campaigns for each row
    when (old.status <> new.status) execute function app.note_campaign();

create or replace function app.note_enrolments() returns trigger language plpgsql set search_path = '' as $$
begin
    if tg_op = 'INSERT' then
        insert into public.campaign_activities (tenant_id, campaign_id, campaign_contact_id, contact_id, activity_type)
        select f.tenant_id, f.campaign_id, f.id, f.contact_id, 'enrolled' from fresh f;
    else
        -- What becomes of its calls is told of the calls.
        insert into public.campaign_activities (
            tenant_id, campaign_id, campaign_contact_id, contact_id, activity_type, metadata)
        select f.tenant_id, f.campaign_id, f.id, f.contact_id, 'contact_' || f.status,
            jsonb_strip_nulls(jsonb_build_object('reason', f.reason, 'next_at', f.next_at, 'attempts', f.attempts))
        from fresh f join gone g on g.tenant_id = f.tenant_id and g.id = f.id
        where f.status not in ('dialling', 'in_call') and (f.status <> g.status or f.next_at is distinct from g.next_at);
    end if;
    return null;
end $$;
create or replace trigger note_enrolments after insert on campaign_contacts referencing new table as fresh
    for each statement execute function app.note_enrolments();
create or replace trigger note_changed_enrolments after update on campaign_contacts
    referencing old table as gone new table as fresh for each statement execute function app.note_enrolments();

create or replace function app.note_refusal() returns trigger language plpgsql set search_path = '' as $$
begin
    insert into public.campaign_activities (
        tenant_id, campaign_id, campaign_contact_id, contact_id, activity_type, metadata)
    select new.tenant_id, e.campaign_id, e.id, e.contact_id, 'dial_refused',
        jsonb_build_object('code', new.code, 'receipt_id', new.id)
    from public.campaign_contacts e where e.tenant_id = new.tenant_id and e.id = new.campaign_contact_id;
    return null;
end $$;
create or replace trigger note_refusal after insert on dial_receipts for each row
    when (new.campaign_contact_id is not null and not new.is_allowed) execute function app.note_refusal();

-- However a call of a campaign moves on, its contact does: while it rings here and now, and by the rules of retrying, which are
-- a job's, when it is over.
create or replace function app.follow_campaign_call() returns trigger language plpgsql set search_path = '' as $$
begin
    insert into public.campaign_activities (
        tenant_id, campaign_id, campaign_contact_id, contact_id, attempt_id, activity_type, metadata)
    values (new.tenant_id, new.campaign_id, new.campaign_contact_id, new.contact_id, new.id,
        'dial_' || case new.state when 'requesting' then 'requested' when 'submission_unknown' then 'uncertain'
            when 'in_call' then 'answered' when 'ended' then new.outcome else new.state end,
        jsonb_strip_nulls(jsonb_build_object(
            'caller_id', new.caller_id, 'carrier_error', new.carrier_error,
            'talk_seconds', case when new.state = 'ended'
                then round(extract(epoch from new.ended_at - new.answered_at)) end)));
    if new.state = 'in_call' then
        update public.campaign_contacts e set status = 'in_call'
        where e.tenant_id = new.tenant_id and e.id = new.campaign_contact_id and e.attempt_id = new.id
            and e.status = 'dialling';
    elsif new.state = 'ended' then
        insert into public.jobs (tenant_id, kind, payload, unique_key)
        values (new.tenant_id, 'campaign.move_on', jsonb_build_object('attempt', new.id), new.id::text)
        on conflict do nothing;
        perform pg_notify('parley_jobs', '');
        -- A place is free.
        perform pg_notify('parley_campaigns', '');
    end if;
    return null;
end $$;
create or replace trigger follow_campaign_call after update of state on dial_attempts for each row
    when (new.campaign_id is not null and old.state <> new.state) execute function app.follow_campaign_call();
create or replace trigger begin_campaign_call after insert on dial_attempts for each row
    when (new.campaign_id is not null) execute function app.follow_campaign_call();

-- As before, and calls: those that are to be placed are not, one that rings is ended, and no campaign calls them any more. The
-- call in which it was said goes on to its goodbye.
create or replace function app.opt_out(
    person uuid, number text, said text, heard_from text, moment timestamptz, in_call uuid default null)
returns integer language plpgsql set search_path = '' as $$
declare
    people uuid[];
    numbers text[];
    stopped integer;
begin
    if said is not null then
        insert into public.consents (tenant_id, call_id, contact_id, phone, kind, granted, words, source, at)
        select (select app.tenant_id()), in_call, person, number, kind, false, said, heard_from, moment
        from unnest(array['marketing_voice', 'marketing_sms', 'marketing_email']) as kind;
    end if;
    people := array(select c.id from public.contacts c where c.id = person or c.phone = number order by c.id);
    select count(*) into stopped from public.contacts c
    where c.id = any(people) and not (c.do_not_contact and c.opt_in_status is not distinct from 'opted_out');
    update public.contacts c set do_not_contact = true, opt_in_status = 'opted_out' where c.id = any(people);
    update public.follow_ups f
    set status = 'Cancelled',
        notes = concat_ws(E'\n', f.notes, 'Cancelled: the caller asked not to be contacted.')
    where f.status = 'Pending' and f.lead_id = any(array(select l.id from public.leads l where l.contact_id = any(people)));
    update public.tasks t set status = 'cancelled'
    where t.status in ('pending', 'in_progress') and t.kind = 'call' and t.contact_id = any(people);
    numbers := array(
        select number where number is not null
        union select c.phone from public.contacts c where c.id = any(people) and c.phone is not null);
    if exists (
        select from public.dial_attempts a
        where a.tenant_id = (select app.tenant_id()) and a.number = any(numbers) and a.state <> 'ended')
    then
        update public.dial_attempts a set state = 'ended', outcome = 'opted_out', ended_at = now()
        where a.tenant_id = (select app.tenant_id()) and a.number = any(numbers) and a.state = 'reserved';
        insert into public.jobs (tenant_id, kind, payload, unique_key)
        select a.tenant_id, 'call.drop', jsonb_build_object('attempt', a.id), a.id::text from public.dial_attempts a
        where a.tenant_id = (select app.tenant_id()) and a.number = any(numbers)
            and a.state in ('requesting', 'submission_unknown', 'placed', 'ringing')
            and not exists (
                select from public.calls k where k.tenant_id = a.tenant_id and k.id = in_call
                    and k.carrier_call_sid = a.carrier_call_sid)
        on conflict do nothing;
        perform pg_notify('parley_jobs', '');
    end if;
    update public.campaign_contacts e set status = 'opted_out', reason = 'left_alone', next_at = null
    where e.tenant_id = (select app.tenant_id()) and e.contact_id = any(people)
        and e.status in ('pending', 'scheduled', 'retry_at');
    return stopped;
end $$;
revoke execute on function app.opt_out(uuid, text, text, text, timestamptz, uuid) from public;
grant execute on function app.opt_out(uuid, text, text, text, timestamptz, uuid) to parley_app;

-- As before; of two enrolments in one campaign the one goes that has seen less.
create or replace function app.move_to_contact(merged uuid[], kept uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
    place record;
    rows bigint;
    moved jsonb := '{}';
begin
    delete from public.campaign_contacts e
    where e.tenant_id = app.tenant_id() and (e.contact_id = kept or e.contact_id = any(merged)) and e.id <> (
        select o.id from public.campaign_contacts o
        where o.tenant_id = e.tenant_id and o.campaign_id = e.campaign_id
            and (o.contact_id = kept or o.contact_id = any(merged))
        order by o.attempt_id is null, o.attempts desc, o.contact_id <> kept, o.id limit 1);
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
