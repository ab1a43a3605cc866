//! Attachments behind signed addresses that expire, and people's pictures.
//!
//! What contacts send is shown only as picture, sound or film; everything else is downloaded, and nothing of it ever runs here.

use std::ops::Range;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use domain::message::attachment;
use domain::{Error, Result, avatar};
use model::{AttachmentId, ErrorCode, FileKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::middleware::headers;
use crate::reply;
use crate::state::AppState;

/// Browsers may keep a file for a day; its address changes after that.
const KEEP: &str = "private, max-age=86400, immutable";

/// Routes of files.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/files/{id}/{variant}/{expires}/{signature}/{name}", get(attachment))
        .route("/avatars/{key}", get(picture))
        .layer(from_fn(headers::data))
}

async fn attachment(
    State(state): State<AppState>,
    Path((id, variant, expires, signature, _name)): Path<(String, String, String, String, String)>,
    request: HeaderMap,
) -> Response {
    let (Ok(id), Ok(expires)) = (id.parse(), expires.parse()) else { return reply::not_found() };
    match open(&state, AttachmentId(id), &variant, expires, &signature, &request).await {
        Ok(response) => response,
        Err(error) => refusal(&error),
    }
}

async fn open(
    state: &AppState,
    id: AttachmentId,
    variant: &str,
    expires: i64,
    signature: &str,
    request: &HeaderMap,
) -> Result<Response> {
    let ctx = state.app.anonymous();
    let (file, key) = attachment::open_signed(&ctx, id, variant, expires, signature).await?;
    if key != file.storage_key {
        return small(state, &key).await;
    }
    let is_shown = matches!(file.kind, FileKind::Image | FileKind::Audio | FileKind::Video);
    let disposition = disposition(is_shown, &file.file_name);
    let content_type = if is_shown { file.content_type.as_str() } else { harmless(&file.content_type) };
    if let Some(address) = state.app.blobs.presigned(&key, content_type, &disposition).await? {
        let mut response = Redirect::temporary(&address).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=60"));
        return Ok(response);
    }
    let tag = format!("\"{id}\"");
    if text(request, header::IF_NONE_MATCH).is_some_and(|known| known.contains(&tag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let size = u64::try_from(file.size).unwrap_or_default();
    let is_current = text(request, header::IF_RANGE).is_none_or(|known| known == tag);
    let asked = text(request, header::RANGE).filter(|_| is_current).and_then(|range| part(range, size));
    let mut response = match asked {
        None => whole(state, &key, size).await?,
        Some(None) => return Ok(no_such_part(size)),
        Some(Some(range)) => partial(state, &key, range, size).await?,
    };
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, content_type);
    set(headers, header::CONTENT_DISPOSITION, &disposition);
    set(headers, header::CACHE_CONTROL, KEEP);
    set(headers, header::ACCEPT_RANGES, "bytes");
    set(headers, header::ETAG, &tag);
    Ok(response)
}

async fn whole(state: &AppState, key: &str, size: u64) -> Result<Response> {
    let mut response = Body::from_stream(state.app.blobs.stream(key, None).await?).into_response();
    set(response.headers_mut(), header::CONTENT_LENGTH, &size.to_string());
    Ok(response)
}

async fn partial(state: &AppState, key: &str, range: Range<u64>, size: u64) -> Result<Response> {
    let place = format!("bytes {}-{}/{size}", range.start, range.end - 1);
    let length = range.end - range.start;
    let mut response = Body::from_stream(state.app.blobs.stream(key, Some(range)).await?).into_response();
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    set(response.headers_mut(), header::CONTENT_RANGE, &place);
    set(response.headers_mut(), header::CONTENT_LENGTH, &length.to_string());
    Ok(response)
}

fn no_such_part(size: u64) -> Response {
    let mut response = reply::error(StatusCode::RANGE_NOT_SATISFIABLE, "The file has no such part");
    set(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{size}"));
    response
}

/// A small picture that we made ourselves.
async fn small(state: &AppState, key: &str) -> Result<Response> {
    if let Some(address) = state.app.blobs.presigned(key, "image/jpeg", "inline").await? {
        return Ok(Redirect::temporary(&address).into_response());
    }
    shown(state.app.blobs.get(key, None).await?)
}

async fn picture(State(state): State<AppState>, Path(key): Path<String>) -> Response {
    match avatar::read(&state.app.anonymous(), &key).await.and_then(shown) {
        Ok(response) => response,
        Err(error) => refusal(&error),
    }
}

fn shown(bytes: bytes::Bytes) -> Result<Response> {
    let content_type = if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    let headers =
        [(header::CONTENT_TYPE, content_type), (header::CONTENT_DISPOSITION, "inline"), (header::CACHE_CONTROL, KEEP)];
    Ok((headers, bytes).into_response())
}

/// The type under which a download is sent: never one that browsers run.
fn harmless(content_type: &str) -> &str {
    let is_active = ["html", "svg", "xml", "javascript", "ecmascript", "css"];
    let lower = content_type.to_ascii_lowercase();
    if is_active.iter().any(|word| lower.contains(word)) && !lower.contains("openxml") {
        "application/octet-stream"
    } else {
        content_type
    }
}

fn disposition(is_shown: bool, name: &str) -> String {
    let how = if is_shown { "inline" } else { "attachment" };
    let ascii: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, NON_ALPHANUMERIC))
}

/// The part that a `Range` header asks for. `None`: the header is none that we follow, the whole file is sent;
/// `Some(None)`: the file has no such part.
fn part(header: &str, size: u64) -> Option<Option<Range<u64>>> {
    let (from, to) = header.strip_prefix("bytes=")?.split_once('-')?;
    let range = match (from.trim(), to.trim()) {
        ("", "") => return None,
        ("", last) => size.saturating_sub(last.parse().ok()?)..size,
        (first, "") => first.parse().ok()?..size,
        // A list of ranges has commas in it and is no number.
        (first, last) => {
            let last: u64 = last.parse().ok()?;
            first.parse().ok()?..last.saturating_add(1).min(size)
        }
    };
    Some((range.start < range.end).then_some(range))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn refusal(error: &Error) -> Response {
    match error.known() {
        Some(ErrorCode::NotFound) => reply::not_found(),
        _ => {
            tracing::error!(%error, "a file cannot be read");
            reply::error(StatusCode::SERVICE_UNAVAILABLE, "The file cannot be read now")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_cut_to_the_file() {
        assert_eq!(part("bytes=0-9", 100), Some(Some(0..10)));
        assert_eq!(part("bytes=90-", 100), Some(Some(90..100)));
        assert_eq!(part("bytes=-10", 100), Some(Some(90..100)));
        assert_eq!(part("bytes=50-500", 100), Some(Some(50..100)));
        assert_eq!(part("bytes=100-", 100), Some(None));
        assert_eq!(part("bytes=9-2", 100), Some(None));
        for ignored in ["bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=-"] {
            assert_eq!(part(ignored, 100), None, "{ignored}");
        }
    }

    #[test]
    fn names_cannot_write_headers() {
        let header = disposition(false, "nota \"fiscal\"\r\nX: y é.pdf");
        assert!(header.starts_with("attachment; filename=\"nota _fiscal___X_ y _.pdf\""), "{header}");
        assert!(HeaderValue::from_str(&header).is_ok());
    }

    #[test]
    fn what_runs_is_sent_as_bytes() {
        for active in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript"] {
            assert_eq!(harmless(active), "application/octet-stream");
        }
        assert_eq!(harmless("application/pdf"), "application/pdf");
    }
}
