-- The newest message of a mail that somebody began to hand in, when, and how often: whoever finds it later sends the same mail again.
alter table continuity add column trying_id bigint;
alter table continuity add column tried_at bigint;
alter table continuity add column tries bigint not null default 0;
