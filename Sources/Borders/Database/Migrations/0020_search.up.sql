-- Text in contacts and leads by their words, contacts by their tags, and lists by what they are filtered by: docs/decisions/0013-search-by-words.md.
set local role parley_owner;

-- The words of a text, small, with one blank between them.
create or replace function app.words(said text) returns text language sql immutable parallel safe
return btrim(regexp_replace(lower(said), '[^[:alnum:]]+', ' ', 'g'));

-- A number without its country: E.164 gives each a code of one to three digits.
create or replace function app.national(number text) returns text language sql immutable parallel safe
return substr(number, case
    when substr(number, 2, 1) in ('1', '7') then 3
    when substr(number, 2, 2) in ('20', '27', '30', '31', '32', '33', '34', '36', '39', '40', '41', '43', '44', '45', '46', '47',
        '48', '49', '51', '52', '53', '54', '55', '56', '57', '58', '60', '61', '62', '63', '64', '65', '66', '81', '82', '84',
        '86', '90', '91', '92', '93', '94', '95', '98') then 4
    else 5 end);

-- What begins each word of a tenant in an index over all tenants: words of others are not even passed by. Nothing rests on its
-- being one tenant's alone but time: the rows say whose they are.
create or replace function app.word_key(tenant uuid) returns text language sql immutable parallel safe
return right(tenant::text, 12);

-- The words that somebody is found by: of a number what follows the country's code, and the last seven digits. Its cost keeps
-- the planner from computing it for row after row where the index has it.
create or replace function app.search_words(tenant uuid, person text, company text, email text, phone text)
returns tsvector language sql immutable parallel safe cost 1000
return array_to_tsvector(string_to_array(app.word_key(tenant) || replace(app.words(
    coalesce(left(person, 200), '') || ' ' || coalesce(left(company, 200), '') || ' ' || coalesce(left(email, 254), '')
    || ' ' || coalesce(app.national(phone) || ' ' || right(phone, 7), '')), ' ', ' ' || app.word_key(tenant)), ' '));

-- Who is asked for: all words but the last as they are, the last as the beginning of one. A text of digits is a number as well,
-- however it is divided, with its country where it begins like that or is as long as that. Null where there is no word.
create or replace function app.search_query(tenant uuid, asked text) returns tsquery
language plpgsql immutable parallel safe set search_path = '' as $$
declare
    key constant text := '''' || app.word_key(tenant);
    words constant text := app.words(asked);
    digits constant text := ltrim(replace(words, ' ', ''), '0');
    national constant text := app.national('+' || digits);
    sought text := key || replace(words, ' ', ''' & ' || key) || ''':*';
begin
    if words = '' then
        return null;
    end if;
    if digits ~ '^[0-9]+$' then
        sought := sought || ' | ' || key || digits || ''':*';
        if national <> '' and (length(digits) > 10 or asked ~ '^ *([+]|00)') then
            sought := sought || ' | ' || key || national || ''':*';
        end if;
    end if;
    return sought::tsquery;
end $$;

-- What is new waits beside the index until it is half a megabyte, which a search reads besides: it then enters for half the price.
create index if not exists contacts_by_word on contacts
    using gin (app.search_words(tenant_id, contact_name, business_name, contact_email, phone))
    with (gin_pending_list_limit = 512);
create index if not exists leads_by_word on leads
    using gin (app.search_words(tenant_id, contact_person, company_name, email, phone))
    with (gin_pending_list_limit = 512);

-- Row-level security keeps an index from being asked with an operator that is not leakproof, `@@` among them. These ask in their
-- owner's name, for the tenant of the transaction alone; null where more than `most` rows are meant.
drop policy if exists search on contacts;
create policy search on contacts for select to parley_owner using (true);
create or replace function app.contacts_found(asked text, most integer) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
    tenant constant uuid := app.tenant_id();
    query constant tsquery := app.search_query(tenant, asked);
    found uuid[];
begin
    select coalesce(array_agg(f.id), '{}') into found from (
        select c.id from public.contacts c
        where app.search_words(c.tenant_id, c.contact_name, c.business_name, c.contact_email, c.phone) operator(pg_catalog.@@) query
            and c.tenant_id = tenant
        limit most + 1) f;
    return case when cardinality(found) <= most then found end;
end $$;
create or replace function app.leads_found(asked text, most integer) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
    tenant constant uuid := app.tenant_id();
    query constant tsquery := app.search_query(tenant, asked);
    found uuid[];
