-- Which of the jobs for a message counts: one that is written later, for an earlier time, takes the turn of the one before.
alter table deliveries add column turn bigint not null default 0;
