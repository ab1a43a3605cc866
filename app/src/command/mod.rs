//! What can be done with a key, from the palette, or both: one table for the keys, for the list of shortcuts and for the palette.

mod key;

use leptos::ev::KeyboardEvent;
use text::Lang;
use text::command as t;
use ui::Icon;

pub use key::{is_typed_into, shown};

/// Something that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Palette,
    Shortcuts,
    Next,
    Previous,
    Back,
    Search,
    Filter,
    NextTab,
    GoConversations,
    GoUnattended,
    GoContacts,
    GoSearch,
    GoSettings,
    GoProfile,
    Rail,
    Details,
    Reply,
    Note,
    Resolve,
    ResolveNext,
    Reopen,
    Pending,
    Snooze,
    AssignMe,
    Assign,
    Team,
    Label,
    Priority,
    Macro,
    Unread,
    Mute,
    Tick,
    TickAll,
    Undo,
}

/// Where a command stands in the list of shortcuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Everywhere,
    List,
    Conversation,
}

impl Group {
    /// Every group, in order.
    pub const ALL: [Self; 3] = [Self::Everywhere, Self::List, Self::Conversation];

    /// What it is called.
    #[must_use]
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Everywhere => t::group::everywhere(lang),
            Self::List => t::group::list(lang),
            Self::Conversation => t::group::conversation(lang),
        }
    }
}

/// A command with its keys. The first is the one that is shown; see [`key`] for how they are written.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub command: Command,
    /// Its key among the texts.
    pub word: &'static str,
    pub group: Group,
    pub icon: Icon,
    pub keys: &'static [&'static str],
    /// Offered in the palette.
    pub in_palette: bool,
}

const fn entry(
    command: Command,
    word: &'static str,
    group: Group,
    icon: Icon,
    keys: &'static [&'static str],
    in_palette: bool,
) -> Entry {
    Entry { command, word, group, icon, keys, in_palette }
}

use Command as C;
use Group::{Conversation, Everywhere, List};

/// All of them.
pub const TABLE: &[Entry] = &[
    entry(C::Palette, "palette", Everywhere, Icon::Command, &["Mod+K"], false),
    entry(C::Shortcuts, "shortcuts", Everywhere, Icon::Keyboard, &["?", "Mod+/"], true),
    entry(C::Undo, "undo", Everywhere, Icon::Undo, &["Z", "Mod+Z"], false),
    entry(C::GoConversations, "go_conversations", Everywhere, Icon::Inbox, &["Alt+C"], true),
    entry(C::GoUnattended, "go_unattended", Everywhere, Icon::Clock, &[], true),
    entry(C::GoContacts, "go_contacts", Everywhere, Icon::Contact, &["Alt+V"], true),
    entry(C::GoSearch, "go_search", Everywhere, Icon::Search, &[], true),
    entry(C::GoSettings, "go_settings", Everywhere, Icon::Settings, &["Alt+S"], true),
    entry(C::GoProfile, "go_profile", Everywhere, Icon::User, &[], true),
    entry(C::Rail, "rail", Everywhere, Icon::PanelLeft, &["["], true),
    entry(C::Next, "next", List, Icon::ArrowDown, &["J", "Alt+J"], false),
    entry(C::Previous, "previous", List, Icon::ArrowUp, &["K", "Alt+K"], false),
    entry(C::Back, "back", List, Icon::ArrowLeft, &["Escape"], false),
    entry(C::NextTab, "next_tab", List, Icon::Columns, &["Alt+N"], true),
    entry(C::Search, "search", List, Icon::Search, &["/"], true),
    entry(C::Filter, "filter", List, Icon::Filter, &["F"], true),
    entry(C::Tick, "tick", List, Icon::ListChecks, &["X"], false),
    entry(C::TickAll, "tick_all", List, Icon::ListChecks, &["Shift+X"], true),
    entry(C::Reply, "reply", Conversation, Icon::Reply, &["R", "Alt+L"], true),
    entry(C::Note, "note", Conversation, Icon::Note, &["N", "Alt+P"], true),
    entry(C::Resolve, "resolve", Conversation, Icon::Check, &["E", "Alt+E"], true),
    entry(C::ResolveNext, "resolve_next", Conversation, Icon::CheckCheck, &["Shift+E", "Mod+Alt+E"], true),
    entry(C::Reopen, "reopen", Conversation, Icon::Reopen, &["O"], true),
    entry(C::Pending, "pending", Conversation, Icon::CircleDashed, &[], true),
    entry(C::Snooze, "snooze", Conversation, Icon::AlarmClock, &["H", "Alt+M"], true),
    entry(C::AssignMe, "assign_me", Conversation, Icon::UserPlus, &["I"], true),
    entry(C::Assign, "assign", Conversation, Icon::User, &["A"], true),
    entry(C::Team, "team", Conversation, Icon::Users, &["T"], true),
    entry(C::Label, "label", Conversation, Icon::Tag, &["L"], true),
    entry(C::Priority, "priority", Conversation, Icon::Flag, &["P"], true),
    entry(C::Macro, "macro", Conversation, Icon::Play, &["M"], true),
    entry(C::Unread, "unread", Conversation, Icon::Mail, &["U"], true),
    entry(C::Mute, "mute", Conversation, Icon::Mute, &[], true),
    entry(C::Details, "details", Conversation, Icon::PanelRight, &["D", "Alt+O"], true),
];

impl Entry {
    /// What it is called.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &'static str {
        t::by_key(lang, &["name.", self.word].concat()).unwrap_or_default()
    }
}

/// The command that a key means now; letters mean nothing while somebody types.
#[must_use]
pub fn of(event: &KeyboardEvent) -> Option<Command> {
    if event.default_prevented() || event.is_composing() {
        return None;
    }
    let pressed = key::Pressed::of(event);
    let is_typed = is_typed_into(event);
    let found = TABLE.iter().find(|entry| entry.keys.iter().any(|keys| pressed.is(keys)))?;
    let stays = pressed.has_modifier() && found.command != Command::Undo;
    (!is_typed || stays).then_some(found.command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_name_and_a_key_of_its_own() {
        let mut keys: Vec<&str> = Vec::new();
        for entry in TABLE {
            for lang in Lang::ALL {
                assert!(!entry.name(lang).is_empty(), "{:?} in {}", entry.command, lang.code());
            }
            keys.extend(entry.keys.iter().copied());
        }
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count, "no key means two things");
    }
}
