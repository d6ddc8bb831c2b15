-- Which rows of an import are of contacts that were there already, and which notifications have gone out as mail.
-- docs/imports.md, docs/mail.md.
set local role parley_owner;

-- Of the contact that a duplicate is of: it may be gone by the time somebody reads of it.
alter table import_errors add column if not exists contact_id uuid;
alter table import_errors drop constraint if exists severity_is_known;
alter table import_errors add constraint severity_is_known check (severity in ('error', 'warning', 'duplicate'));

-- When the mail server took it, and why it never will.
alter table notifications add column if not exists mailed_at timestamptz;
alter table notifications add column if not exists mail_failure text;
