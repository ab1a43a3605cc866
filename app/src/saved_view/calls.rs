//! Saved views, and how many conversations are behind the links of the rail.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::conversation::FolderCounts;
use model::filter::{Condition, Subject};
use model::saved_view::SavedView;
use model::{AccountId, SavedViewId};
use serde::{Deserialize, Serialize};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// A view as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewInput {
    pub name: String,
    pub conditions: Vec<Condition>,
    pub shared: bool,
}

#[cfg(feature = "ssr")]
impl From<ViewInput> for domain::saved_view::ViewInput {
    fn from(input: ViewInput) -> Self {
        let ViewInput { name, conditions, shared } = input;
        Self { name, conditions, shared }
    }
}

/// Keeps a filter under a name.
#[server(name = CreateSavedView, prefix = "/app/api", endpoint = "view/create", input = Json)]
pub async fn create(account: AccountId, kind: Subject, view: ViewInput) -> Result<SavedView, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::saved_view::create(&ctx, kind, view.into()).await?)
}

/// Writes a view anew.
#[server(name = UpdateSavedView, prefix = "/app/api", endpoint = "view/update", input = Json)]
pub async fn update(account: AccountId, id: SavedViewId, view: ViewInput) -> Result<SavedView, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let ViewInput { name, conditions, shared } = view;
    let change =
        domain::saved_view::ViewChange { name: Some(name), conditions: Some(conditions), shared: Some(shared) };
    Ok(domain::saved_view::update(&ctx, id, change).await?)
}

/// Forgets a view.
#[server(name = DeleteSavedView, prefix = "/app/api", endpoint = "view/delete", input = Json)]
pub async fn delete(account: AccountId, id: SavedViewId) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::saved_view::delete(&ctx, id).await?)
}

/// Puts one's own views into this order.
#[server(name = OrderSavedViews, prefix = "/app/api", endpoint = "view/order", input = Json)]
pub async fn order(account: AccountId, ids: Vec<SavedViewId>) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::saved_view::order(&ctx, &ids).await?)
}

/// How many conversations are behind the links of the rail.
#[server(name = CountFolders, prefix = "/app/api", endpoint = "view/counts", input = Json)]
pub async fn counts(account: AccountId) -> Result<FolderCounts, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::conversation::folder::counts(&ctx).await?)
}
