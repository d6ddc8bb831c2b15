-- What comes of a call: activities, follow-ups, meetings, deals, tasks.
set local role parley_owner;

create table if not exists lead_activities (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    lead_id uuid not null,
    call_id uuid,
    activity_type text not null,
    subject text not null,
    description text,
    created_by uuid,
    is_automated boolean not null default false,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade,
    foreign key (tenant_id, call_id) references calls (tenant_id, id) on delete set null (call_id),
    foreign key (tenant_id, created_by) references users (tenant_id, id) on delete set null (created_by),
    constraint activity_type_is_known check (
        activity_type in (
            'ai_interaction', 'phone_call', 'email', 'sms', 'whatsapp', 'meeting', 'note', 'task', 'follow_up',
            'stage_change', 'assignment', 'score_change'))
);
-- A lead's timeline.
create index if not exists lead_activities_by_lead on lead_activities (tenant_id, lead_id, created_at desc);
select app.protect('lead_activities');
grant select, insert, update, delete on lead_activities to parley_app;

create table if not exists follow_ups (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    lead_id uuid not null,
    call_id uuid,
    agent_id uuid,
    due_at timestamptz not null,
    status text not null default 'Pending',
    reason text not null default '',
    notes text,
    ai_recommendation text,
    completed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade,
    foreign key (tenant_id, call_id) references calls (tenant_id, id) on delete set null (call_id),
    foreign key (tenant_id, agent_id) references users (tenant_id, id) on delete set null (agent_id),
    constraint status_is_known check (status in ('Pending', 'Completed', 'Rescheduled', 'Cancelled'))
);
-- Open follow-ups: what is due or overdue, and a lead's next one.
create index if not exists follow_ups_open_by_due on follow_ups (tenant_id, due_at) where status = 'Pending';
create index if not exists follow_ups_by_lead on follow_ups (tenant_id, lead_id, due_at);
select app.protect('follow_ups');
grant select, insert, update, delete on follow_ups to parley_app;

create table if not exists meetings (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    lead_id uuid not null,
    call_id uuid,
    agent_id uuid,
    title text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    status text not null default 'scheduled',
    meeting_link text,
    location text,
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade,
    foreign key (tenant_id, call_id) references calls (tenant_id, id) on delete set null (call_id),
    foreign key (tenant_id, agent_id) references users (tenant_id, id) on delete set null (agent_id),
    constraint status_is_known check (status in ('scheduled', 'completed', 'cancelled', 'no_show', 'rescheduled')),
    constraint meeting_ends_after_it_starts check (ends_at > starts_at)
);
-- The calendar, and a lead's meetings.
create index if not exists meetings_by_start on meetings (tenant_id, starts_at);
create index if not exists meetings_by_lead on meetings (tenant_id, lead_id, starts_at);
select app.protect('meetings');
grant select, insert, update, delete on meetings to parley_app;

create table if not exists deals (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    contact_id uuid not null,
    title text not null,
    value numeric(14, 2),
    currency text not null default 'USD',
    stage text not null default 'qualification',
    probability integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id),
    constraint stage_is_known check (
        stage in ('prospecting', 'qualification', 'proposal', 'negotiation', 'closed_won', 'closed_lost')),
    constraint value_is_not_negative check (value >= 0),
    constraint currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
    constraint probability_is_a_percentage check (probability between 0 and 100)
);
-- The open deals of a caller.
create index if not exists deals_open_by_contact on deals (tenant_id, contact_id)
    where stage not in ('closed_won', 'closed_lost');
select app.protect('deals');
grant select, insert, update, delete on deals to parley_app;

create table if not exists tasks (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    contact_id uuid,
    title text not null,
    description text,
    due_date timestamptz,
    priority text not null default 'medium',
    status text not null default 'pending',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    constraint priority_is_known check (priority in ('low', 'medium', 'high', 'urgent')),
    constraint status_is_known check (status in ('pending', 'in_progress', 'completed', 'cancelled'))
);
-- The open tasks of a caller.
create index if not exists tasks_open_by_contact on tasks (tenant_id, contact_id, due_date)
    where status in ('pending', 'in_progress');
select app.protect('tasks');
grant select, insert, update, delete on tasks to parley_app;

-- The scores point at the call they came from, which did not exist when their table was made.
do $$
begin
    alter table lead_scores add constraint lead_scores_come_from_a_call
        foreign key (tenant_id, call_id) references calls (tenant_id, id) on delete set null (call_id);
exception when duplicate_object then null;
end $$;
