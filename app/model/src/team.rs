//! Teams: groups of agents that conversations are given to.

use serde::{Deserialize, Serialize};

use crate::hours::Hours;
use crate::{InboxId, TeamId, UserId};

/// A team with its members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Team {
    pub id: TeamId,
    /// Lower case.
    pub name: String,
    pub description: String,
    /// Whether conversations of the team are given to its members by themselves.
    pub allow_auto_assign: bool,
    /// Its own hours; while they are off, those of the inbox count. Known to the server only: a browser asks for them.
    #[serde(skip)]
    pub hours: Hours,
    pub member_ids: Vec<UserId>,
}

/// Members of a team who do not see all of its conversations, because they do not belong to the inboxes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gaps {
    /// Those who belong to no inbox at all.
    pub nowhere: Vec<UserId>,
    /// Inboxes in which some of the team are, and who of it is not.
    pub missing: Vec<(InboxId, Vec<UserId>)>,
}
