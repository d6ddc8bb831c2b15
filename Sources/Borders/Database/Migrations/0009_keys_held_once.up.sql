-- Rows that belong to a call, a lead or a contact of their tenant need no second key to the tenant itself: the row they
-- point to holds it. That second key made every row a post-call writer inserts lock the one row of its tenant, which all
-- writers share.
set local role parley_owner;

alter table conversations drop constraint if exists conversations_tenant_id_fkey;
alter table usage_records drop constraint if exists usage_records_tenant_id_fkey;
alter table lead_scores drop constraint if exists lead_scores_tenant_id_fkey;
alter table lead_activities drop constraint if exists lead_activities_tenant_id_fkey;
alter table follow_ups drop constraint if exists follow_ups_tenant_id_fkey;
alter table meetings drop constraint if exists meetings_tenant_id_fkey;
alter table contact_interactions drop constraint if exists contact_interactions_tenant_id_fkey;
alter table consults drop constraint if exists consults_tenant_id_fkey;
alter table consult_answers drop constraint if exists consult_answers_tenant_id_fkey;
