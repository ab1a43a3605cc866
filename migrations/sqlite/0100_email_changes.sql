-- An address that somebody wants to sign in with, until the link that went there is opened. One a person: a new wish replaces the old.
create table email_changes (
    user_id bigint not null primary key references users (id) on delete cascade,
    email text not null,
    token_hash blob not null unique,
    -- The same for the mail, which is written after the change.
    token_encrypted blob not null,
    expires_at bigint not null,
    created_at bigint not null
);
