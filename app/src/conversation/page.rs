//! The page of the inbox. One page for all its addresses: moving between conversations changes panes, never the page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::{SsrMode, path};
use text::conversation as t;
use ui::{ErrorState, Skeleton, SkeletonKind};

use super::aid::Aid;
use super::calls::{self, Beginning};
use super::composer::draft;
use super::desk::{Desk, contact_name, provide_desk};
use super::details::{self, DetailsPane};
use super::list::ListPane;
use super::pane::{ConversationPane, Middle};
use super::place::Place;
use super::thread::{Lightbox, provide_pictures};
use crate::boot::{use_lang, use_workplace};
use crate::device;
use crate::live::use_live;
use crate::notify::use_notify;
use crate::part::{Later, Wanted};

/// Every address of the inbox.
#[component(transparent)]
pub fn Routes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Page::Inbox ssr=SsrMode::Async>
            <Route path=path!("dashboard") view=|| ()/>
            <Route path=path!("conversations") view=|| ()/>
            <Route path=path!("conversations/:display_id") view=|| ()/>
            <Route path=path!("inbox/:inbox_id") view=|| ()/>
            <Route path=path!("inbox/:inbox_id/conversations/:display_id") view=|| ()/>
            <Route path=path!("label/:title") view=|| ()/>
            <Route path=path!("label/:title/conversations/:display_id") view=|| ()/>
            <Route path=path!("team/:team_id") view=|| ()/>
            <Route path=path!("team/:team_id/conversations/:display_id") view=|| ()/>
            <Route path=path!("unattended") view=|| ()/>
            <Route path=path!("unattended/conversations/:display_id") view=|| ()/>
            <Route path=path!("mentions") view=|| ()/>
            <Route path=path!("mentions/conversations") view=|| ()/>
            <Route path=path!("mentions/conversations/:display_id") view=|| ()/>
            <Route path=path!("participating") view=|| ()/>
            <Route path=path!("participating/conversations") view=|| ()/>
            <Route path=path!("participating/conversations/:display_id") view=|| ()/>
            <Route path=path!("custom_view/:view_id") view=|| ()/>
            <Route path=path!("custom_view/:view_id/conversations/:display_id") view=|| ()/>
        </ParentRoute>
    }
    .into_inner()
}

crate::part::pieces! {
    /// The page behind all these addresses.
    pub enum Page in inbox {
        Inbox => InboxPage(),
    }
}

crate::part::pieces! {
    /// What the page shows of an open conversation. It comes behind the list: most of the program is about it.
    pub enum Pane in conversation {
        Middle(middle: Middle) => middle.view(),
        Details => details::content(),
        Lightbox => Lightbox(),
    }
}

#[component]
fn InboxPage() -> impl IntoView {
    let lang = use_lang();
    let (Some(workplace), Some(live), Some(notify)) = (use_workplace(), use_live(), use_notify()) else {
        return ().into_any();
    };
    let account = workplace.account_id;
    let path = use_location().pathname;
    let query = use_query_map();
    let place = Memo::new(move |before: Option<&Place>| {
        let place = path.with(|path| Place::read(path, |name| query.with(|query| query.get(name))));
        // On the way to another page the last place stays.
        place.or_else(|| before.cloned()).unwrap_or_else(|| Place::home(account))
    });
    let first = place.get_untracked();
    let beginning = crate::json::blocking(
        || (),
        move |()| {
            let (filter, open) = (first.filter(), first.open);
            async move { calls::begin(account, filter, open).await }
        },
    );
    let panes = move |beginning: Beginning| {
        let desk = provide_desk(workplace, live, notify, place, beginning);
        view! { <Panes desk/> }
    };
    let waiting = move || {
        view! {
            <main class="panes" id="content">
                <section class="pane list-pane">
                    <div class="pane-scroll">
                        <Skeleton kind=SkeletonKind::Rows count=10 label=text::common::state::loading(lang)/>
                    </div>
                </section>
                <section class="pane conversation-pane"></section>
            </main>
        }
    };
    view! {
        // The addresses below have no views of their own; without their place the router would wait for them.
        <Outlet/>
        <Suspense fallback=waiting>
            {move || Suspend::new(async move {
                match beginning.await {
                    Ok(beginning) => panes(beginning).into_any(),
                    Err(error) => view! {
                        <main class="page" id="content">
                            <ErrorState
                                title=t::error_title(lang)
                                text=error.words(lang)
                                retry=text::common::retry(lang)
                                on_retry=move |()| beginning.refetch()
                            />
                        </main>
                    }
                    .into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Panes(desk: Desk) -> impl IntoView {
    provide_pictures();
    let later = Later::load::<Pane>();
    provide_context(later);
    read_drafts(desk);
    // Not before: the browser has that part from its beginning only where the address names a conversation.
    let is_here = Memo::new(move |_| desk.open.with(|open| open.thread().is_some()));
    let heading = Memo::new(move |_| {
        let open = desk.with_conversation(|c| contact_name(desk.lang, &c.contact.name, c.contact.id));
        open.unwrap_or_else(|| text::list::all(desk.lang).to_owned())
    });
    let title = move || {
        let unread = desk.list.with(crate::store::List::unread);
        let words = heading.get();
        if unread > 0 { ["(", &text::number::badge(unread), ") ", &words].concat() } else { words }
    };
    view! {
        <Title text=title/>
        <main class="panes" id="content">
            // Of the panes a phone shows one; the page has its heading whichever that is.
            <h1 class="visually-hidden">{heading}</h1>
            <ListPane/>
            <ConversationPane/>
            <DetailsPane/>
        </main>
        {move || is_here.get().then(|| later.show(Pane::Lightbox, || ().into_any()))}
        <Dialogs desk/>
    }
    .into_any()
}

/// Dialogs that come when one is wanted for the first time.
#[component]
fn Dialogs(desk: Desk) -> impl IntoView {
    let wanted = Wanted::new();
    Effect::new(move |_| {
        if desk.asked_for.read().is_some() {
            wanted.want::<Aid>();
        }
    });
    view! { {move || wanted.show(Aid::Dialogs)} }.into_any()
}

/// What this browser kept, and what its other pages write.
fn read_drafts(desk: Desk) {
    Effect::new(move |_| {
        let start = draft::key_start(desk.account(), desk.me());
        let kept = device::kept_keys(&start).into_iter().filter_map(|key| Some((key.clone(), device::kept(&key)?)));
        desk.drafts.set(draft::read(&start, kept));
    });
}
