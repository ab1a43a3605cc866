//! A small S3: one bucket in memory, which checks every signature (AWS Signature Version 4, in headers and in addresses)
//! and can be told to fail. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Notify, OwnedRwLockWriteGuard, RwLock};

/// What Amazon leaves as it is in queries.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Keys in one page of a list: few, so that lists have pages.
const PAGE: usize = 2;
const KEY_ID: &str = "AKIATEST";
const SECRET: &str = "tE5t/Secret+Key=";

/// The storage, as a test looks at it.
#[derive(Clone)]
pub struct Storage {
    pub address: SocketAddr,
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    files: Mutex<BTreeMap<String, Bytes>>,
    /// Every request with its answer: `PUT /bucket/key 200`.
    log: Mutex<Vec<String>>,
    /// So many requests fail from now on.
    failures: AtomicUsize,
    /// By how many seconds its clock is ahead.
    ahead: AtomicI64,
    /// Requests pass only while nobody holds this.
    gate: Arc<RwLock<()>>,
    asked: Notify,
}

/// A refusal: status, Amazon's code.
type Refused = (StatusCode, &'static str);

impl Storage {
    pub async fn start() -> Self {
        // As the program does at its start; only a second call can fail.
        _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let storage = Self { address: listener.local_addr().unwrap(), inner: Arc::default() };
        let router = axum::Router::new().fallback(answer).with_state(storage.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        storage
    }

    /// The option that names it; `more` as `&direct=true`.
    pub fn url(&self, more: &str) -> String {
        self.url_with(SECRET, "chat/files", more)
    }

    pub fn url_with(&self, secret: &str, place: &str, more: &str) -> String {
        let secret = utf8_percent_encode(secret, STRICT);
        format!(
            "s3://{place}?region=sa-east-1&endpoint=http://{}&access_key={KEY_ID}&secret_key={secret}{more}",
            self.address
        )
    }

    /// The next `count` requests are answered with 503.
    pub fn fail(&self, count: usize) {
        self.inner.failures.store(count, Ordering::SeqCst);
    }

    /// Lets no request pass until what it returns is dropped.
    pub async fn hold(&self) -> OwnedRwLockWriteGuard<()> {
        self.inner.gate.clone().write_owned().await
    }

    /// Resolves when a request arrives after this call.
    pub fn asked(&self) -> impl Future<Output = ()> + use<'_> {
        self.inner.asked.notified()
    }

    /// Moves its clock.
    pub fn later(&self, seconds: i64) {
        self.inner.ahead.fetch_add(seconds, Ordering::SeqCst);
    }

    /// What it keeps.
    pub fn files(&self) -> BTreeMap<String, Bytes> {
        self.inner.files.lock().unwrap().clone()
    }

    /// The requests since the last call.
    pub fn log(&self) -> Vec<String> {
        std::mem::take(&mut *self.inner.log.lock().unwrap())
    }

    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_second() + self.inner.ahead.load(Ordering::SeqCst)
    }
}

