-- Filters that people keep under a name: for themselves, or for everybody.
create table saved_views (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    -- Whose it is.
    user_id bigint not null references users (id) on delete cascade,
    -- What it filters.
    kind text not null,
    name text not null,
    conditions text not null default '[]',
    shared boolean not null default false,
    -- The smaller, the further up.
    position bigint not null default 0,
    created_at bigint not null,
    updated_at bigint not null
);
create index saved_views_by_account on saved_views (account_id, kind, position, id);
