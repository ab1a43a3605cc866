//! Inboxes: the list, the way to a new one, and the settings of each.

mod hours;
mod list;
mod mailbox;
mod members;
mod new;
mod pre_chat;
mod proof;
mod ready;
mod script;
mod scripts;
mod show;
mod sign_in;

use leptos::prelude::*;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::hooks::use_params_map;
use leptos_router::{SsrMode, path};
use model::InboxId;
use model::inbox::Inbox;
use ui::{Tab, Tabs};

use super::managed;
use super::part::Page;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::inbox::field::words;
use crate::place;
use crate::public::trouble::NotFound;

/// Pages of the inboxes.
#[component(transparent)]
pub fn Routes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("inboxes") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=Pages::List/>
            <Route path=path!("new") view=Pages::ChooseChannel/>
            <Route path=path!("new/:channel") view=Pages::New/>
            <Route path=path!("new/:channel/:provider") view=Pages::New/>
            <Route path=path!(":inbox_id") view=Pages::Settings/>
            <Route path=path!(":inbox_id/agents") view=Pages::Members/>
            <Route path=path!(":inbox_id/answer") view=Pages::Answer/>
            <Route path=path!(":inbox_id/hours") view=Pages::BusinessHours/>
            <Route path=path!(":inbox_id/install") view=Pages::Install/>
            <Route path=path!(":inbox_id/mail") view=Pages::MailServers/>
            <Route path=path!(":inbox_id/pre-chat") view=Pages::PreChat/>
            <Route path=path!(":inbox_id/scripts") view=Pages::Scripts/>
            <Route path=path!(":inbox_id/ready") view=Pages::Ready/>
        </ParentRoute>
    }
    .into_inner()
}

crate::part::pieces! {
    /// Pages of the inboxes.
    pub enum Pages in settings {
        List => managed(list::Inboxes),
        ChooseChannel => managed(new::ChooseChannel),
        New => managed(new::NewInbox),
        Settings => managed(show::Settings),
        Members => managed(members::Members),
        Answer => managed(sign_in::Answer),
        BusinessHours => managed(hours::BusinessHours),
        Install => managed(script::Install),
        MailServers => managed(mailbox::MailServers),
        PreChat => managed(pre_chat::PreChatForm),
        Scripts => managed(scripts::Scripts),
        Ready => managed(ready::Ready),
    }
}

/// The inbox that the address names, as long as it exists.
fn inbox_at_hand() -> Option<(WorkplaceContext, Inbox)> {
    let workplace = use_workplace()?;
    let id = use_params_map().read_untracked().get("inbox_id")?.parse().ok().map(InboxId)?;
    let inbox = workplace.lists.with_untracked(|lists| lists.inboxes.iter().find(|inbox| inbox.id == id).cloned())?;
    Some((workplace, inbox))
}

/// A page of one inbox: its name, the tabs, and what the page shows.
#[component]
fn InboxPage(
    /// Name of the tab in the address; empty for the first.
    tab: &'static str,
    /// What the page shows of the inbox.
    content: fn(WorkplaceContext, Inbox) -> AnyView,
) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let Some((workplace, inbox)) = inbox_at_hand() else { return view! { <NotFound/> }.into_any() };
    let (account, id) = (workplace.account_id, inbox.id);
    let at = |name: &'static str, label: &'static str| Tab::new(name, label).href(place::inbox(account, id, name));
    // A channel names the tabs that only it has.
    let own = |name, key| words(lang, &inbox.channel, key).map(|label| at(name, label));
    let mut tabs =
        vec![at("", t::tab_settings(lang)), at("agents", t::tab_agents(lang)), at("hours", text::hours::title(lang))];
    tabs.extend(own("mail", "tab_mail"));
    tabs.extend(own("pre-chat", "tab_pre_chat"));
    tabs.extend(own("install", "tab_install"));
    tabs.extend(own("scripts", "tab_scripts"));
    let name = Signal::derive(move || {
        workplace.lists.with(|lists| {
            lists.inboxes.iter().find(|inbox| inbox.id == id).map(|inbox| inbox.name.clone()).unwrap_or_default()
        })
    });
    let kind = words(lang, &inbox.channel, "name").unwrap_or_default();
    view! {
        <Page title=name text=kind back=(place::settings(account, "inboxes"), text::settings::inboxes(lang))>
            <sign_in::Lost workplace inbox=inbox.clone()/>
            <Tabs tabs selected=tab.to_owned() label=t::tabs(lang)/>
            {content(workplace, inbox)}
        </Page>
    }
    .into_any()
}
