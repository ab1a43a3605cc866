mod keep;
mod onward;
mod outgoing;
mod read;
mod watch;

use std::sync::Arc;

use bytes::Bytes;
use model::mailbox::AfterReading;
use model::{ConversationId, MessageId, MessageKind, MessageStatus, SenderKind};
use serde_json::json;

use super::{MailInbox, Place, Received, receive, store};
use crate::conversation::store as conversations;
use crate::message::{store as messages, write};
use crate::testing::{app, installed};
use crate::{App, Ctx, conversation, inbox};

const ADDRESS: &str = "suporte@loja.example";

/// An inbox that reads mail, and the system that reads it.
async fn mailbox(app: &Arc<App>, admin: &Ctx) -> (Ctx, MailInbox) {
    let account_id = admin.agent().unwrap().account_id;
    let ctx = app.system();
    let mut work = ctx.begin().await.unwrap();
    let now = work.now;
    let config = serde_json::json!({});
    let inbox_id = inbox::store::insert(&mut work.tx, account_id, "email", ADDRESS, "Loja", &config, Vec::new(), now)
        .await
        .unwrap();
    let place = Place { uid_validity: 7, uid: 0 };
    store::begin(&mut work.tx, account_id, inbox_id, place, 3, now).await.unwrap();
    work.commit().await.unwrap();
    (ctx, MailInbox { account_id, inbox_id, addresses: vec![ADDRESS.to_owned()], after: AfterReading::Leave })
}

fn mail(id: &str, headers: &str, text: &str) -> Bytes {
    format!(
        "From: Bia Costa <bia@cliente.example>\r\nTo: {ADDRESS}\r\nSubject: Pedido\r\nMessage-ID: <{id}>\r\n\
         Date: Thu, 15 Jan 2026 12:00:00 -0300\r\n{headers}\r\n{text}\r\n"
    )
    .into()
}

fn at(uid: u32) -> Option<Place> {
    Some(Place { uid_validity: 7, uid })
}

fn began(received: Received) -> (ConversationId, MessageId) {
    match received {
        Received::Began(conversation, message) => (conversation, message),
        other => panic!("{other:?}"),
    }
}

async fn last_uid(ctx: &Ctx, inbox: &MailInbox) -> i64 {
    store::mark(ctx.db(), inbox.account_id, inbox.inbox_id).await.unwrap().unwrap().last_uid
}

async fn message(ctx: &Ctx, inbox: &MailInbox, id: MessageId) -> messages::Row {
    messages::find(ctx.db(), inbox.account_id, id).await.unwrap().unwrap()
}

async fn uuid(ctx: &Ctx, inbox: &MailInbox, id: ConversationId) -> String {
    conversation::read::one(ctx, inbox.account_id, id).await.unwrap().unwrap().uuid
}

/// A message of ours in the conversation, as the agent's composer writes it.
async fn answer(ctx: &Ctx, inbox: &MailInbox, id: ConversationId) -> MessageId {
    let mut work = ctx.begin().await.unwrap();
    let now = work.now;
    let facts = conversations::lock(&mut work.tx, inbox.account_id, id, now).await.unwrap().unwrap();
    let new = write::New::text(MessageKind::Outgoing, "Saiu hoje.".to_owned());
    let written = write::write(&mut work, &facts, new).await.unwrap();
    work.commit().await.unwrap();
    written.id()
}

