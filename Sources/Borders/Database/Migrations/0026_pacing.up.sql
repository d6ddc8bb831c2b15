-- How fast campaigns dial, and what they may cost. docs/campaigns.md.
set local role parley_owner;

-- Calls that people answered: of these, the share that heard nobody is kept small, over 30 days.
create index if not exists dial_attempts_reached on dial_attempts (tenant_id, campaign_id, ended_at)
    where state = 'ended' and answered_at is not null and coalesce(answered_by, 'person') = 'person';
