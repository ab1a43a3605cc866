//! What tests of the rules begin with.
#![expect(clippy::expect_used, reason = "a test that cannot begin must fail")]

use std::sync::Arc;

use db::testing::TestDb;
use model::Role;

use crate::account::{self, NewInstallation};
use crate::clock::Clock;
use crate::second_factor::totp;
use crate::{Actor, App, Ctx, Settings, access, agent};

/// A quiet afternoon: 2026-01-15 15:00 UTC.
pub const NOW: i64 = 1_768_489_200_000;

/// An application on a test database, with a clock that stands at [`NOW`].
pub fn app(test: &TestDb) -> Arc<App> {
    app_at(test, Clock::fixed(NOW).0)
}

/// The same with another clock.
pub fn app_at(test: &TestDb, clock: Clock) -> Arc<App> {
    let settings = Settings {
        base_url: "http://localhost:3000".to_owned(),
        data_dir: test.dir.path().to_owned(),
        storage_url: format!("file://{}", test.dir.path().join("files").display()),
        smtp_url: None,
        mail_from: "Cloud Chat <no-reply@localhost>".to_owned(),
        private_mail_servers: true,
        private_webhooks: false,
        mail_providers: Vec::new(),
        secret_key: b"0123456789abcdef0123456789abcdef".to_vec(),
    };
    App::new(test.db.clone(), settings, clock).expect("a temporary folder can be written")
}

/// A first run with nothing wrong.
pub fn installation() -> NewInstallation {
    NewInstallation {
        account_name: "Loja Aurora".to_owned(),
        user_name: "Ana Souza".to_owned(),
        email: "ana@example.com".to_owned(),
        password: "correct horse".to_owned(),
        locale: "pt-BR".to_owned(),
        timezone: "America/Sao_Paulo".to_owned(),
    }
}

/// An account; its administrator at work in it.
pub async fn installed(app: &Arc<App>) -> Ctx {
    let made = account::install(&app.anonymous(), installation()).await.expect("a fresh database");
    enter(app, made.user_id, made.account_id).await
}

/// A further account; its administrator at work in it.
pub async fn another_account(app: &Arc<App>, email: &str) -> Ctx {
    let new = NewInstallation { email: email.to_owned(), ..installation() };
    let made = account::create(&app.system(), new).await.expect("a fresh address");
    enter(app, made.user_id, made.account_id).await
}

/// A new member of the administrator's account, at work in it.
pub async fn member(admin: &Ctx, email: &str, role: Role) -> Ctx {
    let name = email.split('@').next().unwrap_or_default().to_owned();
    let new = agent::NewAgent {
        name,
        email: email.to_owned(),
        role,
        availability: None,
        auto_offline: None,
        assignment_limit: None,
    };
    let agent = agent::add(admin, new).await.expect("a fresh address");
    enter(&admin.app, agent.id, agent.account_id).await
}

async fn enter(app: &Arc<App>, user: model::UserId, account: model::AccountId) -> Ctx {
    let ctx = app.anonymous().with(Actor::User(user));
    access::enter(&ctx, account).await.expect("a member")
}

/// A website inbox without agents.
pub async fn website(admin: &Ctx) -> model::InboxId {
    let settings = crate::inbox::Settings {
        name: Some("Loja".to_owned()),
        config: Some(serde_json::json!({"website_url": "https://loja.com.br"})),
        ..crate::inbox::Settings::default()
    };
    let channel = crate::visitor::VISITOR_CHANNEL.to_owned();
    let new = crate::inbox::NewInbox { channel, settings, members: Vec::new() };
    crate::inbox::create(admin, new).await.expect("an inbox can be made").id
}

/// What an app shows for a secret that was typed into it (base32).
pub fn app_code(secret: &str, now: model::Millis) -> String {
    let (mut bytes, mut kept, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.bytes() {
        let value = if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' };
        kept = kept << 5 | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((kept >> bits & 255) as u8);
        }
    }
    totp::code(&bytes, now.div_euclid(totp::STEP))
}
