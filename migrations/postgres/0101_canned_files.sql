-- Files that a canned response brings: ids of stored_files, in their order.
alter table canned_responses add column files jsonb not null default '[]';
