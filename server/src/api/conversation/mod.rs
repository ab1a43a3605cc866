//! Conversations. In addresses and answers their id is the number that people see.

mod change;
mod filter;
mod list;
mod participant;
mod scheduled;
pub mod shown;
mod work;

pub(super) use change::priority;
use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(list::router())
        .merge(filter::router())
        .merge(change::router())
        .merge(work::router())
        .merge(participant::router())
        .merge(scheduled::router())
}
