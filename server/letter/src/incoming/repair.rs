//! What senders do wrong and readers must put right before parsing.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The mail with headers in which raw bytes are text and no character is broken between two encoded words.
pub fn headers(raw: &[u8]) -> Cow<'_, [u8]> {
    let end = end_of_headers(raw);
    let (head, body) = raw.split_at(end);
    let text = match std::str::from_utf8(head) {
        Ok(text) if !text.contains("?=") => return Cow::Borrowed(raw),
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(windows_1252(head)),
    };
    let joined = join_words(&text);
    if joined.as_bytes() == head {
        return Cow::Borrowed(raw);
    }
    Cow::Owned([joined.as_bytes(), body].concat())
}

fn end_of_headers(raw: &[u8]) -> usize {
    let mut at = 0;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if line.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
            return at;
        }
    }
    raw.len()
}

/// Bytes that say nothing of their charset: UTF-8 where they are, else what Windows wrote.
pub fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => windows_1252(bytes),
    }
}

fn windows_1252(bytes: &[u8]) -> String {
    match mail_parser::decoders::charsets::map::charset_decoder(b"windows-1252") {
        Some(decode) => decode(bytes),
        None => bytes.iter().copied().map(char::from).collect(),
    }
}

/// One encoded word `=?charset?B?…?=`.
struct Word<'a> {
    charset: &'a str,
    base64: bool,
    content: &'a str,
    length: usize,
}

fn word(text: &str) -> Option<Word<'_>> {
    let rest = text.strip_prefix("=?")?;
    let (charset, rest) = rest.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (content, _) = rest.split_once("?=")?;
    let plain = charset.len() <= 40 && !charset.contains(char::is_whitespace) && !content.contains(char::is_whitespace);
    let base64 = match encoding {
        "B" | "b" => true,
        "Q" | "q" => false,
        _ => return None,
    };
    let length = 2 + charset.len() + 1 + 1 + 1 + content.len() + 2;
    plain.then_some(Word { charset, base64, content, length })
}

/// Neighbours of one charset become one word: bad senders cut characters in two.
fn join_words(head: &str) -> String {
    let mut out = String::with_capacity(head.len());
    let mut rest = head;
    while let Some(at) = rest.find("=?") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(first) = word(rest) else {
            out.push_str("=?");
            rest = &rest[2..];
            continue;
        };
        let (joined, length) = join_from(rest, &first);
        out.push_str(&joined);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

fn join_from(text: &str, first: &Word<'_>) -> (String, usize) {
    let mut contents = vec![first.content];
    let mut length = first.length;
    loop {
        let after = &text[length..];
        let blank = after.len() - after.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let Some(next) = word(&after[blank..]).filter(|_| blank > 0) else { break };
        if !next.charset.eq_ignore_ascii_case(first.charset) || next.base64 != first.base64 {
            break;
        }
        contents.push(next.content);
        length += blank + next.length;
    }
    let unchanged = || (text[..length].to_owned(), length);
    if contents.len() == 1 {
        return unchanged();
    }
    if !first.base64 {
        return (format!("=?{}?Q?{}?=", first.charset, contents.concat()), length);
    }
    let decoded: Result<Vec<_>, _> = contents.iter().map(|content| LENIENT.decode(content)).collect();
    match decoded {
        Ok(bytes) => (format!("=?{}?B?{}?=", first.charset, STANDARD.encode(bytes.concat())), length),
        Err(_) => unchanged(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_characters_are_joined() {
        let split = "Subject: =?utf-8?B?Q2Fmww==?=\r\n =?UTF-8?B?qSBh?= and =?utf-8?Q?=C3?= =?utf-8?Q?=A9?=\r\n\r\nbody =?utf-8?Q?a?= =?utf-8?Q?b?=";
        let repaired = String::from_utf8(headers(split.as_bytes()).into_owned()).unwrap();
        assert!(repaired.starts_with("Subject: =?utf-8?B?Q2Fmw6kgYQ==?= and =?utf-8?Q?=C3=A9?="), "{repaired}");
        assert!(repaired.ends_with("body =?utf-8?Q?a?= =?utf-8?Q?b?="));
        assert_eq!(decode(b"caf\xe9"), "caf\u{e9}");
    }
}
