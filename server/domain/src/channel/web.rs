//! The website chat.

mod pre_chat;

use model::ErrorCode;
use model::channel::{ChannelField, ChannelForm, FieldGroup, FieldKind};
use model::inbox::Inbox;
use serde_json::{Map, Value, json};

use super::{Abilities, Channel, merged};
use crate::{Error, Result, secret};

pub(super) struct Web;

pub(super) const KEY: &str = "web";

/// The colour of a widget whose owner chose none.
const DEFAULT_COLOR: &str = "#1f93ff";
/// The secret that pages prove their visitors with.
const HMAC_TOKEN: &str = "hmac_token";

const REPLY_TIMES: [&str; 3] = ["in_a_few_minutes", "in_a_few_hours", "in_a_day"];
/// The last is known to clients, and has no switch of its own here.
const FLAGS: [&str; 5] =
    ["attachments", "emoji_picker", "end_conversation", "email_transcript", "use_inbox_avatar_for_bot"];

impl Channel for Web {
    fn key(&self) -> &'static str {
        KEY
    }

    fn wire_type(&self) -> &'static str {
        "Channel::WebWidget"
    }

    fn api_type(&self) -> &'static str {
        "web_widget"
    }

    fn abilities(&self) -> Abilities {
        Abilities { is_read_here: true, is_delivered: false, has_copies: false, restricts_files: true }
    }

    fn settings(&self, given: &Value, before: Option<&Value>) -> Result<Value> {
        let settings = merged(given, before, defaults, check)?;
        if settings.get("website_url").and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(Error::field("website_url", ErrorCode::Required));
        }
        Ok(settings)
    }

    fn identifier(&self, _settings: &Value) -> Result<String> {
        Ok(secret::short_token())
    }

    fn secrets(&self) -> Value {
        json!({ HMAC_TOKEN: secret::short_token() })
    }

    fn form(&self) -> ChannelForm {
        use FieldGroup::{Access, Behaviour, Looks};
        let field = |key: &str, kind, group, options: &[&str]| ChannelField {
            key: key.to_owned(),
            kind,
            group,
            is_required: key == "website_url",
            is_asked_first: matches!(kind, FieldKind::Line | FieldKind::Url | FieldKind::Color),
            options: options.iter().map(ToString::to_string).collect(),
        };
        let fields = vec![
            field("website_url", FieldKind::Url, Looks, &[]),
            field("widget_color", FieldKind::Color, Looks, &[]),
            field("welcome_title", FieldKind::Line, Looks, &[]),
            field("welcome_tagline", FieldKind::Line, Looks, &[]),
            field("reply_time", FieldKind::Choice, Looks, &REPLY_TIMES),
            field("selected_feature_flags", FieldKind::Flags, Behaviour, &FLAGS[..4]),
            field("continuity_via_email", FieldKind::Switch, Behaviour, &[]),
            field("allowed_domains", FieldKind::Hosts, Access, &[]),
            field("hmac_mandatory", FieldKind::Switch, Access, &[]),
            field("multiple_conversations", FieldKind::Switch, Access, &[]),
            field("answers_chatwoot", FieldKind::Switch, Access, &[]),
        ];
        ChannelForm {
            key: KEY.to_owned(),
            fields,
            has_preview: true,
            has_script: true,
            has_identity: true,
            has_mailbox: false,
            providers: Vec::new(),
        }
    }

    fn identity_secret(&self) -> Option<&'static str> {
        Some(HMAC_TOKEN)
    }

    fn embed(&self, inbox: &Inbox, base_url: &str) -> Option<String> {
        Some(script(&inbox.identifier, base_url, ""))
    }

    fn embed_for_person(&self, inbox: &Inbox, base_url: &str) -> Option<String> {
        Some(script(&inbox.identifier, base_url, SET_USER))
    }

    fn wire(&self, inbox: &Inbox, base_url: &str) -> Map<String, Value> {
        let mut wire = Map::new();
        wire.insert("website_token".to_owned(), inbox.identifier.clone().into());
        wire.insert("web_widget_script".to_owned(), script(&inbox.identifier, base_url, "").into());
        wire
    }
}

/// The end of the script for people who are signed in: the page puts in what its server knows of them.
const SET_USER: &str = r#"
      window.addEventListener("cloudchat:ready", function() {
        window.$cloudchat.setUser("USER_ID", {
          identifier_hash: "IDENTIFIER_HASH",
          name: "USER_NAME",
          email: "USER_EMAIL"
        });
      });"#;

/// The script that a site's owner pastes, in the form that the help centre shows, with what is to be done after it has run.
fn script(token: &str, base_url: &str, then: &str) -> String {
    format!(
        r#"<script>
  (function(d,t) {{
    var BASE_URL="{base_url}";
    var g=d.createElement(t),s=d.getElementsByTagName(t)[0];
    g.src=BASE_URL+"/packs/js/sdk.js";
    g.defer = true;
    g.async = true;
    s.parentNode.insertBefore(g,s);
    g.onload=function(){{
      window.cloudchatSDK.run({{
        websiteToken: "{token}",
        baseUrl: BASE_URL
      }});{then}
    }}
  }})(document,"script");
</script>
"#
    )
}

fn defaults() -> Map<String, Value> {
    let defaults = json!({
        "website_url": "",
        "widget_color": DEFAULT_COLOR,
        "welcome_title": "",
        "welcome_tagline": "",
        "reply_time": REPLY_TIMES[0],
        "allowed_domains": [],
        "hmac_mandatory": false,
        "multiple_conversations": false,
        "answers_chatwoot": true,
        "continuity_via_email": true,
        "pre_chat_form_enabled": false,
        "pre_chat_form_options": {},
        "selected_feature_flags": FLAGS[..4],
    });
    defaults.as_object().cloned().unwrap_or_default()
}

