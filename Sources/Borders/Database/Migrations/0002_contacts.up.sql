-- Who we talk to: companies, people, what passed between us, and the tenant's own fields.
set local role parley_owner;

create table if not exists clients (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    client_name text not null,
    industry text,
    company_size text,
    website text,
    agent_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, agent_id) references users (tenant_id, id) on delete set null (agent_id)
);
select app.protect('clients');
grant select, insert, update, delete on clients to parley_app;

create table if not exists contacts (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    business_name text,
    contact_name text,
    contact_email text,
    contact_role text,
    phone text,
    website text,
    address text,
    city text,
    state text,
    notes text,
    status text not null default 'lead',
    custom_fields jsonb not null default '{}',
    tags text[] not null default '{}',
    lifecycle_stage text,
    lead_source text,
    opt_in_status text not null default 'unknown',
    do_not_contact boolean not null default false,
    timezone text,
    industry text,
    company_size text,
    stripe_customer_id text,
    created_by_user_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, created_by_user_id) references users (tenant_id, id) on delete set null (created_by_user_id),
    constraint status_is_known check (
        status in ('lead', 'prospect', 'customer', 'qualified', 'closed_won', 'closed_lost', 'inactive')),
    constraint opt_in_status_is_known check (opt_in_status in ('unknown', 'opted_in', 'opted_out')),
    constraint phone_is_e164 check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    constraint custom_fields_are_an_object check (jsonb_typeof(custom_fields) = 'object')
);
-- Who is calling: the lookup while the phone rings.
create index if not exists contacts_by_phone on contacts (tenant_id, phone) where phone is not null;
select app.protect('contacts');
grant select, insert, update, delete on contacts to parley_app;

create table if not exists contact_interactions (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    contact_id uuid not null,
    user_id uuid,
    interaction_type text not null,
    subject text,
    content text,
    interaction_date timestamptz not null default now(),
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete set null (user_id),
    constraint interaction_type_is_known check (
        interaction_type in ('phone_call', 'email', 'sms', 'whatsapp', 'meeting', 'note', 'task', 'follow_up'))
);
-- A contact's last contact and its timeline.
create index if not exists contact_interactions_by_contact
    on contact_interactions (tenant_id, contact_id, interaction_date desc);
select app.protect('contact_interactions');
grant select, insert, update, delete on contact_interactions to parley_app;

create table if not exists custom_fields (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    field_name text not null,
    field_label text not null,
    field_type text not null,
    field_options jsonb not null default '[]',
    is_required boolean not null default false,
    display_order integer not null default 0,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint field_type_is_known check (
        field_type in ('text', 'number', 'date', 'email', 'phone', 'select', 'boolean')),
    constraint field_name_is_one_field_of_a_tenant unique (tenant_id, field_name)
);
select app.protect('custom_fields');
grant select, insert, update, delete on custom_fields to parley_app;
