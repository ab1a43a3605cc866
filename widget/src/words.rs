//! The visitor's language: its texts, which the page brings, and dates and numbers as the browser writes them.

use std::cell::Cell;

use reactive_graph::prelude::*;
use text::{VisitorLang, Words};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::chat::Chat;
use crate::dom::document;
use crate::http::{self, Body};
use crate::wire::{Json, object};

thread_local! {
    /// The language that was asked for last.
    static WANTED: Cell<VisitorLang> = const { Cell::new(VisitorLang::En) };
}

#[wasm_bindgen]
extern "C" {
    /// A number or a date, which write themselves.
    type Written;
    #[wasm_bindgen(method, js_name = toLocaleString)]
    fn to_locale_string(this: &Written, locale: &str, options: &JsValue) -> String;

    type RelativeTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl)]
    fn new(locale: &str, options: &JsValue) -> RelativeTimeFormat;
    #[wasm_bindgen(method)]
    fn format(this: &RelativeTimeFormat, value: f64, unit: &str) -> String;
}

/// Reads the texts of the page, or those of an answer.
pub fn read(json: &Json) -> Option<Words> {
    let lang = json.string("lang").parse().ok()?;
    let words = Words::carried(lang, json.list("texts").iter().filter_map(Json::as_text).collect())?;
    WANTED.set(lang);
    Some(words)
}

/// The code of the language that was asked for last.
pub fn wanted() -> &'static str {
    WANTED.get().code()
}

/// Speaks another language, as soon as its texts are there; what is no language of ours changes nothing.
pub fn change(chat: Chat, code: &str) {
    let Ok(lang) = code.parse() else { return };
    if WANTED.replace(lang) == lang {
        return;
    }
    wasm_bindgen_futures::spawn_local(async move {
        // The language is in every request already.
        let edition = ["&edition=", text::widget::EDITION].concat();
        let Ok(answer) = http::call("GET", "words", &edition, Body::Nothing).await else {
            // The next time it is asked for is a new chance.
            return WANTED.set(chat.lang.get_untracked().lang());
        };
        // Another may have been asked for meanwhile.
        if WANTED.get() == lang
            && let Some(words) = read(&answer)
        {
            speak(chat, words);
        }
    });
}

fn speak(chat: Chat, words: Words) {
    if let Some(page) = document().document_element() {
        let _ = page.set_attribute("lang", words.lang().html());
        let _ = page.set_attribute("dir", words.lang().dir());
    }
    chat.lang.set(words);
}

/// Digits are the same everywhere, so that a time does not look other than the count beside it.
fn locale(words: Words) -> String {
    [words.lang().html(), "-u-nu-latn"].concat()
}

fn date(words: Words, at: i64, options: &[(&str, &str)]) -> String {
    let date: JsValue = js_sys::Date::new(&(at as f64 * 1000.0).into()).into();
    write(&date, words, options)
}

fn write(value: &JsValue, words: Words, options: &[(&str, &str)]) -> String {
    value.unchecked_ref::<Written>().to_locale_string(&locale(words), &texts(options))
}

fn texts(options: &[(&str, &str)]) -> JsValue {
    let options: Vec<_> = options.iter().map(|(name, value)| (*name, JsValue::from(*value))).collect();
    object(&options)
}

/// The time of day; moments here are unix seconds.
pub fn clock(words: Words, at: i64) -> String {
    date(words, at, &[("hour", "numeric"), ("minute", "2-digit")])
}

/// The day of the week.
pub fn weekday(words: Words, at: i64) -> String {
    date(words, at, &[("weekday", "long")])
}

/// The day as a heading, the style makes its first letter a capital: today, yesterday, a weekday within the last week, then the
/// date (with the year if it is not this one).
pub fn day(words: Words, at: i64) -> String {
    match days_ago(at) {
        ago @ 0..=1 => relative(words, "long", -ago, "day"),
        2..=6 => weekday(words, at),
        _ => {
            let year = |at: i64| js_sys::Date::new(&(at as f64 * 1000.0).into()).get_full_year();
            let options = [("day", "numeric"), ("month", "long"), ("year", "numeric")];
            let shown = if year(at) == year(now()) { &options[..2] } else { &options };
            date(words, at, shown)
        }
    }
}

/// An age where room is scarce.
pub fn age(words: Words, at: i64) -> String {
    match now() - at {
        ..60 => relative(words, "narrow", 0, "second"),
        age @ 60..3_600 => relative(words, "narrow", -(age / 60), "minute"),
        age @ 3_600..86_400 => relative(words, "narrow", -(age / 3_600), "hour"),
        age @ 86_400..604_800 => relative(words, "narrow", -(age / 86_400), "day"),
        _ => date(words, at, &[("day", "numeric"), ("month", "short")]),
    }
}

fn relative(words: Words, style: &str, count: i64, unit: &str) -> String {
    let format = RelativeTimeFormat::new(&locale(words), &texts(&[("numeric", "auto"), ("style", style)]));
    format.format(count as f64, unit)
}

/// Midnights between a moment and now, on the visitor's clock; less than none for the future.
pub fn days_ago(at: i64) -> i64 {
    let day = |at: i64| (at - crate::chat::utc_offset() * 60).div_euclid(86_400);
    day(now()) - day(at)
}

/// Unix seconds.
pub fn now() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64
}

/// A size with its unit; units of 1024, as file managers count.
pub fn file_size(words: Words, bytes: u64) -> String {
    let (unit, scale) = match bytes {
        0..1_024 => ("byte", 1.0),
        1_024..1_048_576 => ("kilobyte", 1_024.0),
        1_048_576.. => ("megabyte", 1_048_576.0),
    };
    // One decimal where it helps.
    let size = bytes as f64 / scale;
    let size = if size < 10.0 { (size * 10.0).floor() / 10.0 } else { size.floor() };
    write(&size.into(), words, &[("style", "unit"), ("unit", unit)])
}
