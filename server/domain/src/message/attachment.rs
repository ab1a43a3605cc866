//! Files of messages: checked, stored before the message is written, reached by signed addresses that expire.

use bytes::Bytes;
use model::content::MAX_FILE_BYTES;
use model::{AccountId, AttachmentId, ErrorCode, FileKind, MessageId, Millis};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::store::{self, FileRow, NewFile};
use crate::event::Event;
use crate::job::{self, Job};
use crate::work::Work;
use crate::{Ctx, Error, Result, secret};

/// A file as it arrives.
#[derive(Debug, Clone)]
pub struct Upload {
    pub file_name: String,
    /// What the sender says it is.
    pub content_type: String,
    pub bytes: Bytes,
}

/// A file that is stored and waits for its message.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Stored(NewFile);

impl Stored {
    /// Where its bytes are.
    pub(crate) fn key(&self) -> &str {
        &self.0.storage_key
    }

    /// What its bytes are.
    pub(crate) fn content_type(&self) -> &str {
        &self.0.content_type
    }

    /// The same file with these bytes, to be stored once more.
    pub(crate) fn upload(&self, bytes: Bytes) -> Upload {
        Upload { file_name: self.0.file_name.clone(), content_type: self.0.content_type.clone(), bytes }
    }

    /// Name, bytes and kind, for showing it before it is sent.
    pub(crate) fn facts(&self) -> (&str, i64, FileKind) {
        (&self.0.file_name, self.0.size, self.0.kind)
    }
}

/// Longest side of a small picture, in pixels.
const THUMB_SIDE: u32 = 480;
/// Pictures up to this many bytes are their own small picture.
const SMALL_IMAGE: i64 = 60 * 1024;
/// Largest picture that is looked into, in pixels.
const MAX_PIXELS: u64 = 64_000_000;
const DAY: Millis = 24 * 60 * 60 * 1_000;

/// Types that contacts may send besides pictures, sound and film.
const HARMLESS: [&str; 16] = [
    "text/csv",
    "text/plain",
    "text/rtf",
    "application/json",
    "application/pdf",
    "application/zip",
    "application/x-7z-compressed",
    "application/vnd.rar",
    "application/x-tar",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/rtf",
    "application/vnd.oasis.opendocument.text",
    "application/xml",
    "text/xml",
];
const OOXML: &str = "application/vnd.openxmlformats-officedocument.";

/// Checks and stores files. `strict`: only harmless types, for files that come from outside.
pub(crate) async fn store_all(
    ctx: &Ctx,
    account: AccountId,
    uploads: Vec<Upload>,
    strict: bool,
) -> Result<Vec<Stored>> {
    let mut checked = Vec::with_capacity(uploads.len());
    for upload in uploads {
        // All are checked before one is stored: nothing is kept in part.
        checked.push((check(&upload, strict)?, upload.bytes));
    }
    let mut stored = Vec::with_capacity(checked.len());
    for (file, bytes) in checked {
        stored.push(store_one(ctx, account, file, bytes).await?);
    }
    Ok(stored)
}

fn check(upload: &Upload, strict: bool) -> Result<NewFile> {
    let size = u64::try_from(upload.bytes.len()).unwrap_or(u64::MAX);
    if size > MAX_FILE_BYTES {
        return Err(Error::field("attachments", ErrorCode::FileTooLarge));
    }
    if size == 0 {
        return Err(Error::field("attachments", ErrorCode::Required));
    }
    let content_type = actual_type(&upload.content_type, &upload.bytes);
    if strict && !is_harmless(&content_type) {
        return Err(Error::field("attachments", ErrorCode::FileTypeNotAllowed));
    }
    Ok(NewFile {
        kind: FileKind::of_mime(&content_type),
        file_name: safe_name(&upload.file_name),
        content_type,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        width: None,
        height: None,
        storage_key: String::new(),
    })
}

async fn store_one(ctx: &Ctx, account: AccountId, mut file: NewFile, bytes: Bytes) -> Result<Stored> {
    let now = ctx.now();
    file.storage_key = format!("{account}/{}/{}", now / DAY, secret::uuid());
    if file.kind == FileKind::Image {
        let copy = bytes.clone();
        let size = tokio::task::spawn_blocking(move || dimensions(&copy)).await.ok().flatten();
        file.width = size.map(|(width, _)| i64::from(width));
        file.height = size.map(|(_, height)| i64::from(height));
    }
    // Noted first: when the process dies between the two, the sweep finds the file.
    let mut work = ctx.begin().await?;
    store::insert_upload(&mut work.tx, account, &file.storage_key, now);
    work.commit().await?;
    ctx.app.blobs.put(&file.storage_key, bytes).await?;
    Ok(Stored(file))
}

