set local role parley_owner;

drop function if exists app.opted_out_among(text[]), app.lock_contacts();
create or replace function app.lock_phone(phone text) returns void language sql as $$
    select pg_advisory_xact_lock(hashtextextended(coalesce(app.tenant_id()::text, '') || phone, 0))
$$;
drop index if exists contacts_by_email;
alter table contacts drop column if exists email_key;
drop table if exists import_errors, imports;
