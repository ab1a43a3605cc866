-- Every three letters in a row of what contacts and conversations are filtered by, other attributes among it. Without content of its own:
-- rows are found by the id. The program fills it at its next start.
drop table contact_parts;
create virtual table contact_parts using fts5(
    name,
    email,
    phone_number,
    identifier,
    company,
    city,
    country,
    custom,
    content = '',
    contentless_delete = 1,
    detail = column,
    tokenize = 'trigram'
);
create virtual table conversation_parts using fts5(
    browser_language,
    language,
    referer,
    subject,
    campaign,
    country,
    custom,
    content = '',
    contentless_delete = 1,
    detail = column,
    tokenize = 'trigram'
);

create trigger conversation_is_forgotten after delete on conversations begin
    delete from conversation_parts where rowid = old.id;
end;
