-- Here every index has the id.
select 1;
