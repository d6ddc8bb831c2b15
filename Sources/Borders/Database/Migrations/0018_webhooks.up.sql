-- Webhooks out: who is to be told of what, what happened, and what became of telling it. docs/webhooks.md.
set local role parley_owner;

create table if not exists webhook_endpoints (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    url text not null,
    description text,
    -- Names of events; none: all.
    events text[] not null default '{}',
    is_active boolean not null default true,
    -- Signs what is sent. The one before signs beside it until its time is over.
    secret text not null,
    previous_secret text,
    previous_secret_until timestamptz,
    -- Why nothing is sent any more; null while a person has said so.
    disabled_reason text,
    last_success_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
);
select app.protect('webhook_endpoints');
grant select, insert, update, delete on webhook_endpoints to parley_app;

-- What happened, kept while somebody may ask for it again.
create table if not exists webhook_events (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    type text not null,
    data jsonb not null,
    -- Of what happens once: told once, whoever notices it and however often.
    unique_key text,
    -- The only one to be told; null: all who asked for such events.
    endpoint_id uuid,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
);
create unique index if not exists webhook_events_once on webhook_events (tenant_id, unique_key)
    where unique_key is not null;
-- What may be pruned.
create index if not exists webhook_events_by_time on webhook_events (tenant_id, created_at);
select app.protect('webhook_events');
grant select, insert, delete on webhook_events to parley_app;

create table if not exists webhook_deliveries (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    endpoint_id uuid not null,
    event_id uuid not null,
    event_type text not null,
    status text not null default 'waiting',
    attempts integer not null default 0,
    response_status integer,
    last_error text,
    next_attempt_at timestamptz,
    delivered_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, endpoint_id) references webhook_endpoints (tenant_id, id) on delete cascade,
    foreign key (tenant_id, event_id) references webhook_events (tenant_id, id) on delete cascade,
    constraint status_is_known check (status in ('waiting', 'delivered', 'failed')),
    constraint delivered_at_only_when_delivered check ((status = 'delivered') = (delivered_at is not null))
);
-- An endpoint's deliveries, newest first; what goes with an event.
create index if not exists webhook_deliveries_by_endpoint
    on webhook_deliveries (tenant_id, endpoint_id, created_at desc, id desc);
create index if not exists webhook_deliveries_by_event on webhook_deliveries (tenant_id, event_id);
create index if not exists webhook_deliveries_by_creation on webhook_deliveries (tenant_id, created_at desc, id desc);
select app.protect('webhook_deliveries');
grant select, insert, update, delete on webhook_deliveries to parley_app;

-- Whether anybody of the tenant wants to be told of such events: what nobody waits for leaves no trace and costs one look.
create or replace function app.is_awaited(event_type text) returns boolean language sql stable set search_path = '' as $$
    select exists (
        select from public.webhook_endpoints e
        where e.tenant_id = (select app.tenant_id()) and e.is_active
            and (cardinality(e.events) = 0 or event_type = any(e.events)))
$$;
revoke execute on function app.is_awaited(text) from public;
grant execute on function app.is_awaited(text) to parley_app;

-- A delivery for each who asked, in the transaction of the event itself.
create or replace function app.address_events() returns trigger language plpgsql set search_path = '' as $$
begin
    insert into public.webhook_deliveries (tenant_id, endpoint_id, event_id, event_type, next_attempt_at)
    select f.tenant_id, e.id, f.id, f.type, now()
    from fresh f join public.webhook_endpoints e on e.tenant_id = f.tenant_id
    where case when f.endpoint_id is null
        then e.is_active and (cardinality(e.events) = 0 or f.type = any(e.events)) else e.id = f.endpoint_id end;
    return null;
end $$;
create or replace trigger address_events after insert on webhook_events referencing new table as fresh
    for each statement execute function app.address_events();

-- A job for each delivery.
create or replace function app.send_deliveries() returns trigger language plpgsql set search_path = '' as $$
begin
    insert into public.jobs (tenant_id, kind, payload)
    select f.tenant_id, 'webhook.deliver', jsonb_build_object('delivery', f.id) from fresh f;
    if found then
        perform pg_notify('parley_jobs', '');
    end if;
    return null;
end $$;
create or replace trigger send_deliveries after insert on webhook_deliveries referencing new table as fresh
    for each statement execute function app.send_deliveries();

-- What is told of a lead, whatever of it is told.
create or replace function app.told(lead public.leads) returns jsonb language sql stable set search_path = '' as $$
    select jsonb_build_object(
        'lead_id', lead.id, 'contact_id', lead.contact_id, 'agent_id', lead.agent_id,
        'company_name', lead.company_name, 'contact_person', lead.contact_person, 'stage', lead.stage,
        'status_bucket', lead.status_bucket, 'qualification_status', lead.qualification_status,
        'lead_score', lead.lead_score, 'source', lead.lead_source)
$$;
revoke execute on function app.told(public.leads) from public;
grant execute on function app.told(public.leads) to parley_app;

create or replace function app.tell_of_new_leads() returns trigger language plpgsql set search_path = '' as $$
begin
    if app.is_awaited('lead.created') then
        insert into public.webhook_events (tenant_id, type, data)
        select l.tenant_id, 'lead.created', app.told(l) from fresh f
        join public.leads l on l.tenant_id = f.tenant_id and l.id = f.id;
    end if;
    if app.is_awaited('lead.qualified') then
        insert into public.webhook_events (tenant_id, type, data)
        select l.tenant_id, 'lead.qualified', app.told(l) from fresh f
        join public.leads l on l.tenant_id = f.tenant_id and l.id = f.id
        where f.qualification_status in ('marketing_qualified', 'sales_qualified');
    end if;
    return null;
