-- Mailboxes that are opened by signing in at their provider instead of by a password.
create table mail_sign_ins (
    inbox_id bigint not null primary key references inboxes (id) on delete cascade,
    account_id bigint not null references accounts (id) on delete cascade,
    provider text not null,
    -- The mailbox, as its servers know it.
    email text not null,
    -- Encrypted JSON: the tokens.
    secrets bytea not null,
    -- Until when the access token opens the mailbox, and since when it does.
    expires_at bigint not null,
    obtained_at bigint not null,
    -- Counts the tokens: what was learned with old ones says nothing of new ones.
    version bigint not null default 1,
    -- The provider's words when somebody has to sign in again; null while the tokens are good.
    lost text,
    -- Who fetches new tokens, and until when the others leave it to them.
    refresher text,
    refreshing_until bigint not null default 0,
    updated_at bigint not null
);

-- People who are away, signing in. Each comes back once, or never.
create table mail_consents (
    state_hash bytea not null primary key,
    account_id bigint not null references accounts (id) on delete cascade,
    user_id bigint not null references users (id) on delete cascade,
    -- The inbox that is connected anew; null for one that is still to be made.
    inbox_id bigint references inboxes (id) on delete cascade,
    provider text not null,
    -- Encrypted JSON: what proves that the answer is to our question, and what to do then.
    sealed bytea not null,
    created_at bigint not null
);
create index mail_consents_old on mail_consents (created_at);

-- What keeps an inbox from working, where somebody must do something about it: a word; null while all is well.
alter table inboxes add column trouble text;
