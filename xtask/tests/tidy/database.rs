//! Where SQL may be, and that both databases get the same tables.

use std::collections::BTreeSet;
use std::fs;

use crate::source::{Source, assert_none, pattern, root, sources};

/// Folders that are about the database: its crate, full-text search, moving data, the queue and the event log.
const SQL_FOLDERS: [&str; 5] = [
    "server/db/",
    "server/domain/src/search/",
    "server/domain/src/transfer/",
    "server/domain/src/job/",
    "server/domain/src/event/",
];

#[test]
fn sql_is_only_in_stores() {
    let sql = pattern(
        r#"\bsql!\s*\(|\bsqlx::query\w*|\bquery(_as|_scalar|_with)?(::<[^>]*>)?\s*\(|\bQueryBuilder\b|\bBuilder::new\(\s*""#,
    );
    let broken = sources(&["rs"])
        .iter()
        .filter(|source| source.is_below(&["server/", "app/"]) && !may_have_sql(source))
        .flat_map(|source| source.find(&sql))
        // `.query(&…)` is also how an HTTP client adds parameters.
        .filter(|found| found.contains("sql") || found.contains("Builder"))
        .collect();
    assert_none(
        "SQL belongs in a noun's store.rs (or store/, or list.rs for filters), search/, transfer/, job/, event/ or server/db:",
        broken,
    );
}

fn may_have_sql(source: &Source) -> bool {
    source.is_below(&SQL_FOLDERS)
        || source.path.ends_with("/store.rs")
        // A typed filter's translation to SQL.
        || source.path.ends_with("/list.rs")
        || source.path.contains("/conversation/list/")
        || source.path.contains("/store/")
        || source.is_test()
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |database: &str| -> BTreeSet<String> {
        let dir = root().join("migrations").join(database);
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    let broken = sqlite.symmetric_difference(&postgres).cloned().collect();
    assert_none("A migration exists under the same name in migrations/sqlite and migrations/postgres:", broken);
    let numbered = pattern(r"^\d{4}_[a-z0-9_]+\.sql$");
    let broken = sqlite.into_iter().filter(|name| !numbered.is_match(name)).collect();
    assert_none("A migration is called NNNN_noun_what.sql:", broken);
}
