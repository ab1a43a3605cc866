//! The API channel: an integrator's own program is the channel. Contacts write through the public client API or the integrator
//! for them; what agents say is told to the integrator's address.

use futures::future::BoxFuture;
use model::channel::{ChannelField, ChannelForm, FieldGroup, FieldKind};
use model::inbox::Inbox;
use model::{ErrorCode, InboxId};
use serde_json::{Map, Value, json};

use super::{Abilities, Channel, Link, merged};
use crate::{Ctx, Error, Result, secret, webhook};

pub(super) struct Api;

pub(super) const KEY: &str = "api";

/// The secret that programs prove their contacts with.
const HMAC_TOKEN: &str = "hmac_token";
/// The setting with the address that is told what happens.
pub(super) const WEBHOOK_URL: &str = "webhook_url";
/// The secret that what it is told is signed with.
pub(super) const WEBHOOK_SECRET: &str = "webhook_secret";

/// Longest address.
const MAX_ADDRESS: usize = 2_048;
/// Most that an integrator keeps with an inbox, as JSON in bytes.
const MAX_ATTRIBUTES: usize = 16_384;

impl Channel for Api {
    fn key(&self) -> &'static str {
        KEY
    }

    fn wire_type(&self) -> &'static str {
        "Channel::Api"
    }

    fn api_type(&self) -> &'static str {
        "api"
    }

    fn abilities(&self) -> Abilities {
        // How far a message has come is the integrator's word.
        Abilities { is_read_here: false, is_delivered: false, has_copies: false, restricts_files: false }
    }

    fn settings(&self, given: &Value, before: Option<&Value>) -> Result<Value> {
        merged(given, before, defaults, check)
    }

    fn identifier(&self, _settings: &Value) -> Result<String> {
        Ok(secret::short_token())
    }

    fn secrets(&self) -> Value {
        json!({ HMAC_TOKEN: secret::short_token(), WEBHOOK_SECRET: secret::short_token() })
    }

    fn embed(&self, _inbox: &Inbox, _base_url: &str) -> Option<String> {
        None
    }

    fn wire(&self, inbox: &Inbox, _base_url: &str) -> Map<String, Value> {
        let mut wire = Map::new();
        wire.insert("inbox_identifier".to_owned(), inbox.identifier.clone().into());
        wire
    }

    fn form(&self) -> ChannelForm {
        let field = |key: &str, kind| ChannelField {
            key: key.to_owned(),
            kind,
            group: FieldGroup::Access,
            is_required: false,
            is_asked_first: kind == FieldKind::Url,
            options: Vec::new(),
        };
        ChannelForm {
            key: KEY.to_owned(),
            fields: vec![field(WEBHOOK_URL, FieldKind::Url), field("hmac_mandatory", FieldKind::Switch)],
            has_preview: false,
            has_script: false,
            has_identity: true,
            has_mailbox: false,
            providers: Vec::new(),
        }
    }

    fn identity_secret(&self) -> Option<&'static str> {
        Some(HMAC_TOKEN)
    }

    fn connect<'a>(
        &'a self,
        ctx: &'a Ctx,
        _id: Option<InboxId>,
        given: &'a Value,
    ) -> BoxFuture<'a, Result<Option<Box<dyn Link>>>> {
        Box::pin(async move {
            let address = given.get(WEBHOOK_URL).and_then(Value::as_str).unwrap_or_default().trim();
            if !address.is_empty() {
                webhook::checked(ctx, WEBHOOK_URL, address)?;
            }
            Ok(None)
        })
    }

    fn told<'i>(&self, inbox: &'i Inbox) -> Option<&'i str> {
        Some(inbox.config_str(WEBHOOK_URL)).filter(|address| !address.is_empty())
    }

    fn telling_secret(&self) -> Option<&'static str> {
        Some(WEBHOOK_SECRET)
    }
}

fn defaults() -> Map<String, Value> {
    let defaults = json!({ WEBHOOK_URL: "", "hmac_mandatory": false, "additional_attributes": {} });
    defaults.as_object().cloned().unwrap_or_default()
}

/// One setting; `None` for those that are not ours.
fn check(key: &str, value: &Value) -> Result<Option<Value>> {
    let invalid = |code| Error::field(key, code);
    let checked = match key {
        WEBHOOK_URL if value.is_null() => json!(""),
        WEBHOOK_URL => {
            let address = value.as_str().map(str::trim).ok_or_else(|| invalid(ErrorCode::Invalid))?;
            if address.len() > MAX_ADDRESS {
                return Err(invalid(ErrorCode::TooLong));
            }
            if !address.is_empty() && !is_web(address) {
                return Err(invalid(ErrorCode::InvalidUrl));
            }
            json!(address)
        }
        "hmac_mandatory" if value.is_boolean() => value.clone(),
        "additional_attributes" if value.is_object() && value.to_string().len() <= MAX_ATTRIBUTES => value.clone(),
        "hmac_mandatory" | "additional_attributes" => return Err(invalid(ErrorCode::Invalid)),
        _ => return Ok(None),
    };
    Ok(Some(checked))
}

/// Whether an address can be called at all; whether it may be is asked each time.
fn is_web(address: &str) -> bool {
    reqwest::Url::parse(address).is_ok_and(|url| {
        let is_plain = url.username().is_empty() && url.password().is_none();
        matches!(url.scheme(), "http" | "https") && url.has_host() && is_plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_checked_and_completed() {
        let given = json!({"type": "api", "webhook_url": " https://erp.example/hook?a=1 ", "hmac_mandatory": true});
        let settings = Api.settings(&given, None).unwrap();
        assert_eq!(settings["webhook_url"], "https://erp.example/hook?a=1");
        assert_eq!((&settings["hmac_mandatory"], settings.get("type")), (&json!(true), None));
        let changed = Api.settings(&json!({"webhook_url": null}), Some(&settings)).unwrap();
        assert_eq!((&changed["webhook_url"], &changed["hmac_mandatory"]), (&json!(""), &json!(true)));
        assert!(Api.settings(&json!({}), None).is_ok(), "nothing has to be said");
        for bad in [
            json!({"webhook_url": "erp"}),
            json!({"webhook_url": "ftp://erp.example"}),
            json!({"webhook_url": 7}),
            json!({"webhook_url": "https://u:p@erp.example"}),
            json!({"webhook_url": format!("https://{}", "a".repeat(2_048))}),
            json!({"hmac_mandatory": "yes"}),
            json!({"additional_attributes": []}),
            json!([]),
        ] {
            assert!(Api.settings(&bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_field_of_the_form_is_a_setting() {
        let settings = defaults();
        for field in Api.form().fields {
            assert!(settings.contains_key(&field.key), "{}", field.key);
        }
    }
}
