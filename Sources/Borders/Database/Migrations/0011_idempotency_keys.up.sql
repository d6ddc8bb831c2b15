-- Writes of the API that were done under a key, with their answer: whoever repeats one gets it again for 24 hours.
set local role parley_owner;

create table if not exists idempotency_keys (
    tenant_id uuid not null references tenants (id),
    subject text not null,
    key text not null,
    -- Digest of address and body.
    request text not null,
    status integer not null,
    headers jsonb not null default '{}',
    body text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, subject, key),
    constraint status_is_of_a_success check (status between 200 and 299),
    constraint headers_are_an_object check (jsonb_typeof(headers) = 'object')
);
-- Those that are over.
create index if not exists idempotency_keys_by_age on idempotency_keys (tenant_id, created_at);
select app.protect('idempotency_keys');
grant select, insert, delete on idempotency_keys to parley_app;
