-- The ground: people, inboxes, contacts, conversations, messages, and what happened to them.
-- Times are unix milliseconds, words are the words of the model's enums.

create table accounts (
    id integer primary key autoincrement,
    name text not null,
    locale text not null default 'en',
    timezone text not null default 'UTC',
    -- Last ticket number given out.
    last_display_id bigint not null default 0,
    settings text not null default '{}',
    suspended boolean not null default false,
    created_at bigint not null,
    updated_at bigint not null
);

create table users (
    id integer primary key autoincrement,
    -- Lower case.
    email text not null unique,
    name text not null,
    display_name text not null default '',
    -- PHC string; null until the person has chosen a password.
    password_hash text,
    avatar_key text,
    message_signature text not null default '',
    locale text,
    ui_settings text not null default '{}',
    confirmed boolean not null default false,
    -- Part of the socket token, so that a new password makes old ones void.
    token_generation bigint not null default 0,
    created_at bigint not null,
    updated_at bigint not null
);

create table account_users (
    account_id bigint not null references accounts (id) on delete cascade,
    user_id bigint not null references users (id) on delete cascade,
    role text not null,
    availability text not null default 'online',
    auto_offline boolean not null default true,
    active_at bigint not null default 0,
    created_at bigint not null,
    primary key (account_id, user_id)
);
create index account_users_by_user on account_users (user_id);

create table sessions (
    id integer primary key autoincrement,
    user_id bigint not null references users (id) on delete cascade,
    token_hash blob not null unique,
    ip text not null default '',
    user_agent text not null default '',
    created_at bigint not null,
    last_seen_at bigint not null,
    expires_at bigint not null
);
create index sessions_by_user on sessions (user_id);

create table access_tokens (
    id integer primary key autoincrement,
    user_id bigint not null references users (id) on delete cascade,
    -- SHA-256 of the token for finding it, and the token itself encrypted for showing it to its owner.
    token_hash blob not null unique,
    token_encrypted blob not null,
    created_at bigint not null
);
create index access_tokens_by_user on access_tokens (user_id);

create table password_resets (
    token_hash blob not null primary key,
    user_id bigint not null references users (id) on delete cascade,
    expires_at bigint not null,
    created_at bigint not null
);
create index password_resets_by_user on password_resets (user_id);

create table teams (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    -- Lower case.
    name text not null,
    description text not null default '',
    allow_auto_assign boolean not null default true,
    created_at bigint not null,
    updated_at bigint not null,
    unique (account_id, name)
);

create table team_members (
    team_id bigint not null references teams (id) on delete cascade,
    user_id bigint not null references users (id) on delete cascade,
    account_id bigint not null references accounts (id) on delete cascade,
    primary key (team_id, user_id)
);
create index team_members_by_user on team_members (account_id, user_id);

create table labels (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    -- Lower case.
    title text not null,
    description text not null default '',
    color text not null default '#1f93ff',
    show_on_sidebar boolean not null default true,
    created_at bigint not null,
    updated_at bigint not null,
    unique (account_id, title)
);

create table inboxes (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    name text not null,
    -- Key of the channel in the registry, and the inbox's public name in it (website token, number, address).
    channel text not null,
    identifier text not null,
    config text not null default '{}',
    -- Encrypted JSON: tokens, passwords, keys.
    secrets blob,
    avatar_key text,
    greeting_enabled boolean not null default false,
    greeting_message text not null default '',
    enable_auto_assignment boolean not null default true,
    enable_email_collect boolean not null default false,
    csat_survey_enabled boolean not null default false,
    working_hours_enabled boolean not null default false,
    working_hours text not null default '[]',
    out_of_office_message text not null default '',
    timezone text not null default 'UTC',
    allow_messages_after_resolved boolean not null default true,
    lock_to_single_conversation boolean not null default false,
    created_at bigint not null,
    updated_at bigint not null,
    unique (channel, identifier)
);
create index inboxes_by_account on inboxes (account_id);

create table inbox_members (
    inbox_id bigint not null references inboxes (id) on delete cascade,
    user_id bigint not null references users (id) on delete cascade,
    account_id bigint not null references accounts (id) on delete cascade,
    primary key (inbox_id, user_id)
);
create index inbox_members_by_user on inbox_members (account_id, user_id);

create table contacts (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    name text not null default '',
    -- Lower case; phone in E.164. Nulls do not collide.
    email text,
    phone_number text,
    identifier text,
    avatar_key text,
    avatar_url text,
    blocked boolean not null default false,
    additional_attributes text not null default '{}',
    custom_attributes text not null default '{}',
    last_activity_at bigint,
    created_at bigint not null,
    updated_at bigint not null,
    unique (account_id, email),
    unique (account_id, phone_number),
    unique (account_id, identifier)
);
create index contacts_by_activity on contacts (account_id, last_activity_at, id);

