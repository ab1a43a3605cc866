-- Where there is nobody yet, the index of what contacts and conversations are filtered by has everybody.
insert into installation (key, value)
    select 'parts', CAST('{"edition": 1, "at": 0, "settled": true}' AS JSONB) where not exists (select 1 from contacts)
    on conflict (key) do nothing;
