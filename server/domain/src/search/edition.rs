//! Which edition of the indexes a database has. A program that keeps more in them than the one before makes them anew at its start.

use db::{Conn, Json, Query, Tx, sql};
use model::{ContactId, ConversationId, Millis};
use serde::{Deserialize, Serialize};

use super::{contact, conversation};
use crate::{Ctx, Result};

/// What is in the index of parts, counted up with every change to it.
const EDITION: i64 = 1;
const NAME: &str = "parts";
/// So long after the index began to be made nodes of an older program may still write without it.
const GRACE: i64 = 30 * 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    edition: i64,
    /// When that was begun: what older nodes wrote from then on may not be in it.
    at: Millis,
    /// Whether what older nodes may have written is in it.
    settled: bool,
}

/// Makes the indexes of contacts and conversations if they are of an older edition. Nodes that start together do so once.
pub(super) async fn complete(app: &crate::App) -> Result<()> {
    if is_current(made(&app.db).await?) {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    lock(&mut tx).await?;
    if is_current(made(&mut tx).await?) {
        return Ok(());
    }
    let at = app.clock.now();
    tracing::info!("the index of what contacts and conversations are filtered by is made");
    contact::rebuild(&mut tx).await?;
    conversation::rebuild(&mut tx).await?;
    let settled = !app.db.is_postgres();
    note(&mut tx, Made { edition: EDITION, at, settled }).await?;
    Ok(tx.commit().await?)
}

/// Adds what nodes of an older program have written since the indexes were made.
pub async fn settle(ctx: &Ctx) -> Result<()> {
    let Some(made) = made(ctx.db()).await?.filter(|made| !made.settled && ctx.now() >= made.at + GRACE) else {
        return Ok(());
    };
    let contacts: Vec<(ContactId,)> =
        sql!("select id from contacts where updated_at >= $1 order by id").bind(made.at).fetch_all(ctx.db()).await?;
    let conversations: Vec<(ConversationId,)> =
        sql!("select id from conversations where last_activity_at >= $1 order by id")
            .bind(made.at)
            .fetch_all(ctx.db())
            .await?;
    for (id,) in contacts {
        let mut tx = ctx.app.db.begin().await?;
        contact::index_again(&mut tx, id).await?;
        tx.commit().await?;
    }
    for (id,) in conversations {
        let mut tx = ctx.app.db.begin().await?;
        conversation::index_again(&mut tx, id).await?;
        tx.commit().await?;
    }
    let mut tx = ctx.app.db.begin().await?;
    note(&mut tx, Made { settled: true, ..made }).await?;
    Ok(tx.commit().await?)
}

fn is_current(made: Option<Made>) -> bool {
    made.is_some_and(|made| made.edition >= EDITION)
}

async fn made<'c>(on: impl Into<Conn<'c>>) -> Result<Option<Made>> {
    let row: Option<(Json<Made>,)> =
        sql!("select value from installation where key = $1").bind(NAME).fetch_optional(on).await?;
    Ok(row.map(|(Json(made),)| made))
}

async fn note(tx: &mut Tx, made: Made) -> Result<()> {
    sql!(
        "insert into installation (key, value) values ($1, $2)
         on conflict (key) do update set value = excluded.value"
    )
    .bind(NAME)
    .bind(serde_json::json!(made))
    .execute(tx)
    .await?;
    Ok(())
}

/// Waits until no other node makes the indexes.
async fn lock(tx: &mut Tx) -> Result<()> {
    if matches!(tx, Tx::Postgres(_)) {
        Query::fixed("select pg_advisory_xact_lock(7202)").execute(tx).await?;
    }
    Ok(())
}