create table contact_inboxes (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    contact_id bigint not null references contacts (id) on delete cascade,
    inbox_id bigint not null references inboxes (id) on delete cascade,
    source_id text not null,
    hmac_verified boolean not null default false,
    created_at bigint not null,
    updated_at bigint not null,
    unique (inbox_id, source_id)
);
create index contact_inboxes_by_contact on contact_inboxes (contact_id, inbox_id);

create table conversations (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    inbox_id bigint not null references inboxes (id) on delete cascade,
    contact_id bigint not null references contacts (id) on delete cascade,
    contact_inbox_id bigint not null references contact_inboxes (id) on delete cascade,
    display_id bigint not null,
    uuid text not null unique,
    status text not null,
    priority text,
    -- 0 none to 4 urgent, for sorting.
    priority_rank bigint not null default 0,
    assignee_id bigint references users (id) on delete set null,
    team_id bigint references teams (id) on delete set null,
    additional_attributes text not null default '{}',
    custom_attributes text not null default '{}',
    -- Kept beside the messages, so that a list needs no look at them.
    last_message_id bigint,
    last_public_message_id bigint,
    unread_count bigint not null default 0,
    contact_unread_count bigint not null default 0,
    last_activity_at bigint not null,
    agent_last_seen_at bigint not null default 0,
    assignee_last_seen_at bigint not null default 0,
    contact_last_seen_at bigint not null default 0,
    first_reply_created_at bigint,
    waiting_since bigint,
    snoozed_until bigint,
    created_at bigint not null,
    updated_at bigint not null,
    unique (account_id, display_id)
);
create index conversations_by_activity on conversations (account_id, status, last_activity_at, id);
create index conversations_all_by_activity on conversations (account_id, last_activity_at, id);
create index conversations_by_assignee on conversations (account_id, assignee_id, status, last_activity_at, id);
create index conversations_by_inbox on conversations (account_id, inbox_id, status, last_activity_at, id);
-- Covers the counts of the tabs.
create index conversations_for_counts on conversations (account_id, status, assignee_id, inbox_id, team_id);
create index conversations_by_team on conversations (account_id, team_id, status, last_activity_at, id);
create index conversations_by_created on conversations (account_id, status, created_at, id);
create index conversations_by_priority on conversations (account_id, status, priority_rank, last_activity_at, id);
create index conversations_by_waiting on conversations (account_id, status, waiting_since, id);
create index conversations_by_contact on conversations (contact_id, last_activity_at, id);
create index conversations_by_contact_inbox on conversations (contact_inbox_id, id);
create index conversations_by_snooze on conversations (status, snoozed_until);

create table conversation_labels (
    conversation_id bigint not null references conversations (id) on delete cascade,
    label_id bigint not null references labels (id) on delete cascade,
    primary key (conversation_id, label_id)
);
create index conversation_labels_by_label on conversation_labels (label_id, conversation_id);

create table messages (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    inbox_id bigint not null,
    conversation_id bigint not null references conversations (id) on delete cascade,
    kind text not null,
    content text not null default '',
    content_kind text not null default 'text',
    content_attributes text not null default '{}',
    additional_attributes text not null default '{}',
    private boolean not null default false,
    status text not null default 'sent',
    sender_kind text,
    sender_id bigint,
    -- The channel's own id of the message.
    source_id text,
    echo_id text,
    -- Says when two deliveries are the same message; null when the sender gave no sign.
    dedupe_key text unique,
    created_at bigint not null,
    updated_at bigint not null
);
create index messages_by_conversation on messages (conversation_id, id);
create index messages_by_source on messages (inbox_id, source_id);

create table attachments (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    message_id bigint not null references messages (id) on delete cascade,
    kind text not null,
    file_name text not null,
    content_type text not null,
    size bigint not null,
    width bigint,
    height bigint,
    storage_key text not null,
    thumb_key text,
    created_at bigint not null
);
create index attachments_by_message on attachments (message_id, id);

-- Files that were written and do not belong to a message yet; swept when they never do.
create table uploads (
    storage_key text not null primary key,
    account_id bigint not null references accounts (id) on delete cascade,
    created_at bigint not null
);
create index uploads_by_age on uploads (created_at);

-- What happened, in the order in which it became durable. See the event module for `xid`.
create table events (
    id integer primary key autoincrement,
    xid bigint not null default 0,
    account_id bigint not null references accounts (id) on delete cascade,
    kind text not null,
    data text not null,
    created_at bigint not null
);
create index events_in_order on events (xid, id);
create index events_by_account on events (account_id, xid, id);
create index events_by_age on events (created_at);

create table jobs (
    id integer primary key autoincrement,
    account_id bigint references accounts (id) on delete cascade,
    kind text not null,
    payload text not null,
    -- Two jobs with the same key are one.
    unique_key text unique,
    -- ready or dead; a job that is done is gone.
    state text not null default 'ready',
    run_at bigint not null,
    attempts bigint not null default 0,
    -- While a worker holds it.
    locked_until bigint,
    locked_by text,
    last_error text,
    created_at bigint not null
);
create index jobs_due on jobs (state, run_at, id);

create table installation (
    key text not null primary key,
    value text not null
);
