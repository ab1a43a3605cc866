//! A mail as it came: its HTML for a frame in which nothing runs, and the original.

use std::collections::HashMap;

use bytes::Bytes;
use letter::SafeHtml;
use model::MessageId;
use serde_json::Value;

use super::store;
use crate::message::attachment::{self, Variant};
use crate::message::store::{self as messages, Row};
use crate::{Ctx, Error, Result, conversation};

/// What of a mail is to be shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Also what it quotes.
    pub quoted: bool,
    /// Also pictures that are fetched from the web, by which the sender learns that the mail is read.
    pub pictures: bool,
}

/// The mail of a message as a document of its own. It was cleaned when it was stored and is cleaned again: the rules may be better now.
pub async fn page(ctx: &Ctx, id: MessageId, wanted: Wanted) -> Result<String> {
    let row = reached(ctx, id).await?;
    let account = ctx.agent()?.account_id;
    let html = row.content_attributes.0.get("email").and_then(|mail| mail.get("html_content"));
    let html = html.filter(|html| html.is_object()).ok_or_else(Error::not_found)?;
    let part = |key: &str| SafeHtml::clean(html.get(key).and_then(Value::as_str).unwrap_or_default());
    let files = messages::files(ctx.db(), account, &[id]).await?;
    let names = content_ids(&row);
    let addresses: HashMap<&str, String> = names
        .iter()
        .zip(&files)
        .filter_map(|(name, file)| {
            let url = attachment::signed_url(ctx, file.id, Variant::Whole, &file.file_name);
            Some((name.as_deref()?, url))
        })
        .collect();
    let dressed = |html: SafeHtml| {
        let html = html.with_inline(|name| addresses.get(name).cloned());
        let html = if wanted.pictures { html.with_remote(|url| Some(url.to_owned())) } else { html };
        html.as_str().to_owned()
    };
    let mut body = dressed(part("reply"));
    if wanted.quoted {
        body.push_str(&dressed(part("quoted")));
    }
    Ok(document(&body))
}

/// The file as it came, and a name for it.
pub async fn original(ctx: &Ctx, id: MessageId) -> Result<(String, Bytes)> {
    let row = reached(ctx, id).await?;
    let account = ctx.agent()?.account_id;
    let key = store::original(ctx.db(), account, id).await?.ok_or_else(Error::not_found)?;
    let subject = row.content_attributes.0.get("email").and_then(|mail| mail.get("subject")?.as_str());
    let name: String =
        subject.unwrap_or_default().chars().filter(|char| char.is_alphanumeric() || *char == ' ').take(60).collect();
    let name = if name.trim().is_empty() { format!("mail-{id}") } else { name.trim().to_owned() };
    Ok((format!("{name}.eml"), ctx.app.blobs.get(&key, None).await?))
}

/// A message of a conversation that the agent reaches.
async fn reached(ctx: &Ctx, id: MessageId) -> Result<Row> {
    let account = ctx.agent()?.account_id;
    let row = messages::find(ctx.db(), account, id).await?.ok_or_else(Error::not_found)?;
    conversation::access(ctx, row.display_id).await?;
    Ok(row)
}

/// By which names the text shows the files of a message, in their order.
fn content_ids(row: &Row) -> Vec<Option<String>> {
    let list = row.content_attributes.0.get("email").and_then(|mail| mail.get("content_ids"));
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Mails are made for paper: wide things scroll, pictures shrink, links open beside.
fn document(body: &str) -> String {
    format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light\">\
         <meta name=\"referrer\" content=\"no-referrer\"><style>\
         html{{color-scheme:light;background:Canvas;color:CanvasText}}body{{margin:0;padding:8px 10px;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}}\
         img{{max-width:100%;height:auto}}table{{max-width:100%}}pre{{white-space:pre-wrap}}\
         blockquote{{margin:0 0 0 8px;padding-left:8px;border-left:2px solid}}</style></head><body>{body}</body></html>"
    )
}
