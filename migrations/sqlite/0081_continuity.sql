-- Up to which message the answers of a conversation were mailed to somebody who had left the chat.
create table continuity (
    conversation_id bigint not null primary key references conversations (id) on delete cascade,
    account_id bigint not null references accounts (id) on delete cascade,
    -- The inbox that the last mail came from: what is answered there belongs here. Null: from the system itself.
    inbox_id bigint references inboxes (id) on delete set null,
    mailed_id bigint not null,
    updated_at bigint not null
);
create index continuity_by_inbox on continuity (inbox_id);
