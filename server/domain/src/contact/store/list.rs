//! Pages of contacts.

use db::{Builder, Db, Query};
use model::contact::Total;
use model::filter::Condition;
use model::{AccountId, ContactId, SavedViewId};

use super::Row;
use crate::contact::read::Sort;
use crate::filter::{Aim, Filter, MOST_COUNTED};
use crate::{Result, search};

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

/// Whether one can reach them: by an e-mail, a phone number or an identifier. As the indexes of the list have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Reached,
    Unreached,
    Any,
}

impl Reach {
    const fn condition(self) -> &'static str {
        match self {
            Self::Reached => " and (email is not null or phone_number is not null or identifier is not null)",
            Self::Unreached => " and coalesce(email, phone_number, identifier) is null",
            Self::Any => "",
        }
    }
}

impl Asked<'_> {
    /// Whether few are left that an index finds.
    fn is_narrow(&self, db: &Db, aim: Aim) -> bool {
        self.few
            || self.written.iter().any(|filter| match aim {
                Aim::First | Aim::Among => filter.is_narrow(),
                Aim::All => filter.is_narrow_to_count(db),
            })
    }

    fn reach(&self) -> Reach {
        let is_everyone = self.wanted.everyone && !self.written.iter().any(Filter::is_of_reached);
        if is_everyone { Reach::Any } else { Reach::Reached }
    }

    /// The statement from `from` to the last condition.
    fn push(&self, db: &Db, account: AccountId, aim: Aim, reach: Reach, query: &mut Builder) {
        query.push(if self.is_narrow(db, aim) {
            " from contacts k where +k.account_id = "
        } else {
            " from contacts k where k.account_id = "
        });
        query.value(account).push(reach.condition());
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
        let offset = (page - 1).saturating_mul(size);
        let is_walked = sort.is_indexed() && !self.is_narrow(db, Aim::First);
        // The ids first: a far page is reached in the index alone.
        let mut rows = Builder::new(concat!("select ", columns!(), " from contacts where id in (select id"));
        match self.reach() {
            // Each index has its own in order.
            Reach::Any if is_walked => {
                let most = offset.saturating_add(size);
                for (reach, before) in
                    [(Reach::Reached, " from (select * from ("), (Reach::Unreached, " union all select * from (")]
                {
                    rows.push(before).push("select k.id, k.sort_name, k.created_at, k.last_activity_at");
                    self.push(db, account, Aim::First, reach, &mut rows);
                    rows.push(sort.order()).push(" limit ").value(most).push(") as k");
                }
                rows.push(") as k");
            }
            reach => {
                let aim = if sort.is_indexed() && reach == Reach::Reached { Aim::First } else { Aim::All };
                self.push(db, account, aim, reach, &mut rows);
            }
        }
        rows.push(sort.order()).push(" limit ").value(size).push(" offset ").value(offset);
        rows.push(")").push(sort.order());
        rows
    }

    /// Whether it is a whole list, whose number is kept (`contact_tallies`).
    fn is_whole(&self) -> bool {
        self.wanted.query.is_none() && self.written.iter().all(Filter::is_empty)
    }

    fn count(&self, db: &Db, account: AccountId) -> Builder {
        if self.is_whole() {
            let mut kept = Builder::new(
                "select CAST(coalesce(sum(number), 0) AS BIGINT) from contact_tallies where account_id = ",
            );
            kept.value(account).push(if self.wanted.everyone { "" } else { " and is_reachable" });
            return kept;
        }
        let mut count = Builder::new("select count(*) from (select 1");
        self.push(db, account, Aim::All, self.reach(), &mut count);
        count.push(" limit ").value(MOST_COUNTED + 1).push(") as found");
        count
    }

    async fn total(&self, db: &Db, account: AccountId) -> Result<Total> {
        let (number,): (i64,) = self.count(db, account).build().fetch_one(db).await?;
        let at_least = !self.is_whole() && number > MOST_COUNTED;
        Ok(Total { number: if at_least { MOST_COUNTED } else { number }, at_least })
    }
}

/// A page of contacts, and how many there are in all.
pub async fn page(
    db: &Db,
    account: AccountId,
    asked: &Asked<'_>,
    sort: Sort,
    page: i64,
    size: i64,
) -> Result<(Vec<Row>, Total)> {
    let rows = asked.rows(db, account, sort, page, size).build();
    let rows = async { Ok::<_, crate::Error>(rows.fetch_all(db).await?) };
    Ok(tokio::try_join!(rows, asked.total(db, account))?)
}

/// The ids of all of them, up to `most`.
pub async fn every(db: &Db, account: AccountId, asked: &Asked<'_>, most: usize) -> Result<Vec<ContactId>> {
    let mut query = Builder::new("select k.id");
    asked.push(db, account, Aim::All, asked.reach(), &mut query);
    query.push(" order by k.id limit ").value(i64::try_from(most).unwrap_or(i64::MAX));
    let rows: Vec<(ContactId,)> = query.build().fetch_all(db).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Sums up what changes have added to the numbers that are kept. SQLite does so with each.
pub(crate) async fn settle(db: &Db) -> Result<()> {
    if !db.is_postgres() {
        return Ok(());
    }
    Query::fixed("delete from contact_tallies t where not exists (select 1 from accounts a where a.id = t.account_id)")
        .execute(db)
        .await?;
    Query::fixed(
        "with gone as (
             delete from contact_tallies t using (
                 select account_id from contact_tallies group by account_id having count(*) > 100
             ) many where t.account_id = many.account_id returning t.*
         )
         insert into contact_tallies (account_id, is_reachable, number)
         select account_id, is_reachable, sum(number) from gone group by account_id, is_reachable having sum(number) <> 0",
    )
    .execute(db)
    .await?;
    Ok(())
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
