-- The words of messages.
create table message_search (
    message_id bigint primary key references messages (id) on delete cascade,
    document tsvector not null
);
create index message_search_by_word on message_search using gin (document);
