use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use model::mailbox::{LoginMethod, Security, Sender};
use model::{DisplayId, ErrorCode, MessageId, MessageStatus, Role};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::super::connect::connect_sender;
use super::super::store;
use super::super::{MailInbox, Received, receive};
use super::{began, mail, mailbox, message};
use crate::clock::Clock;
use crate::job::runner::run_due;
use crate::message::attachment::Upload;
use crate::message::send::{self, Draft};
use crate::testing::{NOW, app, app_at, installed, member};
use crate::{Ctx, conversation, delivery};

const MINUTE: i64 = 60_000;

/// What a server says to a whole mail.
#[derive(Clone, Copy)]
pub(super) enum End {
    Say(&'static str),
    /// Takes it and hangs up.
    Close,
    /// Takes it and says nothing any more.
    Hang,
}

/// To whom a mail went, and the mail.
pub(super) type Taken = (Vec<String>, String);

/// A server that takes mail of whoever knows the password.
#[derive(Clone)]
pub(super) struct Smtp {
    port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
    /// To each mail in turn; afterwards all are taken.
    ends: Arc<Mutex<VecDeque<End>>>,
    /// The beginning of an address and what is said to it, once.
    refuses: Arc<Mutex<Vec<(&'static str, &'static str)>>>,
    /// Whoever comes is not greeted.
    pub(super) is_deaf: Arc<AtomicBool>,
    /// Somebody waits for a word that does not come.
    pub(super) keeps_waiting: Arc<Notify>,
}

impl Smtp {
    pub(super) async fn start(ends: &[End]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let ends = Arc::new(Mutex::new(ends.iter().copied().collect()));
        let (is_deaf, keeps_waiting) = Default::default();
        let server = Self { port, taken: Arc::default(), ends, refuses: Arc::default(), is_deaf, keeps_waiting };
        let listening = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(listening.clone().visit(BufReader::new(stream)));
            }
        });
        server
    }

    async fn visit(self, mut stream: BufReader<tokio::net::TcpStream>) {
        let (mut line, mut to) = (String::new(), Vec::new());
        if self.is_deaf.load(Ordering::SeqCst) {
            return self.keep_waiting().await;
        }
        let _ = stream.get_mut().write_all(b"220 ready\r\n").await;
        while stream.read_line(&mut line).await.unwrap_or_default() > 0 {
            let word = line.split_whitespace().next().unwrap_or_default().to_uppercase();
            let answer = match word.as_str() {
                "EHLO" => "250-mx\r\n250 AUTH PLAIN".to_owned(),
                // suporte / geheim
                "AUTH" if line.trim_end().ends_with("AHN1cG9ydGUAZ2VoZWlt") => "235 ok".to_owned(),
                "AUTH" => "535 5.7.8 Not you.".to_owned(),
                "RCPT" => self.recipient(&line, &mut to),
                "DATA" => {
                    let _ = stream.get_mut().write_all(b"354 go on\r\n").await;
                    let mut text = String::new();
                    while stream.read_line(&mut text).await.unwrap_or_default() > 0 && !text.ends_with("\r\n.\r\n") {}
                    let end = self.ends.lock().unwrap().pop_front().unwrap_or(End::Say("250 ok"));
                    let is_taken = !matches!(end, End::Say(said) if !said.starts_with('2'));
                    if is_taken {
                        self.taken.lock().unwrap().push((std::mem::take(&mut to), text));
                    }
                    match end {
                        End::Say(said) => said.to_owned(),
                        End::Close => return,
                        End::Hang => return self.keep_waiting().await,
                    }
                }
                "QUIT" => return,
                _ => "250 ok".to_owned(),
            };
            let _ = stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await;
            line.clear();
        }
    }

    async fn keep_waiting(&self) {
        self.keeps_waiting.notify_one();
        std::future::pending::<()>().await;
    }

    /// As the operator names it.
    pub(super) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    fn recipient(&self, line: &str, to: &mut Vec<String>) -> String {
        let address = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let mut refuses = self.refuses.lock().unwrap();
        if let Some(at) = refuses.iter().position(|(start, _)| address.starts_with(start)) {
            return refuses.remove(at).1.to_owned();
        }
        to.push(address);
        "250 ok".to_owned()
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    fn sender(&self) -> Sender {
        Sender {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            encryption: Security::None,
            check_certificate: true,
            user: "suporte".to_owned(),
            method: LoginMethod::Any,
            domain: "loja.example".to_owned(),
        }
    }
}

