//! Teams.

use model::team::Team;
use serde::Serialize;
use utoipa::ToSchema;

use super::Dialect;

/// A team.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Team)]
pub struct TeamWire {
    pub id: i64,
    pub name: String,
    pub description: String,
    pub allow_auto_assign: bool,
    pub account_id: i64,
    /// Whether the asking agent belongs to it.
    pub is_member: bool,
}

/// A team in payloads.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TeamPush {
    pub id: i64,
    pub name: String,
}

impl Dialect {
    /// A team.
    pub fn team(&self, team: &Team) -> TeamWire {
        TeamWire {
            id: team.id.0,
            name: team.name.clone(),
            description: team.description.clone(),
            allow_auto_assign: team.allow_auto_assign,
            account_id: self.account.0,
            is_member: self.reader.is_some_and(|reader| team.member_ids.contains(&reader)),
        }
    }
}
