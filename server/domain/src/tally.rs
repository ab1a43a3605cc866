//! Large counts, remembered for a moment.
//!
//! Whoever goes through the pages of a long list is told with each how many rows there are in all. To count two hundred thousand takes
//! several times as long as to find a page of them, and nobody sees whether the number is some seconds old. A small count is always made
//! anew, and so are those of what waits for somebody.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use db::{Builder, Db};

use crate::Result;

/// A count below this is never remembered: one sees whether it is right.
const LARGE: i64 = 5_000;
/// How old a number may be.
const FRESH: Duration = Duration::from_secs(15);
/// Numbers that are remembered at the same time.
const MOST: usize = 256;

/// The counts of this process, by what was counted.
#[derive(Debug, Default)]
pub struct Tallies(Mutex<HashMap<String, (Counts, Instant)>>);

/// How many rows there are, and of them of two kinds.
pub(crate) type Counts = (i64, i64, i64);

impl Tallies {
    /// How many that is: what a `select count(*), …, …` answers.
    pub(crate) async fn counts(&self, db: &Db, query: Builder) -> Result<Counts> {
        let name = query.fingerprint();
        if let Some(counts) = self.known(&name) {
            return Ok(counts);
        }
        let counts: Counts = query.build().fetch_one(db).await?;
        if counts.0 >= LARGE {
            self.remember(name, counts);
        }
        Ok(counts)
    }

    fn known(&self, name: &str) -> Option<Counts> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(name).filter(|(_, at)| at.elapsed() < FRESH).map(|(counts, _)| *counts)
    }

    fn remember(&self, name: String, counts: Counts) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, (_, at)| at.elapsed() < FRESH);
        }
        if all.len() < MOST {
            all.insert(name, (counts, Instant::now()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded() {
        let tallies = Tallies::default();
        for number in 0..2 * MOST {
            tallies.remember(number.to_string(), (LARGE, 1, 2));
        }
        assert_eq!(tallies.known("0"), Some((LARGE, 1, 2)));
        assert_eq!(tallies.known(&(2 * MOST - 1).to_string()), None);
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
                assert_eq!(tallies.counts(db, upto(most)).await.unwrap(), (most, 0, 0));
                assert_eq!(tallies.known(&upto(most).fingerprint()).is_some(), most == LARGE);
            }
        }
    }
}
