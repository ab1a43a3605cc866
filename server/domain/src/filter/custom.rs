//! Which custom attributes there are, and what their values are.

use std::collections::HashMap;

use model::AccountId;
use model::attribute::AttributeModel;
use model::filter::{Kind, Owner};

use crate::{Ctx, Result, attribute};

/// The kinds of an account's custom attributes, by whose they are and their key.
pub(super) async fn kinds(ctx: &Ctx, account: AccountId) -> Result<HashMap<(Owner, String), Kind>> {
    let definitions = attribute::store::list(ctx.db(), account, None).await?;
    let kind = |definition: model::attribute::AttributeDefinition| {
        let owner = match definition.model {
            AttributeModel::Conversation => Owner::Conversation,
            AttributeModel::Contact => Owner::Contact,
        };
        ((owner, definition.key), Kind::from(definition.kind))
    };
    Ok(definitions.into_iter().map(kind).collect())
}
