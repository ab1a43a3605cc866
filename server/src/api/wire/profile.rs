//! The signed-in person.

use domain::agent::profile::Seat;
use model::agent::Profile;
use model::{Permission, Role};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::iso;

/// The signed-in person with the accounts they belong to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Profile)]
pub struct ProfileWire {
    /// The API token.
    pub access_token: String,
    /// The account they worked in last.
    pub account_id: Option<i64>,
    pub available_name: String,
    pub avatar_url: String,
    pub confirmed: bool,
    pub display_name: String,
    pub message_signature: String,
    pub email: String,
    pub id: i64,
    pub inviter_id: Option<i64>,
    pub name: String,
    pub provider: &'static str,
    /// For the socket.
    pub pubsub_token: String,
    #[schema(value_type = Object)]
    pub custom_attributes: Value,
    pub role: Option<String>,
    #[schema(value_type = Object)]
    pub ui_settings: Value,
    pub uid: String,
    pub r#type: Option<String>,
    pub accounts: Vec<SeatWire>,
}

/// An account somebody belongs to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ProfileAccount)]
pub struct SeatWire {
    pub id: i64,
    pub name: String,
    pub status: &'static str,
    /// ISO 8601.
    pub active_at: Option<String>,
    pub role: String,
    pub permissions: Vec<&'static str>,
    /// What they chose.
    pub availability: String,
    /// What others see.
    pub availability_status: String,
    pub auto_offline: bool,
    pub custom_role_id: Option<i64>,
    #[schema(value_type = Option<Object>)]
    pub custom_role: Option<Value>,
}

/// Tokens that a person's own profile shows.
pub struct Tokens {
    pub access: String,
    pub pubsub: String,
}

impl ProfileWire {
    /// A person's own profile.
    pub fn new(profile: Profile, seats: &[Seat], tokens: Tokens, base_url: &str) -> Self {
        let last = seats.iter().max_by_key(|seat| seat.active_at);
        let avatar_url = profile.avatar_url.map(|url| format!("{base_url}{url}")).unwrap_or_default();
        let available_name =
            if profile.display_name.is_empty() { profile.name.clone() } else { profile.display_name.clone() };
        Self {
            access_token: tokens.access,
            account_id: last.map(|seat| seat.account_id.0),
            available_name,
            avatar_url,
            confirmed: true,
            display_name: profile.display_name,
            message_signature: profile.message_signature,
            uid: profile.email.clone(),
            email: profile.email,
            id: profile.id.0,
            inviter_id: None,
            name: profile.name,
            provider: "email",
            pubsub_token: tokens.pubsub,
            custom_attributes: json!({}),
            role: last.map(|seat| seat.role.to_string()),
            ui_settings: profile.ui_settings,
            r#type: None,
            accounts: seats.iter().map(SeatWire::new).collect(),
        }
    }
}

impl SeatWire {
    fn new(seat: &Seat) -> Self {
        Self {
            id: seat.account_id.0,
            name: seat.account_name.clone(),
            status: "active",
            active_at: (seat.active_at > 0).then(|| iso(seat.active_at)),
            role: seat.role.to_string(),
            permissions: permissions(seat.role),
            availability: seat.chosen.to_string(),
            availability_status: seat.availability.to_string(),
            auto_offline: seat.auto_offline,
            custom_role_id: None,
            custom_role: None,
        }
    }
}

fn permissions(role: Role) -> Vec<&'static str> {
    match role {
        Role::Administrator => vec!["administrator"],
        Role::Supervisor | Role::Agent | Role::Assistant => {
            let mut words = vec!["agent"];
            words.extend(role.has(Permission::SeeReports).then_some("report_manage"));
            words
        }
    }
}
