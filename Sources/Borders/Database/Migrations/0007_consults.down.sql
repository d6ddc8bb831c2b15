alter table if exists consents
    drop constraint if exists only_a_yes_grants,
    drop constraint if exists decision_is_known,
    drop constraint if exists confidence_is_0_to_1,
    drop constraint if exists consult_reply_is_written_once,
    drop column if exists consult_id,
    drop column if exists reply_number,
    drop column if exists question,
    drop column if exists decision,
    drop column if exists confidence,
    drop column if exists audio_position_ms;
drop table if exists specialist_sections, consult_answers, consults;
