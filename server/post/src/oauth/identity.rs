//! Who signed in, from the `id_token`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// The person who signed in. The address of a mailbox is what must be compared: people sign in with the wrong one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// In lower case. Google names it, Microsoft only where the mailbox has one.
    pub email: Option<String>,
    pub name: Option<String>,
    /// Stable, unlike the address.
    pub subject: String,
}

#[derive(Deserialize)]
struct Claims {
    aud: String,
    sub: String,
    email: Option<String>,
    email_verified: Option<bool>,
    preferred_username: Option<String>,
    upn: Option<String>,
    name: Option<String>,
    /// Microsoft's person and directory.
    oid: Option<String>,
    tid: Option<String>,
}

/// Reads the claims. The token came directly from the provider over TLS, so its signature proves nothing more (OpenID Connect Core
/// 1.0, 3.1.3.7); that it is for us still must be looked at.
pub fn read(token: &str, client_id: &str) -> Option<Identity> {
    let payload = token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let claims: Claims = serde_json::from_slice(&bytes).ok()?;
    if claims.aud != client_id {
        return None;
    }
    let verified = claims.email.filter(|_| claims.email_verified != Some(false));
    let email =
        [verified, claims.preferred_username, claims.upn].into_iter().flatten().find(|email| email.contains('@'));
    let subject = match (claims.oid, claims.tid) {
        (Some(person), Some(directory)) => format!("{directory}/{person}"),
        _ => claims.sub,
    };
    Some(Identity { email: email.map(|email| email.trim().to_lowercase()), name: claims.name, subject })
}