async fn answer(State(storage): State<Storage>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let body = to_bytes(body, 64 << 20).await.unwrap();
    storage.inner.asked.notify_waiters();
    let _passed = storage.inner.gate.read().await;
    let failures = &storage.inner.failures;
    let fails = failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
    let done = if fails {
        Err((StatusCode::SERVICE_UNAVAILABLE, "SlowDown"))
    } else {
        let query = pairs(parts.uri.query().unwrap_or_default());
        storage
            .check(&method, &path, &query, &parts.headers, &body)
            .and_then(|()| storage.act(&method, &path, &query, &parts.headers, body))
    };
    let response = done.unwrap_or_else(|(status, code)| {
        (status, format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>")).into_response()
    });
    storage.inner.log.lock().unwrap().push(format!("{method} {path} {}", response.status().as_u16()));
    response
}

/// A query in the form in which it is signed: decoded, so that it can be encoded in the one right way.
fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn find<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

impl Storage {
    /// Whether the request was signed with our key, for now.
    fn check(
        &self,
        method: &Method,
        path: &str,
        query: &[(String, String)],
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), Refused> {
        const DENIED: Refused = (StatusCode::FORBIDDEN, "AccessDenied");
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let (scope, signed, signature, date, payload);
        let lives;
        if let Some(given) = find(query, "X-Amz-Signature") {
            let part = |name: &str| find(query, name).ok_or(DENIED);
            (scope, signed, signature) = (part("X-Amz-Credential")?, part("X-Amz-SignedHeaders")?, given);
            (date, payload) = (part("X-Amz-Date")?, "UNSIGNED-PAYLOAD");
            lives = 0..=part("X-Amz-Expires")?.parse().unwrap();
        } else {
            let given =
                header("authorization").and_then(|text| text.strip_prefix("AWS4-HMAC-SHA256 ")).ok_or(DENIED)?;
            let part = |name: &str| given.split(", ").find_map(|part| part.strip_prefix(name)).ok_or(DENIED);
            (scope, signed, signature) = (part("Credential=")?, part("SignedHeaders=")?, part("Signature=")?);
            (date, payload) = (header("x-amz-date").ok_or(DENIED)?, header("x-amz-content-sha256").ok_or(DENIED)?);
            lives = -900..=900;
            if payload != hex::encode(Sha256::digest(body)) {
                return Err((StatusCode::BAD_REQUEST, "XAmzContentSHA256Mismatch"));
            }
        }
        let (key_id, scope) = scope.split_once('/').ok_or(DENIED)?;
        if key_id != KEY_ID {
            return Err((StatusCode::FORBIDDEN, "InvalidAccessKeyId"));
        }
        let mut sorted: Vec<_> = query.iter().filter(|(name, _)| name != "X-Amz-Signature").collect();
        sorted.sort();
        let encoded = |text: &str| utf8_percent_encode(text, STRICT).to_string();
        let query: Vec<_> =
            sorted.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let named: String =
            signed.split(';').map(|name| format!("{name}:{}\n", header(name).unwrap_or_default().trim())).collect();
        let canonical = format!("{method}\n{path}\n{}\n{named}\n{signed}\n{payload}", query.join("&"));
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex::encode(Sha256::digest(canonical)));
        let key = scope.split('/').fold(format!("AWS4{SECRET}").into_bytes(), |key, part| hmac(&key, part));
        if !scope.ends_with("/sa-east-1/s3/aws4_request") || hex::encode(hmac(&key, &text)) != signature {
            return Err((StatusCode::FORBIDDEN, "SignatureDoesNotMatch"));
        }
        let made = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date).unwrap();
        let made = made.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second();
        if lives.contains(&(self.now() - made)) { Ok(()) } else { Err((StatusCode::FORBIDDEN, "RequestTimeTooSkewed")) }
    }

    fn act(
        &self,
        method: &Method,
        path: &str,
        query: &[(String, String)],
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Response, Refused> {
        let path = percent_decode_str(path).decode_utf8().unwrap();
        let (bucket, key) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
        if bucket != "chat" {
            return Err((StatusCode::NOT_FOUND, "NoSuchBucket"));
        }
        let mut files = self.inner.files.lock().unwrap();
        match *method {
            Method::PUT => {
                let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&body)[..16]));
                files.insert(key.to_owned(), body);
                Ok([(header::ETAG, tag)].into_response())
            }
            Method::DELETE => {
                files.remove(key);
                Ok(StatusCode::NO_CONTENT.into_response())
            }
            Method::GET if key.is_empty() => Ok(list(&files, query)),
            Method::GET => {
                let file = files.get(key).ok_or((StatusCode::NOT_FOUND, "NoSuchKey"))?;
                Ok(read(file, query, headers))
            }
            _ => Err((StatusCode::NOT_IMPLEMENTED, "NotImplemented")),
        }
    }
}

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
fn list(files: &BTreeMap<String, Bytes>, query: &[(String, String)]) -> Response {
    let prefix = find(query, "prefix").unwrap_or_default();
    let after = find(query, "continuation-token").unwrap_or_default();
    let mut found = files.iter().filter(|(key, _)| key.starts_with(prefix) && key.as_str() > after);
    let page: Vec<_> = found.by_ref().take(PAGE).collect();
    let mut xml = "<?xml version=\"1.0\"?><ListBucketResult>".to_owned();
    for (key, file) in &page {
        let (size, time) = (file.len(), "2026-01-15T15:00:00.000Z");
        xml += &format!("<Contents><Key>{key}</Key><LastModified>{time}</LastModified><Size>{size}</Size></Contents>");
    }
    if let (Some((last, _)), Some(_)) = (page.last(), found.next()) {
        xml += &format!("<NextContinuationToken>{last}</NextContinuationToken>");
    }
    (xml + "</ListBucketResult>").into_response()
}

fn read(file: &Bytes, query: &[(String, String)], headers: &HeaderMap) -> Response {
    let range =
        headers.get(header::RANGE).and_then(|range| range.to_str().ok()?.strip_prefix("bytes=")?.split_once('-'));
    let mut response = match range {
        None => Body::from(file.clone()).into_response(),
        Some((first, last)) => {
            let (first, last) = (first.parse::<usize>().unwrap(), last.parse::<usize>().unwrap());
            let place = format!("bytes {first}-{last}/{}", file.len());
            (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, place)], file.slice(first..=last)).into_response()
        }
    };
    let answer = [
        ("response-content-type", header::CONTENT_TYPE),
        ("response-content-disposition", header::CONTENT_DISPOSITION),
    ];
    for (name, header) in answer {
        if let Some(value) = find(query, name) {
            response.headers_mut().insert(header, value.parse().unwrap());
        }
    }
    response.headers_mut().insert(header::LAST_MODIFIED, "Thu, 15 Jan 2026 15:00:00 GMT".parse().unwrap());
    response
}
