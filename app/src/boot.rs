//! What a page knows from its first moment, on the server and in the browser alike.

use leptos::prelude::*;
use model::account::Account;
use model::agent::{Agent, Profile};
use model::attribute::AttributeDefinition;
use model::inbox::Inbox;
use model::label::Label;
use model::saved_view::SavedView;
use model::session::Viewing;
use model::team::Team;
use model::{AccountId, Availability, ErrorCode, Permission, Role, UserId};
use serde::{Deserialize, Serialize};
use text::Lang;

use crate::theme::Theme;

/// The facts that a page begins with. They are written into the page, so that the browser draws what the server drew.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Boot {
    /// Code of the reader's language.
    pub lang: String,
    pub theme: Theme,
    /// Minutes the reader is ahead of UTC, as far as the server knows.
    pub offset: i32,
    /// The rail is to be wide (chosen in this browser).
    pub is_rail_wide: bool,
    /// The details of conversations are to be open (chosen in this browser).
    pub has_details: bool,
    /// Public base address of the server, without a slash at the end.
    pub base_url: String,
    /// Address of the table of emojis.
    pub emoji_url: String,
    /// Whether there is an account.
    pub is_installed: bool,
    /// The signed-in person.
    pub profile: Option<Profile>,
    /// The account whose page it is, when the person belongs to it.
    pub workplace: Option<Workplace>,
    /// Through whose eyes the person looks, if they do. Nothing can be changed then.
    pub viewing: Option<Viewing>,
    /// The page could not be opened.
    pub trouble: Option<ErrorCode>,
}

/// An account as one of its members works in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workplace {
    pub account: Account,
    /// The person themselves, as a member.
    pub me: Agent,
    /// What the person has chosen, whatever colleagues see while no page is open.
    pub chosen_availability: Availability,
    pub lists: Lists,
}

/// What many places of the dashboard choose from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lists {
    /// Inboxes that the person reaches.
    pub inboxes: Vec<Inbox>,
    pub agents: Vec<Agent>,
    pub labels: Vec<Label>,
    /// Definitions of custom attributes, by name.
    pub attributes: Vec<AttributeDefinition>,
    pub teams: Vec<Team>,
    /// The person's own saved views and the shared ones.
    pub views: Vec<SavedView>,
}

/// The account at hand, kept current. See [`use_workplace`].
#[derive(Clone, Copy)]
pub struct WorkplaceContext {
    pub account_id: AccountId,
    pub user_id: UserId,
    pub role: Role,
    pub account: RwSignal<Account>,
    pub me: RwSignal<Agent>,
    /// What the person has chosen, whatever colleagues see while no page is open.
    pub chosen_availability: RwSignal<Availability>,
    pub profile: RwSignal<Profile>,
    pub lists: RwSignal<Lists>,
}

impl WorkplaceContext {
    /// Whether the person's role has a permission. For showing and hiding only: the server decides.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.role.has(permission)
    }

    /// Reads the lists anew, after a change of one's own or of somebody else's.
    pub fn refresh(self) {
        leptos::task::spawn_local(async move {
            // Without an answer the old lists stay; the next change asks again.
            if let Ok(workplace) = crate::account::calls::workplace(self.account_id).await {
                let _ = self.lists.try_set(workplace.lists);
                let _ = self.me.try_set(workplace.me);
                let _ = self.chosen_availability.try_set(workplace.chosen_availability);
                let _ = self.account.try_set(workplace.account);
            }
        });
    }
}

/// Hands what the page begins with to everything below. Called once, at the root.
pub(crate) fn provide() -> Boot {
    let boot = SharedValue::new(|| use_context::<Boot>().unwrap_or_default()).into_inner();
    provide_context(boot.lang.parse::<Lang>().unwrap_or_default());
    if let (Some(workplace), Some(profile)) = (&boot.workplace, &boot.profile) {
        provide_context(WorkplaceContext {
            account_id: workplace.account.id,
            user_id: profile.id,
            role: workplace.me.role,
            account: RwSignal::new(workplace.account.clone()),
            me: RwSignal::new(workplace.me.clone()),
            chosen_availability: RwSignal::new(workplace.chosen_availability),
            profile: RwSignal::new(profile.clone()),
            lists: RwSignal::new(workplace.lists.clone()),
        });
    }
    provide_context(StoredValue::new(boot.clone()));
    boot
}

/// The reader's language. It changes only with a new page.
#[must_use]
pub fn use_lang() -> Lang {
    use_context::<Lang>().unwrap_or_default()
}

/// What the page began with.
#[must_use]
pub fn use_boot() -> Boot {
    use_context::<StoredValue<Boot>>().map(|boot| boot.get_value()).unwrap_or_default()
}

/// The account at hand. `None` on pages outside of any account.
#[must_use]
pub fn use_workplace() -> Option<WorkplaceContext> {
    use_context::<WorkplaceContext>()
}
