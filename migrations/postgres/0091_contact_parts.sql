-- Every three letters in a row of what contacts are filtered by, each with a letter in front that says of what.
create table contact_parts (
    contact_id bigint primary key references contacts (id) on delete cascade,
    pieces tsvector not null
);
create index contact_parts_by_piece on contact_parts using gin (pieces);
