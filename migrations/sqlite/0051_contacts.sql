-- What an account knows of its contacts: labels, notes, who was merged into whom, and the orders of their list.

-- The name without capitals and accents, as the list is ordered; the program writes it.
alter table contacts add column sort_name text not null default '';
update contacts set sort_name = lower(name);
alter table contacts add column company text generated always as (lower(json_extract(additional_attributes, '$.company_name'))) virtual;

-- The list shows those whom one could reach.
drop index contacts_by_activity;
create index contacts_by_activity on contacts (account_id, (coalesce(last_activity_at, 0)), id)
    where email is not null or phone_number is not null or identifier is not null;
create index contacts_by_name on contacts (account_id, sort_name, id)
    where email is not null or phone_number is not null or identifier is not null;
create index contacts_by_created on contacts (account_id, created_at, id)
    where email is not null or phone_number is not null or identifier is not null;
create index contacts_by_company on contacts (account_id, company, id) where company is not null;

create table contact_labels (
    contact_id bigint not null references contacts (id) on delete cascade,
    label_id bigint not null references labels (id) on delete cascade,
    primary key (contact_id, label_id)
);
create index contact_labels_by_label on contact_labels (label_id, contact_id);

create table contact_notes (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    contact_id bigint not null references contacts (id) on delete cascade,
    user_id bigint references users (id) on delete set null,
    content text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index contact_notes_by_contact on contact_notes (contact_id, id);
create index contact_notes_by_user on contact_notes (user_id) where user_id is not null;

-- What two contacts were before they became one, so that it can be undone for a while.
create table contact_merges (
    id integer primary key autoincrement,
    account_id bigint not null references accounts (id) on delete cascade,
    -- Into whom; after a further merge somebody else holds what was theirs.
    winner_id bigint not null,
    holder_id bigint not null references contacts (id) on delete cascade,
    -- The number of the contact who is gone.
    loser_id bigint not null,
    user_id bigint references users (id) on delete set null,
    snapshot text not null,
    created_at bigint not null
);
create index contact_merges_by_holder on contact_merges (holder_id, id);
create index contact_merges_by_age on contact_merges (created_at);
create index contact_merges_by_user on contact_merges (user_id) where user_id is not null;

-- The words by which contacts are found. Without content of its own: rows are found by the contact's id.
create virtual table contact_search using fts5(
    document,
    account,
    content = '',
    contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '2 3'
);
