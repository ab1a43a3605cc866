-- Facts about contacts and conversations that an account defines itself. Their values lie with the contact or the conversation.
create table custom_attribute_definitions (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    model text not null,
    attribute_key text not null,
    name text not null,
    description text not null default '',
    kind text not null,
    -- What a list is chosen from: texts.
    list_values text not null default '[]',
    regex_pattern text,
    regex_cue text,
    created_at bigint not null,
    updated_at bigint not null,
    unique (account_id, model, attribute_key)
);
