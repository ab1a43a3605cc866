//! Bytes nobody sends in good faith: every one of them ends in something that can be shown. What is not cut off in time would not
//! end at all, or not within the memory of a machine; how long the rest takes is measured by `--example speed`.
#![allow(clippy::unwrap_used, reason = "a test that cannot begin must fail")]

use std::fs;
use std::path::PathBuf;

use letter::{Damage, Incoming, Own};
use proptest::prelude::*;

const OWN: Own<'static> = Own { addresses: &["suporte@loja.example"], loop_mark: None };

fn corpus() -> Vec<Vec<u8>> {
    let folder = PathBuf::from("tests/corpus");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn every_beginning_of_every_mail_is_read() {
    for mail in corpus() {
        for end in (0..mail.len()).step_by(23) {
            let _ = Incoming::read(&mail[..end], OWN);
        }
    }
}

#[test]
fn deep_and_wide_mails_are_cut_off() {
    let nested = |part: &str, times: usize| part.repeat(times).into_bytes();
    let mut boundaries = String::from("From: a@b.example\n");
    for number in 0..5_000 {
        boundaries.push_str(&format!("Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n"));
    }
    let mails = [
        nested("Content-Type: message/rfc822\n\n", 200_000),
        nested("Content-Type: multipart/digest; boundary=a\n\n--a\n\n", 100_000),
        nested("To: a@b.example\n", 500_000),
        [b"From: a@b.example\nContent-Type: multipart/mixed; boundary=a\n\n".to_vec(), nested("--a\n\n", 500_000)]
            .concat(),
        boundaries.into_bytes(),
        nested("Subject: =?utf-8?B?YQ==?= ", 200_000),
        [b"Content-Type: text/html\n\n".to_vec(), nested("<div><b>", 400_000)].concat(),
        [b"Content-Type: text/plain\n\n".to_vec(), nested("> On 1 wrote:\n", 200_000)].concat(),
        nested("(", 1_000_000),
        [b"To: ".to_vec(), nested("a@b.example, ", 15_000), b"\n\nx".to_vec()].concat(),
    ];
    for mail in &mails {
        let read = Incoming::read(mail, OWN);
        assert!(read.body.text.len() <= 200_000 && read.files.len() <= 100);
    }
    assert!(Incoming::read(&mails[0], OWN).damage.contains(&Damage::CutOff));
}

#[test]
fn a_mail_of_thirty_megabytes_is_whole() {
    let line = [b"QUJD".repeat(19), b"\r\n".to_vec()].concat();
    let head =
        b"From: a@b.example\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            .to_vec();
    let mail = [head, line.repeat(400_000)].concat();
    let read = Incoming::read(&mail, OWN);
    assert_eq!(read.files[0].data.len(), 400_000 * 57);
    assert!(!read.damage.contains(&Damage::CutOff));
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = Incoming::read(&bytes, OWN);
    }

    #[test]
    fn spoilt_mails_are_read(number in 0..10_000usize, spoilt in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30)) {
        let corpus = corpus();
        let mut mail = corpus[number % corpus.len()].clone();
        for (place, byte) in spoilt {
            if !mail.is_empty() {
                let at = place.index(mail.len());
                mail[at] = byte;
            }
        }
        let read = Incoming::read(&mail, OWN);
        for text in [&read.subject, &read.body.text, &read.body.whole_text] {
            prop_assert!(!text.contains('\0'));
        }
    }
}
