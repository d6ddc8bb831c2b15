set local role parley_owner;
drop index if exists contacts_by_change, contacts_by_status, contacts_by_lifecycle_stage, contacts_by_source,
    contacts_by_industry, contacts_by_opt_in, contacts_left_alone, leads_by_bucket, leads_by_qualification, leads_by_source,
    leads_by_client, leads_by_pipeline_stage, calls_by_status, calls_by_disposition;
drop trigger if exists tag_new_contacts on contacts;
drop trigger if exists tag_changed_contact on contacts;
drop trigger if exists untag_gone_contact on contacts;
drop function if exists app.tag_new_contacts(), app.tag_contact();
drop table if exists contact_tags;
drop function if exists app.contacts_found(text, integer), app.leads_found(text, integer);
drop policy if exists search on contacts;
drop index if exists contacts_by_word, leads_by_word;
drop function if exists app.search_query(uuid, text), app.search_words(uuid, text, text, text, text), app.word_key(uuid),
    app.national(text), app.words(text);
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
