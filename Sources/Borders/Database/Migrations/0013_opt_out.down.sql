set local role parley_owner;

drop function if exists app.opt_out(uuid, text, text, text, timestamptz, uuid);
drop trigger if exists name_kind on tasks;
drop function if exists app.name_task_kind();
alter table if exists tasks drop constraint if exists kind_is_known, drop column if exists kind;
drop function if exists app.task_kind(text);
