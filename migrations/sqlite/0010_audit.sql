-- Who changed what, on what, when, from where. Rows are only ever added, in the change's own transaction. Names are kept beside the
-- ids: people and things go, what they did stays.
create table audit_logs (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    -- Null: the system or the operator.
    user_id bigint,
    user_name text not null default '',
    user_email text not null default '',
    action text not null,
    subject text not null,
    subject_id bigint,
    subject_name text not null default '',
    -- What it belongs to, such as the inbox of a member.
    associated text,
    associated_id bigint,
    -- A list of {field, before, after}.
    changes text not null default '[]',
    ip text not null default '',
    request_id text not null default '',
    created_at bigint not null
);
create index audit_logs_by_account on audit_logs (account_id, id);
create index audit_logs_by_user on audit_logs (account_id, user_id, id);
create index audit_logs_by_subject on audit_logs (account_id, subject, id);
