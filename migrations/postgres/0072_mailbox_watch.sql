-- Which node waits at a mailbox for news, and until when its word counts.
alter table mailbox_connections add column watcher text;
alter table mailbox_connections add column watched_until bigint not null default 0;
