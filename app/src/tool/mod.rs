//! Tools that lie over the page when they are asked for: the palette, the list of shortcuts, the filter, the bar for many
//! conversations. They are a part of the program of their own, which comes when the first of them is opened.

mod act;
pub mod calls;
mod filter;
mod many;
mod palette;
mod recent;
mod shortcuts;
mod waiting;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::conversation::Tab;
use model::filter::{Condition, Subject};
use model::{ConversationStatus, DisplayId, SavedViewId};
use ui::Toasts;

use crate::boot::{WorkplaceContext, use_workplace};
use crate::command::{self, Command};
use crate::contact::ContactQuery;
use crate::conversation::desk::{Act, Desk};
use crate::conversation::place::{Place, View};
use crate::layout::FrameContext;
use crate::part::Later;
use crate::place;

/// What the palette lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Places, commands, and what is found.
    #[default]
    Everything,
    Agents,
    Teams,
    Labels,
    Priorities,
    Snooze,
    Macros,
}

/// A tool that lies over the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tool {
    Palette(Page),
    Shortcuts,
    /// The filter of a list, or of a saved view.
    Filter(Filtering),
}

/// A filter to be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filtering {
    /// Of what.
    pub subject: Subject,
    /// The view that is changed.
    pub view: Option<SavedViewId>,
    /// What it begins with.
    pub conditions: Vec<Condition>,
}

crate::part::pieces! {
    /// What the tools are drawn with.
    pub enum Piece in tools {
        Open => open_tool(),
        Many => many::Bar(),
    }
}

/// The tools of the page. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Tools {
    pub workplace: WorkplaceContext,
    /// The tool that lies over the page.
    pub open: RwSignal<Option<Tool>>,
    /// The inbox, while its page is shown.
    pub desk: RwSignal<Option<Desk>>,
    /// Which contacts are listed, while their page is shown.
    pub people: RwSignal<Option<ContactQuery>>,
    /// What the panes are asked to do, for what only they can.
    pub asked: RwSignal<Option<Command>>,
    /// What was asked of conversations that are still on their way.
    waiting: StoredValue<Vec<(DisplayId, Command)>>,
    frame: FrameContext,
    toasts: Toasts,
    later: Later,
    /// What was typed for a palette that is still on its way; nothing once the tools are there.
    ahead: StoredValue<Option<String>>,
    go: Callback<String>,
}

/// Makes the tools available below, and lets their keys work. Once per page of an account.
pub fn provide_tools(frame: FrameContext) -> Option<Tools> {
    let workplace = use_workplace()?;
    let navigate = use_navigate();
    let go = Callback::new(move |address: String| navigate(&address, NavigateOptions::default()));
    let tools = Tools {
        workplace,
        open: RwSignal::new(None),
        desk: RwSignal::new(None),
        people: RwSignal::new(None),
        asked: RwSignal::new(None),
        waiting: StoredValue::new(Vec::new()),
        frame,
        toasts: ui::use_toasts(),
        later: Later::unasked(),
        ahead: StoredValue::new(Some(String::new())),
        go,
    };
    provide_context(tools);
    tools.follow_waiting();
    let listening = window_event_listener(leptos::ev::keydown, move |event| tools.press(&event));
    on_cleanup(move || listening.remove());
    Some(tools)
}

/// The tools of the page, on pages of an account.
#[must_use]
pub fn use_tools() -> Option<Tools> {
    use_context::<Tools>()
}

/// Where tools are drawn.
#[component]
pub fn ToolHost() -> impl IntoView {
    let Some(tools) = use_tools() else { return ().into_any() };
    let is_open = Memo::new(move |_| tools.open.with(Option::is_some));
    view! { {move || is_open.get().then(|| tools.draw(Piece::Open))} }.into_any()
}

fn open_tool() -> AnyView {
    let Some(tools) = use_tools() else { return ().into_any() };
    let mut typed = tools.ahead.try_update_value(Option::take).flatten();
    // The same tool at another place of it is the same element: only another tool draws anew.
    let draw = move || {
        let first_words = typed.take().unwrap_or_default();
        match tools.open.get() {
            Some(Tool::Palette(page)) => view! { <palette::Palette tools page first_words/> }.into_any(),
            Some(Tool::Shortcuts) => view! { <shortcuts::Shortcuts tools/> }.into_any(),
            Some(Tool::Filter(filtering)) => view! { <filter::Filter tools filtering/> }.into_any(),
            None => ().into_any(),
        }
    };
    view! { {draw} }.into_any()
}

