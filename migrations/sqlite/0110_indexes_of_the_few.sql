-- What few have is found without a look at everybody.
create index conversations_unread on conversations (account_id, unread_count) where unread_count > 0;
create index conversations_in_wait on conversations (account_id, waiting_since) where waiting_since is not null;
create index conversations_snoozed on conversations (account_id, snoozed_until) where snoozed_until is not null;
create index contacts_blocked on contacts (account_id, id) where blocked;
-- The lists have indexes of those whom one can reach.
create index contacts_unreached_by_created on contacts (account_id, created_at, id)
    where coalesce(email, phone_number, identifier) is null;
create index contacts_unreached_by_name on contacts (account_id, sort_name, id)
    where coalesce(email, phone_number, identifier) is null;
create index contacts_unreached_by_activity on contacts (account_id, (coalesce(last_activity_at, 0)), id)
    where coalesce(email, phone_number, identifier) is null;

-- Numbers of where conversations lie are kept, and no longer counted by this.
drop index conversations_for_counts;
create index conversations_all_by_created on conversations (account_id, created_at, id);
