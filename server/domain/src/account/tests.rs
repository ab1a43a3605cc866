use model::ErrorCode;

use super::*;
use crate::testing::{self, installation};

db::db_test! {
    async fn the_first_account_can_be_made_once(test: TestDb) {
        let ctx = testing::app(&test).anonymous();
        assert!(!is_installed(&ctx).await.unwrap());
        let installed = install(&ctx, installation()).await.unwrap();
        assert!(is_installed(&ctx).await.unwrap());
        assert_eq!(installed.access_token.len(), 24);

        let mut other = installation();
        other.email = "other@example.com".to_owned();
        let refused = install(&ctx, other).await.unwrap_err();
        assert_eq!(refused.known(), Some(ErrorCode::AlreadyInstalled));
    }

    async fn of_two_first_runs_at_once_one_wins(test: TestDb) {
        let ctx = testing::app(&test).anonymous();
        let mut other = installation();
        other.email = "other@example.com".to_owned();
        let (left, right) = tokio::join!(install(&ctx, installation()), install(&ctx, other));
        let refused = match (left, right) {
            (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
            (left, right) => panic!("{left:?} {right:?}"),
        };
        assert_eq!(refused.known(), Some(ErrorCode::AlreadyInstalled));
        let (accounts,): (i64,) = db::sql!("select count(*) from accounts").fetch_one(&test.db).await.unwrap();
        assert_eq!(accounts, 1);
    }

    async fn an_input_that_is_wrong_is_named_and_leaves_nothing(test: TestDb) {
        let ctx = testing::app(&test).anonymous();
        let wrong = |change: fn(&mut NewInstallation)| {
            let mut new = installation();
            change(&mut new);
            install(&ctx, new)
        };
        let field = |error: Error| match error {
            Error::Known(error) => (error.field.unwrap_or_default(), error.code),
            other => panic!("{other}"),
        };
        assert_eq!(
            field(wrong(|new| new.account_name = " ".to_owned()).await.unwrap_err()),
            ("account_name".to_owned(), ErrorCode::Required)
        );
        assert_eq!(
            field(wrong(|new| new.email = "nobody".to_owned()).await.unwrap_err()),
            ("email".to_owned(), ErrorCode::InvalidEmail)
        );
        assert_eq!(
            field(wrong(|new| new.password = "short".to_owned()).await.unwrap_err()),
            ("password".to_owned(), ErrorCode::WeakPassword)
        );
        assert!(!is_installed(&ctx).await.unwrap());
        // A zone that nobody knows is no reason to refuse.
        assert!(wrong(|new| new.timezone = "Mars/Olympus".to_owned()).await.is_ok());
    }

    async fn only_the_operator_makes_further_accounts(test: TestDb) {
        let app = testing::app(&test);
        assert!(create(&app.anonymous(), installation()).await.is_err());
        let first = create(&app.system(), installation()).await.unwrap();
        // An account of the operator's closes the first run too.
        assert!(is_installed(&app.anonymous()).await.unwrap());
        let mut other = installation();
        let taken = create(&app.system(), other.clone()).await.unwrap_err();
        assert_eq!(taken.known(), Some(ErrorCode::Taken));
        other.email = "other@example.com".to_owned();
        let second = create(&app.system(), other).await.unwrap();
        assert_ne!(first.account_id, second.account_id);
    }

    async fn only_administrators_change_the_account(test: TestDb) {
        let app = testing::app(&test);
        let admin = testing::installed(&app).await;
        let change = AccountChange { name: Some("Nova Loja".to_owned()), ..AccountChange::default() };
        let account = update(&admin, change.clone()).await.unwrap();
        assert_eq!(account.name, "Nova Loja");
        assert_eq!(account.locale, "pt_BR");

        let agent = testing::member(&admin, "bia@example.com", Role::Agent).await;
        assert_eq!(update(&agent, change).await.unwrap_err().known(), Some(ErrorCode::Forbidden));
        assert_eq!(get(&agent).await.unwrap().name, "Nova Loja");
    }
}
