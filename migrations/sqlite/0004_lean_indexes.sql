-- A message moves its conversation in every index on its last activity: only those that a list needs, and only rows it can ask for.
drop index conversations_by_priority;
create index conversations_by_priority on conversations (account_id, status, priority_rank, id);
create index conversations_all_by_priority on conversations (account_id, priority_rank, id);
drop index conversations_by_team;
create index conversations_by_team on conversations (account_id, team_id, status, last_activity_at, id) where team_id is not null;
drop index conversations_by_snooze;
create index conversations_by_snooze on conversations (snoozed_until) where status = 'snoozed';
-- As the list is ordered: who does not wait comes last.
drop index conversations_by_waiting;
create index conversations_by_waiting on conversations (account_id, status, (coalesce(waiting_since, 9223372036854775807)), id);
drop index messages_by_source;
create index messages_by_source on messages (inbox_id, source_id) where source_id is not null;
