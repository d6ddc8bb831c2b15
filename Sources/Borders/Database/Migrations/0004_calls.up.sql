-- Calls: how the agent behaves, which number reaches it, what was said, and what that used.
set local role parley_owner;

create table if not exists profiles (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    name text not null,
    is_default boolean not null default false,
    prompt text not null,
    greeting text not null,
    greeting_known text not null,
    language text not null default 'en',
    voice text not null default 'aura-2-thalia-en',
    listen_model text not null default 'flux-general-en',
    think_model text not null default 'gpt-5.4-mini',
    human_number text,
    apology text not null default 'I''m sorry, I lost my connection for a moment. Please hold on.',
    fallback_message text not null
        default 'I''m sorry, we cannot take your call right now. A colleague will call you back.',
    rollout_percent integer not null default 100,
    currency text not null default 'USD',
    time_zone text not null default 'America/New_York',
    call_seconds_max integer not null default 1800,
    silence_seconds_max integer not null default 45,
    turns_max integer not null default 200,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint human_number_is_e164 check (human_number ~ '^\+[1-9][0-9]{6,14}$'),
    constraint rollout_is_a_percentage check (rollout_percent between 0 and 100),
    constraint currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
    constraint limits_are_positive check (call_seconds_max > 0 and silence_seconds_max > 0 and turns_max > 0),
    constraint name_is_one_profile_of_a_tenant unique (tenant_id, name)
);
create unique index if not exists one_default_profile_a_tenant on profiles (tenant_id) where is_default;
select app.protect('profiles');
grant select, insert, update, delete on profiles to parley_app;

create table if not exists phone_numbers (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    number text not null,
    profile_id uuid not null,
    label text,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, profile_id) references profiles (tenant_id, id),
    constraint number_is_e164 check (number ~ '^\+[1-9][0-9]{6,14}$'),
    -- Across tenants: a call to it must have one destination.
    constraint number_belongs_to_one_tenant unique (number)
);
select app.protect('phone_numbers');
grant select, insert, update, delete on phone_numbers to parley_app;

create table if not exists calls (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    lead_id uuid,
    contact_id uuid,
    user_id uuid,
    profile_id uuid,
    campaign_id uuid,
    session_id text,
    carrier_call_sid text,
    call_type text not null default 'ai_voice',
    direction text not null default 'inbound',
    from_number text,
    to_number text,
    status text not null default 'in_progress',
    call_start_time timestamptz not null default now(),
    answered_at timestamptz,
    call_end_time timestamptz,
    -- Seconds the caller was connected.
    duration integer,
    end_reason text,
    outcome text,
    disposition text,
    transcript text,
    summary text,
    sentiment text,
    intent_detected text,
    confidence_score double precision,
    recording jsonb,
    usage jsonb not null default '{}',
    -- Quality as the caller heard it: pickup to first audio, responses, barge-ins, silences, frames.
    ear jsonb not null default '{}',
    dtmf text,
    notes jsonb not null default '[]',
    -- `rules/1` or `llm/<model>`, and all it took from the call with the evidence.
    extractor text,
    extraction jsonb,
    -- Set once, by the post-call writer, in the transaction that writes everything a call yields.
    finalized_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete set null (lead_id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete set null (contact_id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete set null (user_id),
    foreign key (tenant_id, profile_id) references profiles (tenant_id, id) on delete set null (profile_id),
    constraint carrier_call_sid_is_one_call_of_a_tenant unique (tenant_id, carrier_call_sid),
    constraint call_type_is_known check (call_type in ('ai_voice', 'inbound', 'outbound')),
    constraint direction_is_known check (direction in ('inbound', 'outbound')),
    constraint status_is_known check (
        status in ('ringing', 'in_progress', 'completed', 'interrupted', 'failed')),
    constraint outcome_is_known check (
        outcome in (
            'qualified', 'nurture', 'not_interested', 'follow_up_agreed', 'meeting_booked', 'transferred',
            'do_not_call', 'voicemail', 'no_speech', 'interrupted', 'failed')),
    constraint sentiment_is_known check (sentiment in ('positive', 'neutral', 'negative', 'mixed')),
    constraint intent_detected_is_known check (
        intent_detected in (
            'sales_qualified', 'marketing_qualified', 'support', 'information', 'opt_out', 'wrong_number', 'unknown')),
    constraint inbound_disposition_is_known check (
        direction <> 'inbound' or disposition in ('completed', 'abandoned', 'failed')),
    constraint confidence_score_is_0_to_1 check (confidence_score between 0 and 1),
    constraint duration_is_not_negative check (duration >= 0),
    constraint ended_only_after_started check (call_end_time >= call_start_time),
    constraint finalized_at_only_when_ended check (finalized_at is null or call_end_time is not null),
    constraint finalized_at_only_when_final check (finalized_at is null or status not in ('ringing', 'in_progress'))
);
-- The calls of a lead, and of everybody, newest first.
create index if not exists calls_by_lead on calls (tenant_id, lead_id, call_start_time desc);
create index if not exists calls_by_time on calls (tenant_id, call_start_time desc);
select app.protect('calls');
grant select, insert, update, delete on calls to parley_app;

create table if not exists conversations (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    call_id uuid not null,
    turn_number integer not null,
    speaker text not null,
    started_ms integer not null,
    ended_ms integer not null,
    text text not null,
    interrupted boolean not null default false,
    heard_text text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, call_id) references calls (tenant_id, id) on delete cascade,
    constraint turn_is_written_once unique (tenant_id, call_id, turn_number),
    constraint turn_number_starts_at_1 check (turn_number >= 1),
    constraint speaker_is_known check (speaker in ('caller', 'agent', 'human')),
    constraint turn_begins_within_the_call check (started_ms >= 0),
    constraint turn_ends_after_it_began check (ended_ms >= started_ms)
);
select app.protect('conversations');
grant select, insert, update, delete on conversations to parley_app;

-- Billed from: written once with the call, never changed. Write with `on conflict do nothing`.
create table if not exists usage_records (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    call_id uuid not null,
    kind text not null,
    quantity bigint not null,
    recorded_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, call_id) references calls (tenant_id, id),
    constraint kind_is_counted_once_a_call unique (tenant_id, call_id, kind),
    constraint kind_is_known check (
        kind in ('call', 'connected_seconds', 'caller_words', 'agent_words', 'consults')),
    constraint quantity_is_not_negative check (quantity >= 0)
);
select app.protect('usage_records');
grant select, insert on usage_records to parley_app;

-- What people agreed to or refused, in their words: append-only. The newest row of a kind holds.
create table if not exists consents (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    call_id uuid,
    contact_id uuid,
    phone text,
    kind text not null,
    granted boolean not null,
    words text not null default '',
    source text not null,
    at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, call_id) references calls (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id),
    constraint kind_is_known check (
        kind in ('consult', 'recording', 'ai_disclosure', 'marketing_voice', 'marketing_sms', 'marketing_email')),
    constraint phone_is_e164 check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    constraint somebody_said_it check (call_id is not null or contact_id is not null or phone is not null)
);
-- The standing consent of a number.
create index if not exists consents_by_phone on consents (tenant_id, phone, kind, at desc);
create or replace function app.refuse_change() returns trigger language plpgsql set search_path = '' as $$
begin
    raise exception '% is append-only: write a new row instead', tg_table_name using errcode = 'restrict_violation';
end $$;
drop trigger if exists append_only on consents;
create trigger append_only before update or delete or truncate on consents
    for each statement execute function app.refuse_change();
select app.protect('consents');
grant select, insert on consents to parley_app;
