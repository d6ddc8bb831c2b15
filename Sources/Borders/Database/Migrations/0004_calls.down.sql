drop table if exists consents, usage_records, conversations, calls, phone_numbers, profiles;
drop function if exists app.refuse_change();
