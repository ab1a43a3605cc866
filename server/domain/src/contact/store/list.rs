//! Pages of contacts.

use db::{Builder, Db, Query};
use model::contact::Total;
use model::filter::Condition;
use model::{AccountId, ContactId, SavedViewId};

use super::Row;
use crate::contact::read::Sort;
use crate::filter::{self, Aim, Filter, MOST_COUNTED};
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
#[derive(Debug, Clone)]
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

/// Which rows a statement goes through.
#[derive(Debug, Clone, Copy)]
enum From {
    All(Aim),
    /// All in an order, until enough are found.
    Walked(&'static str),
    /// The first in an order.
    First(&'static str),
}

/// The order in which contacts are looked at to tell how many there are.
const NEWEST: &str = " order by k.created_at desc, k.id desc";

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
    /// Looks how many could meet the conditions.
    async fn weighed(&self, db: &Db, account: AccountId, aim: Aim) -> Result<Self> {
        let mut written = Vec::with_capacity(self.written.len());
        for filter in &self.written {
            written.push(filter.clone().weighed(db, account, aim).await?);
        }
        Ok(Self { written, ..self.clone() })
    }

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
    fn push(&self, db: &Db, account: AccountId, from: From, reach: Reach, query: &mut Builder) {
        let (aim, order) = match from {
            From::All(aim) => (aim, None),
            From::Walked(order) | From::First(order) => (Aim::First, Some(order)),
        };
        if let From::First(order) = from {
            // As a table of their own: PostgreSQL would not plan for a few otherwise.
            query.push(" from (select k.*");
            self.push_ordered(account, order, reach, query);
            query.push(order).push(" limit ").value(self.looks()).push(") k where k.account_id = ").value(account);
        } else {
            query.push(" from contacts k where ").push(if self.is_narrow(db, aim) { "+" } else { "" });
            query.push("k.account_id = ").value(account).push(reach.condition());
        }
        if let Some(text) = self.wanted.query {
            query.push(" and k.id in (");
            search::contact::matching(db, account, text, query);
            query.push(")");
        }
        for filter in &self.written {
            let filter = filter.clone();
            order.map_or(filter.clone().aimed(aim), |order| filter.ordered_by(order)).push(db, account, query);
        }
    }

    /// From where the first of an order are taken. Of everybody the indexes have two parts, each in order.
    fn push_ordered(&self, account: AccountId, order: &'static str, reach: Reach, query: &mut Builder) {
        if reach != Reach::Any {
            query.push(" from contacts k where k.account_id = ").value(account).push(reach.condition());
            return;
        }
        for (reach, before) in
            [(Reach::Reached, " from (select * from ("), (Reach::Unreached, " union all select * from (")]
        {
            query.push(before).push("select k.* from contacts k where k.account_id = ").value(account);
            query.push(reach.condition()).push(order).push(" limit ").value(self.looks() + 1).push(") as k");
        }
        query.push(") as k where k.account_id = ").value(account);
    }

    /// So many of a list are looked at before an index is asked.
    fn looks(&self) -> i64 {
        self.written.iter().map(Filter::looks).min().unwrap_or(MOST_COUNTED)
    }

    /// Whether the list is walked in the order of an index until a page is full.
    fn is_walked(&self, db: &Db, sort: Sort) -> bool {
        sort.is_indexed() && !self.is_narrow(db, Aim::First)
    }

    /// Whether the first of the list, of which so many are wanted, are looked at without a plan for all: PostgreSQL takes what many
    /// meet for rare.
    fn is_looked_for(&self, db: &Db, sort: Sort, wanted: i64) -> bool {
        let has_conditions = self.wanted.query.is_none() && !self.is_whole();
        db.is_postgres()
            && has_conditions
            && self.is_walked(db, sort)
            && self.written.iter().all(Filter::is_met_by_first)
            && wanted <= self.looks()
    }

    /// A page, of the first of the list alone or of all.
    fn rows(&self, db: &Db, account: AccountId, sort: Sort, page: i64, size: i64, of_first: bool) -> Builder {
        let offset = (page - 1).saturating_mul(size);
        // The ids first: a far page is reached in the index alone.
        let mut rows = Builder::new(concat!("select ", columns!(), " from contacts where id in (select id"));
        match self.reach() {
            reach if of_first => self.push(db, account, From::First(sort.order()), reach, &mut rows),
            // Each index has its own in order.
            Reach::Any if self.is_walked(db, sort) => {
                let most = offset.saturating_add(size);
                for (reach, before) in
                    [(Reach::Reached, " from (select * from ("), (Reach::Unreached, " union all select * from (")]
                {
                    rows.push(before).push("select k.id, k.sort_name, k.created_at, k.last_activity_at");
                    self.push(db, account, From::Walked(sort.order()), reach, &mut rows);
                    rows.push(sort.order()).push(" limit ").value(most).push(") as k");
                }
                rows.push(") as k");
            }
            reach if self.is_walked(db, sort) => {
                self.push(db, account, From::Walked(sort.order()), reach, &mut rows);
            }
            reach => {
                let aim = if sort.is_indexed() { Aim::First } else { Aim::All };
                self.push(db, account, From::All(aim), reach, &mut rows);
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

    fn count(&self, db: &Db, account: AccountId, aim: Aim) -> Builder {
        if self.is_whole() {
            let mut kept = Builder::new(
                "select CAST(coalesce(sum(number), 0) AS BIGINT) from contact_tallies where account_id = ",
            );
            kept.value(account).push(if self.wanted.everyone { "" } else { " and is_reachable" });
            return kept;
        }
        let mut count = Builder::new("select count(*) from (select 1");
        self.push(db, account, From::All(aim), self.reach(), &mut count);
        count.push(" limit ").value(MOST_COUNTED + 1).push(") as found");
        count
    }

    /// How many there are: as many as the first of the list tell, where not few are left that an index finds.
    async fn total(&self, db: &Db, account: AccountId) -> Result<Total> {
        let is_met_by_first = self.written.iter().all(Filter::is_met_by_first);
        if is_met_by_first && self.wanted.query.is_none() && !self.is_whole() && !self.is_narrow(db, Aim::First) {
            let found = self.looked_at(db, account).await?;
            if !found.at_least || found.number >= filter::ENOUGH {
                return Ok(found);
            }
        }
        let count = if is_met_by_first {
            self.weighed(db, account, Aim::All).await?.count(db, account, Aim::All)
        } else {
            // An index has them in a row.
            self.count(db, account, Aim::First)
        };
        let (number,): (i64,) = count.build().fetch_one(db).await?;
        let at_least = !self.is_whole() && number > MOST_COUNTED;
        Ok(Total { number: if at_least { MOST_COUNTED } else { number }, at_least })
    }

    /// How many of the newest meet the conditions.
    async fn looked_at(&self, db: &Db, account: AccountId) -> Result<Total> {
        let reaches: &[Reach] = match self.reach() {
            // Those whom one can reach first: mostly they are enough.
            Reach::Any => &[Reach::Reached, Reach::Unreached],
            Reach::Reached => &[Reach::Reached],
            Reach::Unreached => &[Reach::Unreached],
        };
        let mut total = Total { number: 0, at_least: false };
        for reach in reaches {
            if total.at_least && total.number >= filter::ENOUGH {
                break;
            }
            let mut query = Builder::new("with behind as materialized (select k.id");
            self.push_ordered(account, NEWEST, *reach, &mut query);
            query.push(NEWEST).push(" limit 1 offset ").value(self.looks());
            query.push(") select exists (select 1 from behind), count(*) from (select k.id");
            self.push(db, account, From::First(NEWEST), *reach, &mut query);
            query.push(" limit case when exists (select 1 from behind) then ").value(filter::MOST_TOLD);
            query.push(" else ").value(MOST_COUNTED + 1).push(" end) as found");
            let (at_least, number): (bool, i64) = query.build().fetch_one(db).await?;
            total.number += number;
            total.at_least |= at_least;
        }
        let is_more = total.number > MOST_COUNTED;
        Ok(Total { number: total.number.min(MOST_COUNTED), at_least: total.at_least || is_more })
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
    let asked = &asked.weighed(db, account, if sort.is_indexed() { Aim::First } else { Aim::All }).await?;
    let rows = async {
        if asked.is_looked_for(db, sort, page.saturating_mul(size)) {
            let rows: Vec<Row> = asked.rows(db, account, sort, page, size, true).build().fetch_all(db).await?;
            if i64::try_from(rows.len()).is_ok_and(|found| found == size) {
                return Ok::<_, crate::Error>(rows);
            }
            // What the planner takes for common is not: now it is worth a look at the indexes.
            let asked = asked.weighed(db, account, Aim::All).await?;
            return Ok(asked.rows(db, account, sort, page, size, false).build().fetch_all(db).await?);
        }
        Ok(asked.rows(db, account, sort, page, size, false).build().fetch_all(db).await?)
    };
    let (rows, mut total) = tokio::try_join!(rows, asked.total(db, account))?;
    let found = i64::try_from(rows.len()).unwrap_or(size);
    let seen = (page - 1).saturating_mul(size).saturating_add(found);
    if total.at_least && (1..size).contains(&found) {
        total = Total { number: seen, at_least: false };
    } else if total.at_least && found == size {
        total.number = total.number.max(seen);
    }
    Ok((rows, total))
}

/// The ids of all of them, up to `most`.
pub async fn every(db: &Db, account: AccountId, asked: &Asked<'_>, most: usize) -> Result<Vec<ContactId>> {
    let asked = asked.weighed(db, account, Aim::All).await?;
    let mut query = Builder::new("select k.id");
    asked.push(db, account, From::All(Aim::All), asked.reach(), &mut query);
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
    let asked = asked.weighed(db, account, Aim::First).await.unwrap_or_else(|_| asked.clone());
    let mut plans = [Vec::new(), Vec::new()];
    for (plan, statement) in
        plans.iter_mut().zip([asked.rows(db, account, sort, 1, 50, false), asked.count(db, account, Aim::First)])
    {
        let steps: Vec<(i64, i64, i64, String)> = statement.explained().fetch_all(db).await.unwrap_or_default();
        plan.extend(steps.into_iter().map(|(.., step)| step));
    }
    plans
}
