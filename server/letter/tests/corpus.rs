//! Difficult mails, each beside what must be understood of it. `WRITE_UNDERSTOOD=1` writes the second anew, to be read before it is kept.
#![allow(clippy::unwrap_used, reason = "a test that cannot begin must fail")]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use letter::{Incoming, Kind, Own, ThreadKey};

const OWN: Own<'static> = Own { addresses: &["suporte@loja.example"], loop_mark: Some("cloudchat-7") };

fn folder() -> PathBuf {
    // Tests run where their crate is; a path that is compiled in would be that of another checkout with the same target folder.
    PathBuf::from("tests/corpus")
}

#[test]
fn every_mail_is_understood() {
    let mut wrong = String::new();
    let mut names: Vec<_> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
    names.sort();
    assert!(names.len() > 60, "the corpus is gone");
    for path in names {
        let understood = told(&Incoming::read(&fs::read(&path).unwrap(), OWN));
        let beside = path.with_extension("understood");
        if std::env::var_os("WRITE_UNDERSTOOD").is_some() {
            fs::write(&beside, &understood).unwrap();
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        if expected != understood {
            writeln!(wrong, "── {}\nexpected:\n{expected}\nunderstood:\n{understood}", path.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Everything that was understood, in lines.
fn told(mail: &Incoming) -> String {
    let mut told = String::new();
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            writeln!(told, "{name}: {}", value.replace('\n', "\n    ")).unwrap();
        }
    };
    line("subject", mail.subject.clone());
    line("id", mail.id.as_ref().map(ToString::to_string).unwrap_or_default());
    line(
        "sender",
        mail.people.sender.as_ref().map(|one| format!("{} <{}>", one.display(), one.email)).unwrap_or_default(),
    );
    line("others", mail.people.others(OWN).map(|one| one.email.clone()).collect::<Vec<_>>().join(", "));
    line("thread", mail.thread.iter().map(key).collect::<Vec<_>>().join("\n"));
    line("kind", kind(&mail.kind));
    line("may be answered", mail.may_answer.to_string());
    line("text", mail.body.text.clone());
    line("html", mail.body.html.as_ref().map(|html| html.as_str().to_owned()).unwrap_or_default());
    line("quoted html", mail.body.quoted_html.as_ref().map(|html| html.as_str().to_owned()).unwrap_or_default());
    line("quoted text", mail.body.quoted_text.clone().unwrap_or_default());
    for file in &mail.files {
        let id = file.content_id.as_deref().map(|id| format!(", cid {id}")).unwrap_or_default();
        let shown = if file.shown { ", shown" } else { "" };
        line("file", format!("{} ({}, {:?}, {} bytes{id}{shown})", file.name, file.mime, file.kind, file.data.len()));
    }
    if let Some(invitation) = &mail.invitation {
        line("invitation", format!("{invitation:?}"));
    }
    line("damage", mail.damage.iter().map(|damage| format!("{damage:?}")).collect::<Vec<_>>().join(", "));
    told
}

fn key(key: &ThreadKey) -> String {
    match key {
        ThreadKey::Address(uuid) => format!("address of {uuid}"),
        ThreadKey::Own { conversation, message } => format!("own {conversation} {message:?}"),
        ThreadKey::InReplyTo(id) => format!("answers {id}"),
        ThreadKey::Reference(id) => format!("refers to {id}"),
    }
}

fn kind(kind: &Kind) -> String {
    let Kind::Bounce(bounce) = kind else { return format!("{kind:?}") };
    let mut told =
        format!("Bounce {:?} of {}", bounce.permanence(), bounce.original.as_ref().map_or("?", |id| id.as_str()));
    for recipient in &bounce.recipients {
        let code = recipient.code.as_deref().unwrap_or("no code");
        write!(told, "\n{} {:?} {code}: {}", recipient.address.email, recipient.permanence, recipient.said).unwrap();
    }
    told
}