impl Tools {
    /// Draws something of the part, once it is there.
    pub fn draw(self, piece: Piece) -> AnyView {
        self.later.ask::<Piece>();
        self.later.show(piece, || ().into_any())
    }

    /// Lays a tool over the page.
    pub fn show(self, tool: Tool) {
        self.open.set(Some(tool));
    }

    /// Puts the tool away.
    pub fn close(self) {
        if self.open.try_with_untracked(Option::is_some).unwrap_or_default() {
            self.open.set(None);
        }
    }

    /// Says that something did not work.
    pub fn fail(self, error: &crate::call::CallError) {
        self.toasts.fail(error.words(crate::boot::use_lang()));
    }

    /// Puts the tool away when it is such a one: the word that it closed may come when another lies there already.
    pub fn closed(self, is_such: fn(&Tool) -> bool) {
        if self.open.try_with_untracked(|open| open.as_ref().is_some_and(is_such)).unwrap_or_default() {
            self.open.set(None);
        }
    }

    /// Goes to a page of the dashboard.
    pub fn go(self, address: String) {
        self.go.run(address);
    }

    fn press(self, event: &KeyboardEvent) {
        if self.type_ahead(event) {
            event.prevent_default();
            return;
        }
        let Some(command) = command::of(event) else { return };
        if self.run(command) {
            event.prevent_default();
        }
    }

