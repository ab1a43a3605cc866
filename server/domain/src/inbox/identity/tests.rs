use std::sync::atomic::Ordering;

use model::{ErrorCode, InboxId, Role};

use super::{GRACE, end_old, proves, rotate};
use crate::clock::Clock;
use crate::testing::{NOW, app_at, installed, member, website};
use crate::{Ctx, inbox, secret};

/// Whether the inbox takes what was computed with this token.
async fn takes(admin: &Ctx, id: InboxId, token: &str) -> bool {
    let inbox = inbox::get(admin, id).await.unwrap();
    let hash = secret::hmac_hex(token, "u-1");
    let account = admin.agent().unwrap().account_id;
    let other = proves(admin, &inbox, account, "u-2", &hash).await.unwrap();
    assert!(!other, "a proof is of one person");
    proves(admin, &inbox, account, "u-1", &hash.to_uppercase()).await.unwrap()
}

async fn token(admin: &Ctx, id: InboxId) -> String {
    inbox::installation(admin, id).await.unwrap().identity_token.unwrap()
}

db::db_test! {
    async fn a_replaced_token_proves_for_another_day(test: TestDb) {
        let (clock, hand) = Clock::fixed(NOW);
        let app = app_at(&test, clock);
        let admin = installed(&app).await;
        let id = website(&admin).await;
        let first = token(&admin, id).await;
        rotate(&admin, id).await.unwrap();
        let second = token(&admin, id).await;
        assert_ne!(first, second);
        assert!(takes(&admin, id, &first).await && takes(&admin, id, &second).await);
        assert_eq!(inbox::installation(&admin, id).await.unwrap().old_identity_until, Some(NOW + GRACE));
        let shown = inbox::all_secrets(&admin, id).await.unwrap().to_string();
        assert!(!shown.contains(&first) && shown.contains(&second), "the API shows the one that counts");

        hand.store(NOW + GRACE, Ordering::SeqCst);
        assert!(!takes(&admin, id, &first).await && takes(&admin, id, &second).await);
        assert_eq!(inbox::installation(&admin, id).await.unwrap().old_identity_until, None);
        assert!(!takes(&admin, id, "").await);
    }

    async fn a_token_in_wrong_hands_ends_at_once(test: TestDb) {
        let app = crate::testing::app(&test);
        let admin = installed(&app).await;
        let id = website(&admin).await;
        let first = token(&admin, id).await;
        rotate(&admin, id).await.unwrap();
        end_old(&admin, id).await.unwrap();
        let second = token(&admin, id).await;
        assert!(!takes(&admin, id, &first).await && takes(&admin, id, &second).await);
        for role in [Role::Assistant, Role::Agent, Role::Supervisor] {
            let other = member(&admin, &format!("{role}@example.com"), role).await;
            for refused in [rotate(&other, id).await, end_old(&other, id).await] {
                assert_eq!(refused.unwrap_err().known(), Some(ErrorCode::Forbidden));
            }
        }
    }
}
