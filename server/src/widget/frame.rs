//! The page in the frame. It carries all that the chat needs to begin, so the first thing a visitor sees is drawn without
//! another request.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::visitor::{self, chat, token};
use model::inbox::Inbox;
use serde_json::{Value, json};
use text::VisitorLang;

use super::failure::{Answer, Failure};
use super::visit::{self, Visit};
use super::{many, message, origin, pre_chat, shape, words};
use crate::assets::Assets;
use crate::middleware::headers::{CspNonce, Frames};
use crate::state::AppState;

/// Answers with the frame, or with a page that says why there is none.
pub async fn show(
    State(state): State<AppState>,
    Extension(nonce): Extension<CspNonce>,
    headers: HeaderMap,
    visit: Result<Visit, Failure>,
) -> Response {
    let is_page = headers
        .get(header::ACCEPT)
        .and_then(|kinds| kinds.to_str().ok())
        .is_some_and(|kinds| kinds.contains("text/html"));
    match try_show(&state, &nonce, &headers, visit).await {
        Ok(page) => page,
        Err(failure) => {
            let refusal = failure.into_response();
            let absent =
                matches!(refusal.status(), StatusCode::NOT_FOUND | StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED);
            if is_page && absent { unavailable(&state, &nonce, &headers, refusal.status()) } else { refusal }
        }
    }
}

async fn try_show(
    state: &AppState,
    nonce: &CspNonce,
    headers: &HeaderMap,
    visit: Result<Visit, Failure>,
) -> Answer<Response> {
    let visit = visit?;
    let own = state.config.url.origin();
    // Inboxes that are older than the switch answer.
    let answers = visit.inbox.config.get("answers_chatwoot").and_then(Value::as_bool).unwrap_or(true);
    if visit.asked.brand.as_deref() == Some("chatwoot") && !answers {
        return Err(Failure::Elsewhere);
    }
    if origin::framing(headers).is_some_and(|page| !origin::permits(&visit.inbox, own, page)) {
        return Err(Failure::Elsewhere);
    }
    let page = Page {
        nonce,
        lang: visit.lang,
        theme: visit.asked.theme.as_deref().unwrap_or_default(),
        auth_token: token::issue(&visit.ctx).map_err(visit.refused())?,
        pubsub_token: token::stream(&visit.ctx).map_err(visit.refused())?,
        boot: boot(&visit).await?,
        inbox: &visit.inbox,
    };
    Ok(answer(state, nonce, &origin::frames(&visit.inbox), StatusCode::OK, page.html()))
}

/// What the chat begins with.
async fn boot(visit: &Visit) -> Answer<Value> {
    // Before anything is read: what happens meanwhile is told by the socket, which goes on from here.
    let cursor = visit.ctx.app.hub.position();
    let team = visitor::team(&visit.ctx).await.map_err(visit.refused())?;
    let contact = visitor::contact(&visit.ctx).await.map_err(visit.refused())?;
    let has_many = many::has_many(&visit.ctx, &visit.inbox).map_err(visit.refused())?;
    // Somebody who has several conversations begins with the list of them.
    let shown = if has_many { None } else { chat::shown(&visit.ctx).await.map_err(visit.refused())? };
    let messages = if has_many { Vec::new() } else { message::newest(visit).await? };
    let mut boot = shape::channel(&visit.ctx, &visit.inbox, visit.lang);
    shape::extend(
        &mut boot,
        json!({
            "available": shape::is_available(&visit.ctx, &visit.inbox, &team),
            "opensAt": domain::hours::next_opening(&visit.inbox.hours(), visit.ctx.now()),
            "members": team.iter().map(|agent| shape::member(&visit.ctx, agent)).collect::<Vec<_>>(),
            "session": contact.is_some(),
            "contact": shape::contact(contact.as_ref()),
            "conversation": shown.as_ref().map(shape::conversation),
            "preChat": pre_chat::asked(&visit.ctx, &visit.inbox).await.map_err(visit.refused())?,
            "messages": messages,
            "transcript": visitor::transcript::is_offered(&visit.ctx, &visit.inbox),
            "hasManyConversations": has_many,
            "conversations": many::glances(visit).await?,
            "cursor": cursor.to_string(),
        }),
    );
    Ok(boot)
}

/// The same for apps that draw the chat themselves.
pub async fn config(visit: Visit) -> Answer<Json<Value>> {
    let auth_token = token::issue(&visit.ctx).map_err(visit.refused())?;
    let contact = visitor::contact(&visit.ctx).await.map_err(visit.refused())?;
    Ok(Json(json!({
        "website_channel_config": shape::channel_for_apps(&visit.ctx, &visit.inbox, visit.lang, &auth_token),
        "contact": {
            "id": contact.as_ref().map(|contact| contact.id),
            "name": contact.as_ref().map(|contact| contact.name.as_str()),
            "email": contact.as_ref().and_then(|contact| contact.email.as_deref()),
            "identifier": contact.as_ref().and_then(|contact| contact.identifier.as_deref()),
            "phone_number": contact.as_ref().and_then(|contact| contact.phone_number.as_deref()),
            "pubsub_token": token::stream(&visit.ctx).map_err(visit.refused())?,
        },
        "global_config": { "LOGO_THUMBNAIL": "", "BRAND_NAME": "", "WIDGET_BRAND_URL": "" },
    })))
}

struct Page<'a> {
    nonce: &'a CspNonce,
    lang: VisitorLang,
    theme: &'a str,
    auth_token: String,
    pubsub_token: String,
    boot: Value,
    inbox: &'a Inbox,
}

