-- How many contacts there are, and how many of them one can reach: kept by every change, so that a list need not count to say so.
create table contact_tallies (
    -- No references: who is deleted takes themselves out of the numbers.
    account_id bigint not null,
    -- Whether there is an e-mail, a phone number or an identifier.
    is_reachable boolean not null,
    number bigint not null
);
create unique index contact_tallies_by_account on contact_tallies (account_id, is_reachable);

insert into contact_tallies (account_id, is_reachable, number)
select account_id, email is not null or phone_number is not null or identifier is not null, count(*) from contacts group by 1, 2;

create trigger contact_comes after insert on contacts begin
    insert into contact_tallies (account_id, is_reachable, number)
    values (new.account_id, new.email is not null or new.phone_number is not null or new.identifier is not null, 1)
    on conflict (account_id, is_reachable) do update set number = number + 1;
end;

create trigger contact_is_met after update of email, phone_number, identifier on contacts
when (old.email is not null or old.phone_number is not null or old.identifier is not null)
    <> (new.email is not null or new.phone_number is not null or new.identifier is not null)
begin
    insert into contact_tallies (account_id, is_reachable, number)
    values (new.account_id, new.email is not null or new.phone_number is not null or new.identifier is not null, 1)
    on conflict (account_id, is_reachable) do update set number = number + 1;
    insert into contact_tallies (account_id, is_reachable, number)
    values (old.account_id, old.email is not null or old.phone_number is not null or old.identifier is not null, -1)
    on conflict (account_id, is_reachable) do update set number = number - 1;
end;

create trigger contact_goes after delete on contacts begin
    insert into contact_tallies (account_id, is_reachable, number)
    values (old.account_id, old.email is not null or old.phone_number is not null or old.identifier is not null, -1)
    on conflict (account_id, is_reachable) do update set number = number - 1;
end;

create trigger contact_tally_ends after update of number on contact_tallies when new.number = 0 begin
    delete from contact_tallies where rowid = new.rowid;
end;
