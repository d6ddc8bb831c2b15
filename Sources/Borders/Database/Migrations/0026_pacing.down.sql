set local role parley_owner;

drop index if exists dial_attempts_reached;
