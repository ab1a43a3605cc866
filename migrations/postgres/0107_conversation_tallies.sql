-- How many conversations lie where: kept by every change that moves one, so that a list need not count to say how many there are.
-- A change adds rows instead of changing one that others wait for; they are summed up from time to time.
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
create index conversation_tallies_by_label on conversation_tallies (account_id, label_id);

-- Whoever still writes with the version before must not do so between the counting and the triggers.
lock table conversations, conversation_labels in share row exclusive mode;

insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
select account_id, 0, status, inbox_id, team_id, assignee_id, count(*) from conversations
group by account_id, status, inbox_id, team_id, assignee_id;
insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
select c.account_id, cl.label_id, c.status, c.inbox_id, c.team_id, c.assignee_id, count(*)
from conversation_labels cl join conversations c on c.id = cl.conversation_id
group by c.account_id, cl.label_id, c.status, c.inbox_id, c.team_id, c.assignee_id;

create function tally_conversation() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
        select old.account_id, l.label_id, old.status, old.inbox_id, old.team_id, old.assignee_id, -1
        from (select 0 as label_id union all select label_id from conversation_labels where conversation_id = old.id) l;
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
    select new.account_id, l.label_id, new.status, new.inbox_id, new.team_id, new.assignee_id, 1
    from (select 0 as label_id union all select label_id from conversation_labels where conversation_id = new.id) l;
    return null;
end $$;

create trigger conversation_comes after insert on conversations for each row execute function tally_conversation();
create trigger conversation_moves after update of status, inbox_id, team_id, assignee_id on conversations for each row
when ((old.status, old.inbox_id, old.team_id, old.assignee_id)
    is distinct from (new.status, new.inbox_id, new.team_id, new.assignee_id))
execute function tally_conversation();
-- Before: its labels go with it, and are not counted out a second time below.
create trigger conversation_goes before delete on conversations for each row execute function tally_conversation();

create function tally_conversation_label() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        -- Locked: whoever moves the conversation meanwhile would not know of the label yet.
        insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
        select account_id, new.label_id, status, inbox_id, team_id, assignee_id, 1
        from conversations where id = new.conversation_id for no key update;
    else
        insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
        select account_id, old.label_id, status, inbox_id, team_id, assignee_id, -1
        from conversations where id = old.conversation_id;
    end if;
    return null;
end $$;

create trigger conversation_label_comes after insert on conversation_labels
for each row execute function tally_conversation_label();
create trigger conversation_label_goes after delete on conversation_labels
for each row execute function tally_conversation_label();
