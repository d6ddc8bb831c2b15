-- An address of digits alone, `415.555.0123@…` without its letters, is looked for in telephone numbers as well, whose words begin
-- otherwise: it has no beginning of its own.
set local role parley_owner;

create or replace function app.address_query(tenant uuid, asked text) returns tsquery
language plpgsql immutable parallel safe set search_path = '' as $$
declare
    key constant text := '''' || app.word_key(tenant);
    words constant text := substring(app.words(asked) from '^(.* .*) [^ ]+$');
begin
    if words is null or asked !~ '^\s*[^@\s]+@[^@\s]+\.[^@.\s]+\s*$'
        or replace(app.words(asked), ' ', '') ~ '^[0-9]+$' then
        return null;
    end if;
    return (key || replace(words, ' ', ''' & ' || key) || '''')::tsquery;
end $$;
