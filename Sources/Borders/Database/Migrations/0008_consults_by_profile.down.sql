drop function if exists app.number_route(text);
alter table if exists profiles
    drop constraint if exists consult_is_an_object,
    drop constraint if exists consult_is_short,
    drop column if exists consult;
alter table if exists consults drop column if exists spoken_ms;
