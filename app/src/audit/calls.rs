//! The log of who changed what.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::AccountId;
use model::audit::{AuditFilter, AuditPage};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// Lines of a page.
#[cfg(feature = "ssr")]
const LINES: i64 = 25;

/// A page of the log, the newest first.
#[server(name = ListAudit, prefix = "/app/api", endpoint = "audit/list", input = Json)]
pub async fn list(account: AccountId, filter: AuditFilter, page: i64) -> Result<AuditPage, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::audit::list(&ctx, &filter, page, LINES).await?)
}
