-- How many contacts there are, and how many of them one can reach: kept by every change, so that a list need not count to say so.
-- A change adds rows instead of changing one that others wait for; they are summed up from time to time.
create table contact_tallies (
    -- No references: who is deleted takes themselves out of the numbers.
    account_id bigint not null,
    -- Whether there is an e-mail, a phone number or an identifier.
    is_reachable boolean not null,
    number bigint not null
);
create index contact_tallies_by_account on contact_tallies (account_id);

-- Whoever still writes with the version before must not do so between the counting and the triggers.
lock table contacts in share row exclusive mode;

insert into contact_tallies (account_id, is_reachable, number)
select account_id, email is not null or phone_number is not null or identifier is not null, count(*) from contacts group by 1, 2;

-- Many at once are one row.
create function tally_contacts() returns trigger language plpgsql as $$
begin
    insert into contact_tallies (account_id, is_reachable, number)
    select account_id, email is not null or phone_number is not null or identifier is not null,
        case when tg_op = 'DELETE' then -count(*) else count(*) end
    from changed group by 1, 2;
    return null;
end $$;

create trigger contact_comes after insert on contacts referencing new table as changed
for each statement execute function tally_contacts();
create trigger contact_goes after delete on contacts referencing old table as changed
for each statement execute function tally_contacts();

create function tally_met_contact() returns trigger language plpgsql as $$
begin
    insert into contact_tallies (account_id, is_reachable, number) values
        (new.account_id, new.email is not null or new.phone_number is not null or new.identifier is not null, 1),
        (old.account_id, old.email is not null or old.phone_number is not null or old.identifier is not null, -1);
    return null;
end $$;

create trigger contact_is_met after update of email, phone_number, identifier on contacts for each row
when ((old.email is not null or old.phone_number is not null or old.identifier is not null)
    is distinct from (new.email is not null or new.phone_number is not null or new.identifier is not null))
execute function tally_met_contact();
