-- Who changed what through the API, and lists of what they change.
set local role parley_owner;

-- Append-only: nobody changes what was done.
create table if not exists admin_audit (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants (id),
    -- Of the token: a user's id where users log in by us.
    subject text not null,
    role text not null,
    -- Method and address: PATCH /api/v1/tasks/{id}.
    action text not null,
    table_name text not null,
    row_id uuid,
    before jsonb,
    after jsonb,
    request_id text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
);
-- The newest, and the history of one row.
create index if not exists admin_audit_by_time on admin_audit (tenant_id, created_at desc, id desc);
create index if not exists admin_audit_by_row on admin_audit (tenant_id, row_id, created_at desc);
select app.protect('admin_audit');
grant select, insert on admin_audit to parley_app;

-- A page of a list, newest first.
create index if not exists leads_by_creation on leads (tenant_id, created_at desc, id desc);
create index if not exists deals_by_creation on deals (tenant_id, created_at desc, id desc);
create index if not exists tasks_by_creation on tasks (tenant_id, created_at desc, id desc);
