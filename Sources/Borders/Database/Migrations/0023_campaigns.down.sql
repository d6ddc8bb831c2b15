set local role parley_owner;

-- As migrations 0013 and 0017 left them.
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
create or replace function app.move_to_contact(merged uuid[], kept uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
    place record;
    rows bigint;
    moved jsonb := '{}';
begin
    for place in
        select c.conrelid::regclass as whole, r.relname as name, a.attname as pointer
        from pg_constraint c
        join pg_class r on r.oid = c.conrelid
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey) and a.attname <> 'tenant_id'
        where c.contype = 'f' and c.confrelid = 'public.contacts'::regclass
        order by r.relname, a.attname
    loop
        execute format('update %s set %I = $1 where tenant_id = $2 and %I = any($3)', place.whole, place.pointer, place.pointer)
            using kept, app.tenant_id(), merged;
        get diagnostics rows = row_count;
        moved := moved || jsonb_build_object(place.name, rows);
    end loop;
    return moved;
end $$;

drop trigger if exists begin_campaign_call on dial_attempts;
drop trigger if exists follow_campaign_call on dial_attempts;
drop trigger if exists note_refusal on dial_receipts;
alter table dial_receipts drop column if exists campaign_contact_id, drop column if exists campaign_id;
alter table dial_attempts drop column if exists campaign_contact_id, drop column if exists campaign_id;
drop function if exists app.campaigns_at_work();
drop function if exists app.tell_of_campaign(campaigns);
drop table if exists campaign_activities, campaign_contacts, campaigns;
drop function if exists app.follow_campaign_call();
drop function if exists app.note_refusal();
drop function if exists app.note_enrolments();
drop function if exists app.note_campaign();
drop function if exists app.wake_dialers();
