-- Who logs in, and with what: passwords, sessions, invitations, keys of programs. Secrets are kept as digests only.
set local role parley_owner;

create table if not exists user_passwords (
    tenant_id uuid not null references tenants (id),
    user_id uuid not null,
    -- Argon2id in its own notation, with salt and cost.
    hash text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, user_id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    constraint hash_is_argon2id check (hash like '$argon2id$%')
);
select app.protect('user_passwords');
grant select, insert, update, delete on user_passwords to parley_app;

create table if not exists user_sessions (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    user_id uuid not null,
    token_digest text not null,
    created_at timestamptz not null default now(),
    -- To the minute.
    seen_at timestamptz not null default now(),
    -- Past which no use keeps it.
    expires_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    constraint token_is_one_session unique (token_digest)
);
-- All of one user: they end together.
create index if not exists user_sessions_by_user on user_sessions (tenant_id, user_id);
select app.protect('user_sessions');
grant select, insert, update, delete on user_sessions to parley_app;

create table if not exists user_invites (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    user_id uuid not null,
    token_digest text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    constraint one_invite_a_user unique (tenant_id, user_id),
    constraint token_is_one_invite unique (token_digest)
);
select app.protect('user_invites');
grant select, insert, update, delete on user_invites to parley_app;

create table if not exists api_keys (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    name text not null,
    -- How it begins, to tell it by.
    prefix text not null,
    key_digest text not null,
    role text not null,
    -- The subject that made it.
    created_by text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    expires_at timestamptz,
    -- To the minute.
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (tenant_id, id),
    constraint role_is_known check (role in ('agent', 'manager', 'admin', 'super_admin')),
    constraint key_is_one_row unique (key_digest)
);
create index if not exists api_keys_by_creation on api_keys (tenant_id, created_at desc, id desc);
select app.protect('api_keys');
grant select, insert, update on api_keys to parley_app;

-- A page of users, newest first.
create index if not exists users_by_creation on users (tenant_id, created_at desc, id desc);
-- The users of all tenants with one address.
create index if not exists users_by_email on users (email);

-- However it is written, it is one address.
create or replace function app.lower_email() returns trigger language plpgsql set search_path = '' as $$
begin
    new.email := lower(new.email);
    return new;
end $$;
drop trigger if exists lower_email on users;
create trigger lower_email before insert or update of email on users for each row execute function app.lower_email();

-- Whoever may do other things than before, or nothing any more, logs in again; an invitation to nobody is none.
create or replace function app.end_sessions() returns trigger language plpgsql set search_path = '' as $$
begin
    delete from public.user_sessions s where s.tenant_id = new.tenant_id and s.user_id = new.id;
    if not new.is_active then
        delete from public.user_invites i where i.tenant_id = new.tenant_id and i.user_id = new.id;
    end if;
    return null;
end $$;
drop trigger if exists end_sessions on users;
create trigger end_sessions after update of role, is_active on users for each row
    when (old.role is distinct from new.role or old.is_active and not new.is_active)
    execute function app.end_sessions();

-- A credential says nothing of its tenant before it has been looked up. The owner, which nobody logs in as, may look across
-- tenants: for the functions below and nothing else.
drop policy if exists logins on users;
create policy logins on users for select to parley_owner using (true);
drop policy if exists logins on user_passwords;
create policy logins on user_passwords for select to parley_owner using (true);
drop policy if exists logins on user_sessions;
create policy logins on user_sessions to parley_owner using (true) with check (true);
drop policy if exists logins on user_invites;
create policy logins on user_invites for select to parley_owner using (true);
drop policy if exists logins on api_keys;
create policy logins on api_keys to parley_owner using (true) with check (true);

