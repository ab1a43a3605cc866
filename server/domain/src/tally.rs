//! Large counts, remembered for a moment.
//!
//! Whoever goes through the pages of a long list is told with each how many rows there are in all. To count two hundred thousand takes
//! several times as long as to find a page of them. A small count is always made anew.
//!
//! Of conversations, where they are counted at all (`conversation/list/count.rs`), people watch small numbers beside the large one
//! ("mine"), so these are forgotten with everything that happens in the account (`realtime/tail.rs` says so, whichever node it
//! happened on). Of contacts nobody sees whether a number in the thousands is some seconds old.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use db::{Builder, Db};
use model::AccountId;

use crate::Result;

/// A count below this is never remembered: one sees whether it is right.
const LARGE: i64 = 5_000;
/// How old a number may be.
const FRESH: Duration = Duration::from_secs(15);
/// Numbers that are remembered at the same time.
const MOST: usize = 256;

/// How many rows there are, and of them of two kinds.
pub(crate) type Counts = (i64, i64, i64);

/// For how long a number is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Good {
    /// Until something happens in the account, at most [`FRESH`].
    UntilNews(AccountId),
    /// For [`FRESH`].
    AWhile,
}

#[derive(Debug)]
struct Entry {
    counts: Counts,
    at: Instant,
    good: Good,
}

#[derive(Debug, Default)]
struct Book {
    entries: HashMap<String, Entry>,
    /// How often something happened: a count that was begun before is not remembered behind it.
    news: u64,
}

/// The counts of this process, by what was counted.
#[derive(Debug, Default)]
pub struct Tallies(Mutex<Book>);

impl Tallies {
    /// How many that is: what a `select count(*), …, …` answers.
    pub(crate) async fn counts(&self, db: &Db, query: Builder, good: Good) -> Result<Counts> {
        let name = query.fingerprint();
        let (known, news) = self.known(&name);
        if let Some(counts) = known {
            return Ok(counts);
        }
        let counts: Counts = query.build().fetch_one(db).await?;
        if counts.0 >= LARGE {
            self.remember(name, Entry { counts, at: Instant::now(), good }, news);
        }
        Ok(counts)
    }

    /// Something happened in an account.
    pub(crate) fn forget(&self, account: AccountId) {
        let mut book = self.book();
        book.news += 1;
        book.entries.retain(|_, entry| entry.good != Good::UntilNews(account));
    }

    fn known(&self, name: &str) -> (Option<Counts>, u64) {
        let book = self.book();
        let entry = book.entries.get(name).filter(|entry| entry.at.elapsed() < FRESH);
        (entry.map(|entry| entry.counts), book.news)
    }

    fn remember(&self, name: String, entry: Entry, news: u64) {
        let mut book = self.book();
        if entry.good != Good::AWhile && book.news != news {
            return;
        }
        if book.entries.len() >= MOST {
            book.entries.retain(|_, entry| entry.at.elapsed() < FRESH);
        }
        if book.entries.len() < MOST {
            book.entries.insert(name, entry);
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: AccountId = AccountId(1);

    fn entry(good: Good) -> Entry {
        Entry { counts: (LARGE, 1, 2), at: Instant::now(), good }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let tallies = Tallies::default();
        for number in 0..2 * MOST {
            tallies.remember(number.to_string(), entry(Good::AWhile), 0);
        }
        assert_eq!(tallies.known("0").0, Some((LARGE, 1, 2)));
        assert_eq!(tallies.known(&(2 * MOST - 1).to_string()).0, None);
    }

    #[test]
    fn news_of_an_account_end_what_waits_for_them() {
        let tallies = Tallies::default();
        tallies.remember("a".to_owned(), entry(Good::UntilNews(ACCOUNT)), 0);
        tallies.remember("b".to_owned(), entry(Good::UntilNews(AccountId(2))), 0);
        tallies.remember("c".to_owned(), entry(Good::AWhile), 0);
        tallies.forget(ACCOUNT);
        // Counted before the news and told behind it.
        tallies.remember("d".to_owned(), entry(Good::UntilNews(ACCOUNT)), 0);
        tallies.remember("e".to_owned(), entry(Good::UntilNews(ACCOUNT)), 1);
        let known = ["a", "b", "c", "d", "e"].map(|name| tallies.known(name).0.is_some());
        assert_eq!(known, [false, true, true, false, true]);
    }

    db::db_test! {
        async fn only_a_large_count_is_remembered(test: TestDb) {
            let db = &crate::testing::app(&test).db;
            let tallies = Tallies::default();
            let upto = |most: i64| {
                let mut query = Builder::new("with recursive n (i) as (select 1 union all select i + 1 from n where i < ");
                query.value(most).push(") select count(*), CAST(0 AS BIGINT), CAST(0 AS BIGINT) from n");
                query
            };
            for most in [LARGE - 1, LARGE] {
                assert_eq!(tallies.counts(db, upto(most), Good::AWhile).await.unwrap(), (most, 0, 0));
                assert_eq!(tallies.known(&upto(most).fingerprint()).0.is_some(), most == LARGE);
            }
        }
    }
}
