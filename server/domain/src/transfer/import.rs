//! Reading a backup into a database of either kind.

use std::path::Path;

use db::Tx;
use db::dump::{self, Table};

use super::archive::{Entry, Reader};
use super::{Contents, END, FORMAT, LEFT_OUT, MANIFEST, Manifest, TABLES, TransferError, key_sign, store};
use crate::{App, search};

/// What to do with what is in the database already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Refuse when there is any.
    Keep,
    /// Delete it.
    Replace,
}

/// What to do when the backup's secret key is not the one here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Refuse.
    Same,
    /// Go on; what is encrypted cannot be read and must be entered anew.
    Any,
}

/// Largest descriptive entry and largest attachment, in bytes: a damaged file must not fill the memory.
const LARGEST: u64 = 1 << 30;

/// Restores everything in one transaction: afterwards all of it is there, or nothing was changed.
/// Attachments follow; their names never collide, so those of a failed attempt do no harm.
pub async fn restore(app: &App, place: &Path, existing: Existing, key: Key) -> Result<Contents, TransferError> {
    let mut archive = Reader::open(place)?;
    let manifest = check(app, &mut archive, key)?;
    let contents = contents(&mut archive)?;
    prepare_schema(app, &manifest).await?;

    archive.rewind()?;
    let mut tx = app.db.begin().await?;
    let tables = dump::tables(&mut tx).await?;
    if existing == Existing::Keep && store::has_people(&mut tx).await? {
        return Err(TransferError::NotEmpty);
    }
    dump::clear(&mut tx, &tables).await?;
    store::forget_tallies(&mut tx, manifest.schema).await?;
    read_tables(&mut archive, &mut tx, &tables, &manifest, &contents).await?;
    dump::continue_ids(&mut tx, &tables).await?;
    store::release_jobs(&mut tx).await?;
    store::mark_restored(&mut tx, app.clock.now()).await?;
    search::is_not_made(&mut tx).await?;
    if manifest.schema == db::latest_version() {
        search::rebuild(&mut tx).await?;
        search::is_made(&mut tx).await?;
        tx.commit().await?;
    } else {
        // The index may not exist in a schema of the past, or look different.
        tx.commit().await?;
        db::migrate(&app.db).await?;
        let mut tx = app.db.begin().await?;
        search::rebuild(&mut tx).await?;
        search::is_made(&mut tx).await?;
        tx.commit().await?;
    }
    read_files(&mut archive, app).await?;
    Ok(contents)
}

fn check(app: &App, archive: &mut Reader, key: Key) -> Result<Manifest, TransferError> {
    let first = archive.advance()?.filter(|entry| entry.name == MANIFEST);
    let first = first.ok_or_else(|| TransferError::Incomplete(format!("it does not begin with {MANIFEST}")))?;
    let manifest: Manifest = serde_json::from_slice(&archive.read(&first, LARGEST)?)?;
    if manifest.format > FORMAT || manifest.schema > db::latest_version() {
        return Err(TransferError::Newer(manifest.program));
    }
    if key == Key::Same && manifest.key != key_sign(app) {
        return Err(TransferError::OtherKey);
    }
    Ok(manifest)
}

/// Looks through the whole file before anything is changed: a backup that was cut off has no end.
fn contents(archive: &mut Reader) -> Result<Contents, TransferError> {
    let mut last = None;
    while let Some(entry) = archive.advance()? {
        if entry.name == END {
            last = Some(serde_json::from_slice(&archive.read(&entry, LARGEST)?)?);
        } else {
            archive.skip(&entry)?;
        }
    }
    last.ok_or_else(|| TransferError::Incomplete("its end is missing".to_owned()))
}

/// Rows of an older schema go into tables of that time; the migrations that follow bring them up to date.
async fn prepare_schema(app: &App, manifest: &Manifest) -> Result<(), TransferError> {
    match db::version(&app.db).await? {
        Some(version) if version > manifest.schema => Err(TransferError::OlderSchema(manifest.schema)),
        _ => Ok(db::migrate_to(&app.db, manifest.schema).await?),
    }
}

async fn read_tables(
    archive: &mut Reader,
    tx: &mut Tx,
    tables: &[Table],
    manifest: &Manifest,
    contents: &Contents,
) -> Result<(), TransferError> {
    let mut read = Contents::default();
    loop {
        let entry = archive.advance()?.ok_or_else(|| TransferError::Incomplete(format!("{TABLES} is missing")))?;
        if entry.name == TABLES {
            archive.skip(&entry)?;
            break;
        }
        let Some(name) = table_of(&entry) else {
            archive.skip(&entry)?;
            continue;
        };
        let text = String::from_utf8(archive.read(&entry, LARGEST)?)
            .map_err(|_| TransferError::Incomplete(format!("{} is damaged", entry.name)))?;
        let rows: Vec<&str> = text.lines().collect();
        *read.rows.entry(name.to_owned()).or_default() += rows.len() as u64;
        if LEFT_OUT.contains(&name) {
            continue;
        }
        let table = tables.iter().find(|table| table.name == name);
        let columns = manifest.tables.get(name);
        let (Some(table), Some(columns)) = (table, columns) else {
            return Err(TransferError::Incomplete(format!("there is no table {name}")));
        };
        dump::insert(tx, table, columns, &rows).await?;
    }
    let expected = contents.rows.iter().filter(|(_, count)| **count > 0);
    match expected.into_iter().find(|(name, count)| read.rows.get(*name) != Some(count)) {
        Some((name, _)) => Err(TransferError::Incomplete(format!("rows of {name} are missing"))),
        None => Ok(()),
    }
}

/// The table whose rows an entry holds.
fn table_of(entry: &Entry) -> Option<&str> {
    entry.name.strip_prefix("tables/")?.split_once('/').map(|(name, _)| name)
}

async fn read_files(archive: &mut Reader, app: &App) -> Result<(), TransferError> {
    while let Some(entry) = archive.advance()? {
        match entry.name.strip_prefix("files/") {
            Some(key) => app.blobs.put(key, archive.read(&entry, LARGEST)?.into()).await?,
            None => archive.skip(&entry)?,
        }
    }
    Ok(())
}
