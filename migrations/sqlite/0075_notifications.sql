-- What somebody of the team is to be told by mail while they are not looking. A row goes once it was told or is no news any more.
create table notifications (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    user_id bigint not null references users (id) on delete cascade,
    kind text not null,
    -- What it is about: one of the two.
    conversation_id bigint references conversations (id) on delete cascade,
    inbox_id bigint references inboxes (id) on delete cascade,
    -- The note that names them, or the first of the messages they are told of.
    message_id bigint,
    -- Whose doing it is; null: nobody's.
    by_id bigint,
    -- Counts what was added to it, so that whoever tells it does not take away what came meanwhile.
    turn bigint not null default 0,
    created_at bigint not null,
    -- Until then somebody is telling it.
    taken_until bigint not null default 0,
    -- It was told, and is kept so that nothing more of the kind is told before they are back.
    mailed_at bigint,
    unique (conversation_id, user_id, kind),
    unique (inbox_id, user_id, kind)
);
create index notifications_by_user on notifications (account_id, user_id);

-- What people do not want to be told. Who never chose is told everything.
create table notification_mutes (
    account_id bigint not null,
    user_id bigint not null,
    kind text not null,
    primary key (account_id, user_id, kind),
    foreign key (account_id, user_id) references account_users (account_id, user_id) on delete cascade
);
