-- Every three letters in a row of what contacts are filtered by. Without content of its own: rows are found by the contact's id.
create virtual table contact_parts using fts5(
    name,
    email,
    phone_number,
    identifier,
    company,
    city,
    content = '',
    contentless_delete = 1,
    detail = column,
    tokenize = 'trigram'
);
