-- How an inbox hands in its mail, and what is in the way.
create table mail_senders (
    inbox_id bigint not null primary key references inboxes (id) on delete cascade,
    account_id bigint not null references accounts (id) on delete cascade,
    -- Server, user, how we introduce ourselves: JSON.
    config text not null,
    -- Encrypted JSON: the password.
    secrets blob not null,
    enabled boolean not null default true,
    -- The kind of trouble and the server's words; null while all is well.
    trouble text,
    trouble_said text,
    updated_at bigint not null
);
