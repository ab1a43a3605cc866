-- With the id, so that those of a label are counted without a look at their rows.
drop index conversations_for_counts;
create index conversations_for_counts on conversations (account_id, status, assignee_id, inbox_id, team_id, id);
