//! The list of contacts: searched, ordered, narrowed by labels, conditions and segments, and loaded further as one asks.

mod import;
mod picked;
mod rows;
mod tools;

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::contact::{ContactPage, ContactRow, Total};
use model::live::Change;
use model::saved_view::SavedView;
use model::{ContactId, Permission, SavedViewId};
use text::people as p;
use ui::{Button, ErrorState, Icon, PageHeader, Skeleton, SkeletonKind, Variant};

use self::import::Import;
use self::rows::Rows;
use self::tools::Tools;
use super::create::Create;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::contact::{ContactQuery, calls};
use crate::live::{Heard, use_live};
use crate::tool::use_tools;

/// From a change to the next look at the list; what happens meanwhile is seen with it.
const CALM: Duration = Duration::from_secs(2);

/// The state of the list. Cheap to copy.
#[derive(Clone, Copy)]
struct People {
    workplace: WorkplaceContext,
    query: Memo<ContactQuery>,
    rows: RwSignal<Vec<ContactRow>>,
    total: RwSignal<Total>,
    has_more: RwSignal<bool>,
    /// The last page that is here.
    page: StoredValue<i64>,
    is_loading: RwSignal<bool>,
    picked: RwSignal<Vec<ContactId>>,
    /// The list will be looked at anew soon.
    is_due: StoredValue<bool>,
}

impl People {
    fn put(self, page: ContactPage) {
        self.total.set(Total { number: page.total, at_least: page.at_least });
        self.has_more.set(page.has_more);
        self.page.set_value(1);
        self.picked.set(Vec::new());
        self.rows.set(page.items);
    }

    fn load_more(self) {
        if self.is_loading.get_untracked() || !self.has_more.get_untracked() {
            return;
        }
        self.is_loading.set(true);
        let (query, next) = (self.query.get_untracked(), self.page.get_value() + 1);
        spawn_local(async move {
            let answer = calls::list(self.workplace.account_id, query.clone(), next).await;
            if self.query.try_get_untracked() != Some(query) {
                return;
            }
            self.is_loading.set(false);
            if let Ok(page) = answer {
                self.page.set_value(next);
                self.has_more.set(page.has_more);
                self.rows.update(|rows| {
                    // Somebody who moved up meanwhile is not shown twice.
                    let fresh: Vec<_> = page
                        .items
                        .into_iter()
                        .filter(|row| rows.iter().all(|known| known.contact.id != row.contact.id))
                        .collect();
                    rows.extend(fresh);
                });
            } else {
                self.has_more.set(false);
            }
        });
    }

    /// Reads the first page anew, where that takes nothing away from whoever is further down or has ticked some.
    fn refresh(self) {
        let is_further = self.page.try_get_value() != Some(1);
        if is_further || self.picked.try_with_untracked(Vec::is_empty) != Some(true) {
            return;
        }
        let query = self.query.get_untracked();
        spawn_local(async move {
            let answer = calls::list(self.workplace.account_id, query.clone(), 1).await;
            let is_asked_still = self.query.try_get_untracked() == Some(query) && self.page.try_get_value() == Some(1);
            if let Ok(page) = answer
                && is_asked_still
                && self.picked.with_untracked(Vec::is_empty)
            {
                self.put(page);
            }
        });
    }

    fn refresh_later(self) {
        if self.is_due.try_update_value(|is_due| std::mem::replace(is_due, true)) == Some(false) {
            set_timeout(
                move || {
                    if self.is_due.try_set_value(false).is_none() {
                        self.refresh();
                    }
                },
                CALM,
            );
        }
    }

    fn hear(self, heard: &Heard) {
        match heard {
            Heard::Change(Change::ContactUpdated { contact }) => {
                let is_here = self.rows.with_untracked(|rows| rows.iter().any(|row| row.contact.id == contact.id));
                if is_here {
                    self.rows.update(|rows| {
                        for row in rows.iter_mut().filter(|row| row.contact.id == contact.id) {
                            row.contact.clone_from(contact);
                        }
                    });
                }
                self.refresh_later();
            }
            Heard::Change(Change::ContactGone { contact_id, .. }) => {
                self.rows.update(|rows| rows.retain(|row| row.contact.id != *contact_id));
                self.picked.update(|picked| picked.retain(|id| id != contact_id));
                self.refresh_later();
            }
            Heard::Change(Change::SettingsChanged) => self.workplace.refresh(),
            Heard::Reload => self.refresh(),
            _ => {}
        }
    }
}

