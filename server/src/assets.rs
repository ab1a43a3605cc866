//! The files a browser downloads: `server/site/`, written by `cargo xtask build` and embedded in release builds.
//!
//! `manifest.json` maps logical names to names with a hash of the content: `{"app.css": "pkg/app.1a2b3c.css"}`.
//! `parts.json` names the modules that each part of a program is made of, by `program/part`.
//! Hashed files never change and are cached for ever; beside each lies a `.br` and a `.gz` copy where that pays.
//! Debug builds read the folder at run time, so a rebuilt style sheet needs no rebuilt server.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};
use text::VisitorLang;

use crate::reply;

#[derive(RustEmbed)]
#[folder = "site/"]
struct Site;

/// One file of the site never changes under its name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Sites that paste the script get a new version within this time, and pay one small request for it.
const SCRIPT: &str = "public, max-age=300, stale-while-revalidate=86400";

/// Ask every time; the `ETag` makes the answer small.
const ASK: &str = "no-cache";

/// Files whose address is fixed by convention, with their logical names.
const FIXED: [(&str, &str); 5] = [
    ("/favicon.ico", "favicon.ico"),
    ("/favicon.svg", "favicon.svg"),
    ("/apple-touch-icon.png", "apple-touch-icon.png"),
    ("/manifest.webmanifest", "manifest.webmanifest"),
    ("/robots.txt", "robots.txt"),
];

/// Where each logical name ended up.
#[derive(Debug, Default)]
pub struct Assets {
    paths: BTreeMap<String, String>,
    hashed: BTreeSet<String>,
    parts: BTreeMap<String, Vec<String>>,
}

impl Assets {
    /// The site of this build; in debug builds as it is on disk right now.
    pub fn current() -> Arc<Self> {
        static BUILT_IN: LazyLock<Arc<Assets>> = LazyLock::new(|| Arc::new(Assets::read()));
        if cfg!(debug_assertions) { Arc::new(Self::read()) } else { Arc::clone(&BUILT_IN) }
    }

    fn read() -> Self {
        let Some(file) = Site::get("manifest.json") else {
            return Self::default();
        };
        let parts =
            Site::get("parts.json").and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default();
        match serde_json::from_slice(&file.data) {
            Ok(paths) => Self { parts, ..Self::new(paths) },
            Err(error) => {
                tracing::error!(%error, "the manifest of the site cannot be read; run cargo xtask build");
                Self::default()
            }
        }
    }

    fn new(paths: BTreeMap<String, String>) -> Self {
        let hashed = paths.values().cloned().collect();
        Self { paths, hashed, parts: BTreeMap::new() }
    }

    /// Address of a file by its logical name: `url("app.css")` is `/pkg/app.1a2b3c.css`.
    /// A name the site does not have yields an address that answers 404, which the browser's console shows.
    pub fn url(&self, name: &str) -> String {
        format!("/{}", self.path(name).unwrap_or(name))
    }

    /// Addresses of the modules that a part of a program (`app`, `widget`) is made of.
    pub fn part(&self, program: &str, name: &str) -> Vec<String> {
        self.parts.get(&format!("{program}/{name}")).into_iter().flatten().map(|path| format!("/{path}")).collect()
    }

    /// Whether the site was built at all; a server without one serves the API only.
    pub fn is_built(&self) -> bool {
        !self.paths.is_empty()
    }

    fn path(&self, name: &str) -> Option<&str> {
        self.paths.get(name).map(String::as_str)
    }

    fn caching(&self, path: &str) -> &'static str {
        if self.hashed.contains(path) { FOR_EVER } else { ASK }
    }
}

/// Routes of all files.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let router = Router::new()
        .route("/pkg/{*path}", get(package))
        .route("/packs/js/sdk.js", get(script))
        .route("/icons.svg", get(icons));
    FIXED.iter().fold(router, |router, (address, name)| {
        router.route(address, get(move |headers: HeaderMap| async move { named(name, ASK, &headers) }))
    })
}

async fn package(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("pkg/{path}");
    let caching = Assets::current().caching(&path);
    file(&path, caching, &headers)
}

/// The script that sites paste, with the few words it has in the browser's language: any page may load it, also with
/// `crossorigin`.
async fn script(headers: HeaderMap) -> Response {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|wanted| wanted.to_str().ok()).unwrap_or_default();
    let lang = VisitorLang::accepted(wanted).unwrap_or_default();
    let mut response = named(&format!("sdk.{}.js", lang.html()), SCRIPT, &headers);
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    response
}

/// The icon sprite; pages ask for it with a fingerprint of its content (`ui::Icon`), so it may be kept for ever.
async fn icons(headers: HeaderMap) -> Response {
    named("icons.svg", FOR_EVER, &headers)
}

fn named(name: &str, caching: &'static str, headers: &HeaderMap) -> Response {
    match Assets::current().path(name) {
        Some(path) => file(path, caching, headers),
        None => reply::not_found(),
    }
}

fn file(path: &str, caching: &'static str, headers: &HeaderMap) -> Response {
    file_of(Site::get, path, caching, headers)
}

