-- Automatic assignment. How many open conversations an agent may be given by it: the account's limit (null: none), and an
-- agent's own (null: the account's).
alter table accounts add column assignment_limit bigint;
alter table account_users add column assignment_limit bigint;

-- One assignment at a time in an account: whoever moves its clock forward has the turn until the commit.
create table assignment_clocks (
    account_id bigint not null primary key references accounts (id) on delete cascade,
    tick bigint not null
);
-- When somebody was last given a conversation from the queue of an inbox or of a team, by the account's clock.
create table assignment_turns (
    account_id bigint not null references accounts (id) on delete cascade,
    queue text not null,
    queue_id bigint not null,
    user_id bigint not null references users (id) on delete cascade,
    tick bigint not null,
    primary key (queue, queue_id, user_id)
);
create index assignment_turns_by_user on assignment_turns (account_id, user_id);
-- Conversations that wait for an agent, the longest wait first.
create index conversations_unowned on conversations (account_id, (coalesce(waiting_since, 9223372036854775807)), id)
    where status = 'open' and assignee_id is null;

-- Programs at work on this database, each for as long as it says so, and the agents who have a page open with them.
create table nodes (
    id text not null primary key,
    until bigint not null
);
create table agents_here (
    node_id text not null references nodes (id) on delete cascade,
    account_id bigint not null references accounts (id) on delete cascade,
    user_id bigint not null references users (id) on delete cascade,
    primary key (account_id, user_id, node_id)
);
create index agents_here_by_node on agents_here (node_id);

-- Minutes without activity until an open conversation is resolved by itself (null: never), and what is said then.
alter table accounts add column auto_resolve_after bigint;
alter table accounts add column auto_resolve_message text not null default '';
alter table accounts add column auto_resolve_ignore_waiting boolean not null default false;
