-- Merges of conversations that can still be taken apart: how both stood, and what went over.
create table conversation_merges (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    -- The one that was left behind; it can be only once.
    from_id bigint not null unique references conversations (id) on delete cascade,
    into_id bigint not null references conversations (id) on delete cascade,
    memory text not null,
    created_at bigint not null
);
create index conversation_merges_by_account on conversation_merges (account_id);
create index conversation_merges_by_into on conversation_merges (into_id);
create index conversation_merges_by_time on conversation_merges (created_at);
