-- A team may work at other hours than the inbox. `working_hours` as in inboxes; no message: the inbox's.
alter table teams add column working_hours_enabled boolean not null default false;
alter table teams add column working_hours text not null default '[]';
alter table teams add column out_of_office_message text not null default '';
alter table teams add column timezone text not null default 'UTC';
