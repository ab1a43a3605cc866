//! What a browser says about itself, as the conversation keeps it.

use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

/// Longest text that is kept of what a browser says.
const LONGEST: usize = 255;

/// Browsers by what tells them apart, the ones that pretend to be others first.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
];

/// Page, browser and language of a visitor who begins a conversation.
pub fn origin(headers: &HeaderMap, message: &Value) -> Value {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let language = text(header::ACCEPT_LANGUAGE).split([',', ';']).next().unwrap_or_default().trim();
    let mut origin = json!({
        "browser": browser(text(header::USER_AGENT)),
        "browser_language": cut(language),
        "referer": page(message["referer_url"].as_str().unwrap_or_default()),
    });
    if let Some(at) = message["timestamp"].as_str() {
        origin["initiated_at"] = json!({ "timestamp": cut(at) });
    }
    origin
}

fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

/// A web address, or nothing.
fn page(address: &str) -> Option<&str> {
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    (is_web && address.len() <= 2_048 && !address.contains(char::is_control)).then_some(address)
}

fn browser(agent: &str) -> Value {
    let (name, version) = BROWSERS
        .iter()
        .find_map(|(mark, name)| Some((*name, version(agent, mark)?)))
        .or_else(|| agent.contains("Safari/").then(|| ("Safari", version(agent, "Version/").unwrap_or_default())))
        .unwrap_or_default();
    let (platform, platform_version) = platform(agent);
    let is_phone = agent.contains("Mobile") || agent.contains("iPhone");
    let device = match platform {
        "Android" | "iOS" if agent.contains("iPad") || !is_phone => "Tablet",
        "Android" | "iOS" => "Mobile",
        "" => "",
        _ => "Desktop",
    };
    json!({
        "browser_name": name,
        "browser_version": version_text(&version),
        "device_name": device,
        "platform_name": platform,
        "platform_version": version_text(&platform_version),
    })
}

fn version_text(version: &str) -> String {
    cut(&version.replace('_', "."))
}

/// What stands behind a mark up to the next blank or bracket.
fn version(agent: &str, mark: &str) -> Option<String> {
    let (_, rest) = agent.split_once(mark)?;
    Some(rest.split([' ', ';', ')']).next().unwrap_or_default().to_owned())
}

fn platform(agent: &str) -> (&'static str, String) {
    let found = |mark| version(agent, mark).unwrap_or_default();
    if agent.contains("Windows NT") {
        ("Windows", found("Windows NT "))
    } else if agent.contains("iPhone") || agent.contains("iPad") {
        ("iOS", found(" OS "))
    } else if agent.contains("Android") {
        ("Android", found("Android "))
    } else if agent.contains("Mac OS X") {
        ("macOS", found("Mac OS X "))
    } else if agent.contains("CrOS") {
        ("ChromeOS", String::new())
    } else if agent.contains("Linux") {
        ("Linux", String::new())
    } else {
        ("", String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_browsers_are_told_apart() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.2849.68",
                ["Edge", "130.0.2849.68", "Desktop", "Windows", "10.0"],
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
                ["Safari", "17.6", "Mobile", "iOS", "17.6"],
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
                ["Chrome", "130.0.0.0", "Mobile", "Android", "14"],
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
                ["Firefox", "132.0", "Desktop", "Linux", ""],
            ),
            ("curl/8", ["", "", "", "", ""]),
        ] {
            let found = browser(agent);
            let keys = ["browser_name", "browser_version", "device_name", "platform_name", "platform_version"];
            assert_eq!(keys.map(|key| found[key].as_str().unwrap_or_default()), expected, "{agent}");
        }
    }

    #[test]
    fn only_web_pages_are_kept() {
        assert_eq!(page("https://loja.example/p?a=1"), Some("https://loja.example/p?a=1"));
        assert_eq!(page("javascript:alert(1)"), None);
        assert_eq!(page(""), None);
    }
}
