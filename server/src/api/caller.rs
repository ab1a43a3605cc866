//! Who calls, and what the address names.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use domain::ctx::Origin;
use domain::{Actor, Ctx, access, agent, session};
use model::{
    AccountId, AttributeId, BulkId, CannedId, ContactId, ContactImportId, DisplayId, ErrorCode, InboxId, LabelId,
    MacroId, MergeId, MessageId, NoteId, SavedViewId, ScheduledId, TeamId, UserId,
};

use super::refusal::Refusal;
use crate::middleware::{ClientAddress, RequestId};
use crate::state::AppState;

/// Headers that can hold an API token.
const TOKEN_HEADERS: [&str; 2] = ["api_access_token", "http_api_access_token"];

/// A person, outside of any account.
pub struct Person(pub Ctx);

/// A member at work in the account that the address names.
pub struct Caller(pub Ctx);

/// An id in the address.
pub struct Id<T>(pub T);

impl FromRequestParts<AppState> for Person {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let anonymous = state.app.anonymous().coming_from(origin(&parts.extensions));
        let actor = authenticate(&anonymous, &parts.headers).await?.ok_or_else(Refusal::invalid_token)?;
        Ok(Self(anonymous.with(actor)))
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let Person(person) = Person::from_request_parts(parts, state).await?;
        let Id(account) = Id::<AccountId>::from_request_parts(parts, state).await?;
        enter(&person, account).await.map(Self)
    }
}

/// Where a request comes from.
pub fn origin(extensions: &Extensions) -> Origin {
    let ip = extensions.get::<ClientAddress>().map(|ClientAddress(address)| address.to_string());
    let request_id = extensions.get::<RequestId>().map(ToString::to_string);
    Origin { ip: ip.unwrap_or_default(), request_id: request_id.unwrap_or_default() }
}

/// The person at work in one of their accounts.
pub async fn enter(person: &Ctx, account: AccountId) -> Result<Ctx, Refusal> {
    access::enter(person, account).await.map_err(|error| match error.known() {
        // Here it means that they do not belong to it.
        Some(ErrorCode::Forbidden) => Refusal::foreign_account(),
        _ => error.into(),
    })
}

/// Whoever the headers name: by API token, which decides alone when there is one, or by the token of a session.
async fn authenticate(ctx: &Ctx, headers: &HeaderMap) -> domain::Result<Option<Actor>> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(token) = TOKEN_HEADERS.into_iter().find_map(text) {
        return Ok(agent::authenticate_token(ctx, token).await?.map(Actor::User));
    }
    match session_token(headers) {
        Some(token) => session::actor(ctx, token).await,
        None => Ok(None),
    }
}

/// The token of a session that was opened by signing in over the API.
pub fn session_token(headers: &HeaderMap) -> Option<&str> {
    headers.get("access-token")?.to_str().ok()
}

/// Ids that addresses name.
pub trait Named {
    /// The name in the routes.
    const NAME: &'static str;
    /// The id with this number.
    fn numbered(number: i64) -> Self;
}

macro_rules! named {
    ($($id:ident: $name:literal),+ $(,)?) => {
        $(impl Named for $id {
            const NAME: &'static str = $name;
            fn numbered(number: i64) -> Self {
                Self(number)
            }
        })+
    };
}

named! {
    AccountId: "account_id",
    AttributeId: "attribute_id",
    BulkId: "bulk_action_id",
    ContactImportId: "import_id",
    CannedId: "canned_response_id",
    ContactId: "contact_id",
    DisplayId: "conversation_id",
    InboxId: "inbox_id",
    LabelId: "label_id",
    MacroId: "macro_id",
    MergeId: "merge_id",
    MessageId: "message_id",
    NoteId: "note_id",
    SavedViewId: "custom_filter_id",
    ScheduledId: "scheduled_message_id",
    TeamId: "team_id",
    UserId: "user_id",
}

impl<T: Named> FromRequestParts<AppState> for Id<T> {
    type Rejection = Refusal;

    /// What is no number names nothing.
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Refusal::not_found())?;
        let found = params.iter().find(|(name, _)| *name == T::NAME);
        let number = found.and_then(|(_, text)| text.parse().ok()).ok_or_else(Refusal::not_found)?;
        Ok(Self(T::numbered(number)))
    }
}