-- Who may log in with an address: those with a password, in all tenants or in the one that is named. Nobody needs more than
-- two to see that there are several.
create or replace function app.login_candidates(address text, tenant_slug text)
returns table (tenant_id uuid, user_id uuid, hash text)
language sql stable security definer set search_path = '' as $$
    select u.tenant_id, u.id, p.hash
    from public.users u
    join public.user_passwords p on p.tenant_id = u.tenant_id and p.user_id = u.id
    join public.tenants t on t.id = u.tenant_id
    where u.email = lower(address) and u.is_active and not u.is_ai_agent and t.is_active
        and (tenant_slug is null or t.slug = tenant_slug)
    order by u.created_at, u.id limit 2
$$;
revoke execute on function app.login_candidates(text, text) from public;
grant execute on function app.login_candidates(text, text) to parley_app;

-- Whose session it is, while it lasts. That it was used is noted once a minute.
create or replace function app.find_session(digest text, idle_seconds integer)
returns table (tenant_id uuid, session_id uuid, user_id uuid, role text, expires_at timestamptz)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
begin
    update public.user_sessions s set seen_at = now()
    where s.token_digest = digest and s.expires_at > now()
        and s.seen_at between now() - make_interval(secs => idle_seconds) and now() - interval '1 minute';
    return query
        select s.tenant_id, s.id, s.user_id, u.role, s.expires_at
        from public.user_sessions s
        join public.users u on u.tenant_id = s.tenant_id and u.id = s.user_id
        join public.tenants t on t.id = s.tenant_id
        where s.token_digest = digest and s.expires_at > now()
            and s.seen_at > now() - make_interval(secs => idle_seconds)
            and u.is_active and not u.is_ai_agent and t.is_active;
end $$;
revoke execute on function app.find_session(text, integer) from public;
grant execute on function app.find_session(text, integer) to parley_app;

-- What a program's key opens, unless it is revoked or over. That it was used is noted once a minute.
create or replace function app.find_api_key(digest text)
returns table (tenant_id uuid, id uuid, role text, expires_at timestamptz)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
begin
    update public.api_keys k set last_used_at = now()
    where k.key_digest = digest and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
        and (k.last_used_at is null or k.last_used_at <= now() - interval '1 minute');
    return query
        select k.tenant_id, k.id, k.role, k.expires_at
        from public.api_keys k
        join public.tenants t on t.id = k.tenant_id
        where k.key_digest = digest and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
            and t.is_active;
end $$;
revoke execute on function app.find_api_key(text) from public;
grant execute on function app.find_api_key(text) to parley_app;

-- Whom an invitation is for, while it is good.
create or replace function app.find_invite(digest text)
returns table (tenant_id uuid, user_id uuid, email text, role text)
language sql stable security definer set search_path = '' as $$
    select i.tenant_id, i.user_id, u.email, u.role
    from public.user_invites i
    join public.users u on u.tenant_id = i.tenant_id and u.id = i.user_id
    join public.tenants t on t.id = i.tenant_id
    where i.token_digest = digest and i.expires_at > now() and u.is_active and not u.is_ai_agent and t.is_active
$$;
revoke execute on function app.find_invite(text) from public;
grant execute on function app.find_invite(text) to parley_app;

-- Attempts to log in by address, whether or not anybody has it: all nodes count together. Nobody's rows, hence not of public;
-- the address is kept as a digest.
create table if not exists app.login_attempts (
    account text primary key,
    failures integer not null default 0,
    last_at timestamptz not null default now(),
    blocked_until timestamptz not null default now()
);
create index if not exists login_attempts_by_age on app.login_attempts (last_at);

create or replace function app.login_account(address text) returns text language sql immutable set search_path = '' as $$
    select encode(sha256(convert_to(lower(address), 'UTF8')), 'hex')
$$;
revoke execute on function app.login_account(text) from public;

-- Begins an attempt, which counts as a failure until app.login_succeeded() says otherwise. Returns the seconds to wait first:
-- 0, and the attempt may be made. From the fifth failure on the wait doubles, up to `wait_max`; a quiet day forgets them.
create or replace function app.begin_login(address text, free integer, wait_max integer)
returns integer language plpgsql security definer set search_path = '' as $$
declare
    wanted constant text := app.login_account(address);
    wait integer;
