-- In which order each person has the saved views, their own and those that are shared. What was never moved stands behind.
create table saved_view_places (
    user_id bigint not null references users (id) on delete cascade,
    view_id bigint not null references saved_views (id) on delete cascade,
    position bigint not null,
    primary key (user_id, view_id)
);
create index saved_view_places_by_view on saved_view_places (view_id);
