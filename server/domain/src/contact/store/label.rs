//! The SQL of contacts' labels.

use db::{Builder, Conn, Tx, sql};
use model::{AccountId, ContactId, LabelId};

use crate::Result;

/// The labels of these contacts by title.
pub async fn of<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    ids: &[ContactId],
) -> Result<Vec<(ContactId, LabelId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Builder::new(
        "select cl.contact_id, l.id, l.title from contact_labels cl join labels l on l.id = cl.label_id
         where +l.account_id = ",
    );
    query.value(account).push(" and cl.contact_id in ").list(ids.iter().copied());
    query.push(" order by cl.contact_id, l.title");
    Ok(query.build().fetch_all(on).await?)
}

/// Gives these contacts labels; titles that the account does not have are left out.
pub async fn add(tx: &mut Tx, account: AccountId, ids: &[ContactId], titles: &[String]) -> Result<()> {
    if ids.is_empty() || titles.is_empty() {
        return Ok(());
    }
    let mut query = Builder::new("insert into contact_labels (contact_id, label_id) select k.id, l.id from contacts k");
    query.push(" join labels l on l.account_id = k.account_id where +k.account_id = ").value(account);
    query.push(" and k.id in ").list(ids.iter().copied());
    query.push(" and l.title in ").list(titles.iter()).push(" on conflict do nothing");
    query.build().execute(tx).await?;
    Ok(())
}

/// Takes labels from these contacts; `None`: all.
pub async fn remove(tx: &mut Tx, account: AccountId, ids: &[ContactId], titles: Option<&[String]>) -> Result<()> {
    let mut query =
        Builder::new("delete from contact_labels where contact_id in (select id from contacts where +account_id = ");
    query.value(account).push(" and id in ").list(ids.iter().copied()).push(")");
    if let Some(titles) = titles {
        query.push(" and label_id in (select id from labels where account_id = ").value(account);
        query.push(" and title in ").list(titles.iter()).push(")");
    }
    query.build().execute(tx).await?;
    Ok(())
}

/// Hands labels on in a merge; those that the winner did not have.
pub async fn move_all(tx: &mut Tx, from: ContactId, to: ContactId) -> Result<(Vec<LabelId>, Vec<LabelId>)> {
    let ids = |rows: Vec<(LabelId,)>| rows.into_iter().map(|(id,)| id).collect::<Vec<_>>();
    let theirs = sql!("select label_id from contact_labels where contact_id = $1 order by label_id");
    let theirs = ids(theirs.bind(from).fetch_all(&mut *tx).await?);
    let own = sql!("select label_id from contact_labels where contact_id = $1").bind(to).fetch_all(&mut *tx).await?;
    let own = ids(own);
    let added: Vec<LabelId> = theirs.iter().copied().filter(|id| !own.contains(id)).collect();
    give(tx, to, &added).await?;
    Ok((theirs, added))
}

/// Gives a contact labels by their ids; those that are gone are left out.
pub async fn give(tx: &mut Tx, id: ContactId, labels: &[LabelId]) -> Result<()> {
    if labels.is_empty() {
        return Ok(());
    }
    let mut query = Builder::new("insert into contact_labels (contact_id, label_id) select CAST(");
    query.value(id).push(" AS BIGINT), id from labels where id in ").list(labels.iter().copied());
    query.push(" on conflict do nothing");
    query.build().execute(tx).await?;
    Ok(())
}

/// Takes labels from a contact by their ids.
pub async fn take(tx: &mut Tx, id: ContactId, labels: &[LabelId]) -> Result<()> {
    let mut query = Builder::new("delete from contact_labels where contact_id = ");
    query.value(id).push(" and label_id in ").list(labels.iter().copied());
    query.build().execute(tx).await?;
    Ok(())
}
