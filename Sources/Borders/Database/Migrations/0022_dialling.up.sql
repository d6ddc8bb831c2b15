-- Calls that we place: each is decided by rules, leaves a receipt whether it is placed or not, and is never placed twice.
-- docs/dialling.md.
set local role parley_owner;

-- What somebody agreed to: an AI's voice in a call to sell something needs it in writing in the United States.
alter table consents add column if not exists level text;
do $$
begin
    if not exists (select from pg_constraint where conname = 'level_is_known' and conrelid = 'consents'::regclass) then
        alter table consents add constraint level_is_known check (level in ('express', 'express_written'));
    end if;
end $$;

-- The rules a tenant calls by, and when all its calls were stopped.
alter table tenants add column if not exists calling_rule_sets text[] not null default '{us_conservative}';
alter table tenants add column if not exists calls_stopped_at timestamptz;
grant update (calling_rule_sets, calls_stopped_at) on tenants to parley_app;

-- The first words of a call that we place: who calls, that it is an AI, and how to be left alone.
alter table profiles add column if not exists greeting_outbound text not null
    default 'Hello, this is the automated AI assistant of {{company}}. If you do not want calls from us, say so or press 9. Do you have a moment?';
-- As app.number_route, with them. Whoever runs an older version goes on with that one.
create or replace function app.call_route(called text)
returns table (
    tenant_id uuid, profile_id uuid, name text, prompt text, greeting text, greeting_known text, language text,
    voice text, listen_model text, think_model text, human_number text, apology text, fallback_message text,
    rollout_percent integer, currency text, time_zone text, call_seconds_max integer, silence_seconds_max integer,
    turns_max integer, consult text, greeting_outbound text)
language sql stable security definer set search_path = '' as $$
    select r.*, p.consult::text, replace(p.greeting_outbound, '{{company}}', t.name)
    from app.route_number(called) r
    join public.profiles p on p.tenant_id = r.tenant_id and p.id = r.profile_id
    join public.tenants t on t.id = r.tenant_id
$$;
revoke execute on function app.call_route(text) from public;
grant execute on function app.call_route(text) to parley_app;

create table if not exists dial_attempts (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    contact_id uuid,
    number text not null,
    -- Ours, which the called party sees.
    caller_id text not null,
    purpose text not null,
    state text not null default 'reserved',
    -- Once it is over.
    outcome text,
    -- What the carrier said of a call that it did not place.
    carrier_error text,
    carrier_call_sid text,
    created_by_user_id uuid,
    -- Before the carrier is asked: whoever finds it set asks the carrier what became of it, and never dials again.
    requested_at timestamptz,
    answered_at timestamptz,
    ended_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete set null (contact_id),
    foreign key (tenant_id, created_by_user_id) references users (tenant_id, id) on delete set null (created_by_user_id),
    constraint number_is_e164 check (number ~ '^\+[1-9][0-9]{6,14}$'),
    constraint caller_id_is_e164 check (caller_id ~ '^\+[1-9][0-9]{6,14}$'),
    constraint purpose_is_known check (purpose in ('marketing', 'informational', 'collections', 'survey')),
    constraint state_is_known check (
        state in ('reserved', 'requesting', 'submission_unknown', 'placed', 'ringing', 'in_call', 'ended')),
    constraint outcome_is_known check (
        outcome in (
            'completed', 'busy', 'no_answer', 'declined', 'cancelled', 'invalid_number', 'blocked_analytics',
            'carrier_congestion', 'carrier_refused', 'opted_out', 'unknown')),
    constraint outcome_only_when_ended check ((state = 'ended') = (outcome is not null and ended_at is not null)),
    constraint requested_before_it_is_placed check (state in ('reserved', 'ended') or requested_at is not null)
);
-- Nobody's telephone rings for two calls of ours.
create unique index if not exists a_number_is_in_one_call_at_a_time on dial_attempts (tenant_id, number) where state <> 'ended';
create unique index if not exists carrier_call_sid_is_one_attempt on dial_attempts (tenant_id, carrier_call_sid)
    where carrier_call_sid is not null;
create index if not exists dial_attempts_by_number on dial_attempts (tenant_id, number, requested_at desc);
create index if not exists dial_attempts_by_caller_id on dial_attempts (tenant_id, caller_id, requested_at desc);
create index if not exists dial_attempts_by_creation on dial_attempts (tenant_id, created_at desc, id desc);
create index if not exists dial_attempts_by_contact on dial_attempts (tenant_id, contact_id) where contact_id is not null;
select app.protect('dial_attempts');
grant select, insert, update on dial_attempts to parley_app;

-- Why a call was placed, or was not: what was asked, what the rules said. Each holds the hash of the one before, so that none can be
-- changed or taken out unseen.
create table if not exists dial_receipts (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    -- From 1, a tenant's without a gap.
    sequence bigint not null,
    -- Null where nothing was dialled.
    attempt_id uuid,
    number text not null,
    is_allowed boolean not null,
    -- The first reason not to; null where there was none.
    code text,
    -- JSON, byte for byte as it was hashed.
    body text not null,
    -- SHA-256 in hexadecimal: of the receipt before (64 zeros before the first), and of that, sequence and body.
    previous_hash text not null,
    hash text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint sequence_is_one_receipt_of_a_tenant unique (tenant_id, sequence)
);
create index if not exists dial_receipts_by_creation on dial_receipts (tenant_id, created_at desc, id desc);
create index if not exists dial_receipts_by_number on dial_receipts (tenant_id, number, sequence desc);
select app.protect('dial_receipts');
grant select, insert on dial_receipts to parley_app;
drop trigger if exists append_only on dial_receipts;
create trigger append_only before update or delete or truncate on dial_receipts for each statement
    execute function app.refuse_change();
