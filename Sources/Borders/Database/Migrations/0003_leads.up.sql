-- Leads: their stages, what is known of them, and how they score.
set local role parley_owner;

create table if not exists pipeline_stages (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    name text not null,
    -- The leads.stage this column of the board stands for.
    stage text not null,
    position integer not null,
    win_probability integer not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint stage_is_known check (stage in ('LEAD', 'MQL', 'SQL', 'OPPORTUNITY', 'CUSTOMER', 'LOST')),
    constraint win_probability_is_a_percentage check (win_probability between 0 and 100),
    constraint name_is_one_stage_of_a_tenant unique (tenant_id, name)
);
select app.protect('pipeline_stages');
grant select, insert, update, delete on pipeline_stages to parley_app;

create table if not exists leads (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    contact_id uuid,
    client_id uuid,
    agent_id uuid,
    company_name text,
    contact_person text,
    email text,
    phone text,
    industry text,
    stage text not null default 'LEAD',
    previous_stage text,
    stage_changed_at timestamptz,
    pipeline_stage_id uuid,
    status_bucket text not null default 'P3',
    qualification_status text not null default 'new',
    lead_score integer not null default 0,
    budget text not null default 'unknown',
    authority text not null default 'unknown',
    need text not null default 'unknown',
    timeline text not null default 'unknown',
    -- Amounts, and for each finding its confidence and the words it rests on.
    qualification_data jsonb not null default '{}',
    lead_source text not null default 'voice_assistant',
    utm_source text,
    utm_medium text default 'voice',
    campaign_id uuid,
    deal_value numeric(14, 2),
    currency text not null default 'USD',
    win_probability integer,
    expected_close_date date,
    conversation_summary text,
    extracted_info jsonb not null default '{}',
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id),
    foreign key (tenant_id, client_id) references clients (tenant_id, id) on delete set null (client_id),
    foreign key (tenant_id, agent_id) references users (tenant_id, id) on delete set null (agent_id),
    foreign key (tenant_id, pipeline_stage_id) references pipeline_stages (tenant_id, id)
        on delete set null (pipeline_stage_id),
    constraint stage_is_known check (stage in ('LEAD', 'MQL', 'SQL', 'OPPORTUNITY', 'CUSTOMER', 'LOST')),
    constraint previous_stage_is_known check (
        previous_stage in ('LEAD', 'MQL', 'SQL', 'OPPORTUNITY', 'CUSTOMER', 'LOST')),
    constraint status_bucket_is_known check (status_bucket in ('P1', 'P2', 'P3')),
    constraint qualification_status_is_known check (
        qualification_status in (
            'new', 'in_progress', 'marketing_qualified', 'sales_qualified', 'nurture', 'disqualified')),
    constraint lead_score_is_0_to_100 check (lead_score between 0 and 100),
    constraint budget_is_known check (budget in ('high', 'medium', 'low', 'unknown')),
    constraint authority_is_known check (authority in ('yes', 'no', 'influencer', 'unknown')),
    constraint need_is_known check (need in ('urgent', 'moderate', 'low', 'unknown')),
    constraint timeline_is_known check (
        timeline in ('immediate', 'this_month', 'this_quarter', 'this_year', 'unknown')),
    constraint win_probability_is_a_percentage check (win_probability between 0 and 100),
    constraint deal_value_is_not_negative check (deal_value >= 0),
    constraint currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
    constraint phone_is_e164 check (phone ~ '^\+[1-9][0-9]{6,14}$')
);
-- The lead of a known caller; leads of a stage, best first.
create index if not exists leads_by_contact on leads (tenant_id, contact_id, created_at desc);
create index if not exists leads_by_phone on leads (tenant_id, phone) where phone is not null;
create index if not exists leads_by_stage_and_score on leads (tenant_id, stage, lead_score desc);
select app.protect('leads');
grant select, insert, update, delete on leads to parley_app;

create table if not exists lead_scores (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    lead_id uuid not null,
    call_id uuid,
    score_type text not null,
    score integer not null,
    confidence double precision not null default 1,
    score_factors jsonb not null default '{}',
    reasoning text not null default '',
    scored_by uuid,
    scored_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade,
    foreign key (tenant_id, scored_by) references users (tenant_id, id) on delete set null (scored_by),
    constraint score_type_is_known check (
        score_type in ('ai_intent', 'engagement', 'demographic', 'workflow', 'manual', 'behavioral', 'combined')),
    constraint score_is_0_to_100 check (score between 0 and 100),
    constraint confidence_is_0_to_1 check (confidence between 0 and 1)
);
-- The newest score of each type, and the history behind it.
create index if not exists lead_scores_by_lead on lead_scores (tenant_id, lead_id, score_type, scored_at desc);
select app.protect('lead_scores');
grant select, insert, update, delete on lead_scores to parley_app;

-- A tenant without a row here is scored by the defaults of the product.
create table if not exists lead_scoring_criteria (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    name text not null default 'default',
    -- Score type to weight; points of each demographic rule; thresholds of qualified, promoted, disqualified, P1, P2.
    weights jsonb not null default '{}',
    demographic_rules jsonb not null default '[]',
    thresholds jsonb not null default '{}',
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint name_is_one_set_of_criteria_of_a_tenant unique (tenant_id, name)
);
select app.protect('lead_scoring_criteria');
grant select, insert, update, delete on lead_scoring_criteria to parley_app;
