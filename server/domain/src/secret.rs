//! Keys, signatures, encryption and random tokens. Everything secret is derived from the server's one key.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{Error, Result};

type HmacSha256 = Hmac<Sha256>;

/// Bytes of an encryption nonce (XChaCha20: long enough to be random).
const NONCE_BYTES: usize = 24;
/// First byte of everything encrypted, so that the method can change.
const VERSION: u8 = 1;

/// The server's keys, one per purpose.
pub struct Keys {
    cipher: XChaCha20Poly1305,
    signing: [u8; 32],
}

impl Keys {
    /// Derives the keys from the server's secret.
    pub fn derive(secret: &[u8]) -> Self {
        let encryption = mac(secret, b"encryption v1");
        Self { cipher: XChaCha20Poly1305::new(&encryption.into()), signing: mac(secret, b"signing v1") }
    }

    /// Signs a text for a purpose; signatures of one purpose are void for another. 32 bytes.
    pub fn sign(&self, purpose: &str, text: &str) -> [u8; 32] {
        mac(&self.signing, format!("{purpose}\0{text}").as_bytes())
    }

    /// The signature as unpadded URL-safe base64.
    pub fn sign_text(&self, purpose: &str, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.sign(purpose, text))
    }

    /// Whether a signature made by [`Keys::sign_text`] is right. Takes the same time for every wrong one.
    pub fn verify(&self, purpose: &str, text: &str, signature: &str) -> bool {
        URL_SAFE_NO_PAD
            .decode(signature)
            .is_ok_and(|given| bool::from(given.as_slice().ct_eq(&self.sign(purpose, text))))
    }

    /// Encrypts for the database. `place` says where it is kept (`table.column`), so that a value moved elsewhere is refused.
    pub fn encrypt(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0_u8; NONCE_BYTES];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() })
            .map_err(|_| Error::Internal(anyhow::anyhow!("encryption failed")))?;
        let mut out = Vec::with_capacity(1 + NONCE_BYTES + sealed.len());
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Reads what [`Keys::encrypt`] wrote.
    pub fn decrypt(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let broken = || Error::Internal(anyhow::anyhow!("{place} cannot be decrypted: was the secret key changed?"));
        let (version, rest) = sealed.split_first().ok_or_else(broken)?;
        if *version != VERSION || rest.len() < NONCE_BYTES {
            return Err(broken());
        }
        let (nonce, text) = rest.split_at(NONCE_BYTES);
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| broken())?;
        self.cipher.decrypt(&XNonce::from(nonce), Payload { msg: text, aad: place.as_bytes() }).map_err(|_| broken())
    }
}

fn mac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = <HmacSha256 as KeyInit>::new_from_slice(key).unwrap_or_else(|_| unreachable!("any length is a key"));
    mac.update(text);
    mac.finalize().into_bytes().into()
}

/// Hex HMAC-SHA256, as site owners compute it for identity validation.
pub fn hmac_hex(key: &str, text: &str) -> String {
    hex::encode(mac(key.as_bytes(), text.as_bytes()))
}

/// Compares two texts without telling by the time where they differ.
pub fn same(left: &str, right: &str) -> bool {
    bool::from(left.as_bytes().ct_eq(right.as_bytes()))
}

/// A random token of 32 bytes as URL-safe text.
pub fn token() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A random token of 24 letters and digits, the form of API and website tokens.
pub fn short_token() -> String {
    use rand::Rng;
    use rand::distr::Alphanumeric;
    rand::rng().sample_iter(Alphanumeric).take(24).map(char::from).collect()
}

/// A random UUID.
pub fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// How tokens are kept: whoever reads the table cannot use them.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encrypted_can_be_read_only_in_its_place() {
        let keys = Keys::derive(b"0123456789abcdef0123456789abcdef");
        let sealed = keys.encrypt("inboxes.secrets", b"token").unwrap();
        assert_eq!(keys.decrypt("inboxes.secrets", &sealed).unwrap(), b"token");
        assert!(keys.decrypt("users.secrets", &sealed).is_err());
        assert!(Keys::derive(b"another").decrypt("inboxes.secrets", &sealed).is_err());
        assert!(keys.decrypt("inboxes.secrets", &[]).is_err());
    }

    #[test]
    fn a_signature_is_for_one_purpose_and_one_text() {
        let keys = Keys::derive(b"0123456789abcdef0123456789abcdef");
        let signature = keys.sign_text("file", "7");
        assert!(keys.verify("file", "7", &signature));
        assert!(!keys.verify("file", "8", &signature));
        assert!(!keys.verify("visitor", "7", &signature));
        assert!(!keys.verify("file", "7", "rubbish"));
    }
}
