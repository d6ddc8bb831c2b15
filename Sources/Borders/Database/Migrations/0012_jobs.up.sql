-- Work that outlives the process that asked for it: docs/jobs.md has the states.
set local role parley_owner;

create table if not exists jobs (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    kind text not null,
    payload jsonb not null default '{}',
    -- Held while the row is there, or until the job starts.
    unique_key text,
    frees_key_at_start boolean not null default false,
    state text not null default 'waiting',
    due_at timestamptz not null default now(),
    -- Runs begun since it was enqueued, or since a person said to try again.
    attempts integer not null default 0,
    -- Of the run under way: whoever holds it may end the job, until another run has a new one.
    lease uuid,
    leased_by text,
    lease_until timestamptz,
    last_error text,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    ended_at timestamptz,
    primary key (tenant_id, id),
    constraint state_is_known check (state in ('waiting', 'running', 'done', 'dead')),
    constraint leased_only_while_running
        check ((state = 'running') = (lease is not null and lease_until is not null and leased_by is not null)),
    constraint ended_at_only_when_ended check ((state in ('done', 'dead')) = (ended_at is not null)),
    constraint a_dead_job_says_why check (state <> 'dead' or last_error is not null),
    constraint attempts_count_up check (attempts >= 0)
);
-- Whether anything of a kind is due, and the oldest of it.
create index if not exists jobs_due on jobs (kind, due_at) where state = 'waiting';
-- The next tenant that has some of a kind, and its oldest: for tenants taking turns.
create index if not exists jobs_due_by_tenant on jobs (kind, tenant_id, due_at) where state = 'waiting';
-- Leases that have run out.
create index if not exists jobs_leased on jobs (lease_until) where state = 'running';
-- What may be pruned.
create index if not exists jobs_done on jobs (tenant_id, ended_at) where state = 'done';
-- What a person should look at.
create index if not exists jobs_dead on jobs (tenant_id, ended_at) where state = 'dead';
create unique index if not exists unique_key_is_one_job_of_a_kind on jobs (tenant_id, kind, unique_key)
    where unique_key is not null;
-- A queue is small and changes all the time: what is dead in it goes soon.
alter table jobs set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
select app.protect('jobs');
grant select, insert, update, delete on jobs to parley_app;

-- Workers serve all tenants: the functions below, and nothing else, see the queue of each.
drop policy if exists queue on jobs;
create policy queue on jobs to parley_owner using (true) with check (true);

-- Begins a run of each of the oldest due jobs of a kind, of one tenant or of all.
create or replace function app.take_jobs(
    wanted_kind text, wanted_tenant uuid, places integer, node text, lease_ms integer)
returns table (
    tenant_id uuid, id uuid, kind text, payload text, attempts integer, lease uuid, late_ms double precision,
    last_error text)
language plpgsql set search_path = '' as $$
#variable_conflict use_column
declare
    picked tid[];
begin
    if wanted_tenant is null then
        picked := array(
            select j.ctid from public.jobs j
            where j.state = 'waiting' and j.kind = wanted_kind and j.due_at <= now()
            order by j.due_at limit places for update skip locked);
    else
        picked := array(
            select j.ctid from public.jobs j
            where j.state = 'waiting' and j.kind = wanted_kind and j.tenant_id = wanted_tenant and j.due_at <= now()
            order by j.due_at limit places for update skip locked);
    end if;
    return query
        update public.jobs j
        set state = 'running', attempts = j.attempts + 1, started_at = clock_timestamp(), lease = gen_random_uuid(),
            leased_by = node, lease_until = clock_timestamp() + make_interval(secs => lease_ms / 1000.0),
            unique_key = case when j.frees_key_at_start then null else j.unique_key end
        where j.ctid = any(picked)
        returning j.tenant_id, j.id, j.kind, j.payload::text, j.attempts, j.lease,
            extract(epoch from clock_timestamp() - j.due_at) * 1000.0::double precision, j.last_error;
end $$;
revoke execute on function app.take_jobs(text, uuid, integer, text, integer) from public;

-- Takes what is due for a worker that has `wanted` places for each of `kinds`, under leases of `lease_ms`.
--
-- Oldest first while there is room for all; behind a backlog tenants take turns, beginning anywhere, so that nobody's
-- thousands keep another's one waiting. A run whose lease ran out is over: its job is due again.
create or replace function app.claim_jobs(kinds text[], wanted integer[], node text, lease_ms integer)
returns table (
    tenant_id uuid, id uuid, kind text, payload text, attempts integer, lease uuid, late_ms double precision,
    last_error text)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
    -- Tenants looked at in one claim.
    turns_max constant integer := 64;
    places integer;
    due integer;
    taken integer;
    share integer;
    whose uuid;
    oldest timestamptz;
    has_wrapped boolean;
