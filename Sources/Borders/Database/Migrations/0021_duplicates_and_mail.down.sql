set local role parley_owner;

alter table notifications drop column if exists mail_failure;
alter table notifications drop column if exists mailed_at;

-- Of all tenants.
alter table import_errors no force row level security;
delete from import_errors where severity = 'duplicate';
alter table import_errors force row level security;
alter table import_errors drop constraint if exists severity_is_known;
alter table import_errors add constraint severity_is_known check (severity in ('error', 'warning'));
alter table import_errors drop column if exists contact_id;