    /// Keeps what is typed while the tool that was asked for is on its way, so that no letter is taken for a command of the
    /// page below; whether the key was for it.
    fn type_ahead(self, event: &KeyboardEvent) -> bool {
        let is_coming = self.open.with_untracked(Option::is_some) && self.ahead.with_value(Option::is_some);
        if !is_coming || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return false;
        }
        let key = event.key();
        self.ahead.update_value(|ahead| {
            let Some(words) = ahead else { return };
            match key.as_str() {
                "Escape" => words.clear(),
                "Backspace" => drop(words.pop()),
                _ if key.chars().count() == 1 => words.push_str(&key),
                _ => {}
            }
        });
        if key == "Escape" {
            self.close();
        }
        true
    }

    /// Does what a command says; whether there was something to do.
    pub fn run(self, command: Command) -> bool {
        let account = self.workplace.account_id;
        match command {
            Command::Palette => self.show(Tool::Palette(Page::Everything)),
            Command::Shortcuts => self.show(Tool::Shortcuts),
            Command::Undo => return self.toasts.act_on_last(),
            Command::GoConversations => self.go(place::conversations(account)),
            Command::GoUnattended => self.go(Place::of(account, View::Unattended).href()),
            Command::GoContacts => self.go(place::contacts(account)),
            Command::GoSearch => self.go(place::search(account, "", "")),
            Command::GoSettings => self.go(place::settings(account, "")),
            Command::GoProfile => self.go(place::settings(account, "profile")),
            Command::Rail => self.frame.toggle_rail(),
            Command::Filter if self.people.with_untracked(Option::is_some) => self.filter_people(),
            command => return self.desk.get_untracked().is_some_and(|desk| self.run_at(desk, command)),
        }
        true
    }

    fn run_at(self, desk: Desk, command: Command) -> bool {
        let place = desk.place.get_untracked();
        match command {
            Command::Next | Command::Previous | Command::Search | Command::Tick | Command::Back => {
                self.asked.set(Some(command));
                return !matches!(command, Command::Back | Command::Tick);
            }
            Command::NextTab => {
                let tab = match place.tab {
                    Tab::Mine => Tab::Unassigned,
                    Tab::Unassigned => Tab::All,
                    Tab::Assigned | Tab::All => Tab::Mine,
                };
                self.go(Place { tab, ..place }.href());
            }
            Command::Filter => self.show(self.filter_of(&place)),
            Command::TickAll => desk.tick_all(),
            command if self.keep_for(desk, command) => {}
            command => return self.can(command) && self.act(desk, command),
        }
        true
    }

    /// The filter of a place: its own conditions, or those of its view.
    #[must_use]
    pub fn filter_of(self, place: &Place) -> Tool {
        let view = if let View::Saved(id) = place.view { Some(id) } else { None };
        self.filtering(Subject::Conversation, view, &place.conditions)
    }

    /// Opens the filter of the list of contacts.
    pub fn filter_people(self) {
        if let Some(query) = self.people.get_untracked() {
            self.show(self.filtering(Subject::Contact, query.segment, &query.conditions));
        }
    }

    fn filtering(self, subject: Subject, view: Option<SavedViewId>, written: &[Condition]) -> Tool {
        let kept = self.workplace.lists.with_untracked(|lists| {
            let known = lists.views.iter().find(|known| Some(known.id) == view);
            known.map(|view| view.conditions.clone())
        });
        Tool::Filter(Filtering { subject, view, conditions: kept.unwrap_or_else(|| written.to_vec()) })
    }

    /// Whether a command has something to work on, and may.
    #[must_use]
    pub fn can(self, command: Command) -> bool {
        use model::Permission as P;
        if command == Command::GoContacts {
            return self.workplace.may(P::SeeContacts);
        }
        if command == Command::Filter && self.people.with_untracked(Option::is_some) {
            return true;
        }
        let Some(desk) = self.desk.get_untracked() else {
            return matches!(
                command,
                Command::Shortcuts
                    | Command::GoConversations
                    | Command::GoUnattended
                    | Command::GoSearch
                    | Command::GoSettings
                    | Command::GoProfile
                    | Command::Rail
            );
        };
        let has_open = untrack(|| desk.with_conversation(|_| ())).is_some();
        let has_any = has_open || desk.chosen.with_untracked(|chosen| !chosen.is_empty());
        let may = |permission| self.workplace.may(permission);
        match command {
            Command::Reply | Command::Note => has_open && may(P::WorkConversations),
            Command::Details => has_open,
            // A macro goes through what is ticked, but not through what is not even loaded.
            Command::Macro => {
                let is_everything = desk.chosen.with_untracked(crate::store::Chosen::is_everything);
                has_any && !is_everything && may(P::EditCannedResponses)
            }
            Command::Mute => has_open && may(P::EditContacts),
            Command::Assign | Command::Team => has_any && may(P::Assign),
            Command::AssignMe
            | Command::Resolve
            | Command::ResolveNext
            | Command::Reopen
            | Command::Pending
            | Command::Snooze
            | Command::Label
            | Command::Priority
            | Command::Unread => has_any && may(P::WorkConversations),
            _ => true,
        }
    }

    fn act(self, desk: Desk, command: Command) -> bool {
        let me = desk.me();
        let status = |status| model::bulk::BulkAct::Status(status, None);
        match command {
            Command::Reply | Command::Note => self.asked.set(Some(command)),
            Command::Details => self.frame.toggle_details(),
            Command::Resolve => act::act(desk, status(ConversationStatus::Resolved)),
            Command::ResolveNext => {
                let next = act::next_of(desk);
                act::act(desk, status(ConversationStatus::Resolved));
                if let Some(next) = next {
                    self.go(desk.place.get_untracked().opening(Some(next)).href());
                }
            }
            Command::Reopen => act::act(desk, status(ConversationStatus::Open)),
            Command::Pending => act::act(desk, status(ConversationStatus::Pending)),
            Command::AssignMe => act::act(desk, model::bulk::BulkAct::Agent(Some(me))),
            Command::Unread => act::act(desk, model::bulk::BulkAct::Seen(false)),
            Command::Mute => {
                let is_muted = untrack(|| desk.with_conversation(|conversation| conversation.contact.blocked));
                desk.act(Act::Mute(!is_muted.unwrap_or_default()));
            }
            Command::Assign => self.show(Tool::Palette(Page::Agents)),
            Command::Team => self.show(Tool::Palette(Page::Teams)),
            Command::Label => self.show(Tool::Palette(Page::Labels)),
            Command::Priority => self.show(Tool::Palette(Page::Priorities)),
            Command::Snooze => self.show(Tool::Palette(Page::Snooze)),
            Command::Macro => self.show(Tool::Palette(Page::Macros)),
            _ => return false,
        }
        true
    }
}
