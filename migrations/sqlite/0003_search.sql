-- The words of messages. Without content of its own: rows are found by the message's id.
create virtual table message_search using fts5 (
    document,
    account,
    content = '',
    contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '2 3'
);
