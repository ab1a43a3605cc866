//! `cloudchat migrate`.

use super::start;
use crate::config::Config;

/// Brings the database up to date and says so.
pub async fn migrate(config: &Config) -> anyhow::Result<()> {
    let app = start::migrated(config).await?;
    println!("The database is at version {}.", db::version(&app.db).await?.unwrap_or_default());
    Ok(())
}
