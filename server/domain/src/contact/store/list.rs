//! Pages of contacts.

use db::{Builder, Db};
use model::filter::Condition;
use model::{AccountId, ContactId, SavedViewId};

use super::Row;
use crate::contact::read::Sort;
use crate::filter::{Aim, Filter};
use crate::search;
use crate::tally::Good;
use crate::{Ctx, Result};

/// Which contacts a page is of, as callers say it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Words of their facts.
    pub query: Option<&'a str>,
    /// Any of these labels.
    pub labels: &'a [String],
    /// Only those who meet these conditions.
    pub conditions: &'a [Condition],
    /// Only those of this segment.
    pub segment: Option<SavedViewId>,
    /// Also those whom one can't reach: without an e-mail, a phone and an identifier.
    pub everyone: bool,
}

/// The same with its conditions checked.
#[derive(Debug)]
pub struct Asked<'a> {
    pub wanted: Wanted<'a>,
    pub written: Vec<Filter>,
    /// Whether few have the words.
    pub few: bool,
}

impl Asked<'_> {
    /// The statement from `from` to the last condition.
    fn push(&self, db: &Db, account: AccountId, aim: Aim, query: &mut Builder) {
        let is_narrow = |filter: &Filter| match aim {
            Aim::First => filter.is_narrow(),
            Aim::All => filter.is_narrow_to_count(db),
        };
        query.push(if self.few || self.written.iter().any(is_narrow) {
            " from contacts k where +k.account_id = "
        } else {
            " from contacts k where k.account_id = "
        });
        query.value(account);
        if !self.wanted.everyone {
            // As the indexes of the list have it.
            query.push(" and (email is not null or phone_number is not null or identifier is not null)");
        }
        if let Some(text) = self.wanted.query {
            query.push(" and k.id in (");
            search::contact::matching(db, account, text, query);
            query.push(")");
        }
        for filter in &self.written {
            filter.clone().aimed(aim).push(db, account, query);
        }
    }

    fn rows(&self, db: &Db, account: AccountId, sort: Sort, page: i64, size: i64) -> Builder {
        // The ids first: a far page is reached in the index alone.
        let mut rows = Builder::new(concat!("select ", columns!(), " from contacts where id in (select k.id"));
        // The indexes hold those whom one can reach.
        let aim = if sort.is_indexed() && !self.wanted.everyone { Aim::First } else { Aim::All };
        self.push(db, account, aim, &mut rows);
        rows.push(sort.order()).push(" limit ").value(size).push(" offset ").value((page - 1).saturating_mul(size));
        rows.push(")").push(sort.order());
        rows
    }

    fn count(&self, db: &Db, account: AccountId) -> Builder {
        let mut count = Builder::new("select count(*), CAST(0 AS BIGINT), CAST(0 AS BIGINT)");
        self.push(db, account, Aim::All, &mut count);
        count
    }
}

/// A page of contacts, and how many there are in all.
pub async fn page(
    ctx: &Ctx,
    account: AccountId,
    asked: &Asked<'_>,
    sort: Sort,
    page: i64,
    size: i64,
) -> Result<(Vec<Row>, i64)> {
    let db = ctx.db();
    let rows = asked.rows(db, account, sort, page, size).build();
    let rows = async { Ok::<_, crate::Error>(rows.fetch_all(db).await?) };
    let ((total, ..), rows) =
        tokio::try_join!(ctx.app.tallies.counts(db, asked.count(db, account), Good::AWhile), rows)?;
    Ok((rows, total))
}

/// The ids of all of them, up to `most`.
pub async fn every(db: &Db, account: AccountId, asked: &Asked<'_>, most: usize) -> Result<Vec<ContactId>> {
    let mut query = Builder::new("select k.id");
    asked.push(db, account, Aim::All, &mut query);
    query.push(" order by k.id limit ").value(i64::try_from(most).unwrap_or(i64::MAX));
    let rows: Vec<(ContactId,)> = query.build().fetch_all(db).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How SQLite would find a page, and count what is on all pages.
#[cfg(test)]
pub async fn plans(db: &Db, account: AccountId, asked: &Asked<'_>, sort: Sort) -> [Vec<String>; 2] {
    let mut plans = [Vec::new(), Vec::new()];
    for (plan, statement) in plans.iter_mut().zip([asked.rows(db, account, sort, 1, 50), asked.count(db, account)]) {
        let steps: Vec<(i64, i64, i64, String)> = statement.explained().fetch_all(db).await.unwrap_or_default();
        plan.extend(steps.into_iter().map(|(.., step)| step));
    }
    plans
}
