-- Here the index of words is one already that knows little of their places.
select 1;
