set local role parley_owner;

drop function if exists app.queue_health(text[]);
drop function if exists app.fire_periodic_job(text, integer, text, jsonb);
drop function if exists app.finish_job(uuid, uuid);
drop function if exists app.renew_jobs(uuid[], uuid[], uuid[], integer);
drop function if exists app.claim_jobs(text[], integer[], text, integer);
drop function if exists app.take_jobs(text, uuid, integer, text, integer);

-- As 0010 has it.
create or replace function app.admit_backup() returns void language plpgsql set search_path = '' as $$
declare
    tenant_table regclass;
begin
    for tenant_table in
        select c.oid from pg_catalog.pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and c.relowner = 'parley_owner'::regrole
    loop
        perform app.admit_backup(tenant_table);
    end loop;
end $$;

drop table if exists app.periodic_jobs, jobs;
