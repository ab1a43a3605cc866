-- The second step of signing in: codes from an app (TOTP), and codes on paper for when the app is lost.
create table second_factors (
    user_id bigint not null primary key references users (id) on delete cascade,
    secret_encrypted bytea not null,
    -- Null until the first code from the app was right.
    enabled_at bigint,
    -- The newest step of time whose code was used: no code works twice.
    last_step bigint not null default 0,
    -- Wrong codes since the last right one, and until when nobody may try.
    failures bigint not null default 0,
    locked_until bigint not null default 0,
    created_at bigint not null
);

create table recovery_codes (
    user_id bigint not null references users (id) on delete cascade,
    -- Keyed, so that the table alone says nothing about the codes.
    code_hash bytea not null,
    created_at bigint not null,
    primary key (user_id, code_hash)
);

-- An administrator looks at an account as this agent sees it.
alter table sessions add column view_account_id bigint;
alter table sessions add column view_user_id bigint;
