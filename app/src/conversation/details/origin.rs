//! Where the contact is: page, browser, system, language, as their channel told.

use leptos::prelude::*;
use serde_json::Value;
use text::Lang;
use text::contact as t;

use crate::conversation::desk::use_desk;

/// A line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    label: &'static str,
    words: String,
    /// An address that can be opened.
    href: Option<String>,
}

/// The lines that are known.
#[component]
pub fn Origin() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let lines = Memo::new(move |_| {
        desk.with_conversation(|conversation| lines(lang, &conversation.additional_attributes)).unwrap_or_default()
    });
    let line = move |line: Line| {
        let words = match line.href {
            Some(href) => view! {
                <a class="link" href=href target="_blank" rel="noopener noreferrer nofollow">
                    {line.words}
                </a>
            }
            .into_any(),
            None => line.words.into_any(),
        };
        view! {
            <dt>{line.label}</dt>
            <dd>{words}</dd>
        }
    };
    let content = move || match lines.get() {
        lines if lines.is_empty() => view! { <p class="fact-empty">{t::no_page(lang)}</p> }.into_any(),
        lines => view! { <dl class="facts">{lines.into_iter().map(line).collect_view()}</dl> }.into_any(),
    };
    view! { {content} }.into_any()
}

/// Reads what a channel keeps with a conversation that begins in a browser. Anything may be missing, and nothing is trusted.
fn lines(lang: Lang, attributes: &Value) -> Vec<Line> {
    let text = |value: Option<&Value>| {
        value.and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let browser = attributes.get("browser");
    let of_browser = |key: &str| text(browser.and_then(|browser| browser.get(key)));
    let joined = |parts: [Option<String>; 2]| {
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    };
    let page = text(attributes.get("referer")).map(|address| Line {
        label: t::page(lang),
        words: without_scheme(&address).to_owned(),
        href: is_web(&address).then_some(address),
    });
    let plain = |label: &'static str, words: Option<String>| words.map(|words| Line { label, words, href: None });
    [
        page,
        plain(t::browser(lang), joined([of_browser("browser_name"), of_browser("browser_version")])),
        plain(t::system(lang), joined([of_browser("platform_name"), of_browser("platform_version")])),
        plain(t::device(lang), of_browser("device_name").filter(|name| name != "Unknown")),
        // A star is no language: whoever sends it takes any.
        plain(t::language(lang), text(attributes.get("browser_language")).filter(|code| code != "*")),
        plain(t::ip(lang), text(attributes.get("created_at_ip"))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

fn without_scheme(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_browser_told_is_shown() {
        let attributes = json!({
            "referer": "https://loja.example/produto/7",
            "browser": { "browser_name": "Chrome", "browser_version": "141", "platform_name": "Windows", "device_name": "Unknown" },
            "browser_language": "pt-BR",
        });
        let lines = lines(Lang::En, &attributes);
        let words: Vec<_> = lines.iter().map(|line| (line.label, line.words.as_str())).collect();
        assert_eq!(
            words,
            [
                ("Page", "loja.example/produto/7"),
                ("Browser", "Chrome 141"),
                ("System", "Windows"),
                ("Language", "pt-BR")
            ]
        );
        assert_eq!(lines[0].href.as_deref(), Some("https://loja.example/produto/7"));
    }

    #[test]
    fn nothing_is_trusted() {
        let lines =
            lines(Lang::En, &json!({ "referer": "javascript:alert(1)", "browser": [1], "browser_language": 7 }));
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].href, None);
        assert!(super::lines(Lang::En, &json!(null)).is_empty());
    }
}
