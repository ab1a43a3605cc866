//! Writing a backup while the server goes on working.

use std::path::Path;

use db::dump::{self, Table};
use futures::TryStreamExt as _;

use super::archive::Writer;
use super::{CHUNK, Contents, END, FORMAT, LEFT_OUT, MANIFEST, Manifest, TABLES, TransferError, key_sign};
use crate::App;

/// Whether attachments belong into the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// A backup.
    Included,
    /// A snapshot of the database before it is changed.
    LeftOut,
}

/// Writes everything as it is at this moment; what changes meanwhile is not in the file. Returns its contents and size.
pub async fn backup(app: &App, place: &Path, files: Files) -> Result<(Contents, u64), TransferError> {
    let now = app.clock.now();
    let mut archive = Writer::create(place, u64::try_from(now / 1000).unwrap_or_default())?;
    let schema = db::version(&app.db).await?.unwrap_or_default();
    let mut view = app.db.snapshot().await?;
    let mut tables = dump::tables(&mut view).await?;
    tables.retain(|table| !LEFT_OUT.contains(&table.name.as_str()));
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema,
        database: if app.db.is_postgres() { "postgresql" } else { "sqlite" }.to_owned(),
        created_at: now,
        key: key_sign(app),
        tables: tables.iter().map(|table| (table.name.clone(), columns(table))).collect(),
    };
    archive.add(MANIFEST, &serde_json::to_vec_pretty(&manifest)?)?;

    let mut contents = Contents::default();
    for table in &tables {
        let rows = write_table(&mut archive, &mut view, table).await?;
        contents.rows.insert(table.name.clone(), rows);
    }
    archive.add(TABLES, &serde_json::to_vec_pretty(&contents.rows)?)?;
    // The view holds back the database's housekeeping; files need it no more: each was there before its row.
    drop(view);
    if files == Files::Included {
        write_files(&mut archive, app, &mut contents).await?;
    }
    archive.add(END, &serde_json::to_vec_pretty(&contents)?)?;
    Ok((contents, archive.finish()?))
}

fn columns(table: &Table) -> Vec<String> {
    table.columns.iter().map(|column| column.name.clone()).collect()
}

async fn write_table(archive: &mut Writer, view: &mut db::Tx, table: &Table) -> Result<u64, TransferError> {
    let mut rows = dump::rows(view, table);
    let mut chunk = String::with_capacity(CHUNK);
    let (mut count, mut number) = (0, 0);
    while let Some(row) = rows.try_next().await? {
        count += 1;
        chunk.push_str(&row);
        chunk.push('\n');
        if chunk.len() >= CHUNK {
            number += 1;
            archive.add(&format!("tables/{}/{number:06}.ndjson", table.name), chunk.as_bytes())?;
            chunk.clear();
        }
    }
    if !chunk.is_empty() {
        archive.add(&format!("tables/{}/{:06}.ndjson", table.name, number + 1), chunk.as_bytes())?;
    }
    Ok(count)
}

async fn write_files(archive: &mut Writer, app: &App, contents: &mut Contents) -> Result<(), TransferError> {
    let mut keys = app.blobs.list();
    while let Some(key) = keys.try_next().await? {
        let bytes = match app.blobs.get(&key, None).await {
            Ok(bytes) => bytes,
            // Deleted since it was listed.
            Err(error) if error.known() == Some(model::ErrorCode::NotFound) => continue,
            Err(error) => return Err(error.into()),
        };
        archive.add(&format!("files/{key}"), &bytes)?;
        contents.files += 1;
        contents.file_bytes += bytes.len() as u64;
    }
    Ok(())
}