/// One setting; `None` for those that are not ours.
fn check(key: &str, value: &Value) -> Result<Option<Value>> {
    let invalid = |code| Error::field(key, code);
    let text = || value.as_str().map(str::trim).ok_or_else(|| invalid(ErrorCode::Invalid));
    let checked = match key {
        "website_url" => json!(website(text()?).ok_or_else(|| invalid(ErrorCode::InvalidUrl))?),
        "widget_color" => {
            let color = text()?.to_ascii_lowercase();
            let is_hex =
                color.len() == 7 && color.starts_with('#') && color[1..].bytes().all(|b| b.is_ascii_hexdigit());
            json!(is_hex.then_some(color).ok_or_else(|| invalid(ErrorCode::InvalidColor))?)
        }
        "welcome_title" | "welcome_tagline" => {
            let text = text()?;
            if text.chars().count() > 255 {
                return Err(invalid(ErrorCode::TooLong));
            }
            json!(text)
        }
        "reply_time" if REPLY_TIMES.contains(&text()?) => value.clone(),
        "allowed_domains" => json!(domains(value).ok_or_else(|| invalid(ErrorCode::Invalid))?),
        "hmac_mandatory"
        | "multiple_conversations"
        | "answers_chatwoot"
        | "continuity_via_email"
        | "pre_chat_form_enabled"
            if value.is_boolean() =>
        {
            value.clone()
        }
        "pre_chat_form_options" => pre_chat::checked(value).ok_or_else(|| invalid(ErrorCode::Invalid))?,
        "selected_feature_flags" => {
            let flags = value.as_array().ok_or_else(|| invalid(ErrorCode::Invalid))?;
            let known = |flag: &&Value| flag.as_str().is_some_and(|flag| FLAGS.contains(&flag));
            json!(flags.iter().filter(known).collect::<Vec<_>>())
        }
        "reply_time"
        | "hmac_mandatory"
        | "multiple_conversations"
        | "answers_chatwoot"
        | "continuity_via_email"
        | "pre_chat_form_enabled" => {
            return Err(invalid(ErrorCode::Invalid));
        }
        _ => return Ok(None),
    };
    Ok(Some(checked))
}

/// A site's address, with a scheme when the owner wrote none.
fn website(text: &str) -> Option<String> {
    let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = reqwest::Url::parse(&full).ok()?;
    let is_site = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    (is_site && full.len() <= 2_048).then(|| full.trim_end_matches('/').to_owned())
}

/// The list of allowed hosts; given as an array or as text with commas or line breaks between.
fn domains(value: &Value) -> Option<Vec<String>> {
    let given: Vec<String> = match value {
        Value::String(text) => text.split([',', '\n', ' ']).map(str::to_owned).collect(),
        Value::Array(list) => list.iter().map(|entry| entry.as_str().map(str::to_owned)).collect::<Option<_>>()?,
        _ => return None,
    };
    let mut domains = Vec::new();
    for entry in given.iter().map(|entry| entry.trim()).filter(|entry| !entry.is_empty()) {
        domains.push(domain(entry)?);
    }
    domains.dedup();
    (domains.len() <= 200).then_some(domains)
}

/// `example.com`, `*.example.com`, `example.com:8080`; a pasted address is cut down to its host.
fn domain(entry: &str) -> Option<String> {
    let entry = entry.to_lowercase();
    let host = entry.split_once("://").map_or(entry.as_str(), |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default().trim_end_matches('.');
    let (wildcard, bare) = host.strip_prefix("*.").map_or(("", host), |bare| ("*.", bare));
    let url = reqwest::Url::parse(&format!("http://{bare}")).ok()?;
    let port = bare.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
    let ascii = url.host_str()?;
    let is_plain = !ascii.is_empty() && !ascii.contains('*') && url.username().is_empty();
    is_plain.then(|| match port {
        Some(port) => format!("{wildcard}{ascii}:{port}"),
        None => format!("{wildcard}{ascii}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_checked_and_completed() {
        let settings = Web.settings(&json!({"website_url": "loja.com.br", "widget_color": "#FF0000"}), None).unwrap();
        assert_eq!(settings["website_url"], "https://loja.com.br");
        assert_eq!(settings["widget_color"], "#ff0000");
        assert_eq!(settings["reply_time"], "in_a_few_minutes");
        for (key, value) in [
            ("website_url", json!("javascript:alert(1)")),
            ("website_url", json!(7)),
            ("widget_color", json!("red")),
            ("reply_time", json!("never")),
            ("allowed_domains", json!(["a b c/", "*.*.x"])),
        ] {
            let mut given = json!({"website_url": "https://a.b"});
            given[key] = value.clone();
            assert!(Web.settings(&given, None).is_err(), "{key} {value}");
        }
    }

    #[test]
    fn every_field_of_the_form_is_a_setting() {
        let settings = defaults();
        for field in Web.form().fields {
            assert!(settings.contains_key(&field.key), "{}", field.key);
        }
    }

    #[test]
    fn a_site_without_an_address_is_refused() {
        assert!(Web.settings(&json!({}), None).is_err());
    }

    #[test]
    fn domains_are_cut_down_to_hosts() {
        let list = domains(&json!("https://Example.com/path, *.loja.com.br\nlocalhost:8080 bücher.de.")).unwrap();
        assert_eq!(list, ["example.com", "*.loja.com.br", "localhost:8080", "xn--bcher-kva.de"]);
    }
}
