set local role parley_owner;
create index if not exists calls_by_lead on calls (tenant_id, lead_id, call_start_time desc);
create index if not exists calls_by_time on calls (tenant_id, call_start_time desc);
drop index if exists leads_by_text, leads_by_agent, leads_by_score, leads_by_value, leads_by_value_upwards, leads_by_stage,
    leads_by_close_date, leads_by_close_date_down, leads_by_change, calls_by_start, calls_by_lead_and_start,
    calls_by_contact_and_start, calls_by_outcome, calls_by_from, consents_by_contact, lead_scores_by_time;
drop function if exists app.leads_like(text, integer), app.lead_messages(uuid[]);
drop policy if exists search on leads;
drop trigger if exists note_stage on leads;
drop function if exists app.note_stage();
drop table if exists contact_events, lead_stage_changes;
