//! Labels.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::label::Label;
use model::{AccountId, LabelId};
use serde::{Deserialize, Serialize};

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// A label as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelInput {
    pub title: String,
    pub description: String,
    /// `#rrggbb`.
    pub color: String,
    pub show_on_sidebar: bool,
}

#[cfg(feature = "ssr")]
impl From<LabelInput> for domain::label::LabelInput {
    fn from(input: LabelInput) -> Self {
        let LabelInput { title, description, color, show_on_sidebar } = input;
        Self { title, description, color, show_on_sidebar }
    }
}

/// Writes a label: a new one without an id.
#[server(name = SaveLabel, prefix = "/app/api", endpoint = "label/save", input = Json)]
pub async fn save(account: AccountId, id: Option<LabelId>, label: LabelInput) -> Result<Label, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(match id {
        Some(id) => domain::label::update(&ctx, id, label.into()).await?,
        None => domain::label::create(&ctx, label.into()).await?,
    })
}

/// Deletes a label and takes it off every conversation.
#[server(name = DeleteLabel, prefix = "/app/api", endpoint = "label/delete", input = Json)]
pub async fn delete(account: AccountId, id: LabelId) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::label::delete(&ctx, id).await?)
}
