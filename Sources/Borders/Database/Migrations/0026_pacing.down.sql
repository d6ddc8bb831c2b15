set local role parley_owner;

create or replace trigger wake_dialers after update of status, pace on campaigns for each statement
    execute function app.wake_dialers();
drop trigger if exists budget_changed on campaigns;
drop function if exists app.budget_changed();
drop trigger if exists touch on campaigns;
create trigger touch before update of name, description, status, goal_type, goal_target, purpose, caller_ids, schedule, starts_at,
    ends_at, pace, rules, target_criteria on campaigns for each row execute function app.touch();
alter table campaigns drop constraint if exists budget_is_an_object;
alter table campaigns drop column if exists budget;
drop index if exists dial_attempts_reached;
