-- Lists in the order of what happened last pass over those that began at another time without looking at them.
drop index conversations_all_by_activity;
create index conversations_all_by_activity on conversations (account_id, last_activity_at, id, created_at);
drop index contacts_by_activity;
create index contacts_by_activity on contacts (account_id, (coalesce(last_activity_at, 0)), id, created_at)
    where email is not null or phone_number is not null or identifier is not null;
drop index contacts_unreached_by_activity;
create index contacts_unreached_by_activity on contacts (account_id, (coalesce(last_activity_at, 0)), id, created_at)
    where coalesce(email, phone_number, identifier) is null;
