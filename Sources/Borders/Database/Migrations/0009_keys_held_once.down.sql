set local role parley_owner;

do $$
declare
    child text;
begin
    foreach child in array array[
        'conversations', 'usage_records', 'lead_scores', 'lead_activities', 'follow_ups', 'meetings',
        'contact_interactions', 'consults', 'consult_answers'
    ] loop
        if not exists (select from pg_constraint where conname = child || '_tenant_id_fkey') then
            execute format('alter table %I add foreign key (tenant_id) references tenants (id)', child);
        end if;
    end loop;
end $$;
