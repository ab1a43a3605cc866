-- Words know their conversation: whoever looks for conversations need not visit their messages.
create table message_words as
select s.message_id, m.conversation_id, s.document from message_search s join messages m on m.id = s.message_id;
drop table message_search;
alter table message_words rename to message_search;
alter table message_search
    alter column message_id set not null,
    alter column conversation_id set not null,
    alter column document set not null,
    add constraint message_search_pkey primary key (message_id),
    add constraint message_search_message_id_fkey foreign key (message_id) references messages (id) on delete cascade;
create index message_search_by_word on message_search using gin (document);
