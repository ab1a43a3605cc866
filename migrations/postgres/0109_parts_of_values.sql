-- Every three letters in a row of what contacts and conversations are filtered by, other attributes among it. The program fills it at
-- its next start.
delete from contact_parts;
create table conversation_parts (
    conversation_id bigint primary key references conversations (id) on delete cascade,
    pieces tsvector not null
);
create index conversation_parts_by_piece on conversation_parts using gin (pieces);
