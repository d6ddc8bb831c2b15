-- Before the first `parley migrate` on Supabase, as `postgres` (SQL editor, or psql). May be run again.
--
-- The roles are those that migration 0001 would make. Here they come first because the extension lives in a schema of Supabase's
-- that the owner of the tables has to be let into.
set client_min_messages = warning;
do $$
begin
    if not exists (select from pg_roles where rolname = 'parley_owner') then
        create role parley_owner nologin nosuperuser nobypassrls;
    end if;
    if not exists (select from pg_roles where rolname = 'parley_app') then
        create role parley_app login nosuperuser nobypassrls nocreatedb nocreaterole;
    end if;
end $$;
grant parley_owner to postgres;
create extension if not exists pg_trgm with schema extensions;
grant usage on schema extensions to parley_owner;
