-- Who or what answered a call that we placed, and what is to be done where it is a machine. docs/answering.md.
set local role parley_owner;

alter table dial_attempts
    add column if not exists answered_by text,
    -- Since the answer, in the called side's audio.
    add column if not exists answered_by_after_ms integer,
    -- From the end of what the called side said first, or from the answer, to our first word.
    add column if not exists first_word_ms_after_greeting integer,
    add column if not exists message_left_at timestamptz,
    add column if not exists on_machine text not null default 'hangup',
    -- Null: the words of the language.
    add column if not exists voicemail_message text,
    -- Pressed where a menu answers; null: none is.
    add column if not exists menu_key text,
    -- What a machine is told that asks why we call.
    add column if not exists call_reason text;
do $$
begin
    if not exists (
        select from pg_constraint where conname = 'answered_by_is_known' and conrelid = 'dial_attempts'::regclass
    ) then
        alter table dial_attempts
            add constraint answered_by_is_known check (
                answered_by in ('person', 'voicemail', 'menu', 'screening', 'machine', 'network', 'unknown')),
            add constraint on_machine_is_known check (on_machine in ('hangup', 'leave_message', 'continue_agent')),
            add constraint menu_key_is_one_key check (menu_key ~ '^[0-9*#]$'),
            add constraint answer_times_are_not_negative check (
                answered_by_after_ms >= 0 and first_word_ms_after_greeting >= 0);
    end if;
end $$;
