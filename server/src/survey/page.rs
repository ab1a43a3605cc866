//! The page as HTML: a form that works without a script, in the contact's language.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use domain::csat::Survey;
use model::ErrorCode;
use model::content::FACES;
use text::VisitorLang;
use text::survey as t;

use crate::assets::Assets;

/// The question with what was answered; `wrong` says what could not be taken.
pub fn survey(survey: &Survey, wrong: Option<ErrorCode>, status: StatusCode) -> Response {
    let lang = survey.lang;
    let name = escaped(&survey.inbox_name);
    let picture = survey.inbox_avatar_url.as_deref().map(escaped);
    let picture = picture.map(|url| format!(r#"<img class="face" src="{url}" alt="">"#)).unwrap_or_default();
    let head = format!(r#"<p class="from">{picture}<strong>{name}</strong></p>"#);
    let body = if survey.is_open {
        format!("{head}{}", form(survey, wrong))
    } else {
        format!("{head}<h1>{}</h1><p>{}</p>", t::closed(lang), t::closed_text(lang))
    };
    document(lang, t::title(lang), &body, status)
}

fn form(survey: &Survey, wrong: Option<ErrorCode>) -> String {
    let lang = survey.lang;
    let thanks = match (&survey.given, wrong) {
        (_, Some(ErrorCode::TooLong)) => format!(r#"<p class="wrong" role="alert">{}</p>"#, t::too_long(lang)),
        (_, Some(_)) => format!(r#"<p class="wrong" role="alert">{}</p>"#, t::missing(lang)),
        (Some(_), None) => format!(r#"<p class="thanks" role="status">{}</p>"#, t::thanks(lang)),
        (None, None) => String::new(),
    };
    let chosen = survey.given.as_ref().map(|given| given.rating);
    let options: String = (1i64..).zip(FACES).map(|(rating, face)| option(lang, rating, face, chosen)).collect();
    let words = survey.given.as_ref().map(|given| escaped(&given.feedback)).unwrap_or_default();
    format!(
        r#"<h1 id="question">{title}</h1>{thanks}
<form method="post">
<fieldset><legend>{scale} <small>{help}</small></legend><div class="faces">{options}</div></fieldset>
<label for="feedback">{feedback} <small>({optional})</small></label>
<textarea id="feedback" name="feedback" rows="4" maxlength="2000">
{words}</textarea>
<button>{send}</button>
</form>"#,
        title = t::title(lang),
        scale = t::scale(lang),
        help = t::help(lang),
        feedback = t::feedback(lang),
        optional = t::optional(lang),
        send = t::send(lang),
    )
}

fn option(lang: VisitorLang, rating: i64, face: &str, chosen: Option<i64>) -> String {
    let checked = if chosen == Some(rating) { " checked" } else { "" };
    let said = t::of_five(lang, &rating.to_string());
    format!(
        r#"<label><input type="radio" name="rating" value="{rating}" aria-label="{said}" required{checked}><span aria-hidden="true">{face}</span><b aria-hidden="true">{rating}</b></label>"#
    )
}

/// For an address that leads nowhere.
pub fn gone(lang: VisitorLang) -> Response {
    let body = format!("<h1>{}</h1><p>{}</p>", t::gone(lang), t::gone_text(lang));
    document(lang, t::gone(lang), &body, StatusCode::NOT_FOUND)
}

fn document(lang: VisitorLang, title: &str, body: &str, status: StatusCode) -> Response {
    let sheet = Assets::current().url("survey.css");
    let html = format!(
        r#"<!doctype html>
<html lang="{}" dir="{}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="{sheet}">
</head>
<body><main>{body}</main></body>
</html>
"#,
        lang.html(),
        lang.dir()
    );
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    // The address is the key: no other site may learn it, and no cache keeps what was answered.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