impl Page<'_> {
    /// The three assignments are scraped by native clients: each on a line of its own, in single quotes.
    fn html(&self) -> String {
        let assets = Assets::current();
        let (script, module) = (assets.url("widget.js"), assets.url("widget.wasm"));
        let Self { nonce, auth_token, pubsub_token, lang, .. } = self;
        let boot = in_script(&self.boot);
        let parts = self.parts(&assets);
        let words = in_script(&words::shape(*lang));
        let color = self.inbox.config_str("widget_color");
        let own = |key: &str, usual: &'static str| {
            let own = self.inbox.config_str(key);
            escaped(if own.is_empty() { usual } else { own })
        };
        let title = own("welcome_title", text::widget::welcome_title(*lang));
        let tagline = own("welcome_tagline", text::widget::welcome_tagline(*lang));
        let head = format!(
            r#"<link rel="modulepreload" href="{script}" nonce="{nonce}">
<link rel="preload" href="{module}" as="fetch" type="application/wasm" crossorigin>{parts}
<script nonce="{nonce}">
window.authToken = '{auth_token}'
window.chatwootPubsubToken = '{pubsub_token}'
window.cloudchatWords = {words}
window.cloudchatBoot = {boot}
</script>
<script type="module" nonce="{nonce}">import start from '{script}';start({{ module_or_path: '{module}' }})</script>"#
        );
        // What the chat will draw too: it looks the same, only earlier.
        let drawn = if self.boot["conversation"].is_null() {
            format!(
                r#"<div class="home"><header class="hero"><div class="top"></div><h1>{title}</h1><p>{tagline}</p></header></div>"#
            )
        } else {
            r#"<div class="thread"><header class="bar"></header></div>"#.to_owned()
        };
        let no_script = text::widget::no_script(*lang);
        let body = format!(r#"<div id="cloudchat">{drawn}</div><noscript>{no_script}</noscript>"#);
        document(*lang, self.theme, color, &escaped(&self.inbox.name), &head, &body)
    }

    /// Announces the part of the program that the chat begins with, if it begins with one (`widget/src/view/part.rs`).
    fn parts(&self, assets: &Assets) -> String {
        let begins_with = match &self.boot {
            boot if boot["hasManyConversations"] == true => "lists",
            boot if boot["messages"].as_array().is_some_and(|messages| !messages.is_empty()) => "thread",
            _ => return String::new(),
        };
        let links = assets.part("widget", begins_with).into_iter();
        links
            .map(|path| {
                format!("\n<link rel=\"preload\" href=\"{path}\" as=\"fetch\" type=\"application/wasm\" crossorigin>")
            })
            .collect()
    }
}

/// A page of the chat. `color` is checked where it is saved.
fn document(lang: VisitorLang, theme: &str, color: &str, title: &str, head: &str, body: &str) -> String {
    let theme = match theme {
        "dark" => r#" data-theme="dark""#,
        "auto" => "",
        _ => r#" data-theme="light""#,
    };
    let mut style = String::new();
    if let Some(ink) = ink_on(color) {
        let _ = write!(style, r#" style="--brand:{color};--on-brand:{ink}""#);
    }
    let sheet = Assets::current().url("widget.css");
    format!(
        r#"<!doctype html>
<html lang="{}" dir="{}"{theme}{style}>
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="{sheet}">
{head}
</head>
<body>{body}</body>
</html>
"#,
        lang.html(),
        lang.dir()
    )
}

fn answer(state: &AppState, nonce: &CspNonce, frames: &Frames, status: StatusCode, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    let policy = state.pages.content_with_pictures(nonce, frames);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    // The address holds the visitor's token: no other site may learn it.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// Tells the page around a frame that cannot be, so that the page shows nothing of it.
const BLOCKED: &str = r#"parent.postMessage('cloudchat-widget:{"event":"blocked"}','*')"#;

/// For people who look at a frame that cannot be: readable wherever it is shown, and without anything of any inbox.
fn unavailable(state: &AppState, nonce: &CspNonce, headers: &HeaderMap, status: StatusCode) -> Response {
    let lang = visit::browser_lang(headers).unwrap_or_default();
    let (title, help) = (text::widget::unavailable(lang), text::widget::unavailable_help(lang));
    let head = format!(r#"<script nonce="{nonce}">{BLOCKED}</script>"#);
    let body = format!(r#"<main class="unavailable"><h1>{title}</h1><p>{help}</p></main>"#);
    answer(state, nonce, &Frames::Anyone, status, document(lang, "auto", "", title, &head, &body))
}

/// Black or white, whichever reads better on a colour `#rrggbb` (relative luminance, WCAG 2; the same rule as in `sdk.js`).
fn ink_on(color: &str) -> Option<&'static str> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel =
        |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok().map(|value| (f64::from(value) / 255.0).powf(2.2));
    let luminance = 0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?;
    Some(if luminance > 0.4 { "#000" } else { "#fff" })
}

/// JSON that may stand in a script element.
fn in_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_cannot_be_left_from_within_its_json() {
        let text = in_script(&json!({ "content": "</script><script>alert(1)</script>\u{2028}<!--" }));
        assert!(!text.contains('<') && !text.contains('\u{2028}'), "{text}");
        let back: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["content"], "</script><script>alert(1)</script>\u{2028}<!--");
    }

    #[test]
    fn what_lies_on_the_colour_is_readable() {
        assert_eq!(ink_on("#1f93ff"), Some("#fff"));
        assert_eq!(ink_on("#ffe14a"), Some("#000"));
        assert_eq!(ink_on("#1f6b5c"), Some("#fff"));
        for broken in ["", "#fff", "red", "#12345é", "#gggggg"] {
            assert_eq!(ink_on(broken), None, "{broken}");
        }
    }
}
