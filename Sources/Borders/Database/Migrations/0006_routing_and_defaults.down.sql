drop function if exists app.create_tenant(text, text, uuid, text);
drop function if exists app.tenant_list();
drop function if exists app.route_number(text);
drop policy if exists routing on phone_numbers;
drop policy if exists routing on profiles;
drop policy if exists routing on tenants;
