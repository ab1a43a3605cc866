//! E-mail: mail that comes to an address becomes conversations, and answers go out by the address's own server.

use futures::future::BoxFuture;
use model::channel::{ChannelField, ChannelForm, FieldGroup, FieldKind};
use model::contact::Contact;
use model::inbox::Inbox;
use model::mailbox::MailProvider;
use model::{ErrorCode, InboxId};
use serde_json::{Map, Value, json};

use super::{Abilities, Channel, Link, Ready, merged};
use crate::delivery::Parcel;
use crate::{Ctx, Error, Result, contact, mailbox};

/// Its name in the database and in addresses.
pub(super) const KEY: &str = "email";

pub(super) struct Email;

/// Most characters of what stands below every mail.
const MAX_SIGNATURE: usize = 2_000;
const SENDER_NAMES: [&str; 2] = ["friendly", "professional"];

impl Channel for Email {
    fn key(&self) -> &'static str {
        KEY
    }

    fn wire_type(&self) -> &'static str {
        "Channel::Email"
    }

    fn api_type(&self) -> &'static str {
        "email"
    }

    fn abilities(&self) -> Abilities {
        Abilities { is_read_here: false, is_delivered: true, has_copies: true, restricts_files: false }
    }

    fn settings(&self, given: &Value, before: Option<&Value>) -> Result<Value> {
        let settings = merged(given, before, defaults, check)?;
        let address = |settings: &Value| settings.get("email").and_then(Value::as_str).unwrap_or_default().to_owned();
        if address(&settings).is_empty() {
            return Err(Error::field("email", ErrorCode::Required));
        }
        // Mails that are there answer to the old one: another address is another inbox.
        if before.is_some_and(|before| address(before) != address(&settings)) {
            return Err(Error::field("email", ErrorCode::Invalid));
        }
        Ok(settings)
    }

    fn identifier(&self, settings: &Value) -> Result<String> {
        Ok(settings.get("email").and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    fn secrets(&self) -> Value {
        json!({})
    }

    fn embed(&self, _inbox: &Inbox, _base_url: &str) -> Option<String> {
        None
    }

    fn wire(&self, inbox: &Inbox, _base_url: &str) -> Map<String, Value> {
        let mut wire = Map::new();
        wire.insert("email".to_owned(), inbox.identifier.clone().into());
        wire.insert("forward_to_email".to_owned(), Value::Null);
        wire
    }

    fn form(&self) -> ChannelForm {
        let field = |key: &str, kind, is_required, options: &[&str]| ChannelField {
            key: key.to_owned(),
            kind,
            group: if is_required { FieldGroup::Access } else { FieldGroup::Looks },
            is_required,
            is_asked_first: is_required,
            options: options.iter().map(ToString::to_string).collect(),
        };
        let fields = vec![
            field("email", FieldKind::Email, true, &[]),
            field("sender_name_type", FieldKind::Choice, false, &SENDER_NAMES),
            field("business_name", FieldKind::Line, false, &[]),
            field("signature", FieldKind::Text, false, &[]),
        ];
        ChannelForm {
            key: self.key().to_owned(),
            fields,
            has_preview: false,
            has_script: false,
            has_identity: false,
            has_mailbox: true,
            providers: MailProvider::ALL.to_vec(),
        }
    }

    fn reaches(&self, contact: &Contact, _is_known: bool) -> bool {
        contact.email.is_some() && !contact.blocked
    }

    fn place_of(&self, email: Option<&str>) -> Option<String> {
        email.map(str::to_lowercase)
    }

    fn connect<'a>(
        &'a self,
        ctx: &'a Ctx,
        id: Option<InboxId>,
        given: &'a Value,
    ) -> BoxFuture<'a, Result<Option<Box<dyn Link>>>> {
        Box::pin(async move {
            let tried = mailbox::api::connect(ctx, id, given).await?;
            Ok(tried.map(|link| Box::new(link) as Box<dyn Link>))
        })
    }

    fn link<'a>(&'a self, ctx: &'a Ctx, inbox: &'a Inbox) -> BoxFuture<'a, Result<Map<String, Value>>> {
        Box::pin(async move { Ok(mailbox::api::shown(&mailbox::state(ctx, inbox.id).await?)) })
    }

    fn pack<'a>(
        &'a self,
        ctx: &'a Ctx,
        parcel: &'a Parcel,
    ) -> BoxFuture<'a, Result<std::result::Result<Box<dyn Ready>, String>>> {
        Box::pin(async move {
            let packed = mailbox::outgoing::pack(ctx, parcel).await?;
            Ok(packed.map(|letter| Box::new(letter) as Box<dyn Ready>))
        })
    }
}

fn defaults() -> Map<String, Value> {
    let defaults = json!({
        "email": "",
        "sender_name_type": SENDER_NAMES[0],
        "business_name": "",
        "signature": "",
    });
    defaults.as_object().cloned().unwrap_or_default()
}

/// One setting; `None` for those that are not ours.
fn check(key: &str, value: &Value) -> Result<Option<Value>> {
    let invalid = |code| Error::field(key, code);
    let text = || value.as_str().map(str::trim).ok_or_else(|| invalid(ErrorCode::Invalid));
    let checked = match key {
        "email" => json!(contact::checked_email(text()?).map_err(|_| invalid(ErrorCode::InvalidEmail))?),
        "sender_name_type" if SENDER_NAMES.contains(&text()?) => value.clone(),
        "sender_name_type" => return Err(invalid(ErrorCode::Invalid)),
        "business_name" if text()?.chars().count() > 100 => return Err(invalid(ErrorCode::TooLong)),
        "signature" if text()?.chars().count() > MAX_SIGNATURE => return Err(invalid(ErrorCode::TooLong)),
        "business_name" | "signature" => json!(text()?),
        _ => return Ok(None),
    };
    Ok(Some(checked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_checked_and_the_address_stays() {
        let settings = Email.settings(&json!({"email": " Suporte@Loja.example ", "type": "email"}), None).unwrap();
        assert_eq!(settings["email"], "suporte@loja.example");
        assert_eq!(settings["sender_name_type"], "friendly");
        assert!(settings.get("type").is_none());
        let changed = Email.settings(&json!({"signature": "Equipe Loja"}), Some(&settings)).unwrap();
        assert_eq!(
            (changed["signature"].as_str(), changed["email"].as_str()),
            (Some("Equipe Loja"), Some("suporte@loja.example"))
        );
        for bad in
            [json!({}), json!({"email": "x"}), json!({"email": 7}), json!({"email": "a@b.c", "sender_name_type": "x"})]
        {
            assert!(Email.settings(&bad, None).is_err(), "{bad}");
        }
        assert!(Email.settings(&json!({"email": "outra@loja.example"}), Some(&settings)).is_err());
    }

    #[test]
    fn every_field_of_the_form_is_a_setting() {
        let settings = defaults();
        for field in Email.form().fields {
            assert!(settings.contains_key(&field.key), "{}", field.key);
        }
    }
}