db::db_test! {
    async fn mails_become_conversations_and_answers_join_them(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let (conversation, first) =
            began(receive(&ctx, &inbox, mail("1@c", "Cc: rui@cliente.example\r\n", "Onde está?"), at(1)).await.unwrap());
        let row = message(&ctx, &inbox, first).await;
        assert_eq!((row.content.as_str(), row.kind, row.source_id.as_deref()), ("Onde está?", MessageKind::Incoming, Some("1@c")));
        assert_eq!((row.sender_kind, row.sender_name.as_deref()), (Some(SenderKind::Contact), Some("Bia Costa")));
        assert_eq!(row.content_attributes.0["email"]["cc"][0], "rui@cliente.example");
        assert_eq!(row.content_attributes.0["email"]["may_answer"], true);

        // By the mail it answers, by the id of a mail of ours, by the conversation's own address.
        let ours = answer(&ctx, &inbox, conversation).await;
        let uuid = uuid(&ctx, &inbox, conversation).await;
        let joined = [
            "In-Reply-To: <1@c>\r\n".to_owned(),
            "References: <x@y> <1@c> <z@y>\r\n".to_owned(),
            format!("In-Reply-To: <conversation/{uuid}/messages/{}@loja.example>\r\n", ours.0),
            format!("Delivered-To: reply+{uuid}@in.loja.example\r\n"),
        ];
        for (number, headers) in joined.iter().enumerate() {
            let received = receive(&ctx, &inbox, mail(&format!("j{number}@c"), headers, "E agora?"), None).await.unwrap();
            assert!(matches!(received, Received::Joined(id, _) if id == conversation), "{headers}: {received:?}");
        }
        // The same subject is no reason.
        let (other, _) = began(receive(&ctx, &inbox, mail("2@c", "", "Outro pedido"), None).await.unwrap());
        assert_ne!(other, conversation);
        // Nor is a name from another conversation's address that does not exist.
        let unknown = format!("Delivered-To: reply+{}@in.loja.example\r\n", crate::secret::uuid());
        began(receive(&ctx, &inbox, mail("3@c", &unknown, "Oi"), None).await.unwrap());
    }

    async fn each_mail_is_stored_once(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        began(receive(&ctx, &inbox, mail("1@c", "", "Oi"), at(1)).await.unwrap());
        assert_eq!(last_uid(&ctx, &inbox).await, 1);
        // Read again after a crash, and once more under another number.
        assert_eq!(receive(&ctx, &inbox, mail("1@c", "", "Oi"), at(1)).await.unwrap(), Received::Known);
        assert_eq!(receive(&ctx, &inbox, mail("1@c", "", "Oi, outra vez"), at(4)).await.unwrap(), Received::Known);
        assert_eq!(last_uid(&ctx, &inbox).await, 4);
        // The mark never goes back, and knows its numbering.
        receive(&ctx, &inbox, mail("2@c", "", "Oi"), at(2)).await.unwrap();
        receive(&ctx, &inbox, mail("3@c", "", "Oi"), Some(Place { uid_validity: 8, uid: 90 })).await.unwrap();
        assert_eq!(last_uid(&ctx, &inbox).await, 4);
        // Without a Message-ID the mail itself is its name.
        let nameless = Bytes::from_static(b"From: bia@cliente.example\r\n\r\nOi");
        began(receive(&ctx, &inbox, nameless.clone(), None).await.unwrap());
        assert_eq!(receive(&ctx, &inbox, nameless, None).await.unwrap(), Received::Known);

        // Two nodes at work: five mails of a contact nobody knew, each read by both.
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..10 {
            let (ctx, inbox) = (ctx.clone(), inbox.clone());
            let text = format!("From: novo@cliente.example\r\nMessage-ID: <n{}@c>\r\n\r\nOi", number / 2);
            tasks.spawn(async move { receive(&ctx, &inbox, text.into(), None).await.unwrap() });
        }
        let received = tasks.join_all().await;
        assert_eq!(received.iter().filter(|one| matches!(one, Received::Began(..))).count(), 5, "{received:?}");
        assert_eq!(received.iter().filter(|one| **one == Received::Known).count(), 5);
    }

    async fn nobody_gains_by_a_name_and_loops_end(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        // The administrator's address in `From`: a contact like any other.
        let forged = Bytes::from_static(b"From: Ana Souza <ana@example.com>\r\nMessage-ID: <f@c>\r\n\r\nFechem tudo");
        let (_, id) = began(receive(&ctx, &inbox, forged, None).await.unwrap());
        let row = message(&ctx, &inbox, id).await;
        assert_eq!((row.kind, row.sender_kind), (MessageKind::Incoming, Some(SenderKind::Contact)));

        let own = format!("From: {ADDRESS}\r\nTo: bia@cliente.example\r\nMessage-ID: <o@c>\r\n\r\nOi");
        assert_eq!(receive(&ctx, &inbox, own.into(), at(5)).await.unwrap(), Received::Passed);
        let back = mail("b@c", &format!("X-Loop: {}\r\n", inbox.loop_mark()), "Voltou");
        assert_eq!(receive(&ctx, &inbox, back, at(6)).await.unwrap(), Received::Passed);
        assert_eq!(last_uid(&ctx, &inbox).await, 6);
        let away = mail("a@c", "Auto-Submitted: auto-replied\r\n", "Estou fora");
        let (_, id) = began(receive(&ctx, &inbox, away, None).await.unwrap());
        assert_eq!(message(&ctx, &inbox, id).await.content_attributes.0["email"]["may_answer"], false);
    }

    async fn the_text_of_a_mail_is_kept_once_and_shown_in_all_its_forms(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let shown = async |id: &str, text: &str| {
            let (_, id) = began(receive(&ctx, &inbox, mail(id, "", text), None).await.unwrap());
            let stored = message(&ctx, &inbox, id).await.content_attributes.0["email"]["text_content"].clone();
            let message = crate::message::read::one(&ctx, inbox.account_id, id).await.unwrap().unwrap();
            (stored, message.content_attributes["email"]["text_content"].clone())
        };
        let plain = shown("1@c", "Oi, chegou?").await;
        assert_eq!(plain.0, json!({ "quoted": null }));
        assert_eq!(plain.1, json!({ "full": "Oi, chegou?", "reply": "Oi, chegou?", "quoted": null }));
        let quoting = shown("2@c", "Chegou!\n\nOn Mon, 2 Mar 2026, Ana wrote:\n> Oi\n> chegou?").await;
        assert_eq!(quoting.1["reply"], "Chegou!");
        assert!(quoting.1["full"].as_str().unwrap().ends_with("> chegou?"), "{quoting:?}");
        assert_eq!(quoting.0.get("reply"), None);
    }

    async fn bounces_are_shown_on_the_message(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let (conversation, incoming) = began(receive(&ctx, &inbox, mail("1@c", "", "Oi"), None).await.unwrap());
        let ours = answer(&ctx, &inbox, conversation).await;
        let uuid = uuid(&ctx, &inbox, conversation).await;
        let bounce = |number: u32, message: MessageId, action: &str, status: &str| -> Bytes {
            format!(
                "From: MAILER-DAEMON@mx.example\r\nTo: {ADDRESS}\r\nSubject: Undelivered\r\nMessage-ID: <d{number}@mx>\r\n\
                 MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=d\r\n\r\n\
                 --d\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
                 --d\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
                 Final-Recipient: rfc822; bia@cliente.example\r\nAction: {action}\r\nStatus: {status}\r\n\
                 Diagnostic-Code: smtp; 550 {status} User unknown\r\n\r\n\
                 --d\r\nContent-Type: text/rfc822-headers\r\n\r\n\
                 Message-ID: <conversation/{uuid}/messages/{}@loja.example>\r\n\r\n--d--\r\n",
                message.0
            )
            .into()
        };
        assert_eq!(receive(&ctx, &inbox, bounce(1, ours, "delayed", "4.4.1"), None).await.unwrap(), Received::Bounced(ours));
        assert_eq!(message(&ctx, &inbox, ours).await.status, MessageStatus::Progress);
        assert_eq!(receive(&ctx, &inbox, bounce(2, ours, "failed", "5.1.1"), None).await.unwrap(), Received::Bounced(ours));
        let row = message(&ctx, &inbox, ours).await;
        assert_eq!(row.status, MessageStatus::Failed);
        assert_eq!(row.content_attributes.0["external_error"], "bia@cliente.example (5.1.1): 550 5.1.1 User unknown");
        // A bounce of what we never sent is shown like any other mail.
        let lie = receive(&ctx, &inbox, bounce(3, incoming, "failed", "5.1.1"), None).await.unwrap();
        assert!(!matches!(lie, Received::Bounced(_)), "{lie:?}");
        assert_eq!(message(&ctx, &inbox, incoming).await.status, MessageStatus::Sent);
    }

    async fn files_and_the_original_are_kept_as_long_as_the_conversation(test: TestDb) {
        let app = app(&test);
        let admin = installed(&app).await;
        let (ctx, inbox) = mailbox(&app, &admin).await;
        let headers = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n";
        let text = "--m\r\nContent-Type: text/plain\r\n\r\nSegue.\r\n--m\r\nContent-Type: application/pdf; name=nota.pdf\r\n\
                    Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--m\r\nContent-Type: text/csv; name=vazio.csv\r\n\r\n\r\n--m--";
        let raw = mail("1@c", headers, text);
        let (conversation, id) = began(receive(&ctx, &inbox, raw.clone(), None).await.unwrap());
        let files = messages::files(ctx.db(), inbox.account_id, &[id]).await.unwrap();
        assert_eq!(files.iter().map(|file| file.file_name.as_str()).collect::<Vec<_>>(), ["nota.pdf"]);
        let key = store::original(ctx.db(), inbox.account_id, id).await.unwrap().unwrap();
        assert_eq!(ctx.app.blobs.get(&key, None).await.unwrap(), raw);
        // Nothing waits to be swept but what a deletion frees.
        assert!(messages::stale_uploads(ctx.db(), i64::MAX).await.unwrap().is_empty());
        let facts = conversations::find_by_id(ctx.db(), inbox.account_id, conversation).await.unwrap().unwrap();
        conversation::delete(&admin, facts.display_id).await.unwrap();
        assert!(messages::stale_uploads(ctx.db(), i64::MAX).await.unwrap().contains(&key));
        // Forgotten with its conversation: the same mail may come again.
        began(receive(&ctx, &inbox, raw, None).await.unwrap());
    }
}
