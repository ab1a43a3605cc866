use model::conversation::ConversationFilter;
use model::{ConversationStatus, MessageKind};

use super::*;
use crate::conversation::list::{self, Paging};
use crate::message::Window;
use crate::{Actor, access, agent, message, session, testing};

db::db_test! {
    async fn the_demo_can_be_worked_with(test: TestDb) {
        let app = testing::app(&test);
        let filled = fill(&app, Options { seed: 1, scale: 1, contacts: 0 }, |_, _| {}).await.unwrap();
        assert_eq!((filled.contacts, filled.conversations, filled.people.len()), (300, 2000, 8));
        assert!(filled.messages > 14_000, "{}", filled.messages);

        let client = session::Client::default();
        let password = filled.password.to_owned();
        session::sign_in(&app.anonymous(), filled.people[2].email, password, &client).await.unwrap();
        let user = agent::authenticate_token(&app.anonymous(), &filled.access_token).await.unwrap().unwrap();
        let ctx = access::enter(&app.anonymous().with(Actor::User(user)), filled.account_id).await.unwrap();

        let open = ConversationFilter::default();
        let page = list::list(&ctx, &open, Paging::start(25)).await.unwrap();
        assert_eq!(page.items.len(), 25);
        assert!(page.items.iter().any(|row| row.unread_count > 0));
        let found = ConversationFilter { status: None, query: Some("boleto".to_owned()), ..open.clone() };
        assert!(!list::list(&ctx, &found, Paging::start(25)).await.unwrap().items.is_empty());

        let resolved = ConversationFilter { status: Some(ConversationStatus::Resolved), ..open };
        let row = list::list(&ctx, &resolved, Paging::start(1)).await.unwrap().items.remove(0);
        let window = Window { limit: 100, ..Window::default() };
        let messages = message::list(&ctx, row.display_id, window).await.unwrap();
        assert_eq!(messages.last().unwrap().kind, MessageKind::Activity);
        // Life goes on behind the demo.
        crate::conversation::status::toggle(&ctx, row.display_id).await.unwrap();

        let again = fill(&app, Options { seed: 1, scale: 1, contacts: 0 }, |_, _| {}).await;
        assert!(is_occupied(&again.unwrap_err()));
    }
}
