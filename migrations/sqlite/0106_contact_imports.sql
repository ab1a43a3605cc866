-- Contacts that come from tables.
create table contact_imports (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    -- Who asked for it and is told of its end.
    user_id bigint not null references users (id) on delete cascade,
    file_name text not null,
    -- running, done, stopped
    state text not null,
    total bigint not null,
    created bigint not null default 0,
    updated bigint not null default 0,
    failed bigint not null default 0,
    created_at bigint not null,
    updated_at bigint not null
);
create index contact_imports_by_account on contact_imports (account_id, id);
create index contact_imports_by_user on contact_imports (user_id);
create index contact_imports_by_age on contact_imports (created_at);

-- The table, as long as it is being read: apart, so that the row above stays small.
create table contact_import_tables (
    import_id bigint primary key references contact_imports (id) on delete cascade,
    content text not null
);

-- Rows that could not be taken, and why.
create table contact_import_failures (
    import_id bigint not null references contact_imports (id) on delete cascade,
    -- Counted from 1, without the headings.
    number bigint not null,
    -- With the headings as the first row, whose number is 0.
    cells text not null,
    problem text,
    primary key (import_id, number)
);
