//! Signing in at a mail provider: where to send an administrator. They come back to the dashboard.

use axum::Json;
use domain::mailbox::sign_in;
use model::InboxId;
use model::mailbox::{Back, MailProvider, SignInWish};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input};
use super::caller::Caller;
use super::lenient;
use super::refusal::Answer;
use crate::state::AppState;

/// Days of mail that become conversations where nobody says how many.
const USUAL_DAYS: u16 = 1;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(google)).routes(routes!(microsoft))
}

/// Which mailbox is to be connected.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = MailAuthorizationInput)]
struct Given {
    /// Address of the mailbox, for a new inbox.
    #[serde(deserialize_with = "lenient::text")]
    email: Option<String>,
    /// An inbox whose mailbox is to be connected anew.
    #[serde(deserialize_with = "lenient::int")]
    inbox_id: Option<i64>,
}

impl Input for Given {
    const NAME: &'static str = "authorization";
}

impl Given {
    fn wish(self, provider: MailProvider) -> SignInWish {
        SignInWish {
            provider,
            email: self.email.unwrap_or_default(),
            inbox: self.inbox_id.map(InboxId),
            how_far: Back::Days(USUAL_DAYS),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = MailAuthorization)]
struct Address {
    success: bool,
    /// To be opened in the browser in which the same administrator is signed in.
    url: String,
}

/// Where to sign in with Google. For administrators.
#[utoipa::path(post, path = "/google/authorization", tag = "inboxes", request_body = Given, responses((status = 200, body = Address)))]
async fn google(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<Address> {
    let url = sign_in::begin(&ctx, given.wish(MailProvider::Google)).await?;
    Ok(Json(Address { success: true, url }))
}

/// Where to sign in with Microsoft. For administrators.
#[utoipa::path(post, path = "/microsoft/authorization", tag = "inboxes", request_body = Given, responses((status = 200, body = Address)))]
async fn microsoft(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<Address> {
    let url = sign_in::begin(&ctx, given.wish(MailProvider::Microsoft)).await?;
    Ok(Json(Address { success: true, url }))
}
