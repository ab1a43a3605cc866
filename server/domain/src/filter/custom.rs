//! Which custom attributes there are, and what their values are.

use std::collections::HashMap;

use model::AccountId;
use model::filter::{Kind, Owner};

use crate::{Ctx, Result};

/// The kinds of an account's custom attributes, by whose they are and their key.
pub(super) async fn kinds(_ctx: &Ctx, _account: AccountId) -> Result<HashMap<(Owner, String), Kind>> {
    Ok(HashMap::new())
}
