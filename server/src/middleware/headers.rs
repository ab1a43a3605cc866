//! Headers that tell browsers what a page may do.
//!
//! A handler that sets one of these headers itself keeps its own: the widget's frame names the sites of
//! its inbox in `frame-ancestors`.

use std::fmt;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use domain::blob::Address;
use rand::RngCore as _;

use crate::config::Config;

/// The value that lets this answer's own inline scripts run; handlers get it with `Extension<CspNonce>`.
#[derive(Debug, Clone)]
pub struct CspNonce(Arc<str>);

impl CspNonce {
    /// The value, for `nonce` attributes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn random() -> Self {
        let mut bytes = [0; 16];
        rand::rng().fill_bytes(&mut bytes);
        Self(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes).into())
    }
}

impl fmt::Display for CspNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who may show a page in a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frames {
    /// No one: the dashboard and sign-in.
    Nobody,
    /// Any site: a widget without a list of domains.
    Anyone,
    /// These sources, as `frame-ancestors` writes them: `https://example.com`, `https://*.example.com`.
    Sites(Vec<String>),
}

/// What every page of this server may do.
#[derive(Debug, Clone)]
pub struct PagePolicy {
    socket: Arc<str>,
    files: Arc<str>,
    hsts: bool,
}

impl PagePolicy {
    /// From the server's own address and that of its attachment storage.
    pub fn new(config: &Config) -> Self {
        let host = config.url.host();
        let scheme = if config.is_secure() { "wss" } else { "ws" };
        Self {
            socket: format!("{scheme}://{host}").into(),
            files: storage_origin(&config.storage_address()).into(),
            hsts: config.is_secure(),
        }
    }

    /// The content security policy of a page.
    ///
    /// Styles may be inline as attributes only (`style-src-attr`): heights and colours of inboxes are computed;
    /// a style attribute runs nothing. Pictures may be `blob:` and `data:`, as previews before an upload are.
    pub fn content(&self, nonce: &CspNonce, frames: &Frames) -> String {
        self.build(nonce, frames, "")
    }

    /// The same for pages that show pictures which messages name by their address.
    pub fn content_with_pictures(&self, nonce: &CspNonce, frames: &Frames) -> String {
        self.build(nonce, frames, " https:")
    }

    /// The same for a mail of a stranger in a frame of our own page: pictures and styles, nothing else. The page around it may measure
    /// it, which is why it keeps its origin; without scripts that gives it nothing.
    pub fn mail(&self, remote_pictures: bool) -> String {
        let remote = if remote_pictures { " https: http:" } else { "" };
        format!(
            "default-src 'none'; img-src 'self' data:{}{remote}; style-src 'unsafe-inline'; form-action 'none'; \
             base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox",
            self.files
        )
    }

    fn build(&self, nonce: &CspNonce, frames: &Frames, pictures: &str) -> String {
        let Self { socket, files, .. } = self;
        let ancestors = match frames {
            Frames::Nobody => "frame-ancestors 'none'".to_owned(),
            Frames::Anyone => "frame-ancestors *".to_owned(),
            // `'self'` for the live preview beside the inbox's form.
            Frames::Sites(sites) => format!("frame-ancestors 'self' {}", sites.join(" ")),
        };
        [
            "default-src 'self'".to_owned(),
            format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"),
            "style-src 'self'; style-src-attr 'unsafe-inline'".to_owned(),
            format!("img-src 'self' data: blob:{pictures}{files}"),
            format!("media-src 'self' blob:{files}"),
            format!("connect-src 'self' {socket}{files}"),
            "frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'".to_owned(),
            ancestors,
        ]
        .join("; ")
    }
}

/// Origin of a storage that browsers fetch files from with a leading blank, or nothing.
fn storage_origin(address: &str) -> String {
    match Address::parse(address) {
        Ok(Address::Bucket(bucket)) => bucket.origin().map(|origin| format!(" {origin}")).unwrap_or_default(),
        _ => String::new(),
    }
}

/// For pages: makes the nonce and adds every header the page did not set itself.
pub async fn pages(State(policy): State<PagePolicy>, mut request: Request, next: Next) -> Response {
    let nonce = CspNonce::random();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        add(headers, header::CONTENT_SECURITY_POLICY, &policy.content(&nonce, &Frames::Nobody));
        add(headers, header::X_FRAME_OPTIONS, "DENY");
        add(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    }
    // Pages show people's data; a browser's back button may keep them, a shared proxy must not.
    add(headers, header::CACHE_CONTROL, "private, no-cache");
    add(headers, HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), payment=(), usb=()");
    response
}

/// For data: an answer that a browser is tricked into showing as a page can do nothing.
pub async fn data(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    add(headers, header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox");
    add(headers, header::CACHE_CONTROL, "private, no-store");
    response
}

/// For everything.
pub async fn all(State(policy): State<PagePolicy>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    add(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(headers, header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    if policy.hsts {
        add(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if headers.contains_key(&name) {
        return;
    }
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn policy(url: &str, storage: &str) -> PagePolicy {
        let pairs = [("CLOUDCHAT_URL", url), ("CLOUDCHAT_STORAGE_URL", storage)];
        let variables = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        PagePolicy::new(&Config::read(&Sources::default().with_environment(variables)).unwrap())
    }

    #[test]
    fn the_dashboard_runs_its_own_scripts_only_and_in_no_frame() {
        let nonce = CspNonce::random();
        let content = policy("https://chat.example.com", "").content(&nonce, &Frames::Nobody);
        assert!(content.contains(&format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval';")));
        assert!(content.contains("connect-src 'self' wss://chat.example.com;"));
        assert!(content.contains("style-src 'self';"));
        assert!(content.ends_with("frame-ancestors 'none'"));
        assert_ne!(nonce.as_str(), CspNonce::random().as_str());
    }

    #[test]
    fn the_widget_is_shown_by_the_sites_of_its_inbox() {
        let policy = policy("http://localhost:3000", "");
        let sites = Frames::Sites(vec!["https://*.example.com".to_owned()]);
        assert!(policy.content(&CspNonce::random(), &sites).ends_with("frame-ancestors 'self' https://*.example.com"));
        assert!(policy.content(&CspNonce::random(), &Frames::Anyone).ends_with("frame-ancestors *"));
    }

    #[test]
    fn attachments_may_come_from_the_storage() {
        let endpoint = "s3://chat?endpoint=https%3A%2F%2Fs3.example.com%3A9000%2F&secret_key=hidden";
        let content = policy("http://localhost:3000", endpoint).content(&CspNonce::random(), &Frames::Nobody);
        assert!(content.contains("img-src 'self' data: blob: https://s3.example.com:9000;"), "{content}");
        assert!(!content.contains("hidden"));
        assert_eq!(storage_origin("s3://chat/a?region=sa-east-1"), " https://s3.sa-east-1.amazonaws.com");
        assert_eq!(storage_origin("file:///srv/files"), "");
    }
}
