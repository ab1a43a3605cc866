-- How many conversations lie where: kept by every change that moves one, so that a list need not count to say how many there are.
create table conversation_tallies (
    -- No references: what is deleted takes itself out of the numbers.
    account_id bigint not null,
    -- 0: all conversations, whatever their labels.
    label_id bigint not null,
    status text not null,
    inbox_id bigint not null,
    team_id bigint,
    assignee_id bigint,
    number bigint not null
);
create unique index conversation_tallies_by_place on conversation_tallies
    (account_id, label_id, status, inbox_id, coalesce(team_id, 0), coalesce(assignee_id, 0));

insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
select account_id, 0, status, inbox_id, team_id, assignee_id, count(*) from conversations
group by account_id, status, inbox_id, team_id, assignee_id;
insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
select c.account_id, cl.label_id, c.status, c.inbox_id, c.team_id, c.assignee_id, count(*)
from conversation_labels cl join conversations c on c.id = cl.conversation_id
group by c.account_id, cl.label_id, c.status, c.inbox_id, c.team_id, c.assignee_id;

create trigger conversation_comes after insert on conversations begin
    insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
    values (new.account_id, 0, new.status, new.inbox_id, new.team_id, new.assignee_id, 1)
    on conflict (account_id, label_id, status, inbox_id, coalesce(team_id, 0), coalesce(assignee_id, 0))
    do update set number = number + 1;
end;

create trigger conversation_moves after update of status, inbox_id, team_id, assignee_id on conversations
when old.status <> new.status or old.inbox_id <> new.inbox_id or old.team_id is not new.team_id
    or old.assignee_id is not new.assignee_id
begin
    insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
    select new.account_id, l.label_id, new.status, new.inbox_id, new.team_id, new.assignee_id, 1
    from (select 0 as label_id union all select label_id from conversation_labels where conversation_id = new.id) l
    where true
    on conflict (account_id, label_id, status, inbox_id, coalesce(team_id, 0), coalesce(assignee_id, 0))
    do update set number = number + 1;
    insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
    select old.account_id, l.label_id, old.status, old.inbox_id, old.team_id, old.assignee_id, -1
    from (select 0 as label_id union all select label_id from conversation_labels where conversation_id = new.id) l
    where true
    on conflict (account_id, label_id, status, inbox_id, coalesce(team_id, 0), coalesce(assignee_id, 0))
    do update set number = number - 1;
end;

-- Before: its labels go with it, and are not counted out a second time below.
create trigger conversation_goes before delete on conversations begin
    insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
    select old.account_id, l.label_id, old.status, old.inbox_id, old.team_id, old.assignee_id, -1
    from (select 0 as label_id union all select label_id from conversation_labels where conversation_id = old.id) l
    where true
    on conflict (account_id, label_id, status, inbox_id, coalesce(team_id, 0), coalesce(assignee_id, 0))
    do update set number = number - 1;
end;

create trigger conversation_label_comes after insert on conversation_labels begin
    insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
    select account_id, new.label_id, status, inbox_id, team_id, assignee_id, 1 from conversations where id = new.conversation_id
    on conflict (account_id, label_id, status, inbox_id, coalesce(team_id, 0), coalesce(assignee_id, 0))
    do update set number = number + 1;
end;

create trigger conversation_label_goes after delete on conversation_labels begin
    insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
    select account_id, old.label_id, status, inbox_id, team_id, assignee_id, -1 from conversations where id = old.conversation_id
    on conflict (account_id, label_id, status, inbox_id, coalesce(team_id, 0), coalesce(assignee_id, 0))
    do update set number = number - 1;
end;

create trigger conversation_tally_ends after update of number on conversation_tallies when new.number = 0 begin
    delete from conversation_tallies where rowid = new.rowid;
end;
