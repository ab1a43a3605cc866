//! How much of a mail is looked at. A hostile mail of 25 MB can ask for gigabytes of memory or a stack that does not exist; an honest
//! one never comes near these figures.

/// Bytes of a mail.
pub const BYTES: usize = 64 << 20;
/// Lines that look like headers, in all parts together.
pub const HEADERS: usize = 20_000;
/// Parts that say what they are; they can be nested no deeper either.
pub const PARTS: usize = 500;
/// Bytes of one line of headers.
pub const HEADER_BYTES: usize = 256 << 10;
/// Files that are kept; the reference keeps fifteen.
pub const FILES: usize = 100;
/// Characters of text that are kept, as the reference does.
pub const TEXT: usize = 150_000;
/// People in `To` and `Cc` who are kept.
pub const PEOPLE: usize = 200;

/// The beginning of a mail that stays within the limits.
pub fn bound(raw: &[u8]) -> &[u8] {
    let raw = &raw[..raw.len().min(BYTES)];
    let mut headers = 0;
    let mut parts = 0;
    let mut in_headers = true;
    let mut at = 0;
    while at < raw.len() {
        let end = raw[at..].iter().position(|byte| *byte == b'\n').map_or(raw.len(), |length| at + length + 1);
        let line = &raw[at..end];
        if line.starts_with(b"--") {
            in_headers = true;
        }
        if in_headers && line.len() > HEADER_BYTES {
            return &raw[..at];
        }
        if starts_with(line, b"content-type") {
            parts += 1;
        }
        if in_headers {
            headers += 1;
            let blank = line.iter().all(u8::is_ascii_whitespace);
            // A part that is a mail itself has headers after its blank line.
            in_headers = !blank || parts_follow(&raw[end..]);
        }
        if headers > HEADERS || parts > PARTS {
            return &raw[..at];
        }
        at = end;
    }
    raw
}

/// Whether the next line looks like a header.
fn parts_follow(rest: &[u8]) -> bool {
    let line = &rest[..rest.len().min(80)];
    let colon = line.iter().position(|byte| *byte == b':');
    colon.is_some_and(|colon| {
        colon > 0 && line[..colon].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    })
}

fn starts_with(line: &[u8], word: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    line.len() >= word.len() && line[..word.len()].eq_ignore_ascii_case(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_mail_is_whole_and_hostile_mail_is_cut() {
        let honest = b"From: a@b\r\nContent-Type: text/plain\r\n\r\nHello\r\n-- \r\nAna: sales\r\n".repeat(3);
        assert_eq!(bound(&honest), honest);
        assert!(bound(&b"a: b\n".repeat(HEADERS * 2)).len() < HEADERS * 6);
        assert!(bound(&b"Content-Type: message/rfc822\n\n".repeat(PARTS * 2)).len() <= PARTS * 30);
        assert_eq!(bound(&vec![b'x'; HEADER_BYTES * 2]), b"");
    }
}
