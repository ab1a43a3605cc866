-- The conversation that took over the messages of this one.
alter table conversations add column merged_into bigint references conversations (id) on delete set null;
create index conversations_by_merged on conversations (merged_into) where merged_into is not null;
