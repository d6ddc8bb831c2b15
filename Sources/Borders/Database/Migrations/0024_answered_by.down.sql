set local role parley_owner;

alter table dial_attempts
    drop constraint if exists answered_by_is_known, drop constraint if exists on_machine_is_known,
    drop constraint if exists menu_key_is_one_key, drop constraint if exists answer_times_are_not_negative;
alter table dial_attempts
    drop column if exists answered_by, drop column if exists answered_by_after_ms,
    drop column if exists first_word_ms_after_greeting, drop column if exists message_left_at,
    drop column if exists on_machine, drop column if exists voicemail_message, drop column if exists menu_key,
    drop column if exists call_reason;
