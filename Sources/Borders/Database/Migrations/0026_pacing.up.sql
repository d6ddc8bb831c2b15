-- How fast campaigns dial, and what they may cost. docs/campaigns.md.
set local role parley_owner;

-- {"currency": "USD", "price_per_call": 0.02, "price_per_minute": 0.11}.
alter table campaigns add column if not exists budget jsonb not null default '{}';
do $$
begin
    if not exists (select from pg_constraint where conname = 'budget_is_an_object' and conrelid = 'campaigns'::regclass) then
        alter table campaigns add constraint budget_is_an_object check (jsonb_typeof(budget) = 'object');
    end if;
end $$;
drop trigger if exists touch on campaigns;
create trigger touch before update of name, description, status, goal_type, goal_target, purpose, caller_ids, schedule, starts_at,
    ends_at, pace, rules, target_criteria, budget on campaigns for each row execute function app.touch();

-- Who has waited for money waits no longer.
create or replace function app.budget_changed() returns trigger language plpgsql set search_path = '' as $$
begin
    new.next_dial_at := least(new.next_dial_at, clock_timestamp());
    return new;
end $$;
create or replace trigger budget_changed before update of budget on campaigns for each row
    when (old.budget <> new.budget) execute function app.budget_changed();
create or replace trigger wake_dialers after update of status, pace, budget on campaigns for each statement
    execute function app.wake_dialers();

-- Calls that people answered: of these, the share that heard nobody is kept small, over 30 days.
create index if not exists dial_attempts_reached on dial_attempts (tenant_id, campaign_id, ended_at)
    where state = 'ended' and answered_at is not null and coalesce(answered_by, 'person') = 'person';