/// Answers with a file of a site; `get` looks one up.
fn file_of(
    get: impl Fn(&str) -> Option<EmbeddedFile>,
    path: &str,
    caching: &'static str,
    headers: &HeaderMap,
) -> Response {
    let Some((file, encoding)) = negotiated(get, path, headers) else {
        return reply::not_found();
    };
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..12]));
    let mut response =
        if is_known(headers, &etag) { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(body(file)) };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime(path)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, etag);
    }
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Embedded bytes are handed on without a copy.
fn body(file: EmbeddedFile) -> Body {
    match file.data {
        Cow::Borrowed(data) => Body::from(bytes::Bytes::from_static(data)),
        Cow::Owned(data) => Body::from(data),
    }
}

/// The best copy of a file that the browser accepts.
fn negotiated(
    get: impl Fn(&str) -> Option<EmbeddedFile>,
    path: &str,
    headers: &HeaderMap,
) -> Option<(EmbeddedFile, Option<&'static str>)> {
    const COPIES: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (encoding, extension) in COPIES {
        if !accepts(accepted, encoding) {
            continue;
        }
        if let Some(file) = get(&format!("{path}.{extension}")) {
            return Some((file, Some(encoding)));
        }
    }
    Some((get(path)?, None))
}

/// Whether an `Accept-Encoding` header allows an encoding (RFC 9110, 12.5.3).
fn accepts(header: &str, encoding: &str) -> bool {
    let mut any = false;
    for part in header.split(',') {
        let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
        let quality = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
        let is_allowed = quality > 0.0;
        match name.trim() {
            name if name.eq_ignore_ascii_case(encoding) => return is_allowed,
            "*" => any = is_allowed,
            _ => {}
        }
    }
    any
}

fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').any(|known| matches!(known.trim(), "*") || known.trim().trim_start_matches("W/") == etag)
}

fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A site whose files hold their own path, with a brotli copy of the style sheet.
    fn site(path: &str) -> Option<EmbeddedFile> {
        ["pkg/a.css", "pkg/a.css.br", "pkg/b.wasm"].contains(&path).then(|| EmbeddedFile {
            data: path.as_bytes().to_vec().into(),
            metadata: rust_embed::Metadata::__rust_embed_new([path.len() as u8; 32], None, None),
        })
    }

    async fn ask(path: &str, headers: &[(header::HeaderName, &str)]) -> (Response<()>, String) {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()));
        let (parts, body) = file_of(site, path, FOR_EVER, &headers.collect()).into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        (Response::from_parts(parts, ()), String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_best_copy_is_sent_and_only_once() {
        let (first, text) = ask("pkg/a.css", &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
        assert_eq!(text, "pkg/a.css.br");
        assert_eq!(first.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(first.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(first.headers()[header::CACHE_CONTROL], FOR_EVER);
        let etag = first.headers()[header::ETAG].to_str().unwrap();
        let known = [(header::ACCEPT_ENCODING, "gzip, br"), (header::IF_NONE_MATCH, etag)];
        let (again, text) = ask("pkg/a.css", &known).await;
        assert_eq!((again.status(), text.as_str()), (StatusCode::NOT_MODIFIED, ""));
        let (plain, text) = ask("pkg/a.css", &[(header::IF_NONE_MATCH, etag)]).await;
        assert_eq!((plain.status(), text.as_str()), (StatusCode::OK, "pkg/a.css"));
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    }

    #[tokio::test]
    async fn a_file_without_copies_is_sent_as_it_is() {
        let (found, text) = ask("pkg/b.wasm", &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
        assert_eq!(
            (found.headers()[header::CONTENT_TYPE].to_str().unwrap(), text.as_str()),
            ("application/wasm", "pkg/b.wasm")
        );
        assert_eq!(ask("pkg/none.css", &[]).await.0.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn encodings_are_negotiated_with_their_weights() {
        assert!(accepts("gzip, deflate, br, zstd", "br"));
        assert!(accepts("gzip;q=0.5, BR;q=0.1", "br"));
        assert!(!accepts("gzip", "br"));
        assert!(!accepts("br;q=0, *", "br"));
        assert!(accepts("*", "br"));
        assert!(!accepts("", "gzip"));
    }

    #[test]
    fn a_known_copy_is_not_sent_again() {
        let headers =
            |text: &'static str| HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(text))]);
        assert!(is_known(&headers("\"a\", W/\"b\""), "\"b\""));
        assert!(is_known(&headers("*"), "\"b\""));
        assert!(!is_known(&headers("\"c\""), "\"b\""));
        assert!(!is_known(&HeaderMap::new(), "\"b\""));
    }

    #[test]
    fn names_become_addresses() {
        let assets = Assets::new(BTreeMap::from([("app.css".to_owned(), "pkg/app.1a2b.css".to_owned())]));
        assert_eq!(assets.url("app.css"), "/pkg/app.1a2b.css");
        assert_eq!(assets.url("gone.css"), "/gone.css");
        assert_eq!(assets.caching("pkg/app.1a2b.css"), FOR_EVER);
        assert_eq!(assets.caching("pkg/snippets/inline0.js"), ASK);
    }

    #[test]
    fn wasm_may_be_compiled_while_it_arrives() {
        assert_eq!(mime("pkg/app.1a2b.wasm"), "application/wasm");
        assert_eq!(mime("LICENSE"), "application/octet-stream");
    }
}
