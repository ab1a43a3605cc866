-- Files that are kept for messages to come. They go with their row of the uploads, when nothing needs them any more.
create table stored_files (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    storage_key text not null unique references uploads (storage_key) on delete cascade,
    file text not null,
    created_at bigint not null
);
create index stored_files_by_account on stored_files (account_id);

-- Steps under a name.
create table macros (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    name text not null,
    visibility text not null,
    created_by bigint references users (id) on delete set null,
    updated_by bigint references users (id) on delete set null,
    actions text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index macros_by_account on macros (account_id, name);
create index macros_by_creator on macros (created_by);
create index macros_by_editor on macros (updated_by);

-- A macro at work in a conversation: what it was made of then, and how far it is.
create table macro_runs (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    macro_id bigint references macros (id) on delete set null,
    macro_name text not null,
    conversation_id bigint not null references conversations (id) on delete cascade,
    user_id bigint not null references users (id) on delete cascade,
    actions text not null,
    next_step bigint not null default 0,
    results text not null default '[]',
    state text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index macro_runs_by_conversation on macro_runs (conversation_id, id);
create index macro_runs_by_macro on macro_runs (macro_id);
create index macro_runs_by_user on macro_runs (user_id);
create index macro_runs_by_age on macro_runs (created_at);
