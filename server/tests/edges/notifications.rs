//! Mails to people of the team about what concerns them: told once, to whoever may know of it and does not look, and only if they want to be.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::macro_steps::mail_server;
use crate::support::{Person, World, reply, words};
use db::testing::TestDb;
use domain::clock::Clock;
use domain::job::runner::run_due;
use domain::job::store;
use domain::message::send::{self, Draft};
use domain::realtime::presence::{self, Page, Who};
use domain::visitor::chat;
use domain::{App, Ctx, testing};
use model::inbox::Inbox;
use model::mention::Mention;
use model::{DisplayId, Role, UserId};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

const MINUTE: i64 = 60_000;

/// A company with an inbox, a mail server, and time that passes when the test says so.
struct Desk {
    world: World,
    hand: Arc<AtomicI64>,
    mails: UnboundedReceiver<String>,
    inbox: Inbox,
    /// An agent of the inbox.
    bia: Person,
    /// An assistant of the inbox.
    ivo: Person,
}

/// A conversation and the visitor in it.
struct Talk {
    number: DisplayId,
    visitor: Ctx,
}

impl Desk {
    async fn open(test: TestDb) -> Self {
        let (address, mails) = mail_server().await;
        let (clock, hand) = Clock::fixed(testing::NOW);
        let world = World::at(test, clock, |all| all.smtp_url = Some(format!("smtp://{address}"))).await;
        let (bia, ivo) = (world.member("bia", Role::Agent).await, world.member("ivo", Role::Assistant).await);
        let inbox = world.website(&[bia.id, ivo.id]).await;
        let mut desk = Self { bia: bia.anew().await, ivo: ivo.anew().await, world, hand, mails, inbox };
        for person in [desk.bia.id, desk.ivo.id] {
            desk.accepts(person).await;
        }
        // The invitations.
        assert_eq!(desk.after(0).await.len(), 2);
        desk
    }

    /// They took up their invitation.
    async fn accepts(&self, user: UserId) {
        let mut query = db::Builder::new("update users set password_hash = 'x' where id = ");
        query.value(user);
        query.build().execute(self.world.app.db.writer()).await.unwrap();
    }

    async fn talk(&self) -> Talk {
        let said = chat::say(&self.world.visitor(&self.inbox).await, words("Oi")).await.unwrap();
        Talk { number: said.message.display_id, visitor: said.ctx }
    }

    /// One that is Bia's, of which she has been told.
    async fn talk_of_bia(&mut self) -> Talk {
        let talk = self.talk().await;
        self.assign(&talk, self.bia.id).await;
        assert_eq!(self.after(2).await.len(), 1);
        talk
    }

    async fn assign(&self, talk: &Talk, to: UserId) {
        let path = format!("/conversations/{}/assignments", talk.number);
        self.world.post(&path, json!({ "assignee_id": to })).await.ok();
    }

    async fn note(&self, by: &Ctx, talk: &Talk, content: String) {
        send::send(by, talk.number, Draft { content, private: true, ..Draft::default() }).await.unwrap();
    }

    /// What was mailed when so many minutes have passed.
    async fn after(&mut self, minutes: i64) -> Vec<String> {
        self.hand.fetch_add(minutes * MINUTE, Ordering::SeqCst);
        while run_due(&self.world.app.system()).await.unwrap() > 0 {}
        self.mailed()
    }

    fn mailed(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.mails.try_recv().ok()).collect()
    }

    /// Somebody opens a page and closes it.
    async fn looks(&self, user: UserId) {
        drop(Page::open(&self.world.app, Who::User(self.world.account, user)).await);
        self.hand.fetch_add(MINUTE, Ordering::SeqCst);
        presence::sweep(&self.world.app).await;
    }

    async fn says(&self, talk: &Talk, content: &str) {
        chat::say(&talk.visitor, words(content)).await.unwrap();
    }

    async fn settings(&self, token: &str, method: &str, body: Option<Value>) -> Value {
        self.world.ask(token, method, &self.world.path("/notification_settings"), body).await.ok()
    }
}

#[track_caller]
fn is_to(mail: &str, address: &str, parts: &[&str]) {
    assert!(mail.contains(&format!("RCPT TO:<{address}>")), "{address}: {mail}");
    for part in parts {
        assert!(mail.contains(part), "{part}: {mail}");
    }
}