end $$;
create or replace trigger tell_of_new_leads after insert on leads referencing new table as fresh
    for each statement execute function app.tell_of_new_leads();

create or replace function app.tell_of_changed_leads() returns trigger language plpgsql set search_path = '' as $$
begin
    if app.is_awaited('lead.stage_changed') then
        insert into public.webhook_events (tenant_id, type, data)
        select l.tenant_id, 'lead.stage_changed', app.told(l) || jsonb_build_object('previous_stage', g.stage)
        from fresh f join gone g on g.tenant_id = f.tenant_id and g.id = f.id
        join public.leads l on l.tenant_id = f.tenant_id and l.id = f.id
        where f.stage <> g.stage;
    end if;
    if app.is_awaited('lead.qualified') then
        insert into public.webhook_events (tenant_id, type, data)
        select l.tenant_id, 'lead.qualified', app.told(l)
        from fresh f join gone g on g.tenant_id = f.tenant_id and g.id = f.id
        join public.leads l on l.tenant_id = f.tenant_id and l.id = f.id
        where f.qualification_status in ('marketing_qualified', 'sales_qualified')
            and g.qualification_status not in ('marketing_qualified', 'sales_qualified');
    end if;
    return null;
end $$;
create or replace trigger tell_of_changed_leads after update on leads
    referencing old table as gone new table as fresh
    for each statement execute function app.tell_of_changed_leads();

-- What is told of a call: no word of what was said in it.
create or replace function app.told(call public.calls) returns jsonb language sql stable set search_path = '' as $$
    select jsonb_build_object(
        'call_id', call.id, 'carrier_call_sid', call.carrier_call_sid, 'lead_id', call.lead_id,
        'contact_id', call.contact_id, 'direction', call.direction, 'from', call.from_number, 'to', call.to_number,
        'status', call.status, 'started_at', call.call_start_time, 'ended_at', call.call_end_time,
        'duration', call.duration, 'outcome', call.outcome, 'disposition', call.disposition)
$$;
revoke execute on function app.told(public.calls) from public;
grant execute on function app.told(public.calls) to parley_app;

create or replace function app.tell_of_new_calls() returns trigger language plpgsql set search_path = '' as $$
begin
    if app.is_awaited('call.started') then
        insert into public.webhook_events (tenant_id, type, data)
        select c.tenant_id, 'call.started', app.told(c) from fresh f
        join public.calls c on c.tenant_id = f.tenant_id and c.id = f.id;
    end if;
    if app.is_awaited('call.ended') then
        insert into public.webhook_events (tenant_id, type, data, unique_key)
        select c.tenant_id, 'call.ended', app.told(c), 'call.ended ' || c.id from fresh f
        join public.calls c on c.tenant_id = f.tenant_id and c.id = f.id
        where f.finalized_at is not null
        on conflict do nothing;
    end if;
    return null;
end $$;
create or replace trigger tell_of_new_calls after insert on calls referencing new table as fresh
    for each statement execute function app.tell_of_new_calls();

-- A record that is joined with a part that came later has ended once.
create or replace function app.tell_of_ended_calls() returns trigger language plpgsql set search_path = '' as $$
begin
    if app.is_awaited('call.ended') then
        insert into public.webhook_events (tenant_id, type, data, unique_key)
        select c.tenant_id, 'call.ended', app.told(c), 'call.ended ' || c.id
        from fresh f join gone g on g.tenant_id = f.tenant_id and g.id = f.id
        join public.calls c on c.tenant_id = f.tenant_id and c.id = f.id
        where f.finalized_at is not null and g.finalized_at is null
        on conflict do nothing;
    end if;
    return null;
end $$;
create or replace trigger tell_of_ended_calls after update on calls referencing old table as gone new table as fresh
    for each statement execute function app.tell_of_ended_calls();

create or replace function app.tell_of_meetings() returns trigger language plpgsql set search_path = '' as $$
begin
    if app.is_awaited('meeting.booked') then
        insert into public.webhook_events (tenant_id, type, data)
        select f.tenant_id, 'meeting.booked', jsonb_build_object(
            'meeting_id', f.id, 'lead_id', f.lead_id, 'call_id', f.call_id, 'agent_id', f.agent_id, 'title', f.title,
            'starts_at', f.starts_at, 'ends_at', f.ends_at)
        from fresh f where f.status = 'scheduled';
    end if;
    return null;
end $$;
create or replace trigger tell_of_meetings after insert on meetings referencing new table as fresh
    for each statement execute function app.tell_of_meetings();

-- The words of a consent stay here.
create or replace function app.tell_of_consents() returns trigger language plpgsql set search_path = '' as $$
begin
    if app.is_awaited('consent.changed') then
        insert into public.webhook_events (tenant_id, type, data)
        select f.tenant_id, 'consent.changed', jsonb_build_object(
            'consent_id', f.id, 'contact_id', f.contact_id, 'phone', f.phone, 'call_id', f.call_id, 'kind', f.kind,
            'granted', f.granted, 'source', f.source, 'at', f.at)
        from fresh f;
    end if;
    return null;
end $$;
create or replace trigger tell_of_consents after insert on consents referencing new table as fresh
    for each statement execute function app.tell_of_consents();
