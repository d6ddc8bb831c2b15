-- Consults: what was asked of specialists under whose consent, what each answered, and what the specialists know.
set local role parley_owner;

create table if not exists consults (
    id uuid not null,
    tenant_id uuid not null references tenants (id),
    call_id uuid not null,
    question text not null,
    source text not null,
    -- Why it was taken for a consult.
    reasons jsonb not null default '[]',
    specialists text[] not null default '{}',
    -- In ms since the phone rang; null for what never happened.
    asked_ms integer not null,
    offered_ms integer,
    agreed_ms integer,
    answered_ms integer,
    heard_ms integer,
    ended_ms integer not null,
    ending text not null,
    merged_text text,
    spoken_text text,
    delivered boolean not null default false,
    follow_up text,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, call_id) references calls (tenant_id, id) on delete cascade,
    constraint source_is_known check (source in ('tool', 'detected')),
    constraint ending_is_known check (
        ending in (
            'delivered', 'deliveredPartly', 'declined', 'unclear', 'noReply', 'cancelled', 'withdrawn', 'keyPressed',
            'hungUp', 'allFailed', 'timedOut', 'unheard')),
    constraint consult_begins_within_the_call check (asked_ms >= 0),
    constraint consult_ends_after_it_began check (ended_ms >= asked_ms),
    constraint specialists_only_after_a_yes check (agreed_ms is not null or cardinality(specialists) = 0)
);
-- The consults of a call, for its page.
create index if not exists consults_by_call on consults (tenant_id, call_id, asked_ms);
select app.protect('consults');
grant select, insert, update, delete on consults to parley_app;

create table if not exists consult_answers (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    consult_id uuid not null,
    -- The moderator's order, from 1.
    position integer not null,
    specialist text not null,
    reasons jsonb not null default '[]',
    text text not null default '',
    took_ms integer not null,
    outcome text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, consult_id) references consults (tenant_id, id) on delete cascade,
    constraint specialist_answers_a_consult_once unique (tenant_id, consult_id, specialist),
    constraint position_starts_at_1 check (position >= 1),
    constraint took_ms_is_not_negative check (took_ms >= 0),
    constraint outcome_is_known check (outcome in ('answered', 'late', 'failed', 'empty', 'offTopic'))
);
select app.protect('consult_answers');
grant select, insert, update, delete on consult_answers to parley_app;

-- A consent to a consult keeps what was asked, how the words were read, and where in the audio they are.
alter table consents add column if not exists consult_id uuid;
alter table consents add column if not exists reply_number integer;
alter table consents add column if not exists question text;
alter table consents add column if not exists decision text;
alter table consents add column if not exists confidence double precision;
alter table consents add column if not exists audio_position_ms integer;
do $$
begin
    if not exists (select from pg_constraint where conname = 'consult_reply_is_written_once') then
        alter table consents
            add foreign key (tenant_id, consult_id) references consults (tenant_id, id),
            add constraint consult_reply_is_written_once unique (tenant_id, consult_id, reply_number),
            add constraint decision_is_known check (decision in ('yes', 'no', 'unclear')),
            add constraint only_a_yes_grants check (decision is null or granted = (decision = 'yes')),
            add constraint confidence_is_0_to_1 check (confidence between 0 and 1);
    end if;
end $$;

-- What the specialists know, for full-text search: a copy for each tenant, loaded from the files and replaced when they
-- change. Every table sits behind the tenant fence, and a tenant may come to have specialists of its own.
create table if not exists specialist_sections (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    specialist text not null,
    position integer not null,
    title text not null,
    body text not null,
    -- One a line.
    sources text not null,
    -- Of the whole roster the row came from: one value for all rows of a tenant.
    digest text not null,
    terms tsvector not null generated always as (
        setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', body), 'B')
        || setweight(to_tsvector('english', sources), 'D')) stored,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint section_of_a_specialist_is_there_once unique (tenant_id, specialist, position)
);
create index if not exists specialist_sections_by_term on specialist_sections using gin (terms);
select app.protect('specialist_sections');
grant select, insert, update, delete on specialist_sections to parley_app;
