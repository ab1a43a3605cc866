//! Teams: groups of agents that conversations are given to.

use serde::{Deserialize, Serialize};

use crate::{TeamId, UserId};

/// A team with its members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Team {
    pub id: TeamId,
    /// Lower case.
    pub name: String,
    pub description: String,
    /// Whether conversations of the team are given to its members by themselves.
    pub allow_auto_assign: bool,
    pub member_ids: Vec<UserId>,
}
