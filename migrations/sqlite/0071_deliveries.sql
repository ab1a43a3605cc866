-- Messages on their way to a channel's provider, each until it is known what became of it.
create table deliveries (
    message_id bigint not null primary key references messages (id) on delete cascade,
    account_id bigint not null references accounts (id) on delete cascade,
    -- Who is handing it in. Written before the provider hears of it: whoever finds it later does not know whether it arrived.
    attempt text,
    attempts bigint not null default 0,
    -- Whom it is still for, where some have it already: JSON.
    recipients text,
    created_at bigint not null
);
