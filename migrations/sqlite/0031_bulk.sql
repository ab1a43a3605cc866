-- Changes of many conversations at once, done behind the scenes.
create table bulk_runs (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    -- Who asked for it; it may do what they may do.
    user_id bigint not null references users (id) on delete cascade,
    acts text not null,
    -- running, done, stopped
    state text not null,
    -- The run that this one takes back.
    undoes bigint,
    total bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index bulk_runs_by_user on bulk_runs (account_id, user_id, state, id);
create index bulk_runs_by_age on bulk_runs (created_at);

create table bulk_items (
    bulk_id bigint not null references bulk_runs (id) on delete cascade,
    conversation_id bigint not null references conversations (id) on delete cascade,
    -- waiting, done, skipped
    state text not null default 'waiting',
    -- How the conversation stood before and after, for taking it back.
    stood text,
    stands text,
    primary key (bulk_id, conversation_id)
);
create index bulk_items_by_state on bulk_items (bulk_id, state);
create index bulk_items_by_conversation on bulk_items (conversation_id);
