-- Leads that people work with: the way of each through the stages, what contacts did on the site, and fast lists.
set local role parley_owner;

-- Where each lead has been, and from when to when. Whoever moves a lead, the trigger below writes it down.
create table if not exists lead_stage_changes (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    lead_id uuid not null,
    from_stage text not null,
    to_stage text not null,
    -- When the lead came into from_stage.
    entered_at timestamptz not null,
    changed_at timestamptz not null default now(),
    reason text,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade
);
-- A lead's timeline.
create index if not exists lead_stage_changes_by_lead
    on lead_stage_changes (tenant_id, lead_id, changed_at desc, id desc);
select app.protect('lead_stage_changes');
grant select, insert on lead_stage_changes to parley_app;

-- The reason is the transaction's: app.stage_reason.
create or replace function app.note_stage() returns trigger language plpgsql set search_path = '' as $$
begin
    insert into public.lead_stage_changes (tenant_id, lead_id, from_stage, to_stage, entered_at, changed_at, reason)
    values (
        new.tenant_id, new.id, old.stage, new.stage,
        least(coalesce(old.stage_changed_at, old.created_at), coalesce(new.stage_changed_at, now())),
        coalesce(new.stage_changed_at, now()), nullif(current_setting('app.stage_reason', true), ''));
    return null;
end $$;
revoke execute on function app.note_stage() from public;
drop trigger if exists note_stage on leads;
create trigger note_stage after update of stage on leads for each row
    when (old.stage is distinct from new.stage) execute function app.note_stage();

-- What a contact did on the tenant's site: what behavioral scores are made of.
create table if not exists contact_events (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    contact_id uuid not null,
    event_type text not null,
    url text,
    metadata jsonb not null default '{}',
    occurred_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    constraint event_type_is_known check (
        event_type in ('page_view', 'pricing_view', 'download', 'form_submitted', 'demo_requested')),
    constraint url_is_short check (octet_length(url) <= 2048),
    constraint metadata_is_a_small_object check (
        jsonb_typeof(metadata) = 'object' and octet_length(metadata::text) <= 8192)
);
-- Of one contact, newest first; and how many came today.
create index if not exists contact_events_by_contact on contact_events (tenant_id, contact_id, occurred_at desc);
create index if not exists contact_events_by_arrival on contact_events (tenant_id, contact_id, created_at desc);
select app.protect('contact_events');
grant select, insert, delete on contact_events to parley_app;

-- Messages sent to leads, and what became of them. There are none yet: whoever makes their tables says here what they hold.
create or replace function app.lead_messages(leads uuid[])
returns table (lead_id uuid, sent bigint, opens bigint, clicks bigint, replies bigint)
language sql stable set search_path = '' as $$
    select null::uuid, 0::bigint, 0::bigint, 0::bigint, 0::bigint where false
$$;
revoke execute on function app.lead_messages(uuid[]) from public;
grant execute on function app.lead_messages(uuid[]) to parley_app;

-- Lists, each newest or largest first: of an agent, of a stage, by score, value, close date and last change. What has no value
-- is last both ways, which takes two indexes.
create index if not exists leads_by_agent on leads (tenant_id, agent_id, created_at desc, id desc);
create index if not exists leads_by_stage on leads (tenant_id, stage, created_at desc, id desc);
create index if not exists leads_by_score on leads (tenant_id, lead_score desc, id desc);
create index if not exists leads_by_value on leads (tenant_id, deal_value desc nulls last, id desc);
create index if not exists leads_by_value_upwards on leads (tenant_id, deal_value, id);
create index if not exists leads_by_close_date on leads (tenant_id, expected_close_date, id);
create index if not exists leads_by_close_date_down on leads (tenant_id, expected_close_date desc nulls last, id desc);
create index if not exists leads_by_change on leads (tenant_id, updated_at desc, id desc);
create index if not exists calls_by_start on calls (tenant_id, call_start_time desc, id desc);
create index if not exists calls_by_lead_and_start on calls (tenant_id, lead_id, call_start_time desc, id desc);
create index if not exists calls_by_contact_and_start on calls (tenant_id, contact_id, call_start_time desc, id desc);
create index if not exists calls_by_outcome on calls (tenant_id, outcome, call_start_time desc, id desc);
create index if not exists calls_by_from on calls (tenant_id, from_number, call_start_time desc, id desc);
-- These two went before them, without the id that a page goes on from.
drop index if exists calls_by_lead, calls_by_time;
create index if not exists consents_by_contact on consents (tenant_id, contact_id, at desc) where contact_id is not null;
create index if not exists lead_scores_by_time on lead_scores (tenant_id, lead_id, scored_at desc, id desc);

-- Text in leads, wherever it stands. Trigrams come with PostgreSQL (a trusted extension: no superuser is needed); where a server
-- has none, the search reads on until a page is full.
do $$
declare
    operators text;
begin
    if exists (select from pg_available_extensions where name = 'pg_trgm') then
        create extension if not exists pg_trgm;
        select quote_ident(n.nspname) || '.gin_trgm_ops' into operators
        from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
        execute 'create index if not exists leads_by_text on leads using gin ((coalesce(company_name, '''') || chr(10)'
            || ' || coalesce(contact_person, '''') || chr(10) || coalesce(email, '''') || chr(10) || coalesce(phone, ''''))'
            || operators || ')';
    else
        raise notice 'pg_trgm is not available: text in leads is searched without an index';
    end if;
exception when insufficient_privilege then
    raise notice 'pg_trgm may not be used here: text in leads is searched without an index';
end $$;

-- Row-level security keeps an index from being asked with an operator that is not leakproof, `ilike` among them. This asks in
-- its owner's name, for the tenant of the transaction alone; null where more than `most` leads have the text.
drop policy if exists search on leads;
create policy search on leads for select to parley_owner using (true);
create or replace function app.leads_like(pattern text, most integer) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
    found uuid[];
begin
    -- Planned with what it is asked for.
    execute 'select array_agg(l.id) from (select id from public.leads where tenant_id = $1'
        || ' and (coalesce(company_name, '''') || chr(10) || coalesce(contact_person, '''') || chr(10)'
        || ' || coalesce(email, '''') || chr(10) || coalesce(phone, '''')) ilike $2 limit $3 + 1) l'
        into found using app.tenant_id(), pattern, most;
    if cardinality(found) > most then
        return null;
    end if;
    return coalesce(found, '{}');
end $$;
revoke execute on function app.leads_like(text, integer) from public;
grant execute on function app.leads_like(text, integer) to parley_app;
