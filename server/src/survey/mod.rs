//! What contacts are asked about a conversation that was resolved: the page behind a link, without any script, and the same for programs.

mod page;

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::Ctx;
use domain::csat::{self, Rating, Survey};
use model::ErrorCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::wire::iso;
use crate::reply;
use crate::state::AppState;
use crate::widget::visit::browser_lang;

/// The page `/survey/responses/{uuid}`.
pub fn pages(_state: &AppState) -> Router<AppState> {
    Router::new().route("/survey/responses/{uuid}", get(show).post(take))
}

/// The same below `/public/api/v1`.
pub fn api(_state: &AppState) -> Router<AppState> {
    Router::new().route("/public/api/v1/csat_survey/{uuid}", get(read).put(rate).patch(rate))
}

async fn show(State(state): State<AppState>, Path(uuid): Path<String>, headers: HeaderMap) -> Response {
    match csat::survey(&state.app.anonymous(), &uuid).await {
        Ok(survey) => page::survey(&survey, None, StatusCode::OK),
        Err(error) => failed(error, &headers),
    }
}

/// The form as the page sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Filled {
    rating: String,
    feedback: String,
}

/// Takes an answer and shows the page anew, so that loading it again sends nothing twice.
async fn take(
    State(state): State<AppState>,
    Path(uuid): Path<String>,
    headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Response {
    let ctx = state.app.anonymous();
    let outcome = match Rating::new(filled.rating.parse().unwrap_or_default(), Some(&filled.feedback)) {
        Ok(rating) => csat::rate(&ctx, &uuid, rating).await,
        Err(error) => Err(error),
    };
    let Err(error) = outcome else { return Redirect::to(&["/survey/responses/", &uuid].concat()).into_response() };
    match (csat::survey(&ctx, &uuid).await, error.known()) {
        (Ok(survey), Some(ErrorCode::LinkExpired)) => page::survey(&survey, None, StatusCode::GONE),
        (Ok(survey), Some(code)) if code != ErrorCode::NotFound => {
            page::survey(&survey, Some(code), StatusCode::UNPROCESSABLE_ENTITY)
        }
        _ => failed(error, &headers),
    }
}

/// Whatever goes wrong on our side is written down; people learn that there is nothing here.
fn failed(error: domain::Error, headers: &HeaderMap) -> Response {
    match error.known() {
        Some(_) => page::gone(browser_lang(headers).unwrap_or_default()),
        None => broken(&error),
    }
}

fn broken(error: &domain::Error) -> Response {
    tracing::error!(?error, "a survey cannot be shown");
    reply::error(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side")
}

async fn read(State(state): State<AppState>, Path(uuid): Path<String>) -> Response {
    let ctx = state.app.anonymous();
    answer(&ctx, csat::survey(&ctx, &uuid).await)
}

async fn rate(State(state): State<AppState>, Path(uuid): Path<String>, Json(given): Json<Value>) -> Response {
    let ctx = state.app.anonymous();
    let outcome = match Rating::read(&given["message"]["submitted_values"]) {
        Ok(rating) => csat::rate(&ctx, &uuid, rating).await,
        Err(error) => Err(error),
    };
    answer(&ctx, outcome)
}

fn answer(ctx: &Ctx, outcome: domain::Result<Survey>) -> Response {
    let survey = match outcome {
        Ok(survey) => survey,
        Err(error) => return refusal(error),
    };
    let given = survey.given.as_ref();
    let given = given.map(|given| json!({ "rating": given.rating, "feedback_message": given.feedback }));
    let picture = survey.inbox_avatar_url.map(|path| format!("{}{path}", ctx.app.settings.base_url));
    let shape = json!({
        "id": survey.message_id,
        "csat_survey_response": given,
        "display_type": "emoji",
        "content": survey.content,
        "inbox_avatar_url": picture.unwrap_or_default(),
        "inbox_name": survey.inbox_name,
        "locale": survey.lang.code(),
        "conversation_id": survey.conversation_id,
        "created_at": iso(survey.created_at),
    });
    Json(shape).into_response()
}

fn refusal(error: domain::Error) -> Response {
    let refused = |message: &str| reply::error(StatusCode::UNPROCESSABLE_ENTITY, message);
    match error.known() {
        Some(ErrorCode::NotFound) => reply::not_found(),
        Some(ErrorCode::LinkExpired) => refused("You cannot update the CSAT survey after 14 days"),
        Some(_) => refused("A rating is a number from 1 to 5, a comment at most 2000 characters"),
        None => broken(&error),
    }
}
