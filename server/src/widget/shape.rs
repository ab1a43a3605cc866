//! What the widget's clients read: the shapes of the reference (chapters 0, 1.6 and 2.4), with a few keys more.

use domain::visitor::token;
use domain::{Ctx, hours};
use model::agent::Agent;
use model::attachment::Attachment;
use model::contact::Contact;
use model::conversation::Conversation;
use model::inbox::Inbox;
use model::message::{Message, Sender};
use model::{Availability, FileKind, Millis, SenderKind};
use serde_json::{Value, json};
use text::VisitorLang;

use crate::api::wire::hours::rows;

/// Unix seconds.
pub fn seconds(at: Millis) -> i64 {
    at / 1_000
}

/// An address that works from anywhere.
pub fn absolute(ctx: &Ctx, url: &str) -> String {
    if url.starts_with('/') { format!("{}{url}", ctx.app.settings.base_url) } else { url.to_owned() }
}

/// A message as its contact may read it.
pub fn message(ctx: &Ctx, message: &Message) -> Value {
    let mut shape = json!({
        "id": message.id,
        "content": message.content,
        "inbox_id": message.inbox_id,
        "conversation_id": message.display_id,
        "message_type": message.kind.number(),
        "content_type": message.content_kind,
        "content_attributes": message.content_attributes,
        "status": message.status,
        "created_at": seconds(message.created_at),
        "private": message.private,
        "source_id": message.source_id,
        "echo_id": message.echo_id,
    });
    if !message.attachments.is_empty() {
        shape["attachments"] = message.attachments.iter().map(|file| attachment(ctx, file)).collect();
    }
    if let Some(from) = &message.sender {
        shape["sender"] = sender(ctx, from);
    }
    shape
}

fn attachment(ctx: &Ctx, file: &Attachment) -> Value {
    let extension = file.file_name.rsplit_once('.').map(|(_, extension)| extension);
    let mut shape = json!({
        "id": file.id,
        "message_id": file.message_id,
        "file_type": file.kind,
        "meta": {},
        "extension": extension,
        "data_url": absolute(ctx, &file.url),
        "thumb_url": absolute(ctx, &file.thumb_url),
        "file_size": file.size,
        "file_name": file.file_name,
        "width": file.width,
        "height": file.height,
    });
    if file.kind == FileKind::Audio {
        shape["transcribed_text"] = json!("");
    }
    shape
}

fn sender(ctx: &Ctx, from: &Sender) -> Value {
    let picture = absolute(ctx, from.avatar_url.as_deref().unwrap_or_default());
    let mut shape = json!({
        "id": from.id,
        "name": from.name,
        "avatar_url": picture,
        "thumbnail": picture,
        "type": from.kind,
    });
    if from.kind == SenderKind::User {
        shape["available_name"] = json!(from.name);
    }
    shape
}

/// The conversation the visitor is in.
pub fn conversation(conversation: &Conversation) -> Value {
    json!({
        "id": conversation.row.display_id,
        "inbox_id": conversation.row.inbox_id,
        "contact_last_seen_at": seconds(conversation.contact_last_seen_at),
        "agent_last_seen_at": seconds(conversation.agent_last_seen_at),
        "status": conversation.row.status,
    })
}

/// What may be said of the contact to whoever holds the token: never the address itself.
pub fn contact(contact: Option<&Contact>) -> Value {
    json!({
        "id": contact.map(|contact| contact.id),
        "has_email": contact.is_some_and(|contact| contact.email.is_some()),
        "has_name": contact.is_some_and(|contact| !contact.name.is_empty()),
        "has_phone_number": contact.is_some_and(|contact| contact.phone_number.is_some()),
        "identifier": contact.and_then(|contact| contact.identifier.as_deref()),
    })
}

/// Somebody who answers in the inbox.
pub fn member(ctx: &Ctx, agent: &Agent) -> Value {
    json!({
        "id": agent.id,
        "name": agent.display_name,
        "avatar_url": absolute(ctx, agent.avatar_url.as_deref().unwrap_or_default()),
        "availability_status": agent.availability,
    })
}

/// The tokens of the visitor, for answers after which the client must use them.
pub fn tokens(ctx: &Ctx) -> domain::Result<Value> {
    Ok(json!({ "widget_auth_token": token::issue(ctx)?, "pubsub_token": token::stream(ctx)? }))
}

/// Adds fields to an object.
pub fn extend(shape: &mut Value, fields: Value) {
    if let (Value::Object(shape), Value::Object(fields)) = (shape, fields) {
        shape.extend(fields);
    }
}

/// Whether somebody is there to answer: the inbox's hours say so, where it has some.
pub fn is_available(ctx: &Ctx, inbox: &Inbox, team: &[Agent]) -> bool {
    match inbox.working_hours_enabled {
        true => hours::is_open(&inbox.hours(), ctx.now()),
        false => team.iter().any(|agent| agent.availability == Availability::Online),
    }
}

/// The inbox as the frame knows it (`channelConfig`), in the keys of 1.6.
pub fn channel(ctx: &Ctx, inbox: &Inbox, lang: VisitorLang) -> Value {
    let switch = |key: &str| inbox.config_bool(key);
    json!({
        "avatarUrl": absolute(ctx, inbox.avatar_url.as_deref().unwrap_or_default()),
        "hasAConnectedAgentBot": "",
        "locale": lang.code(),
        "websiteName": inbox.name,
        "websiteToken": inbox.identifier,
        "welcomeTitle": inbox.config_str("welcome_title"),
        "welcomeTagline": inbox.config_str("welcome_tagline"),
        "widgetColor": inbox.config_str("widget_color"),
        "portal": null,
        "enabledFeatures": inbox.config.get("selected_feature_flags"),
        "enabledLanguages": VisitorLang::ALL.map(|lang| json!({ "name": lang.name(), "iso_639_1_code": lang.code() })),
        "replyTime": inbox.config_str("reply_time"),
        "preChatFormEnabled": switch("pre_chat_form_enabled"),
        "preChatFormOptions": inbox.config.get("pre_chat_form_options"),
        "workingHoursEnabled": inbox.working_hours_enabled,
        "workingHours": rows(&inbox.working_hours),
        "csatSurveyEnabled": inbox.csat_survey_enabled,
        "outOfOfficeMessage": inbox.out_of_office_message,
        "timezone": inbox.timezone,
        "allowMessagesAfterResolved": inbox.allow_messages_after_resolved,
        "lockToSingleConversation": inbox.lock_to_single_conversation,
        "greetingEnabled": inbox.greeting_enabled,
        "greetingMessage": inbox.greeting_message,
        "disableBranding": true,
        "apiHost": ctx.app.settings.base_url,
    })
}

/// The same in the keys of `POST config`.
pub fn channel_for_apps(ctx: &Ctx, inbox: &Inbox, lang: VisitorLang, auth_token: &str) -> Value {
    let Value::Object(channel) = channel(ctx, inbox, lang) else { return Value::Null };
    let mut shape: serde_json::Map<_, _> = channel.into_iter().map(|(key, value)| (snake(&key), value)).collect();
    shape.insert("auth_token".to_owned(), json!(auth_token));
    Value::Object(shape)
}

fn snake(key: &str) -> String {
    let mut out = String::with_capacity(key.len() + 4);
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn keys_for_apps_are_snake_case() {
        assert_eq!(snake("allowMessagesAfterResolved"), "allow_messages_after_resolved");
        assert_eq!(snake("locale"), "locale");
    }
}
