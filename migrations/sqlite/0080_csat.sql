-- What contacts said when they were asked for their opinion of a conversation. The message that asked says of which: conversations
-- and contacts may be merged.
create table csat_survey_responses (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    message_id bigint not null unique references messages (id) on delete cascade,
    -- Whose conversation it was, or had been last, when the answer came.
    assigned_agent_id bigint references users (id) on delete set null,
    -- 1 to 5.
    rating bigint not null,
    feedback_message text not null default '',
    created_at bigint not null,
    updated_at bigint not null
);
create index csat_survey_responses_by_time on csat_survey_responses (account_id, created_at, id);
create index messages_surveys on messages (account_id, created_at) where content_kind = 'input_csat';

-- Who had it before its present owner.
alter table conversations add column last_assignee_id bigint references users (id) on delete set null;
