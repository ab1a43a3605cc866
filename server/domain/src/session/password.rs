//! Passwords: which are acceptable and how they are kept.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use model::ErrorCode;
use tokio::sync::Semaphore;

use crate::{Error, Result};

/// Fewest characters.
pub const MIN_CHARS: usize = 8;
/// Most characters: hashing is slow on purpose and must not be slower for those who send books.
pub const MAX_CHARS: usize = 128;

/// Hashing takes 19 MiB and a core for some 20 ms; a crowd at the door must not take all of both.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Whether somebody may choose this password.
pub fn check(field: &str, password: &str, email: &str) -> Result<()> {
    let chars = password.chars().count();
    if chars == 0 {
        return Err(Error::field(field, ErrorCode::Required));
    }
    if chars > MAX_CHARS {
        return Err(Error::field(field, ErrorCode::TooLong));
    }
    let first = password.chars().next();
    let monotonous = password.chars().all(|c| Some(c) == first);
    if chars < MIN_CHARS || monotonous || password.trim().eq_ignore_ascii_case(email) {
        return Err(Error::field(field, ErrorCode::WeakPassword));
    }
    Ok(())
}

/// The password as it is kept: Argon2id with its parameters and salt, a PHC string.
pub async fn hash(password: String) -> Result<String> {
    blocking(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()))
        .await?
        .map_err(|error| Error::Internal(anyhow::anyhow!("password not hashed: {error}")))
}

/// Whether it is the password. Takes the same time when there is none to compare with.
pub async fn verify(password: String, kept: Option<String>) -> Result<bool> {
    if password.chars().count() > MAX_CHARS {
        return Ok(false);
    }
    let Some(kept) = kept else {
        hash(password).await?;
        return Ok(false);
    };
    blocking(move || {
        PasswordHash::new(&kept).is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok())
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE.acquire().await.map_err(|error| Error::Unavailable(error.to_string()))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(anyhow::anyhow!("hashing stopped: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        let code = |password: &str| check("password", password, "ana@example.com").map_err(|error| error.known());
        assert_eq!(code(""), Err(Some(ErrorCode::Required)));
        assert_eq!(code("1234567"), Err(Some(ErrorCode::WeakPassword)));
        assert_eq!(code("Ana@example.com"), Err(Some(ErrorCode::WeakPassword)));
        assert_eq!(code("aaaaaaaaaa"), Err(Some(ErrorCode::WeakPassword)));
        assert_eq!(code(&"ab".repeat(65)), Err(Some(ErrorCode::TooLong)));
        assert_eq!(code("correct horse"), Ok(()));
    }

    #[tokio::test]
    async fn a_password_is_recognised() {
        let kept = hash("correct horse".to_owned()).await.unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(verify("correct horse".to_owned(), Some(kept.clone())).await.unwrap());
        assert!(!verify("wrong horse".to_owned(), Some(kept)).await.unwrap());
        assert!(!verify("correct horse".to_owned(), None).await.unwrap());
        assert!(!verify("correct horse".to_owned(), Some("rubbish".to_owned())).await.unwrap());
    }
}
