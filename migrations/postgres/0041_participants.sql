-- People who follow a conversation, and who was named in its notes.
create table conversation_participants (
    conversation_id bigint not null references conversations (id) on delete cascade,
    user_id bigint not null references users (id) on delete cascade,
    account_id bigint not null references accounts (id) on delete cascade,
    created_at bigint not null,
    primary key (conversation_id, user_id)
);
create index conversation_participants_by_user on conversation_participants (account_id, user_id, conversation_id);

create table mentions (
    conversation_id bigint not null references conversations (id) on delete cascade,
    user_id bigint not null references users (id) on delete cascade,
    account_id bigint not null references accounts (id) on delete cascade,
    -- The note that named them last.
    message_id bigint not null,
    mentioned_at bigint not null,
    primary key (conversation_id, user_id)
);
create index mentions_by_user on mentions (account_id, user_id, conversation_id);
