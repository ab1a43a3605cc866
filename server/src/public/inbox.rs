//! The inbox itself.

use axum::Json;
use domain::visitor::client;
use model::inbox::Inbox;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::call::Call;
use crate::api::wire::hours::{self, WorkingHours};
use crate::state::AppState;
use crate::widget::failure::Answer;

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show))
}

/// An inbox as its clients know it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicInbox {
    pub identifier: String,
    /// Whether contacts must be proven.
    pub identity_validation_enabled: bool,
    pub name: String,
    pub timezone: String,
    pub working_hours: Vec<WorkingHours>,
    pub working_hours_enabled: bool,
    pub csat_survey_enabled: bool,
    pub greeting_enabled: bool,
}

impl From<Inbox> for PublicInbox {
    fn from(inbox: Inbox) -> Self {
        Self {
            identity_validation_enabled: inbox.config_bool("hmac_mandatory"),
            working_hours: hours::rows(&inbox.working_hours),
            identifier: inbox.identifier,
            name: inbox.name,
            timezone: inbox.timezone,
            working_hours_enabled: inbox.working_hours_enabled,
            csat_survey_enabled: inbox.csat_survey_enabled,
            greeting_enabled: inbox.greeting_enabled,
        }
    }
}

/// What clients need to know of an inbox.
#[utoipa::path(get, path = "/", tag = "client", operation_id = "inbox_show", responses((status = 200, body = PublicInbox)), security(()))]
async fn show(call: Call) -> Answer<Json<PublicInbox>> {
    let inbox = client::shown(&call.anonymous(), call.inbox()).await.map_err(call.refused())?;
    Ok(Json(inbox.into()))
}
