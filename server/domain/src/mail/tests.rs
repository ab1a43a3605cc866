use model::Role;

use super::*;
use crate::{job, session, testing};

db::db_test! {
    async fn unsent_mail_is_for_administrators_of_nobody_elses_people(test: TestDb) {
        let app = testing::app(&test);
        let ana = testing::installed(&app).await;
        let bia = testing::member(&ana, "bia@example.com", Role::Supervisor).await;
        let leo = testing::another_account(&app, "leo@example.com").await;
        job::runner::run_due(&app.system()).await.unwrap();
        let invitations = kept(&ana).await.unwrap();
        assert_eq!(invitations.len(), 1);
        assert_eq!(invitations[0].to, "bia@example.com");
        assert!(kept(&bia).await.is_err());
        assert!(kept(&leo).await.unwrap().is_empty());

        // Somebody who works for two companies: neither may take over what they do at the other.
        testing::member(&leo, "bia@example.com", Role::Agent).await;
        session::reset::request(&app.anonymous(), "bia@example.com").await.unwrap();
        job::runner::run_due(&app.system()).await.unwrap();
        assert!(kept(&ana).await.unwrap().is_empty());
        assert!(kept(&leo).await.unwrap().is_empty());
    }
}