begin
    delete from app.login_attempts a where a.ctid = any(array(
        select o.ctid from app.login_attempts o where o.last_at < now() - interval '1 day' limit 20 for update skip locked));
    insert into app.login_attempts (account) values (wanted) on conflict do nothing;
    select ceil(extract(epoch from a.blocked_until - clock_timestamp())) into wait
    from app.login_attempts a where a.account = wanted for update;
    if wait > 0 then
        return wait;
    end if;
    update app.login_attempts a
    set failures = a.failures + 1, last_at = clock_timestamp(),
        blocked_until = case when a.failures + 1 < free then a.blocked_until
            else clock_timestamp() + make_interval(secs => least(wait_max, 4 * 2 ^ least(a.failures + 1 - free, 20)))
            end
    where a.account = wanted;
    return 0;
end $$;
revoke execute on function app.begin_login(text, integer, integer) from public;
grant execute on function app.begin_login(text, integer, integer) to parley_app;

create or replace function app.login_succeeded(address text) returns void
language sql security definer set search_path = '' as $$
    delete from app.login_attempts a where a.account = app.login_account(address)
$$;
revoke execute on function app.login_succeeded(text) from public;
grant execute on function app.login_succeeded(text) to parley_app;

-- A new tenant with all that the first one began with, speaking in its own name. Fails for a slug that is taken, unlike
-- app.create_tenant(), which the application may not call.
create or replace function app.add_tenant(new_id uuid, tenant_name text, tenant_slug text, first_number text)
returns uuid language plpgsql security definer set search_path = '' as $$
declare
    scope constant text := current_setting('app.tenant_id', true);
    tenant uuid;
begin
    if exists (select from public.tenants t where t.slug = tenant_slug or t.id = new_id) then
        raise exception 'the slug is taken' using errcode = 'unique_violation', constraint = 'slug_is_taken_once';
    end if;
    if exists (select from public.phone_numbers n where n.number = first_number) then
        raise exception 'the number is taken' using errcode = 'unique_violation', constraint = 'number_belongs_to_one_tenant';
    end if;
    tenant := app.create_tenant(tenant_name, tenant_slug, new_id, first_number);
    perform set_config('app.tenant_id', tenant::text, true);
    update public.profiles p
    set greeting = replace(p.greeting, 'of Parley.', 'of ' || tenant_name || '.'),
        greeting_known = replace(p.greeting_known, 'of Parley.', 'of ' || tenant_name || '.'),
        prompt = replace(p.prompt, 'Parley Demo', tenant_name)
    where p.tenant_id = tenant and p.is_default;
    perform set_config('app.tenant_id', coalesce(scope, ''), true);
    return tenant;
end $$;
revoke execute on function app.add_tenant(uuid, text, text, text) from public;
grant execute on function app.add_tenant(uuid, text, text, text) to parley_app;

-- All tenants, newest first, behind one of them, or the one that is wanted: for the platform's own people. Nothing of what is
-- theirs.
create or replace function app.tenants_page(behind_at timestamptz, behind_id uuid, rows_max integer, wanted uuid)
returns table (
    id uuid, name text, slug text, is_demo boolean, is_active boolean, currency text, time_zone text,
    created_at timestamptz)
language sql stable security definer set search_path = '' as $$
    select t.id, t.name, t.slug, t.is_demo, t.is_active, t.currency, t.time_zone, t.created_at
    from public.tenants t
    where (wanted is null or t.id = wanted)
        and (behind_at is null or (t.created_at, t.id) < (behind_at, behind_id))
    order by t.created_at desc, t.id desc limit rows_max
$$;
revoke execute on function app.tenants_page(timestamptz, uuid, integer, uuid) from public;
grant execute on function app.tenants_page(timestamptz, uuid, integer, uuid) to parley_app;

do $$
begin
    if exists (select from pg_roles where rolname = 'parley_backup') then
        grant select on app.login_attempts to parley_backup;
    end if;
end $$;

-- As before; the attempts are dumped with the rest.
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
        grant select on app.periodic_jobs, app.login_attempts to parley_backup;
    end if;
end $$;
