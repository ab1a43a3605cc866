use std::path::PathBuf;
use std::sync::Arc;

use db::testing::TestDb;
use model::content::MessageKind;

use super::*;
use crate::clock::Clock;
use crate::inbox::NewInbox;
use crate::message::attachment::Upload;
use crate::visitor::chat::Draft;
use crate::{App, Ctx, Settings, account, agent, inbox, testing, visitor};

/// An account with one conversation: a text with an attachment.
async fn filled(app: &Arc<App>) -> Ctx {
    let admin = testing::installed(app).await;
    let settings = inbox::Settings {
        name: Some("Loja".to_owned()),
        config: Some(serde_json::json!({ "website_url": "https://loja.example" })),
        ..inbox::Settings::default()
    };
    let new = NewInbox { channel: visitor::VISITOR_CHANNEL.to_owned(), settings, members: Vec::new() };
    let inbox = inbox::create(&admin, new).await.unwrap();
    let visitor = visitor::enter(&app.anonymous(), &inbox.identifier, None).await.unwrap().ctx;
    let file = Upload {
        file_name: "nota.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        bytes: "olá".to_owned().into_bytes().into(),
    };
    let draft = Draft { content: "Cadê meu pedido? 🎉".to_owned(), files: vec![file], ..Draft::default() };
    visitor::chat::say(&visitor, draft).await.unwrap();
    admin
}

fn fresh(test: &TestDb) -> Arc<App> {
    testing::app_at(test, Clock::fixed(testing::NOW + 60_000).0)
}

fn place(test: &TestDb) -> PathBuf {
    test.dir.path().join("backup.tar")
}

/// The administrator at work in a restored database, found as after a sign-in.
async fn expect_everything(app: &Arc<App>, token: &str) {
    let user = agent::authenticate_token(&app.anonymous(), token).await.unwrap().unwrap();
    let ctx = app.anonymous().with(crate::Actor::User(user));
    let (account,) = db::sql!("select id from accounts").fetch_one::<(model::AccountId,)>(&app.db).await.unwrap();
    let ctx = crate::access::enter(&ctx, account).await.unwrap();
    assert_eq!(account::get(&ctx).await.unwrap().name, "Loja Aurora");
    // Encrypted columns can be read.
    assert_eq!(agent::token::own(&ctx).await.unwrap(), token);

    let filter = model::conversation::ConversationFilter { query: Some("pédido".to_owned()), ..Default::default() };
    let found =
        crate::conversation::list::list(&ctx, &filter, crate::conversation::list::Paging::start(10)).await.unwrap();
    assert_eq!(found.items.len(), 1);
    let indexed = crate::search::find::whole_messages(&ctx, "pédido", 1).await.unwrap();
    assert_eq!(indexed.len(), 1, "the search finds restored messages");
    let window = crate::message::Window { limit: 10, ..Default::default() };
    let messages = crate::message::list(&ctx, found.items[0].display_id, window).await.unwrap();
    let incoming = messages.iter().find(|message| message.kind == MessageKind::Incoming).unwrap();
    assert_eq!(incoming.content, "Cadê meu pedido? 🎉");
    let (key,): (String,) = db::sql!("select storage_key from attachments").fetch_one(&app.db).await.unwrap();
    assert_eq!(app.blobs.get(&key, None).await.unwrap(), "olá");
    let numbers =
        "select (select count(*) from conversations), (select CAST(sum(number) AS BIGINT) from conversation_tallies)";
    let (there, kept): (i64, i64) = db::Query::fixed(numbers).fetch_one(&app.db).await.unwrap();
    assert!(there == 1 && kept == there, "{there} conversations are counted as {kept}");
    // New rows come behind the restored ones.
    testing::another_account(app, "nova@example.com").await;
}

db::db_test! {
    async fn a_backup_is_restored_into_either_database(test: TestDb) {
        let app = testing::app(&test);
        let admin = filled(&app).await;
        let token = agent::token::own(&admin).await.unwrap();
        let (contents, size) = backup(&app, &place(&test), Files::Included).await.unwrap();
        assert_eq!((contents.rows["messages"], contents.files), (1, 1));
        assert_eq!(std::fs::metadata(place(&test)).unwrap().len(), size);

        let others = [Some(db::testing::sqlite().await.unwrap()), db::testing::postgres().await.unwrap()];
        for other in others.into_iter().flatten() {
            let target = fresh(&other);
            assert_eq!(restored_at(&target.db).await.unwrap(), None);
            let restored = restore(&target, &place(&test), Existing::Keep, Key::Same).await.unwrap();
            assert_eq!(restored, contents);
            assert_eq!(restored_at(&target.db).await.unwrap(), Some(testing::NOW + 60_000));
            expect_everything(&target, &token).await;
        }
    }

    async fn what_is_there_is_replaced_only_when_asked(test: TestDb) {
        let app = testing::app(&test);
        let admin = filled(&app).await;
        let token = agent::token::own(&admin).await.unwrap();
        backup(&app, &place(&test), Files::Included).await.unwrap();
        testing::member(&admin, "later@example.com", model::Role::Agent).await;

        let refused = restore(&app, &place(&test), Existing::Keep, Key::Same).await;
        assert!(matches!(refused, Err(TransferError::NotEmpty)));
        restore(&app, &place(&test), Existing::Replace, Key::Same).await.unwrap();
        assert_eq!(agent::find_by_email(&app.system(), "later@example.com").await.unwrap(), None);
        expect_everything(&app, &token).await;
    }

    async fn a_damaged_backup_changes_nothing(test: TestDb) {
        let app = testing::app(&test);
        filled(&app).await;
        backup(&app, &place(&test), Files::Included).await.unwrap();
        let whole = std::fs::read(place(&test)).unwrap();
        for kept in [0, 100, 600, whole.len() / 2, whole.len() - 2000] {
            std::fs::write(place(&test), &whole[..kept]).unwrap();
            let refused = restore(&app, &place(&test), Existing::Replace, Key::Same).await;
            assert!(matches!(refused, Err(TransferError::Incomplete(_) | TransferError::Io(_))), "{kept}: {refused:?}");
        }
        let (messages,): (i64,) = db::sql!("select count(*) from messages").fetch_one(&app.db).await.unwrap();
        assert_eq!((messages, restored_at(&app.db).await.unwrap()), (1, None));
    }

    async fn another_secret_key_is_noticed(test: TestDb) {
        let app = testing::app(&test);
        filled(&app).await;
        backup(&app, &place(&test), Files::LeftOut).await.unwrap();
        let other = db::testing::sqlite().await.unwrap();
        let settings = Settings { secret_key: vec![7; 32], ..testing::app(&other).settings.clone() };
        let target = App::new(other.db.clone(), settings, Clock::System).unwrap();
        let refused = restore(&target, &place(&test), Existing::Keep, Key::Same).await;
        assert!(matches!(refused, Err(TransferError::OtherKey)));
        restore(&target, &place(&test), Existing::Keep, Key::Any).await.unwrap();
    }
}
