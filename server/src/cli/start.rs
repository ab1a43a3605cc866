//! What the commands begin with: a runtime, the database, the rules.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use db::Db;
use domain::clock::Clock;
use domain::settings::ProviderSettings;
use domain::transfer::{self, Files};
use domain::{App, Settings, search};
use model::mailbox::MailProvider;

use crate::config::Config;

/// Snapshots that are kept; older ones are deleted.
const SNAPSHOTS: usize = 3;

/// Stack of a thread, in bytes: the default of 2 MiB is reserved, not used, but deep page trees need some of it.
const STACK: usize = 4 << 20;

/// The threads that everything runs on.
pub fn runtime(config: &Config) -> std::io::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if config.threads > 0 {
        builder.worker_threads(config.threads as usize);
    }
    builder.enable_all().thread_name("cloudchat").thread_stack_size(STACK).build()
}

/// Opens the database, which is made when it is missing, and puts the rules on it. Does not migrate.
pub async fn app(config: &Config) -> anyhow::Result<Arc<App>> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("the data folder {} cannot be made", config.data_dir.display()))?;
    let options = db::Options { url: config.database_address(), connections: config.database_connections };
    let db = Db::open(&options).await.context("the database cannot be opened")?;
    Ok(App::new(db, settings(config)?, Clock::System)?)
}

/// The same with a schema that is up to date.
pub async fn migrated(config: &Config) -> anyhow::Result<Arc<App>> {
    let app = app(config).await?;
    migrate(config, &app).await?;
    Ok(app)
}

/// What the rules need to know of the options.
pub fn settings(config: &Config) -> anyhow::Result<Settings> {
    Ok(Settings {
        base_url: config.url.as_str().to_owned(),
        data_dir: config.data_dir.clone(),
        storage_url: config.storage_address(),
        smtp_url: config.smtp_url.as_ref().map(|url| url.expose().to_owned()),
        mail_from: config.mail_from.clone(),
        private_mail_servers: config.private_mail_servers,
        private_webhooks: config.private_webhooks,
        mail_providers: mail_providers(config),
        secret_key: config.key()?.expose().as_bytes().to_vec(),
    })
}

/// Providers of mailboxes at which the operator has registered this installation: those whose id and secret are both there.
fn mail_providers(config: &Config) -> Vec<ProviderSettings> {
    let google = config.google_client_id.as_ref().zip(config.google_client_secret.as_ref());
    let google = google.map(|(id, secret)| ProviderSettings {
        provider: MailProvider::Google,
        client_id: id.clone(),
        client_secret: secret.expose().to_owned(),
        authorize_url: config.google_auth_url.to_string(),
        token_url: config.google_token_url.to_string(),
        imap: config.google_imap_url.0.clone(),
        smtp: config.google_smtp_url.0.clone(),
    });
    let microsoft = config.microsoft_client_id.as_ref().zip(config.microsoft_client_secret.as_ref());
    let microsoft = microsoft.map(|(id, secret)| ProviderSettings {
        provider: MailProvider::Microsoft,
        client_id: id.clone(),
        client_secret: secret.expose().to_owned(),
        authorize_url: config.microsoft_auth_url.to_string(),
        token_url: config.microsoft_token_url.to_string(),
        imap: config.microsoft_imap_url.0.clone(),
        smtp: config.microsoft_smtp_url.0.clone(),
    });
    google.into_iter().chain(microsoft).collect()
}

/// Brings the schema up to date; a database with something in it is written to a file first.
pub async fn migrate(config: &Config, app: &App) -> anyhow::Result<()> {
    let version = db::version(&app.db).await?;
    anyhow::ensure!(
        version.is_none_or(|version| version <= db::latest_version()),
        "the database was last used by a newer version of this program; install that version"
    );
    let (pending, is_new) = db::pending(&app.db).await?;
    if pending == 0 {
        return complete(app).await;
    }
    if !is_new {
        let place = snapshot(config, app).await.context("no snapshot could be made, so nothing was changed")?;
        tracing::info!(file = %place.display(), "the database was written to a file before it is brought up to date");
    }
    db::migrate(&app.db).await.context("the database could not be brought up to date")?;
    tracing::info!(migrations = pending, "the database is up to date");
    complete(app).await
}

/// What a new schema needs besides its tables. Looked for at each start, because the last one may have been cut off.
async fn complete(app: &App) -> anyhow::Result<()> {
    search::complete(app).await.context("the indexes could not be made")
}

