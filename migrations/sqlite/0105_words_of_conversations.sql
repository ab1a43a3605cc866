-- An index without rows of its own has no place for this.
select 1;
