-- What kind of thing a task is, and the one way in which somebody is left alone from now on.
set local role parley_owner;

-- Of a task that does not say its kind: one that begins with a call to make is a call.
create or replace function app.task_kind(title text) returns text language sql immutable set search_path = '' as $$
    select case when title ~* '^\s*(call|dial|phone|ring|follow[ -]?up call)\M' then 'call' else 'other' end
$$;
grant execute on function app.task_kind(text) to parley_app;

-- For dashboards that know titles only.
create or replace function app.name_task_kind() returns trigger language plpgsql set search_path = '' as $$
begin
    new.kind := coalesce(new.kind, app.task_kind(new.title));
    return new;
end $$;

alter table tasks add column if not exists kind text;
drop trigger if exists name_kind on tasks;
create trigger name_kind before insert or update of kind on tasks for each row execute function app.name_task_kind();

-- Row-level security is forced on the owner too, who has to see all tenants' rows once.
create policy backfill on tasks to parley_owner using (true) with check (true);
-- Nobody touched them.
alter table tasks disable trigger touch;
update tasks set kind = app.task_kind(title) where kind is null;
alter table tasks enable trigger touch;
drop policy backfill on tasks;

alter table tasks alter column kind set not null;
do $$
begin
    if not exists (select from pg_constraint where conname = 'kind_is_known' and conrelid = 'tasks'::regclass) then
        alter table tasks add constraint kind_is_known check (kind in ('call', 'email', 'other'));
    end if;
end $$;

-- Somebody asked not to be contacted again: whoever shares the number is left alone, on all channels, what was planned is
-- cancelled, and their words are kept. Whoever learns of such a wish calls this, in the transaction in which it is learned.
--
-- `person` or `number` may be null, `said` is null when the words are on record already. Returns the contacts that were
-- not left alone before.
create or replace function app.opt_out(
    person uuid, number text, said text, heard_from text, moment timestamptz, in_call uuid default null)
returns integer language plpgsql set search_path = '' as $$
declare
    people uuid[];
    stopped integer;
begin
    if said is not null then
        insert into public.consents (tenant_id, call_id, contact_id, phone, kind, granted, words, source, at)
        select (select app.tenant_id()), in_call, person, number, kind, false, said, heard_from, moment
        from unnest(array['marketing_voice', 'marketing_sms', 'marketing_email']) as kind;
    end if;
    people := array(select c.id from public.contacts c where c.id = person or c.phone = number order by c.id);
    select count(*) into stopped from public.contacts c
    where c.id = any(people) and not (c.do_not_contact and c.opt_in_status is not distinct from 'opted_out');
    update public.contacts c set do_not_contact = true, opt_in_status = 'opted_out' where c.id = any(people);
    update public.follow_ups f
    set status = 'Cancelled',
        notes = concat_ws(E'\n', f.notes, 'Cancelled: the caller asked not to be contacted.')
    where f.status = 'Pending' and f.lead_id = any(array(select l.id from public.leads l where l.contact_id = any(people)));
    update public.tasks t set status = 'cancelled'
    where t.status in ('pending', 'in_progress') and t.kind = 'call' and t.contact_id = any(people);
    return stopped;
end $$;
revoke execute on function app.opt_out(uuid, text, text, text, timestamptz, uuid) from public;
grant execute on function app.opt_out(uuid, text, text, text, timestamptz, uuid) to parley_app;