async fn snapshot(config: &Config, app: &App) -> anyhow::Result<PathBuf> {
    let folder = config.data_dir.join("snapshots");
    std::fs::create_dir_all(&folder)?;
    let version = db::version(&app.db).await?.unwrap_or_default();
    let place = folder.join(format!("{:013}-schema-{version}.tar", app.clock.now()));
    transfer::backup(app, &place, Files::LeftOut).await?;
    let mut old: Vec<PathBuf> = std::fs::read_dir(&folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    old.retain(|path| path.extension().is_some_and(|extension| extension == "tar"));
    // Names begin with their time.
    old.sort();
    for path in old.iter().rev().skip(SNAPSHOTS) {
        std::fs::remove_file(path)?;
    }
    Ok(place)
}

#[cfg(test)]
mod tests {
    use domain::transfer::{Existing, Key};

    use super::*;
    use crate::config::Sources;

    fn config(folder: &std::path::Path) -> Config {
        config_with(folder, None)
    }

    fn config_with(folder: &std::path::Path, database: Option<&str>) -> Config {
        let folder = Some(("CLOUDCHAT_DATA_DIR", folder.display().to_string()));
        let database = database.map(|url| ("DATABASE_URL", url.to_owned()));
        let variables = folder.into_iter().chain(database).map(|(name, value)| (name.to_owned(), value));
        Config::read(&Sources::default().with_environment(variables)).unwrap()
    }

    fn snapshots(config: &Config) -> Vec<PathBuf> {
        let folder = std::fs::read_dir(config.data_dir.join("snapshots"));
        let mut found: Vec<PathBuf> = folder.into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    }

    /// Rows as the first version of the schema had them: an account with one message.
    async fn fill(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let texts = [
            "insert into accounts (id, name, created_at, updated_at) values (7, 'Loja', 1, 1)",
            "insert into inboxes (id, account_id, name, channel, identifier, created_at, updated_at)
             values (7, 7, 'Site', 'email', 'x', 1, 1)",
            "insert into contacts (id, account_id, name, created_at, updated_at) values (7, 7, 'João', 1, 1)",
            "insert into contact_inboxes (id, account_id, contact_id, inbox_id, source_id, created_at, updated_at)
             values (7, 7, 7, 7, 's', 1, 1)",
            "insert into conversations (id, account_id, inbox_id, contact_id, contact_inbox_id, display_id, uuid, status,
               last_activity_at, created_at, updated_at) values (7, 7, 7, 7, 7, 1, 'u', 'open', 1, 1, 1)",
            "insert into messages (account_id, inbox_id, conversation_id, kind, content, created_at, updated_at)
             values (7, 7, 7, 'incoming', 'Cadê meu pedido?', 1, 1)",
        ];
        for text in texts {
            db::Builder::new(text).build().execute(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Everything is there, and what later versions brought works with it.
    async fn expect_everything(app: &Arc<App>) {
        assert_eq!(db::version(&app.db).await.unwrap(), Some(db::latest_version()));
        let found = if app.db.is_postgres() {
            "select m.content from messages m join message_search s on s.message_id = m.id
             where s.document @@ to_tsquery('simple', 'pedido')"
        } else {
            "select content from messages where id in (select rowid from message_search where message_search match 'pedido')"
        };
        let found: Vec<(String,)> = db::Builder::new(found).build().fetch_all(&app.db).await.unwrap();
        assert_eq!(found, [("Cadê meu pedido?".to_owned(),)]);
    }

    async fn comes_from(version: i64, url: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        let config = config_with(folder.path(), url);
        let before = app(&config).await.unwrap();
        db::migrate_to(&before.db, version).await.unwrap();
        fill(&before.db).await;
        before.db.close().await;

        let after = migrated(&config).await.unwrap();
        expect_everything(&after).await;
        let kept = snapshots(&config);
        assert_eq!(kept.len(), 1);
        assert!(kept[0].to_string_lossy().ends_with(&format!("-schema-{version}.tar")), "{kept:?}");

        // Nothing is pending at the next start, so nothing is kept again.
        after.db.close().await;
        let again = migrated(&config).await.unwrap();
        assert_eq!(snapshots(&config), kept);
        again.db.close().await;

        // What was kept can be restored into a new database, which is then up to date too.
        let elsewhere = tempfile::tempdir().unwrap();
        std::fs::copy(config.key_file(), elsewhere.path().join("secret.key")).unwrap();
        let target = app(&config_with(elsewhere.path(), None)).await.unwrap();
        let contents = transfer::restore(&target, &kept[0], Existing::Keep, Key::Same).await.unwrap();
        assert_eq!(contents.rows["messages"], 1);
        expect_everything(&target).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_database_of_any_earlier_version_is_kept_and_brought_up_to_date() {
        for version in db::versions().filter(|version| *version < db::latest_version()) {
            comes_from(version, None).await;
            if let Some(test) = db::testing::postgres_without_tables().await.unwrap() {
                comes_from(version, Some(&test.url)).await;
            }
        }
    }

    #[tokio::test]
    async fn a_database_of_a_newer_version_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let newer = migrated(&config).await.unwrap();
        db::Builder::new("update _sqlx_migrations set version = version + 1000 where version = (select max(version) from _sqlx_migrations)")
            .build()
            .execute(newer.db.writer())
            .await
            .unwrap();
        newer.db.close().await;
        let refused = migrated(&config).await.map(drop).unwrap_err();
        assert!(format!("{refused:#}").contains("newer"), "{refused:#}");
    }

    #[tokio::test]
    async fn a_new_database_needs_no_snapshot_and_three_are_enough() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let app = migrated(&config).await.unwrap();
        assert!(snapshots(&config).is_empty());
        let kept = config.data_dir.join("snapshots");
        std::fs::create_dir_all(&kept).unwrap();
        for old in 1..=4 {
            std::fs::write(kept.join(format!("{old:013}-schema-1.tar")), "old").unwrap();
        }
        let newest = snapshot(&config, &app).await.unwrap();
        let left = snapshots(&config);
        assert_eq!(left.len(), 3);
        assert_eq!(left.last(), Some(&newest));
    }
}