/// What the bytes are. A claim counts only where bytes cannot tell, and never makes a picture of what is none.
fn actual_type(claimed: &str, bytes: &[u8]) -> String {
    let claimed = claimed.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let found = infer::get(bytes).map(|kind| kind.mime_type());
    match found {
        // Office files are archives inside; the claim says which.
        Some("application/zip") if claimed.starts_with(OOXML) || claimed.starts_with("application/vnd.oasis.") => {
            claimed
        }
        // Sound in a container that is also used for film.
        Some("video/webm" | "video/mp4" | "application/ogg") if claimed.starts_with("audio/") => claimed,
        Some("text/html" | "text/xml") if claimed == "text/plain" => claimed,
        Some(found) => found.to_owned(),
        None if ["image/", "audio/", "video/"].iter().any(|media| claimed.starts_with(media)) => {
            "application/octet-stream".to_owned()
        }
        None if claimed.is_empty() => "application/octet-stream".to_owned(),
        None => claimed,
    }
}

fn is_harmless(content_type: &str) -> bool {
    let is_media = ["image/", "audio/", "video/"].iter().any(|media| content_type.starts_with(media));
    (is_media && content_type != "image/svg+xml") || content_type.starts_with(OOXML) || HARMLESS.contains(&content_type)
}

/// A name without folders and control characters.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String =
        last.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '<' | '>' | '|' | ':' | '*' | '?')).collect();
    let clean = clean.trim().trim_start_matches('.');
    match clean.char_indices().nth_back(119) {
        // The end is kept: it says what the file is.
        Some((start, _)) => clean[start..].to_owned(),
        None if clean.is_empty() => "file".to_owned(),
        None => clean.to_owned(),
    }
}

fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().ok()?.into_dimensions().ok()
}

/// Gives stored files to a message in an open change.
pub(crate) async fn attach(work: &mut Work<'_>, account: AccountId, message: MessageId, file: &Stored) -> Result<()> {
    let id = store::insert_file(&mut work.tx, account, message, &file.0, work.now).await?;
    let is_large = file.0.size > SMALL_IMAGE || file.0.width.is_some_and(|width| width > 2 * i64::from(THUMB_SIDE));
    if file.0.kind == FileKind::Image && is_large {
        work.enqueue(job::New::now(Some(account), Job::MakeThumbnail { account_id: account, attachment_id: id }));
    }
    Ok(())
}

/// Makes the small picture of an image. Pictures that cannot be read stay without.
pub(crate) async fn make_thumbnail(ctx: &Ctx, account: AccountId, id: AttachmentId) -> Result<()> {
    let Some(file) = store::file(ctx.db(), id).await? else { return Ok(()) };
    if file.thumb_key.is_some() {
        return Ok(());
    }
    let bytes = ctx.app.blobs.get(&file.storage_key, None).await?;
    let made = tokio::task::spawn_blocking(move || shrink(&bytes, THUMB_SIDE)).await;
    let Some(small) = made.ok().flatten() else { return Ok(()) };
    let key = format!("{}.thumb", file.storage_key);
    ctx.app.blobs.put(&key, small.into()).await?;
    let Some(message) = store::find(ctx.db(), account, file.message_id).await? else { return Ok(()) };
    let mut work = ctx.begin().await?;
    store::set_thumb(&mut work.tx, account, id, &key).await?;
    work.record(account, Event::MessageUpdated { message_id: message.id, conversation_id: message.conversation_id });
    work.commit().await
}

/// A picture whose longer side has at most `side` pixels, upright, as PNG when it is transparent and as JPEG otherwise.
pub(crate) fn shrink(bytes: &[u8], side: u32) -> Option<Vec<u8>> {
    let (width, height) = dimensions(bytes)?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return None;
    }
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(256 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = image::ImageDecoder::orientation(&mut decoder).ok();
    let mut picture = image::DynamicImage::from_decoder(decoder).ok()?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    let small = picture.thumbnail(side, side);
    let mut out = std::io::Cursor::new(Vec::new());
    let written = if small.color().has_alpha() {
        small.write_to(&mut out, image::ImageFormat::Png)
    } else {
        small.to_rgb8().write_to(&mut out, image::ImageFormat::Jpeg)
    };
    written.ok()?;
    Some(out.into_inner())
}

