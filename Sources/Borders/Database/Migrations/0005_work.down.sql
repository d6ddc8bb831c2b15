alter table if exists lead_scores drop constraint if exists lead_scores_come_from_a_call;
drop table if exists tasks, deals, meetings, follow_ups, lead_activities;
