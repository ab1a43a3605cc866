-- Mail of the system that could not be sent because no mail server is set up.

create table system_mails (
    id integer primary key autoincrement,
    user_id bigint not null references users (id) on delete cascade,
    to_address text not null,
    subject text not null,
    -- Holds links that open doors.
    body_encrypted blob not null,
    created_at bigint not null
);
create index system_mails_by_user on system_mails (user_id);
create index system_mails_by_age on system_mails (created_at);
