-- How far an inbox has read its mailbox. Moved in the change that stores the mail it moves past.
create table mailboxes (
    inbox_id bigint not null primary key references inboxes (id) on delete cascade,
    account_id bigint not null references accounts (id) on delete cascade,
    -- The server's numbering (IMAP's UIDVALIDITY) and the last mail read in it.
    uid_validity bigint not null,
    last_uid bigint not null,
    -- What was there at the beginning, and how much of it has been read: progress for those who wait.
    waiting bigint not null default 0,
    taken bigint not null default 0,
    updated_at bigint not null
);

-- Mails that came in or went out, by their Message-ID: each once, and where answers to them belong.
create table mails (
    inbox_id bigint not null references inboxes (id) on delete cascade,
    mail_id text not null,
    account_id bigint not null references accounts (id) on delete cascade,
    -- Null for mails that belong to no conversation: our own, reports of arrival.
    conversation_id bigint references conversations (id) on delete cascade,
    message_id bigint,
    -- The mail as it came, in the store of files.
    storage_key text,
    created_at bigint not null,
    primary key (inbox_id, mail_id)
);
create index mails_by_conversation on mails (conversation_id);
create index mails_by_message on mails (message_id);
