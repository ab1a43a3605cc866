-- Messages that wait for their time. A row that is sent is gone: it became a message in the same change.
create table scheduled_messages (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    conversation_id bigint not null references conversations (id) on delete cascade,
    -- Who writes.
    user_id bigint not null references users (id) on delete cascade,
    content text not null,
    content_kind text not null,
    content_attributes text not null default '{}',
    private boolean not null default false,
    is_template boolean not null default false,
    echo_id text,
    -- Says when two deliveries are the same message.
    dedupe_key text unique,
    files text not null default '[]',
    send_at bigint not null,
    -- Held for a moment only, so that sending can be undone.
    is_held boolean not null default false,
    -- Why it was not sent; null while it waits.
    error text,
    created_at bigint not null,
    updated_at bigint not null
);
create index scheduled_by_conversation on scheduled_messages (conversation_id, send_at, id);
create index scheduled_by_user on scheduled_messages (user_id);
