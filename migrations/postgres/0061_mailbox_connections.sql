-- How an inbox reaches its mailbox, and what is in the way.
create table mailbox_connections (
    inbox_id bigint not null primary key references inboxes (id) on delete cascade,
    account_id bigint not null references accounts (id) on delete cascade,
    -- Server, user, how far back: JSON.
    config jsonb not null,
    -- Encrypted JSON: the password.
    secrets bytea not null,
    enabled boolean not null default true,
    -- The kind of trouble and the server's words; null while all is well.
    trouble text,
    trouble_said text,
    -- In a row, since it last worked.
    failures bigint not null default 0,
    retry_at bigint not null default 0,
    updated_at bigint not null
);
create index mailbox_connections_due on mailbox_connections (retry_at) where enabled;
