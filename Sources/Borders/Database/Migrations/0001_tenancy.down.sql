-- The roles stay: other databases of the cluster may use them.
drop table if exists users, tenants;
drop function if exists app.lock_phone(text);
drop function if exists app.protect(regclass);
drop function if exists app.touch();
drop function if exists app.tenant_id();
