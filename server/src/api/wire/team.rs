//! Teams.

use model::team::Team;
use serde::Serialize;
use utoipa::ToSchema;

use super::Dialect;
use super::hours::{self, WorkingHours};

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
    pub working_hours_enabled: bool,
    pub working_hours: Vec<WorkingHours>,
    pub out_of_office_message: String,
    pub timezone: String,
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
            working_hours_enabled: team.hours.enabled,
            working_hours: hours::rows(&team.hours.week),
            out_of_office_message: team.hours.message.clone(),
            timezone: team.hours.timezone.clone(),
            is_member: self.reader.is_some_and(|reader| team.member_ids.contains(&reader)),
        }
    }
}
