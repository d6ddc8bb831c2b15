drop index if exists leads_by_creation, deals_by_creation, tasks_by_creation;
drop table if exists admin_audit;
