use uuid::Uuid;

use super::*;
use crate::{Incoming, Kind, Own, ThreadKey};

const CONVERSATION: Uuid = Uuid::from_u128(0x6f96_19ff_8b86_4011_b42d_00c0_4fc9_64ff);

fn address(name: &str, email: &str) -> Address {
    Address::new(name, email).unwrap()
}

fn draft<'a>(content: Content<'a>) -> Draft<'a> {
    Draft {
        from: address("Bia da Lume", "suporte@lume.example"),
        reply_to: Some(address("", &format!("reply+{CONVERSATION}@in.lume.example"))),
        to: vec![address("José Conceição", "jose@cliente.example")],
        cc: vec![address("", "chefe@cliente.example")],
        bcc: vec![address("", "arquivo@lume.example"), address("", "chefe@cliente.example")],
        subject: "Re: Reclamação nº 7",
        written_at: 1_795_262_400_000,
        id: MessageId::of_message(CONVERSATION, 42, "lume.example").unwrap(),
        threading: Threading::answer(
            MessageId::new("<q@cliente.example>").unwrap(),
            &[MessageId::new("root@x").unwrap()],
        ),
        content,
        inline: Vec::new(),
        files: Vec::new(),
        automatic: None,
        loop_mark: Some("desk-7"),
    }
}

fn file<'a>(name: &'a str, data: &'a [u8]) -> Attachment<'a> {
    Attachment { name, mime: "application/pdf", data, content_id: None, link: None }
}

/// What every server accepts: CRLF only, no line beyond 998 bytes, nothing but ASCII.
fn assert_transportable(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_ascii());
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.split("\r\n").all(|line| line.len() <= 998));
    let headers = text.split("\r\n\r\n").next().unwrap();
    assert!(headers.split("\r\n").all(|line| line.len() <= 120), "{headers}");
}

#[test]
fn an_answer_comes_back_as_it_was_written() {
    let mut draft =
        draft(Content { text: "", html: Some("<p>Olá <b>José</b></p><img src=\"cid:foto\">"), links_title: "" });
    draft.inline = vec![Attachment {
        name: "foto.png",
        mime: "image/png",
        data: b"\x89PNG",
        content_id: Some("foto"),
        link: None,
    }];
    draft.files = vec![
        file("orçamento \"final\".pdf", b"%PDF-"),
        Attachment { mime: "message/rfc822", ..file("a.eml", b"From: a\r\n\r\nb") },
    ];
    let letter = draft.compose().unwrap();
    assert_transportable(&letter.bytes);
    assert_eq!(letter.envelope.from, "suporte@lume.example");
    assert_eq!(letter.envelope.to, ["jose@cliente.example", "chefe@cliente.example", "arquivo@lume.example"]);
    let text = String::from_utf8(letter.bytes.clone()).unwrap();
    assert!(!text.contains("arquivo@") && !text.contains("Auto-Submitted"), "{text}");
    assert!(
        text.contains(&format!("Message-ID: <conversation/{CONVERSATION}/messages/42@lume.example>\r\n")),
        "{text}"
    );
    assert!(
        text.contains("In-Reply-To: <q@cliente.example>\r\n")
            && text.contains("References: <root@x> <q@cliente.example>\r\n")
    );

    let read = Incoming::read(&letter.bytes, Own::default());
    assert_eq!(read.subject, "Re: Reclamação nº 7");
    assert_eq!(read.written_at, Some(1_795_262_400_000));
    assert_eq!(read.people.to[0].name, "José Conceição");
    assert_eq!(read.body.text, "Olá José");
    let files: Vec<_> = read.files.iter().map(|file| (file.name.as_str(), file.mime.as_str(), file.shown)).collect();
    assert_eq!(
        files,
        [
            ("foto.png", "image/png", true),
            ("orçamento _final_.pdf", "application/pdf", false),
            ("a.eml", "application/octet-stream", false)
        ]
    );
    assert_eq!(read.files[1].data, b"%PDF-");
    assert!(read.damage.is_empty(), "{:?}", read.damage);
    assert_eq!(Incoming::read(&letter.bytes, Own { loop_mark: Some("desk-7"), ..Own::default() }).kind, Kind::Own);
}

#[test]
fn nobody_injects_headers() {
    let evil = "x\r\nBcc: evil@e.example\r\n\r\nbody";
    let mut draft = draft(Content { text: "a\n.\nb\r\n.\r\nBcc: x", html: None, links_title: "" });
    draft.subject = evil;
    draft.from.name = evil.to_owned();
    draft.loop_mark = Some(evil);
    draft.files = vec![Attachment { name: evil, mime: evil, data: b"x", content_id: Some(evil), link: None }];
    let letter = draft.compose().unwrap();
    assert_transportable(&letter.bytes);
    let read = Incoming::read(&letter.bytes, Own::default());
    let text = String::from_utf8(letter.bytes).unwrap();
    assert!(!text.split("\r\n\r\n").next().unwrap().contains("\r\nBcc"), "{text}");
    assert_eq!(read.body.text, "a\n.\nb\n.\nBcc: x");
    assert!(MessageId::new("a@b>\r\nBcc: x").is_some_and(|id| !id.bracketed().contains(['\r', '\n', ' '])));
    draft.to[0].email = "a@b\r\nBcc: x@y".to_owned();
    assert!(matches!(draft.compose(), Err(DraftError::Address(_))));
}

