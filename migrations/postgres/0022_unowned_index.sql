-- With the status in front SQLite prefers it to the wider index of all open conversations.
drop index conversations_unowned;
create index conversations_unowned on conversations (account_id, status, (coalesce(waiting_since, 9223372036854775807)), id)
    where status = 'open' and assignee_id is null;