/// Removes files that never became part of a message, or no longer are.
pub(crate) async fn sweep(ctx: &Ctx) -> Result<()> {
    sweep_before(ctx, ctx.now() - DAY).await
}

/// Removes files of what was deleted, without waiting for the sweep's turn.
pub(crate) async fn sweep_released(ctx: &Ctx) -> Result<()> {
    sweep_before(ctx, 1).await
}

async fn sweep_before(ctx: &Ctx, before: Millis) -> Result<()> {
    loop {
        let stale = store::stale_uploads(ctx.db(), before).await?;
        if stale.is_empty() {
            return Ok(());
        }
        for key in stale {
            ctx.app.blobs.delete(&key).await?;
            let mut work = ctx.begin().await?;
            store::delete_upload(&mut work.tx, &key);
            work.commit().await?;
        }
    }
}

/// Which picture of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    Whole,
    Thumb,
}

impl Variant {
    /// Its word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Thumb => "thumb",
        }
    }
}

/// A root-relative address that is good for one to two days, and the same for a whole day, so that browsers can keep the file.
pub(crate) fn signed_url(ctx: &Ctx, id: AttachmentId, variant: Variant, name: &str) -> String {
    url_until(ctx, (ctx.now() / DAY + 2) * DAY / 1_000, id, variant, name)
}

/// The same for a quarter of a year, for files that are linked in mails.
pub(crate) fn lasting_url(ctx: &Ctx, id: AttachmentId, name: &str) -> String {
    url_until(ctx, (ctx.now() / DAY + 90) * DAY / 1_000, id, Variant::Whole, name)
}

/// `expires` in unix seconds.
fn url_until(ctx: &Ctx, expires: i64, id: AttachmentId, variant: Variant, name: &str) -> String {
    let variant = variant.as_str();
    let signature = ctx.app.keys.sign_text("file", &format!("{id}:{variant}:{expires}"));
    format!("/files/{id}/{variant}/{expires}/{signature}/{}", utf8_percent_encode(name, NON_ALPHANUMERIC))
}

/// Opens a signed address: the file and the key of the asked-for variant in the storage.
pub async fn open_signed(
    ctx: &Ctx,
    id: AttachmentId,
    variant: &str,
    expires: i64,
    signature: &str,
) -> Result<(FileRow, String)> {
    let is_signed = ctx.app.keys.verify("file", &format!("{id}:{variant}:{expires}"), signature);
    if !is_signed || expires * 1_000 < ctx.now() {
        return Err(Error::not_found());
    }
    let file = store::file(ctx.db(), id).await?.ok_or_else(Error::not_found)?;
    let key = match (variant, &file.thumb_key) {
        ("thumb", Some(thumb)) => thumb.clone(),
        _ => file.storage_key.clone(),
    };
    Ok((file, key))
}

/// The address of somebody's picture. Its key is random and says nothing else.
pub fn avatar_url(key: &str) -> String {
    format!("/avatars/{key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_never_makes_a_picture_of_what_is_none() {
        assert_eq!(actual_type("image/png", b"<script>alert(1)</script>"), "text/html");
        assert_eq!(actual_type("image/png", b"nothing of the kind"), "application/octet-stream");
        assert_eq!(actual_type("image/png", b"\x89PNG\r\n\x1a\n rest"), "image/png");
        assert_eq!(actual_type("text/plain; charset=utf-8", b"hello"), "text/plain");
        assert!(!is_harmless(&actual_type("text/plain", b"MZ\x90\x00\x03\x00\x00\x00")));
        assert!(!is_harmless("text/html"));
        assert!(!is_harmless("image/svg+xml"));
    }

    #[test]
    fn names_lose_folders_and_keep_their_end() {
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("C:\\a\\nota fiscal.pdf"), "nota fiscal.pdf");
        assert_eq!(safe_name("\u{0}"), "file");
        assert!(safe_name(&format!("{}.pdf", "é".repeat(300))).ends_with("é.pdf"));
    }
}
