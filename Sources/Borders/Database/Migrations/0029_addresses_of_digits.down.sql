set local role parley_owner;

create or replace function app.address_query(tenant uuid, asked text) returns tsquery
language plpgsql immutable parallel safe set search_path = '' as $$
declare
    key constant text := '''' || app.word_key(tenant);
    words constant text := substring(app.words(asked) from '^(.* .*) [^ ]+$');
begin
    if words is null or asked !~ '^\s*[^@\s]+@[^@\s]+\.[^@.\s]+\s*$' then
        return null;
    end if;
    return (key || replace(words, ' ', ''' & ' || key) || '''')::tsquery;
end $$;
