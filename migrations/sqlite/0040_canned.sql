-- Texts that answers are made of.
create table canned_responses (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    short_code text not null,
    -- The code in lower case: what must not be there twice.
    code_key text not null,
    content text not null,
    created_at bigint not null,
    updated_at bigint not null,
    unique (account_id, code_key)
);
