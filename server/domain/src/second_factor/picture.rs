//! The address of a secret as a picture that phones read.

use model::session::QrPicture;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::{Error, Result};

/// White modules around, which readers need.
const MARGIN: i32 = 4;

/// What an app reads: <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>.
pub fn address(issuer: &str, email: &str, secret: &str) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (issuer, email) = (encoded(issuer), encoded(email));
    format!("otpauth://totp/{issuer}:{email}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
}

/// A text as a QR code.
pub fn draw(text: &str) -> Result<QrPicture> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|error| Error::Internal(anyhow::anyhow!("no picture of {} characters: {error}", text.len())))?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let width = x - start;
                path.push_str(&format!("M{} {}h{width}v1h-{width}z", start + MARGIN, y + MARGIN));
            }
            x += 1;
        }
    }
    Ok(QrPicture { side: (code.size() + 2 * MARGIN).unsigned_abs(), path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_issuer_and_person() {
        let address = address("Loja & Cia", "ana@example.com", "MZXW6");
        let expected = "otpauth://totp/Loja%20%26%20Cia:ana%40example%2Ecom?secret=MZXW6&issuer=Loja%20%26%20Cia";
        assert!(address.starts_with(expected), "{address}");
    }

    #[test]
    fn a_picture_begins_with_the_finder_in_its_corner() {
        let picture = draw("otpauth://totp/x").unwrap();
        assert_eq!((picture.side - 8) % 4, 1);
        assert!(picture.path.starts_with("M4 4h7v1h-7z"), "{}", picture.path);
    }
}
