//! Codes of six digits that change every thirty seconds: RFC 6238 over HMAC-SHA1, which is what every app speaks.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// How long a code lasts, in milliseconds.
pub const STEP: i64 = 30_000;
/// Steps that clocks may differ by, either way.
const DRIFT: i64 = 1;
/// Bytes of a secret, as long as the hash (RFC 4226 §4).
pub const SECRET_BYTES: usize = 20;

/// The code of a step of time.
pub fn code(secret: &[u8], step: i64) -> String {
    let mut mac =
        <Hmac<Sha1> as KeyInit>::new_from_slice(secret).unwrap_or_else(|_| unreachable!("any length is a key"));
    mac.update(&step.to_be_bytes());
    let hash: [u8; 20] = mac.finalize().into_bytes().into();
    // RFC 4226 §5.3: the last four bits say where the number begins.
    let start = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes([hash[start] & 127, hash[start + 1], hash[start + 2], hash[start + 3]]);
    format!("{:06}", number % 1_000_000)
}

/// The step of time that a code is for, near now. Looks at all of them, whichever it is.
pub fn step_of(secret: &[u8], given: &str, now: i64) -> Option<i64> {
    let current = now.div_euclid(STEP);
    let mut found = None;
    for step in current - DRIFT..=current + DRIFT {
        if bool::from(code(secret, step).as_bytes().ct_eq(given.as_bytes())) {
            found = Some(step);
        }
    }
    found
}

/// Bytes as people type them into an app: base32 (RFC 4648) without padding.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    let (mut kept, mut bits) = (0_u32, 0);
    for byte in bytes {
        kept = kept << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(LETTERS[(kept >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        out.push(char::from(LETTERS[(kept << (5 - bits) & 31) as usize]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, expected) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(code(secret, seconds / 30), expected);
        }
    }

    #[test]
    fn clocks_may_differ_by_one_step() {
        let secret = b"12345678901234567890";
        let now = 1_768_489_200_000;
        let step = now / STEP;
        for (given, found) in
            [(step - 2, None), (step - 1, Some(step - 1)), (step + 1, Some(step + 1)), (step + 2, None)]
        {
            assert_eq!(step_of(secret, &code(secret, given), now), found);
        }
        assert_eq!(step_of(secret, "", now), None);
    }

    /// RFC 4648 §10.
    #[test]
    fn secrets_are_written_in_base32() {
        for (bytes, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}
