set local role parley_owner;

drop index if exists calls_in_numbers;
drop function if exists app.leads_worth(numeric, numeric, integer);
drop function if exists app.contacts_having(text[], text[], integer);
drop index if exists contacts_by_custom_field;
drop function if exists app.custom_keys(uuid, jsonb);
drop function if exists app.custom_key(uuid, text, text);

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
drop function if exists app.address_query(uuid, text);