pub(super) async fn sends(admin: &Ctx, inbox: &MailInbox, server: &Smtp) {
    let connected = connect_sender(admin, &admin.app.mail, inbox.inbox_id, server.sender(), Some("geheim")).await;
    connected.unwrap().unwrap();
}

async fn write(admin: &Ctx, id: DisplayId, attributes: Value) -> MessageId {
    let draft = Draft { content: "Saiu **hoje**.".to_owned(), content_attributes: attributes, ..Draft::default() };
    let message = send::send(admin, id, draft).await.unwrap();
    assert_eq!(message.status, MessageStatus::Progress);
    message.id
}

async fn opened(ctx: &Ctx, inbox: &MailInbox) -> (DisplayId, model::ConversationId) {
    let (id, _) =
        began(receive(ctx, inbox, mail("1@c", "Cc: rui@cliente.example\r\n", "Onde está?"), None).await.unwrap());
    let facts = conversation::store::find_by_id(ctx.db(), inbox.account_id, id).await.unwrap().unwrap();
    (facts.display_id, id)
}

db::db_test! {
    async fn an_answer_becomes_one_mail_that_threads(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let server = Smtp::start(&[]).await;
        sends(&admin, &inbox, &server).await;
        let (number, conversation) = opened(&ctx, &inbox).await;
        let id = write(&admin, number, json!({"bcc_emails": "chefe@loja.example"})).await;
        run_due(&ctx).await.unwrap();
        run_due(&ctx).await.unwrap();
        let taken = server.taken();
        assert_eq!(taken.len(), 1);
        let (to, text) = &taken[0];
        assert_eq!(to, &["bia@cliente.example", "rui@cliente.example", "chefe@loja.example"]);
        let row = message(&ctx, &inbox, id).await;
        assert_eq!(row.status, MessageStatus::Sent);
        let name = row.source_id.unwrap();
        assert!(name.starts_with("conversation/") && name.ends_with("@loja.example"), "{name}");
        for part in ["Subject: Re: Pedido", "In-Reply-To: <1@c>", "References: <1@c>", "Cc: rui@cliente.example",
            " <suporte@loja.example>\r\n", "<strong>hoje</strong>", "> Onde", "multipart/alternative"] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(!text.contains("chefe@") && text.contains(&format!("Message-ID: <{name}>")), "{text}");
        // Its answer joins.
        let answer = mail("2@c", &format!("In-Reply-To: <{name}>\r\n"), "Obrigada!");
        let received = receive(&ctx, &inbox, answer, None).await.unwrap();
        assert!(matches!(received, Received::Joined(joined, _) if joined == conversation), "{received:?}");
        // The next one names all that came before, and asks nobody who was not there.
        write(&admin, number, json!({"cc_emails": []})).await;
        run_due(&ctx).await.unwrap();
        let (to, text) = server.taken()[1].clone();
        assert_eq!(to, ["bia@cliente.example"]);
        let unfolded = text.replace("\r\n ", " ");
        assert!(unfolded.contains(&format!("References: <1@c> <{name}> <2@c>")), "{unfolded}");
    }

    async fn pictures_are_shown_in_the_mail_and_other_files_lie_beside(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let server = Smtp::start(&[]).await;
        sends(&admin, &inbox, &server).await;
        let (number, _) = opened(&ctx, &inbox).await;
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(10, 10).write_to(&mut png, image::ImageFormat::Png).unwrap();
        let upload = |name: &str, kind: &str, bytes: Vec<u8>| Upload {
            file_name: name.to_owned(), content_type: kind.to_owned(), bytes: bytes.into(),
        };
        let files = vec![
            upload("foto.png", "image/png", png.into_inner()),
            upload("nota.pdf", "application/pdf", b"%PDF-1.4\n".to_vec()),
        ];
        let draft = Draft { content: "Veja a foto.".to_owned(), files, ..Draft::default() };
        send::send(&admin, number, draft).await.unwrap();
        run_due(&ctx).await.unwrap();
        let mail = server.taken().remove(0).1;
        let read = letter::Incoming::read(mail.trim_end_matches(".\r\n").as_bytes(), letter::Own { addresses: &[], loop_mark: None });
        assert_eq!(read.inline().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["foto.png"], "{mail}");
        assert_eq!(read.attached().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["nota.pdf"]);
        assert!(mail.contains("multipart/related") && mail.contains("Content-ID: <picture-"), "{mail}");
    }

    async fn two_mails_at_once_arrive_in_their_order(test: TestDb) {
        let (clock, hand) = Clock::fixed(NOW);
        let app = app_at(&test, clock);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let server = Smtp::start(&[End::Say("250 ok"), End::Say("250 ok"), End::Say("451 4.3.0 Busy."), End::Say("250 ok")]).await;
        sends(&admin, &inbox, &server).await;
        let (number, _) = opened(&ctx, &inbox).await;
        let (first, second) = (write(&admin, number, json!({})).await, write(&admin, number, json!({})).await);
        // The second one's worker is the faster.
        let turn = delivery::store::find(ctx.db(), inbox.account_id, second).await.unwrap().unwrap().turn;
        delivery::run(&ctx, inbox.account_id, second, turn).await.unwrap();
        assert_eq!(server.taken().len(), 0);
        // Its job has another turn by now: this one, run again by whoever, does nothing.
        delivery::run(&ctx, inbox.account_id, second, turn).await.unwrap();
        run_due(&ctx).await.unwrap();
        let ids: Vec<bool> = [first, second].iter().zip(server.taken()).map(|(id, (_, text))| text.contains(&format!("/messages/{}@", id.0))).collect();
        assert_eq!(ids, [true, true]);
        hand.fetch_add(60 * MINUTE, Ordering::SeqCst);
        run_due(&ctx).await.unwrap();
        assert_eq!(server.taken().len(), 2);
        // One that the server does not want for now holds up nobody.
        let (busy, next) = (write(&admin, number, json!({})).await, write(&admin, number, json!({})).await);
        run_due(&ctx).await.unwrap();
        assert_eq!(message(&ctx, &inbox, busy).await.status, MessageStatus::Progress);
        assert_eq!(message(&ctx, &inbox, next).await.status, MessageStatus::Sent);
    }

    async fn what_a_server_says_is_told_apart(test: TestDb) {
        let (clock, hand) = Clock::fixed(NOW);
        let app = app_at(&test, clock);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let ends = [End::Say("451 4.3.0 Busy."), End::Say("250 ok"), End::Say("554 5.7.1 Spam."), End::Close];
        let server = Smtp::start(&ends).await;
        sends(&admin, &inbox, &server).await;
        let (number, _) = opened(&ctx, &inbox).await;

        let busy = write(&admin, number, json!({})).await;
        run_due(&ctx).await.unwrap();
        let row = message(&ctx, &inbox, busy).await;
        assert_eq!((row.status, &row.content_attributes.0[delivery::WAITS]), (MessageStatus::Progress, &json!("451 4.3.0 Busy.")));
        hand.fetch_add(2 * MINUTE, Ordering::SeqCst);
        run_due(&ctx).await.unwrap();
        let row = message(&ctx, &inbox, busy).await;
        assert_eq!((row.status, row.content_attributes.0.get(delivery::WAITS)), (MessageStatus::Sent, None));
        assert_eq!(server.taken().len(), 1);

        let spam = write(&admin, number, json!({})).await;
        run_due(&ctx).await.unwrap();
        let row = message(&ctx, &inbox, spam).await;
        assert_eq!((row.status, &row.content_attributes.0["external_error"]), (MessageStatus::Failed, &json!("554 5.7.1 Spam.")));

        // It took the mail and never said so: nobody sends it again but a person, under the same name.
        let lost = write(&admin, number, json!({})).await;
        run_due(&ctx).await.unwrap();
        hand.fetch_add(60 * MINUTE, Ordering::SeqCst);
        run_due(&ctx).await.unwrap();
        let row = message(&ctx, &inbox, lost).await;
        assert_eq!((row.status, &row.content_attributes.0[delivery::UNKNOWN]), (MessageStatus::Failed, &json!(true)));
        assert_eq!(server.taken().len(), 2);
        crate::message::retry(&admin, number, lost).await.unwrap();
        run_due(&ctx).await.unwrap();
        let row = message(&ctx, &inbox, lost).await;
        assert_eq!((row.status, row.content_attributes.0.get(delivery::UNKNOWN)), (MessageStatus::Sent, None));
        let name = format!("Message-ID: <{}>", row.source_id.unwrap());
        assert_eq!(server.taken().iter().filter(|(_, text)| text.contains(&name)).count(), 2);
    }

    async fn whoever_died_while_sending_leaves_the_choice_to_a_person(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let server = Smtp::start(&[]).await;
        sends(&admin, &inbox, &server).await;
        let (number, _) = opened(&ctx, &inbox).await;
        let id = write(&admin, number, json!({})).await;
        let mut work = ctx.begin().await.unwrap();
        let row = delivery::store::find(&mut work.tx, inbox.account_id, id).await.unwrap().unwrap();
        assert!(delivery::store::claim(&mut work.tx, inbox.account_id, id, row.turn, "dead").await.unwrap());
        work.commit().await.unwrap();
        run_due(&ctx).await.unwrap();
        let row = message(&ctx, &inbox, id).await;
        assert_eq!((row.status, &row.content_attributes.0[delivery::UNKNOWN]), (MessageStatus::Failed, &json!(true)));
        assert!(server.taken().is_empty());
    }

    async fn who_is_refused_for_now_is_tried_alone(test: TestDb) {
        let (clock, hand) = Clock::fixed(NOW);
        let app = app_at(&test, clock);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let server = Smtp::start(&[]).await;
        server.refuses.lock().unwrap().push(("rui@", "450 4.2.0 Greylisted."));
        sends(&admin, &inbox, &server).await;
        let (number, _) = opened(&ctx, &inbox).await;
        let id = write(&admin, number, json!({})).await;
        run_due(&ctx).await.unwrap();
        let row = message(&ctx, &inbox, id).await;
        assert_eq!((row.status, &row.content_attributes.0["external_error"]), (MessageStatus::Sent, &json!("rui@cliente.example: 450 4.2.0 Greylisted.")));
        hand.fetch_add(2 * MINUTE, Ordering::SeqCst);
        run_due(&ctx).await.unwrap();
        let to: Vec<_> = server.taken().into_iter().map(|(to, _)| to).collect();
        assert_eq!(to, [vec!["bia@cliente.example"], vec!["rui@cliente.example"]]);
        assert_eq!(message(&ctx, &inbox, id).await.content_attributes.0.get("external_error"), None);
    }

    async fn without_a_server_or_with_a_wrong_one_nothing_leaves(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let (number, _) = opened(&ctx, &inbox).await;
        let id = write(&admin, number, json!({})).await;
        run_due(&ctx).await.unwrap();
        let row = message(&ctx, &inbox, id).await;
        assert_eq!(row.status, MessageStatus::Failed);
        assert!(row.content_attributes.0["external_error"].as_str().unwrap().contains("não está configurado"));

        let server = Smtp::start(&[]).await;
        let dialer = &admin.app.mail;
        let refused = connect_sender(&admin, dialer, inbox.inbox_id, server.sender(), Some("wrong")).await.unwrap();
        assert_eq!(refused, Err(post::Trouble::LoginRefused { said: "535 5.7.8 Not you.".to_owned() }));
        let agent = member(&admin, "rui@example.com", Role::Agent).await;
        assert!(connect_sender(&agent, dialer, inbox.inbox_id, server.sender(), Some("geheim")).await.is_err());
        assert!(store::sender::find(ctx.db(), inbox.account_id, inbox.inbox_id).await.unwrap().is_none());
        sends(&admin, &inbox, &server).await;
        // What is kept goes to no other server or user.
        let elsewhere = Sender { user: "outra".to_owned(), ..server.sender() };
        let error = connect_sender(&admin, dialer, inbox.inbox_id, elsewhere, None).await.unwrap_err();
        assert_eq!(error.known(), Some(ErrorCode::Required));
        connect_sender(&admin, dialer, inbox.inbox_id, server.sender(), None).await.unwrap().unwrap();
        let kept = store::sender::find(ctx.db(), inbox.account_id, inbox.inbox_id).await.unwrap().unwrap();
        assert!(!String::from_utf8_lossy(&kept.secrets).contains("geheim") && !kept.config.0.to_string().contains("geheim"));

        let many = Draft { content: "Oi".to_owned(), content_attributes: json!({"cc_emails": "nobody"}), ..Draft::default() };
        assert_eq!(send::send(&admin, number, many).await.unwrap_err().known(), Some(ErrorCode::InvalidEmail));
    }
}
