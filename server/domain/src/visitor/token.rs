//! The tokens that a browser keeps: a signed JWT that names its place in an inbox, and the name of its stream on the socket.
//! Both are made without a row, and bound to the inbox.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{InboxId, Millis};
use serde::{Deserialize, Serialize};

use crate::{Ctx, Result};

/// Milliseconds for which a token is good: 180 days. Each visit gives a new one.
const GOOD_FOR: Millis = 180 * 24 * 60 * 60 * 1_000;
const HEADER: &str = r#"{"alg":"HS256"}"#;

#[derive(Serialize, Deserialize)]
struct Claims {
    source_id: String,
    inbox_id: InboxId,
    /// Unix seconds, as JWT has it.
    iat: i64,
    exp: i64,
}

/// The token of the visitor who is asking.
pub fn issue(ctx: &Ctx) -> Result<String> {
    let visitor = ctx.visitor()?;
    let now = ctx.now();
    let claims = Claims {
        source_id: visitor.source_id.clone(),
        inbox_id: visitor.inbox_id,
        iat: now / 1_000,
        exp: (now + GOOD_FOR) / 1_000,
    };
    let body = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims)?));
    let signature = ctx.app.keys.sign_text("visitor", &body);
    Ok(format!("{body}.{signature}"))
}

/// The source id in a token that is genuine, fresh and of this inbox.
pub fn open(ctx: &Ctx, inbox: InboxId, token: &str) -> Option<String> {
    let (body, signature) = token.rsplit_once('.')?;
    if token.len() > 2_048 || !ctx.app.keys.verify("visitor", body, signature) {
        return None;
    }
    let (_, claims) = body.split_once('.')?;
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    let is_good = claims.inbox_id == inbox && claims.exp * 1_000 > ctx.now();
    is_good.then_some(claims.source_id)
}

/// The name of the visitor's stream on the socket.
pub fn stream(ctx: &Ctx) -> Result<String> {
    let visitor = ctx.visitor()?;
    let place = format!("{}:{}", visitor.inbox_id, visitor.source_id);
    let signature = ctx.app.keys.sign_text("stream", &place);
    Ok(format!("{}.{signature}", URL_SAFE_NO_PAD.encode(place)))
}

/// The inbox and source id in the name of a stream.
pub fn open_stream(ctx: &Ctx, stream: &str) -> Option<(InboxId, String)> {
    let (place, signature) = stream.split_once('.')?;
    let place = String::from_utf8(URL_SAFE_NO_PAD.decode(place).ok()?).ok()?;
    if !ctx.app.keys.verify("stream", &place, signature) {
        return None;
    }
    let (inbox, source) = place.split_once(':')?;
    Some((inbox.parse().ok()?, source.to_owned()))
}