/// The segment with an id, as long as it is there.
fn segment(workplace: WorkplaceContext, id: Option<SavedViewId>) -> Option<SavedView> {
    let id = id?;
    workplace.lists.with(|lists| lists.views.iter().find(|view| view.id == id).cloned())
}

/// The tools of the page know which list they work on.
fn tell_tools(query: Memo<ContactQuery>) {
    let Some(tools) = use_tools() else { return };
    Effect::new(move |_| tools.people.set(Some(query.get())));
    on_cleanup(move || {
        let _ = tools.people.try_set(None);
    });
}

/// The page.
#[component]
pub fn List() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let map = use_query_map();
    let params = use_params_map();
    let query = Memo::new(move |_| {
        map.with(|map| params.with(|params| ContactQuery::read(|name| map.get(name).or_else(|| params.get(name)))))
    });
    let people = People {
        workplace,
        query,
        rows: RwSignal::new(Vec::new()),
        total: RwSignal::new(Total::default()),
        has_more: RwSignal::new(false),
        page: StoredValue::new(1),
        is_loading: RwSignal::new(false),
        picked: RwSignal::new(Vec::new()),
        is_due: StoredValue::new(false),
    };
    // What a segment is about may be changed while it is shown.
    let asked = Memo::new(move |_| {
        let query = query.get();
        let conditions = segment(workplace, query.segment).map(|segment| segment.conditions);
        (query, conditions)
    });
    let first =
        crate::json::blocking(move || asked.get(), move |(query, _)| calls::list(workplace.account_id, query, 1));
    tell_tools(query);
    if let Some(live) = use_live() {
        live.listen(move |heard| people.hear(&heard));
    }
    let is_creating = RwSignal::new(false);
    // The mail that tells of its end leads here.
    let is_importing = RwSignal::new(map.with_untracked(|map| map.get("imports").is_some()));
    let may_import = workplace.may(Permission::DeleteData);
    let waiting =
        move || view! { <Skeleton kind=SkeletonKind::Rows count=8 label=text::common::state::loading(lang)/> };
    let may_edit = workplace.may(Permission::EditContacts);
    let title = Signal::derive(move || {
        let segment = segment(workplace, query.with(|query| query.segment));
        segment.map_or_else(|| p::title(lang).to_owned(), |segment| segment.name)
    });
    view! {
        <Title text=title/>
        <main class="page" id="content" tabindex="-1">
            <div class="page-body people">
                <PageHeader title=move || title.get()>
                    {may_import
                        .then(|| {
                            view! {
                                <Button icon=Icon::Upload on_click=move |_| is_importing.set(true)>
                                    {p::import::open(lang)}
                                </Button>
                            }
                        })}
                    {may_edit
                        .then(|| {
                            view! {
                                <Button
                                    variant=Variant::Primary
                                    icon=Icon::UserPlus
                                    on_click=move |_| is_creating.set(true)
                                >
                                    {p::add(lang)}
                                </Button>
                            }
                        })}
                </PageHeader>
                <Tools people/>
                <Transition fallback=waiting>
                    {move || Suspend::new(async move {
                        match first.await {
                            Ok(page) => {
                                people.put(page);
                                view! { <Rows people/> }.into_any()
                            }
                            Err(error) => {
                                view! {
                                    <ErrorState
                                        title=text::common::error_title(lang)
                                        text=error.words(lang)
                                        retry=text::common::retry(lang)
                                        on_retry=move |()| first.refetch()
                                    />
                                }
                                    .into_any()
                            }
                        }
                    })}
                </Transition>
                <Create open=is_creating/>
                {may_import.then(|| view! { <Import workplace open=is_importing/> })}
            </div>
        </main>
    }
    .into_any()
}
