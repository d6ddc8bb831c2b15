-- Calls in numbers out of an index alone, people by their whole address, and contacts by fields of the tenant's own:
-- docs/decisions/0019-numbers-from-an-index.md.
set local role parley_owner;

-- Everything that statistics of calls ask: not one row of the table is read for them, as far as it is vacuumed.
create index if not exists calls_in_numbers on calls (tenant_id, call_start_time)
    include (outcome, status, duration, answered_at, lead_id);

-- Who is asked for by an address is found by its words but the last: `com` is the end of almost everybody's, and to begin a word
-- with it brings all of them out of the index. Null where no whole address is asked for.
create or replace function app.address_query(tenant uuid, asked text) returns tsquery
language plpgsql immutable parallel safe set search_path = '' as $$
declare
    key constant text := '''' || app.word_key(tenant);
    words constant text := substring(app.words(asked) from '^(.* .*) [^ ]+$');
begin
    if words is null or asked !~ '^\s*[^@\s]+@[^@\s]+\.[^@.\s]+\s*$' then
        return null;
    end if;
    return (key || replace(words, ' ', ''' & ' || key) || '''')::tsquery;
end $$;

create or replace function app.contacts_found(asked text, most integer) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
    tenant constant uuid := app.tenant_id();
    query constant tsquery := app.search_query(tenant, asked);
    beginning constant tsquery := app.address_query(tenant, asked);
    -- So many are soon looked at one by one.
    few constant integer := 200;
    found uuid[];
    tried integer;
begin
    if beginning is not null then
        select coalesce(array_agg(f.id) filter (where f.words operator(pg_catalog.@@) query), '{}'), count(*) into found, tried
        from (
            select c.id, app.search_words(c.tenant_id, c.contact_name, c.business_name, c.contact_email, c.phone) as words
            from public.contacts c
            where app.search_words(c.tenant_id, c.contact_name, c.business_name, c.contact_email, c.phone)
                    operator(pg_catalog.@@) beginning
                and c.tenant_id = tenant
            limit few + 1) f;
        if tried <= least(few, most) then
            return found;
        end if;
    end if;
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
    beginning constant tsquery := app.address_query(tenant, asked);
    few constant integer := 200;
    found uuid[];
    tried integer;
begin
    if beginning is not null then
        select coalesce(array_agg(f.id) filter (where f.words operator(pg_catalog.@@) query), '{}'), count(*) into found, tried
        from (
            select l.id, app.search_words(l.tenant_id, l.contact_person, l.company_name, l.email, l.phone) as words
            from public.leads l
            where app.search_words(l.tenant_id, l.contact_person, l.company_name, l.email, l.phone) operator(pg_catalog.@@) beginning
                and l.tenant_id = tenant
            limit few + 1) f;
        if tried <= least(few, most) then
            return found;
        end if;
    end if;
    select coalesce(array_agg(f.id), '{}') into found from (
        select l.id from public.leads l
        where app.search_words(l.tenant_id, l.contact_person, l.company_name, l.email, l.phone) operator(pg_catalog.@@) query
            and l.tenant_id = tenant
        limit most + 1) f;
    return case when cardinality(found) <= most then found end;
end $$;

-- A value of a tenant's own field as a number: of an index, and never of an answer; two values may share one.
create or replace function app.custom_key(tenant uuid, field text, value text) returns bigint
language sql immutable parallel safe return hashtextextended(tenant::text || chr(31) || field || chr(31) || value, 0);
create or replace function app.custom_keys(tenant uuid, fields jsonb) returns bigint[]
language sql immutable parallel safe cost 1000 set search_path = '' as $$
    select coalesce(array_agg(app.custom_key(tenant, f.key, f.value)), '{}')
    from jsonb_each_text(case when jsonb_typeof(fields) = 'object' then fields else '{}' end) f where f.value is not null
$$;
create index if not exists contacts_by_custom_field on contacts using gin (app.custom_keys(tenant_id, custom_fields))
    with (gin_pending_list_limit = 512) where custom_fields <> '{}';

-- Contacts that may have all of these values in fields of the tenant's own; null where more than `most` may. As with words,
-- row-level security lets no index be asked for them but in its owner's name.
create or replace function app.contacts_having(fields text[], wanted text[], most integer) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
    tenant constant uuid := app.tenant_id();
    keys constant bigint[] := array(
        select app.custom_key(tenant, w.field, w.value) from unnest(fields, wanted) as w (field, value));
    found uuid[];
begin
    select coalesce(array_agg(f.id), '{}') into found from (
        select c.id from public.contacts c
        where app.custom_keys(c.tenant_id, c.custom_fields) operator(pg_catalog.@>) keys and c.custom_fields <> '{}'
            and c.tenant_id = tenant
        limit most + 1) f;
    return case when cardinality(found) <= most then found end;
end $$;
revoke execute on function app.contacts_having(text[], text[], integer) from public;
grant execute on function app.contacts_having(text[], text[], integer) to parley_app;

-- Leads whose value lies between bounds, null for none; null where more than `most` do. Comparisons of `numeric` are not leakproof.
create or replace function app.leads_worth(least_value numeric, most_value numeric, most integer) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
    tenant constant uuid := app.tenant_id();
    found uuid[];
begin
    select coalesce(array_agg(f.id), '{}') into found from (
        select l.id from public.leads l
        where l.tenant_id = tenant and l.deal_value >= coalesce(least_value, '-infinity')
            and l.deal_value <= coalesce(most_value, 'infinity')
        limit most + 1) f;
    return case when cardinality(found) <= most then found end;
end $$;
revoke execute on function app.leads_worth(numeric, numeric, integer) from public;
grant execute on function app.leads_worth(numeric, numeric, integer) to parley_app;