#[test]
fn long_lines_are_wrapped_and_subjects_folded() {
    let line = "palavra ".repeat(400) + &"x".repeat(5000);
    let html = format!("<p>{line}</p>");
    let subject = "Sobre a reclamação ".repeat(40);
    let mut draft = draft(Content { text: &line, html: Some(&html), links_title: "" });
    draft.subject = &subject;
    draft.threading.references =
        (0..60).map(|number| MessageId::new(&format!("{number}.{}@x.example", "r".repeat(70))).unwrap()).collect();
    let letter = draft.compose().unwrap();
    assert_transportable(&letter.bytes);
    let read = Incoming::read(&letter.bytes, Own::default());
    assert_eq!(read.subject, subject.trim());
    assert_eq!(read.body.whole_text, line.trim_end());
}

#[test]
fn large_files_become_links() {
    let (small, large) = (vec![1; 2 << 20], vec![2; 19 << 20]);
    let mut draft = draft(Content { text: "Segue.", html: Some("<p>Segue.</p>"), links_title: "Arquivos:" });
    draft.files = vec![file("a.pdf", &small), file("b.pdf", &large), file("c.pdf", &small)];
    assert_eq!(draft.compose(), Err(DraftError::TooLarge("b.pdf".to_owned())));
    draft.files[1].link = Some("https://desk.example/f/b?x=1&y=2");
    let letter = draft.compose().unwrap();
    assert_eq!(letter.linked, ["b.pdf"]);
    let read = Incoming::read(&letter.bytes, Own::default());
    assert_eq!(read.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["a.pdf", "c.pdf"]);
    assert!(
        read.body.whole_text.contains("Arquivos:\n- b.pdf: https://desk.example/f/b?x=1&y=2"),
        "{}",
        read.body.whole_text
    );
    assert!(read.body.html.unwrap().as_str().contains("href=\"https://desk.example/f/b?x=1&amp;y=2\""));
}

#[test]
fn automatic_mail_says_so() {
    for (automatic, said) in [(Automatic::Replied, "auto-replied"), (Automatic::Generated, "auto-generated")] {
        let mut draft = draft(Content { text: "Recebemos.", html: None, links_title: "" });
        draft.automatic = Some(automatic);
        let letter = draft.compose().unwrap();
        let text = String::from_utf8(letter.bytes.clone()).unwrap();
        assert!(
            text.contains(&format!("Auto-Submitted: {said}\r\n")) && text.contains("X-Auto-Response-Suppress: All\r\n")
        );
        let read = Incoming::read(&letter.bytes, Own::default());
        assert_eq!((read.kind, read.may_answer), (Kind::AutoReply, false));
    }
}

#[test]
fn answers_find_their_conversation() {
    let first = draft(Content { text: "Oi", html: None, links_title: "" }).compose().unwrap();
    let sent = Incoming::read(&first.bytes, Own::default());
    let threading = Threading::answer(sent.id.unwrap(), &[]);
    let mut answer = draft(Content { text: "Oi", html: None, links_title: "" });
    answer.reply_to = None;
    answer.threading = threading;
    answer.id = MessageId::new("x@cliente.example").unwrap();
    answer.loop_mark = None;
    let read = Incoming::read(&answer.compose().unwrap().bytes, Own::default());
    assert_eq!(read.thread[0], ThreadKey::Own { conversation: CONVERSATION, message: Some(42) });
}

#[test]
fn subjects_of_answers() {
    let cases = [
        ("Pedido", "Re: Pedido"),
        ("Re: Pedido", "Re: Pedido"),
        ("RE: RES: Re[2]: AW: Pedido", "Re: Pedido"),
        ("Enc: Pedido", "Re: Enc: Pedido"),
        ("Assunto: Re: x", "Re: Assunto: Re: x"),
        ("回复：订单", "Re: 订单"),
        ("", "Re:"),
        ("a\r\nb", "Re: a b"),
    ];
    for (subject, answer) in cases {
        assert_eq!(reply_subject(subject), answer);
    }
}

#[test]
fn long_chains_keep_both_ends() {
    let ids: Vec<_> = (0..50).map(|number| MessageId::new(&format!("{number}@x")).unwrap()).collect();
    let threading = Threading::answer(MessageId::new("parent@x").unwrap(), &ids);
    assert_eq!(threading.references.len(), 20);
    assert_eq!(threading.references[0].as_str(), "0@x");
    assert_eq!(threading.references[18].as_str(), "49@x");
    assert_eq!(threading.references[19].as_str(), "parent@x");
}