begin
    update public.jobs j
    set state = 'waiting', last_error = 'its lease ran out: node ' || j.leased_by || ' died, or stood still',
        lease = null, leased_by = null, lease_until = null
    where j.ctid = any(array(
        select e.ctid from public.jobs e
        where e.state = 'running' and e.lease_until < now() and e.kind = any(kinds)
        order by e.lease_until limit 100 for update skip locked));

    for place in 1..coalesce(cardinality(kinds), 0) loop
        places := wanted[place];
        select count(*) into due from (
            select from public.jobs j
            where j.state = 'waiting' and j.kind = kinds[place] and j.due_at <= now() limit places + 1) as found;
        if due > places then
            share := greatest(1, places / 8);
            whose := gen_random_uuid();
            has_wrapped := false;
            for turn in 1..turns_max loop
                exit when places <= 0;
                select j.tenant_id, j.due_at into whose, oldest from public.jobs j
                where j.state = 'waiting' and j.kind = kinds[place] and j.tenant_id > whose
                order by j.tenant_id, j.due_at limit 1;
                if whose is null then
                    exit when has_wrapped;
                    has_wrapped := true;
                    whose := '00000000-0000-0000-0000-000000000000';
                elsif oldest <= now() then
                    return query select * from app.take_jobs(kinds[place], whose, least(share, places), node, lease_ms);
                    get diagnostics taken = row_count;
                    places := places - taken;
                end if;
            end loop;
        end if;
        if due > 0 and places > 0 then
            return query select * from app.take_jobs(kinds[place], null, places, node, lease_ms);
        end if;
    end loop;
end $$;
revoke execute on function app.claim_jobs(text[], integer[], text, integer) from public;
grant execute on function app.claim_jobs(text[], integer[], text, integer) to parley_app;

-- The worker lives: its leases run from now on. Returns those that it still holds.
create or replace function app.renew_jobs(tenants uuid[], ids uuid[], leases uuid[], lease_ms integer)
returns setof uuid language sql security definer set search_path = '' as $$
    update public.jobs j set lease_until = clock_timestamp() + make_interval(secs => lease_ms / 1000.0)
    from unnest(tenants, ids, leases) as held (tenant_id, id, lease)
    where j.tenant_id = held.tenant_id and j.tenant_id = any(tenants) and j.id = held.id and j.id = any(ids)
        and j.lease = held.lease
    returning j.lease
$$;
revoke execute on function app.renew_jobs(uuid[], uuid[], uuid[], integer) from public;
grant execute on function app.renew_jobs(uuid[], uuid[], uuid[], integer) to parley_app;

-- Ends a job in the transaction that holds its effects. That of a worker whose lease is another's by now fails here, and
-- takes its effects with it.
create or replace function app.finish_job(job uuid, held uuid) returns void language plpgsql set search_path = '' as $$
begin
    update public.jobs j set state = 'done', ended_at = clock_timestamp(), lease = null, leased_by = null, lease_until = null,
        last_error = null
    where j.tenant_id = (select app.tenant_id()) and j.id = job and j.lease = held;
    if not found then
        raise exception 'the lease of job % is no longer ours', job using errcode = 'PJ001';
    end if;
end $$;
revoke execute on function app.finish_job(uuid, uuid) from public;
grant execute on function app.finish_job(uuid, uuid) to parley_app;

-- What one node does for all, at its time: jobs for each tenant. Nobody's rows, hence not of public.
create table if not exists app.periodic_jobs (
    name text primary key,
    next_at timestamptz not null,
    fired_at timestamptz
);

-- Enqueues a job of a kind for every active tenant, once every so often whoever asks and however many: the row is the
-- leader's chair, for one transaction. Who missed several times does it once. Returns the jobs enqueued, null when it is
-- not due.
create or replace function app.fire_periodic_job(periodic text, every_seconds integer, job_kind text, job_payload jsonb)
returns integer language plpgsql security definer set search_path = '' as $$
declare
    period constant double precision := every_seconds;
    fired integer;
begin
    insert into app.periodic_jobs (name, next_at) values (periodic, now()) on conflict do nothing;
    update app.periodic_jobs p set fired_at = now(),
        next_at = to_timestamp((floor(extract(epoch from now()) / period) + 1) * period)
    where p.name = periodic and p.next_at <= now();
    if not found then
        return null;
    end if;
    insert into public.jobs (tenant_id, kind, payload, unique_key, frees_key_at_start)
    select t.id, job_kind, job_payload, 'periodic ' || periodic, true from public.tenants t where t.is_active
    on conflict do nothing;
    get diagnostics fired = row_count;
    return fired;
end $$;
revoke execute on function app.fire_periodic_job(text, integer, text, jsonb) from public;
grant execute on function app.fire_periodic_job(text, integer, text, jsonb) to parley_app;

-- How the queue of all tenants is: dead jobs, and for how long the oldest due one of these kinds has been waiting.
create or replace function app.queue_health(kinds text[]) returns table (dead integer, overdue_seconds double precision)
language sql stable security definer set search_path = '' as $$
    select (select count(*)::integer from (select from public.jobs j where j.state = 'dead' limit 10000) as few),
        coalesce((
            select max(extract(epoch from now() - oldest.due_at)) from unnest(kinds) as k
            cross join lateral (
                select j.due_at from public.jobs j
                where j.state = 'waiting' and j.kind = k and j.due_at <= now() order by j.due_at limit 1) as oldest), 0)
$$;
revoke execute on function app.queue_health(text[]) from public;
grant execute on function app.queue_health(text[]) to parley_app;

do $$
begin
    if exists (select from pg_roles where rolname = 'parley_backup') then
        grant select on app.periodic_jobs to parley_backup;
    end if;
end $$;

-- As before; the times of periodic jobs are dumped with the rest.
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
    if exists (select from pg_catalog.pg_roles where rolname = 'parley_backup') then
        grant select on app.periodic_jobs to parley_backup;
    end if;
end $$;
