set local role parley_owner;

drop function if exists app.is_time_zone(text);
drop index if exists dial_attempts_about_to_be_placed;
alter table dial_attempts drop column if exists valid_until;