begin
    select coalesce(array_agg(f.id), '{}') into found from (
        select l.id from public.leads l
        where app.search_words(l.tenant_id, l.contact_person, l.company_name, l.email, l.phone) operator(pg_catalog.@@) query
            and l.tenant_id = tenant
        limit most + 1) f;
    return case when cardinality(found) <= most then found end;
end $$;
revoke execute on function app.contacts_found(text, integer), app.leads_found(text, integer) from public;
grant execute on function app.contacts_found(text, integer), app.leads_found(text, integer) to parley_app;
-- Trigrams went before them.
drop function if exists app.leads_like(text, integer);
drop index if exists leads_by_text;

-- The tags of contacts, each with its contacts in the order of lists: kept by triggers, never changed. No foreign keys: what
-- goes with a contact goes by the same triggers, and an import has no second look at each row.
create table if not exists contact_tags (
    tenant_id uuid not null,
    tag text collate "C" not null,
    -- The contact's.
    created_at timestamptz not null,
    contact_id uuid not null,
    primary key (tenant_id, tag, created_at, contact_id)
);
select app.protect('contact_tags');
-- Row-level security is forced on the owner too, who fills in all tenants' once.
create policy backfill on contact_tags to parley_owner using (true) with check (true);
insert into contact_tags (tenant_id, tag, created_at, contact_id)
select distinct c.tenant_id, t.tag, c.created_at, c.id from contacts c, unnest(c.tags) as t (tag)
order by 1, 2, 3, 4
on conflict do nothing;
drop policy backfill on contact_tags;
grant select, insert, delete on contact_tags to parley_app;

create or replace function app.tag_new_contacts() returns trigger language plpgsql set search_path = '' as $$
begin
    insert into public.contact_tags (tenant_id, tag, created_at, contact_id)
    select distinct f.tenant_id, t.tag, f.created_at, f.id from fresh f, unnest(f.tags) as t (tag)
    order by 1, 2, 3, 4;
    return null;
end $$;
create or replace trigger tag_new_contacts after insert on contacts referencing new table as fresh
    for each statement execute function app.tag_new_contacts();

create or replace function app.tag_contact() returns trigger language plpgsql set search_path = '' as $$
begin
    delete from public.contact_tags
    where tenant_id = old.tenant_id and tag = any(old.tags) and created_at = old.created_at and contact_id = old.id;
    if tg_op = 'UPDATE' then
        insert into public.contact_tags (tenant_id, tag, created_at, contact_id)
        select distinct new.tenant_id, t.tag, new.created_at, new.id from unnest(new.tags) as t (tag);
    end if;
    return null;
end $$;
create or replace trigger tag_changed_contact after update on contacts for each row
    when (old.tags is distinct from new.tags or old.created_at <> new.created_at) execute function app.tag_contact();
create or replace trigger untag_gone_contact after delete on contacts for each row
    when (old.tags <> '{}') execute function app.tag_contact();

-- Lists by what they are filtered and sorted by, newest first: of a value that few rows have, a page is not to be looked for in
-- all of them.
create index if not exists contacts_by_change on contacts (tenant_id, updated_at desc, id desc);
create index if not exists contacts_by_status on contacts (tenant_id, status, created_at desc, id desc);
create index if not exists contacts_by_lifecycle_stage on contacts (tenant_id, lifecycle_stage, created_at desc, id desc)
    where lifecycle_stage is not null;
create index if not exists contacts_by_source on contacts (tenant_id, lead_source, created_at desc, id desc)
    where lead_source is not null;
create index if not exists contacts_by_industry on contacts (tenant_id, industry, created_at desc, id desc)
    where industry is not null;
create index if not exists contacts_by_opt_in on contacts (tenant_id, opt_in_status, created_at desc, id desc)
    where opt_in_status <> 'unknown';
create index if not exists contacts_left_alone on contacts (tenant_id, created_at desc, id desc) where do_not_contact;
create index if not exists leads_by_bucket on leads (tenant_id, status_bucket, created_at desc, id desc);
create index if not exists leads_by_qualification on leads (tenant_id, qualification_status, created_at desc, id desc);
create index if not exists leads_by_source on leads (tenant_id, lead_source, created_at desc, id desc);
create index if not exists leads_by_client on leads (tenant_id, client_id, created_at desc, id desc) where client_id is not null;
create index if not exists leads_by_pipeline_stage on leads (tenant_id, pipeline_stage_id, created_at desc, id desc)
    where pipeline_stage_id is not null;
create index if not exists calls_by_status on calls (tenant_id, status, call_start_time desc, id desc);
create index if not exists calls_by_disposition on calls (tenant_id, disposition, call_start_time desc, id desc)
    where disposition is not null;