db::db_test! {
    async fn who_is_given_a_conversation_is_told_once_and_nobody_of_what_they_did(test: TestDb) {
        let mut desk = Desk::open(test).await;
        let first = desk.talk().await;
        desk.assign(&first, desk.bia.id).await;
        assert!(desk.after(0).await.is_empty(), "she may be on her way");
        let mails = desk.after(1).await;
        assert_eq!(mails.len(), 1);
        is_to(&mails[0], "bia@example.com", &["Ana Souza atribuiu", &format!("/conversations/{}", first.number), "text/html"]);
        assert!(desk.after(60).await.is_empty());
        // She takes one herself; another goes on to somebody else before she is told.
        let (own, onward) = (desk.talk().await, desk.talk().await);
        let path = desk.world.path(&format!("/conversations/{}/assignments", own.number));
        desk.world.ask(&desk.bia.token, "POST", &path, Some(json!({ "assignee_id": desk.bia.id }))).await.ok();
        desk.assign(&onward, desk.bia.id).await;
        desk.assign(&onward, desk.ivo.id).await;
        let mails = desk.after(2).await;
        assert_eq!(mails.len(), 1);
        is_to(&mails[0], "ivo@example.com", &[]);
        // Many at once are one mail.
        let many = [desk.talk().await, desk.talk().await, desk.talk().await];
        for talk in &many {
            desk.assign(talk, desk.bia.id).await;
        }
        let mails = desk.after(2).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        is_to(&mails[0], "bia@example.com", &["> #"]);
        assert_eq!(named(&mails[0]), 3);
        // And what is given while she looks, she sees.
        let seen = desk.talk().await;
        let page = Page::open(&desk.world.app, Who::User(desk.world.account, desk.bia.id)).await;
        desk.assign(&seen, desk.bia.id).await;
        desk.hand.fetch_add(MINUTE, Ordering::SeqCst);
        page.alive().await;
        assert!(desk.after(0).await.is_empty());
    }

    async fn who_is_named_in_a_note_is_told_if_they_may_know_of_it_then(test: TestDb) {
        let mut desk = Desk::open(test).await;
        let (bia, ivo) = (Mention::User(desk.bia.id).link("bia"), Mention::User(desk.ivo.id).link("ivo"));
        let talk = desk.talk().await;
        desk.note(&desk.world.admin, &talk, format!("{bia} veja isto, **urgente**")).await;
        desk.note(&desk.bia.ctx, &talk, format!("{bia} eu mesma")).await;
        let mails = desk.after(2).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        is_to(&mails[0], "bia@example.com", &["> @bia veja isto, urgente"]);
        // An assistant is named while the conversation is nobody's; before they are told it is somebody's.
        desk.note(&desk.world.admin, &talk, format!("{ivo} veja")).await;
        desk.assign(&talk, desk.bia.id).await;
        let mails = desk.after(2).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        is_to(&mails[0], "bia@example.com", &["Ana Souza atribuiu"]);
        // Who was taken out of the inbox or of the account, or has not accepted yet, is told nothing.
        let (rui, eva) = (desk.world.member("rui", Role::Agent).await, desk.world.member("eva", Role::Agent).await);
        let members = json!({ "inbox_id": desk.inbox.id, "user_ids": [rui.id, eva.id] });
        desk.world.post("/inbox_members", members).await.ok();
        desk.accepts(rui.id).await;
        assert_eq!(desk.after(0).await.len(), 2, "the invitations");
        for name in [rui.id, eva.id, desk.bia.id] {
            desk.note(&desk.world.admin, &talk, Mention::User(name).link("x")).await;
        }
        desk.world.delete(&format!("/agents/{}", rui.id)).await.ok();
        let out = json!({ "inbox_id": desk.inbox.id, "user_ids": [desk.bia.id] });
        desk.world.ask(&desk.world.admin_token, "DELETE", &desk.world.path("/inbox_members"), Some(out)).await;
        assert!(desk.after(2).await.is_empty());
    }

    async fn new_messages_are_one_mail_until_somebody_is_back(test: TestDb) {
        let mut desk = Desk::open(test).await;
        let talk = desk.talk_of_bia().await;
        desk.says(&talk, "Primeira").await;
        desk.says(&talk, "Segunda").await;
        assert!(desk.after(4).await.is_empty());
        desk.says(&talk, "Terceira").await;
        let mails = desk.after(1).await;
        assert_eq!(mails.len(), 1);
        is_to(&mails[0], "bia@example.com", &["Primeira", "Segunda", "Terceira"]);
        desk.says(&talk, "Quarta").await;
        assert!(desk.after(60).await.is_empty(), "she knows that somebody waits");
        // Back and away again: what comes is news. A second conversation is told for itself.
        desk.looks(desk.bia.id).await;
        let other = desk.talk_of_bia().await;
        desk.says(&talk, "Quinta").await;
        desk.says(&other, "Outra").await;
        let mut mails = desk.after(5).await;
        mails.sort_by_key(|mail| mail.contains("Outra"));
        assert_eq!(mails.len(), 2, "{mails:?}");
        is_to(&mails[0], "bia@example.com", &["Quinta"]);
        assert!(!mails[0].contains("Quarta"), "she was there since: {}", mails[0]);
        // Nobody hears of what nobody's conversation brings, nor of somebody who is blocked.
        let free = desk.talk().await;
        desk.says(&free, "Alguem?").await;
        desk.looks(desk.bia.id).await;
        desk.world.post(&format!("/conversations/{}/mute", talk.number), json!({})).await.ok();
        desk.says(&talk, "Spam").await;
        assert!(desk.after(10).await.is_empty());
    }

    async fn who_has_seen_or_answered_meanwhile_gets_no_mail(test: TestDb) {
        let mut desk = Desk::open(test).await;
        let talk = desk.talk_of_bia().await;
        // She comes and goes.
        desk.says(&talk, "Um").await;
        desk.looks(desk.bia.id).await;
        assert!(desk.after(10).await.is_empty());
        // Her telephone says that she has read it.
        desk.says(&talk, "Dois").await;
        let path = desk.world.path(&format!("/conversations/{}/update_last_seen", talk.number));
        desk.world.ask(&desk.bia.token, "POST", &path, None).await.ok();
        assert!(desk.after(10).await.is_empty());
        // Somebody answers for her, though not everything.
        desk.says(&talk, "Tres").await;
        send::send(&desk.world.admin, talk.number, reply("Respondido")).await.unwrap();
        assert!(desk.after(10).await.is_empty());
        desk.says(&talk, "Quatro").await;
        send::send(&desk.world.admin, talk.number, reply("Sim")).await.unwrap();
        desk.says(&talk, "Cinco").await;
        let mails = desk.after(10).await;
        assert_eq!(mails.len(), 1);
        is_to(&mails[0], "bia@example.com", &["Cinco"]);
        assert!(!mails[0].contains("Quatro"));
        // Somebody else has it by then.
        desk.looks(desk.bia.id).await;
        desk.says(&talk, "Seis").await;
        desk.assign(&talk, desk.ivo.id).await;
        let mails = desk.after(10).await;
        assert_eq!(mails.len(), 1);
        is_to(&mails[0], "ivo@example.com", &["atribuiu"]);
        // What is deleted is not told.
        desk.world.delete(&format!("/conversations/{}", talk.number)).await;
        assert!(desk.after(10).await.is_empty());
        assert_eq!(store::counts(&desk.world.app.db).await.unwrap(), (0, 0));
    }

    async fn nodes_tell_together_what_one_would_tell(test: TestDb) {
        let mut desk = Desk::open(test).await;
        let settings = desk.world.app.settings.clone();
        let other = App::new(desk.world.app.db.clone(), settings.clone(), desk.world.app.clock.clone()).unwrap();
        let (one, two) = (desk.world.app.system(), other.system());
        for _ in 0..5 {
            let talk = desk.talk().await;
            desk.note(&desk.world.admin, &talk, Mention::User(desk.bia.id).link("bia")).await;
            desk.assign(&talk, desk.ivo.id).await;
            // Named again, and given away again: each is still told once.
            desk.note(&desk.world.admin, &talk, format!("{} veja", Mention::User(desk.bia.id).link("bia"))).await;
            desk.assign(&talk, desk.bia.id).await;
            desk.assign(&talk, desk.ivo.id).await;
        }
        desk.hand.fetch_add(2 * MINUTE, Ordering::SeqCst);
        loop {
            let (here, there) = tokio::join!(run_due(&one), run_due(&two));
            if here.unwrap() + there.unwrap() == 0 {
                break;
            }
        }
        desk.hand.fetch_add(10 * MINUTE, Ordering::SeqCst);
        while run_due(&two).await.unwrap() > 0 {}
        let mails = desk.mailed();
        let to = |address: &str| mails.iter().filter(|mail| mail.contains(&format!("RCPT TO:<{address}>"))).count();
        assert_eq!(to("bia@example.com"), 5, "{mails:?}");
        assert!((1..=5).contains(&to("ivo@example.com")), "{mails:?}");
        let told: usize = mails.iter().filter(|mail| mail.contains("RCPT TO:<ivo@example.com>")).map(|mail| named(mail)).sum();
        assert_eq!(told, 5, "{mails:?}");

        // A worker that dies with the job in hand; a mail server that is away.
        let talk = desk.talk_of_bia().await;
        desk.says(&talk, "Alo").await;
        desk.hand.fetch_add(5 * MINUTE, Ordering::SeqCst);
        assert!(!store::claim(&other.db, "the one that dies", desk.world.app.clock.now(), MINUTE, 8).await.unwrap().is_empty());
        assert!(desk.after(0).await.is_empty());
        let away = domain::Settings { smtp_url: Some("smtp://127.0.0.1:9".to_owned()), ..settings };
        let away = App::new(other.db.clone(), away, desk.world.app.clock.clone()).unwrap();
        desk.hand.fetch_add(2 * MINUTE, Ordering::SeqCst);
        run_due(&away.system()).await.unwrap();
        assert_eq!(store::counts(&other.db).await.unwrap(), (1, 0));
        assert_eq!(desk.after(1).await.len(), 1);
        assert!(desk.after(60).await.is_empty());
        assert_eq!(store::counts(&other.db).await.unwrap(), (0, 0));
    }

    async fn everybody_chooses_what_they_are_told(test: TestDb) {
        let mut desk = Desk::open(test).await;
        let (bia, admin) = (desk.bia.token.clone(), desk.world.admin_token.clone());
        let all = ["email_conversation_assignment", "email_conversation_mention", "email_assigned_conversation_new_message"];
        let settings = desk.settings(&bia, "GET", None).await;
        assert_eq!(settings, json!({
            "id": desk.bia.id, "user_id": desk.bia.id, "account_id": desk.world.account,
            "all_email_flags": all, "selected_email_flags": all, "all_push_flags": [], "selected_push_flags": [],
        }));
        let inboxes = desk.settings(&admin, "GET", None).await["all_email_flags"][3].clone();
        assert_eq!(inboxes, "email_inbox_lost", "who can do something about it");

        // As clients of the dialect write it: flags that mean nothing here are left out.
        let chosen = json!({ "notification_settings": {
            "selected_email_flags": ["email_conversation_mention", "email_conversation_creation", "email_inbox_lost"],
            "selected_push_flags": ["push_conversation_mention"],
        } });
        let settings = desk.settings(&bia, "PATCH", Some(chosen)).await;
        assert_eq!((&settings["selected_email_flags"], &settings["selected_push_flags"]), (&json!([all[1]]), &json!([])));
        assert_eq!(desk.settings(&bia, "PUT", Some(json!({}))).await, settings, "what is not named stays");
        assert_eq!(desk.settings(&admin, "GET", None).await["selected_email_flags"].as_array().unwrap().len(), 4);
        let path = desk.world.path("/notification_settings");
        for (field, flag) in [("selected_email_flags", "email_x"), ("selected_email_flags", "conversation_mention"), ("selected_push_flags", "email_conversation_mention")] {
            let refused = desk.world.ask(&bia, "PATCH", &path, Some(json!({ field: [flag] }))).await.refused(422);
            assert_eq!(refused["attributes"], json!([field]));
        }
        let stranger = desk.world.stranger().await;
        assert!(desk.world.ask(&stranger.token, "GET", &path, None).await.status.is_client_error());

        let talk = desk.talk().await;
        desk.assign(&talk, desk.bia.id).await;
        desk.says(&talk, "Alguem?").await;
        desk.note(&desk.world.admin, &talk, format!("{} veja", Mention::User(desk.bia.id).link("bia"))).await;
        let mails = desk.after(10).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        is_to(&mails[0], "bia@example.com", &["> @bia veja"]);
        // Switched on again, it is told again.
        desk.settings(&bia, "PATCH", Some(json!({ "selected_email_flags": all }))).await;
        desk.says(&talk, "Ainda?").await;
        assert_eq!(desk.after(10).await.len(), 1);
    }

    async fn without_a_mail_server_nothing_is_kept_for_anybody(test: TestDb) {
        let world = World::new(test).await;
        let bia = world.member("bia", Role::Agent).await;
        let inbox = world.website(&[bia.id]).await;
        let said = chat::say(&world.visitor(&inbox).await, words("Oi")).await.unwrap();
        let path = format!("/conversations/{}/assignments", said.message.display_id);
        world.post(&path, json!({ "assignee_id": bia.id })).await.ok();
        chat::say(&said.ctx, words("Alguem?")).await.unwrap();
        let (count,): (i64,) = db::sql!("select count(*) from notifications").fetch_one(&world.app.db).await.unwrap();
        assert_eq!(count, 0);
    }
}

/// Conversations that a mail about assignments names.
fn named(mail: &str) -> usize {
    let several = mail.lines().filter(|line| line.starts_with("> #")).count();
    several.max(1)
}
