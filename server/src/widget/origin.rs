//! On which sites an inbox's chat may be shown: none named means all, `example.com` that host, `*.example.com` every host
//! below it. An entry with a port means that port, without one any.

use axum::http::{HeaderMap, header};
use model::inbox::Inbox;

use crate::middleware::headers::Frames;

/// The hosts an inbox allows; empty for all.
fn allowed(inbox: &Inbox) -> Vec<&str> {
    let list = inbox.config.get("allowed_domains").and_then(serde_json::Value::as_array);
    list.into_iter().flatten().filter_map(serde_json::Value::as_str).collect()
}

/// Who may frame the chat, for the browser to enforce.
pub fn frames(inbox: &Inbox) -> Frames {
    let allowed = allowed(inbox);
    if allowed.is_empty() {
        return Frames::Anyone;
    }
    let any_port = |entry: &str| if has_port(entry) { entry.to_owned() } else { format!("{entry}:*") };
    Frames::Sites(
        allowed
            .into_iter()
            .flat_map(|entry| {
                let entry = any_port(entry);
                [format!("https://{entry}"), format!("http://{entry}")]
            })
            .collect(),
    )
}

/// Whether a page of this origin (`https://shop.example.com`) may use the chat. `own` is this server's origin.
pub fn permits(inbox: &Inbox, own: &str, origin: &str) -> bool {
    let allowed = allowed(inbox);
    if allowed.is_empty() || origin.eq_ignore_ascii_case(own) {
        return true;
    }
    let Some((_, authority)) = origin.split_once("://") else { return false };
    let authority = authority.split('/').next().unwrap_or_default().to_ascii_lowercase();
    allowed.into_iter().any(|entry| matches(entry, &authority))
}

/// The origin a request names: that of the page that sends it, or of the page that frames it.
pub fn named(headers: &HeaderMap) -> Option<&str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    text(header::ORIGIN).filter(|origin| *origin != "null")
}

/// The page that opened the frame, when the browser says that it is a frame.
pub fn framing(headers: &HeaderMap) -> Option<&str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let is_frame = headers.get("sec-fetch-dest").is_some_and(|kind| kind == "iframe");
    text(header::REFERER).filter(|_| is_frame)
}

fn has_port(entry: &str) -> bool {
    entry.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok())
}

fn matches(entry: &str, authority: &str) -> bool {
    let (host, port) = parts(authority);
    let named = |port: &str| [host, ":", port].concat();
    let authority = match (has_port(entry), port) {
        (true, Some(port)) => named(port),
        _ => host.to_owned(),
    };
    match entry.strip_prefix("*.") {
        Some(parent) => authority.strip_suffix(parent).is_some_and(|below| below.len() > 1 && below.ends_with('.')),
        None => authority == entry,
    }
}

/// Host and port; a host is the same with and without the dot that ends the name of the root.
fn parts(authority: &str) -> (&str, Option<&str>) {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if has_port(authority) => (host, Some(port)),
        _ => (authority, None),
    };
    (host.strip_suffix('.').unwrap_or(host), port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_match_exactly_or_below() {
        for (entry, authority, expected) in [
            ("example.com", "example.com", true),
            ("example.com", "example.com:8080", true),
            ("example.com", "app.example.com", false),
            ("example.com", "notexample.com", false),
            ("*.example.com", "app.example.com", true),
            ("*.example.com", "a.b.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", ".example.com", false),
            ("*.example.com", "evilexample.com", false),
            ("localhost:8080", "localhost:8080", true),
            ("localhost:8080", "localhost:9090", false),
            ("localhost:8080", "localhost", false),
            ("example.com", "example.com.", true),
            ("example.com:8080", "example.com.:8080", true),
            ("example.com", "example.com..", false),
            ("*.example.com", "a.example.com.", true),
            ("example.com", "example.com.evil.net", false),
            ("xn--bcher-kva.de", "xn--bcher-kva.de", true),
            ("[::1]", "[::1]:8080", true),
        ] {
            assert_eq!(matches(entry, authority), expected, "{entry} {authority}");
        }
    }
}
