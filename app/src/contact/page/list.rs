//! The list of contacts: searched, ordered, narrowed to a label, and loaded further as one scrolls.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::ContactId;
use model::Permission;
use model::contact::{ContactPage, ContactRow};
use model::live::Change;
use text::contact as t;
use text::people as p;
use ui::{
    Avatar, Button, Checkbox, Choice, EmptyState, ErrorState, Glyph, Icon, IconSize, Label, PageHeader, PickList,
    Popover, RelativeTime, Select, Size, Skeleton, SkeletonKind, TextInput, TimeStyle, Variant, use_toasts,
};

use super::super::calls::{self, ContactQuery};
use super::create::Create;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::live::{Heard, use_live};
use crate::place;

/// How long somebody pauses before what they typed is looked for.
const PAUSE: Duration = Duration::from_millis(250);

/// Orders of the list, as the API names them.
const SORTS: [&str; 7] =
    ["-last_activity_at", "last_activity_at", "name", "-name", "-created_at", "created_at", "company"];

/// The state of the list. Cheap to copy.
#[derive(Clone, Copy)]
struct People {
    workplace: WorkplaceContext,
    query: Memo<ContactQuery>,
    rows: RwSignal<Vec<ContactRow>>,
    total: RwSignal<i64>,
    has_more: RwSignal<bool>,
    /// The last page that is here.
    page: StoredValue<i64>,
    is_loading: RwSignal<bool>,
    picked: RwSignal<Vec<ContactId>>,
}

impl People {
    fn put(self, page: ContactPage) {
        self.total.set(page.total);
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

    fn hear(self, heard: &Heard) {
        if let Heard::Change(Change::ContactUpdated { contact }) = heard {
            let is_here = self.rows.with_untracked(|rows| rows.iter().any(|row| row.contact.id == contact.id));
            if is_here {
                self.rows.update(|rows| {
                    for row in rows.iter_mut().filter(|row| row.contact.id == contact.id) {
                        row.contact.clone_from(contact);
                    }
                });
            }
        }
    }
}

/// The page.
#[component]
pub fn List() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let map = use_query_map();
    let query = Memo::new(move |_| {
        map.with(|map| {
            let word = |name: &str| map.get(name).unwrap_or_default();
            ContactQuery { text: word("q"), label: word("label"), sort: word("sort") }
        })
    });
    let people = People {
        workplace,
        query,
        rows: RwSignal::new(Vec::new()),
        total: RwSignal::new(0),
        has_more: RwSignal::new(false),
        page: StoredValue::new(1),
        is_loading: RwSignal::new(false),
        picked: RwSignal::new(Vec::new()),
    };
    let first = Resource::new_blocking(move || query.get(), move |query| calls::list(workplace.account_id, query, 1));
    if let Some(live) = use_live() {
        live.listen(move |heard| people.hear(&heard));
    }
    let is_creating = RwSignal::new(false);
    let waiting =
        move || view! { <Skeleton kind=SkeletonKind::Rows count=8 label=text::common::state::loading(lang)/> };
    let may_edit = workplace.may(Permission::EditContacts);
    view! {
        <Title text=p::title(lang)/>
        <main class="page" id="content" tabindex="-1">
            <div class="page-body people">
                <PageHeader title=p::title(lang)>
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
            </div>
        </main>
    }
    .into_any()
}

/// Search, label, order; over them, while some are ticked, what can be done with those.
#[component]
fn Tools(people: People) -> impl IntoView {
    let lang = use_lang();
    let navigate = StoredValue::new(use_navigate());
    let go = move |query: ContactQuery| {
        let address = place::contacts(people.workplace.account_id, &query.text, &query.label, &query.sort);
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&address, options));
    };
    let text = RwSignal::new(people.query.with_untracked(|query| query.text.clone()));
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let search = move |typed: String| {
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
        let look = move || {
            let query = people.query.get_untracked();
            if query.text != typed {
                go(ContactQuery { text: typed.clone(), ..query });
            }
        };
        waiting.set_value(set_timeout_with_handle(look, PAUSE).ok());
    };
    on_cleanup(move || {
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
    });
    let label = RwSignal::new(people.query.with_untracked(|query| query.label.clone()));
    let sort = RwSignal::new(people.query.with_untracked(|query| sort_of(&query.sort)));
    Effect::new(move |_| {
        let query = people.query.get();
        label.set(query.label);
        sort.set(sort_of(&query.sort));
    });
    let labels = Signal::derive(move || {
        let mut options = vec![Choice::new("", p::any_label(lang))];
        people.workplace.lists.with(|lists| {
            options.extend(lists.labels.iter().map(|label| Choice::new(label.title.clone(), label.title.clone())));
        });
        options
    });
    let sorts: Vec<Choice> = SORTS.iter().map(|sort| Choice::new(*sort, sort_name(lang, sort))).collect();
    view! {
        <div class="people-tools">
            <div class="people-search" role="search">
                <TextInput
                    value=text
                    kind=ui::InputKind::Search
                    icon=Icon::Search
                    label=p::search(lang)
                    placeholder=p::search(lang)
                    autocomplete="off"
                    on_input=search
                />
            </div>
            <Select
                value=label
                options=labels
                label=t::labels(lang)
                on_change=move |label: String| go(ContactQuery { label, ..people.query.get_untracked() })
            />
            <Select
                value=sort
                options=sorts
                label=p::sort(lang)
                on_change=move |sort: String| go(ContactQuery { sort, ..people.query.get_untracked() })
            />
        </div>
        <Picked people/>
    }
}

fn sort_of(word: &str) -> String {
    if SORTS.contains(&word) { word.to_owned() } else { SORTS[0].to_owned() }
}

fn sort_name(lang: text::Lang, sort: &str) -> &'static str {
    match sort {
        "last_activity_at" => p::sorts::activity_first(lang),
        "name" => p::sorts::name(lang),
        "-name" => p::sorts::name_last(lang),
        "-created_at" => p::sorts::newest(lang),
        "created_at" => p::sorts::oldest(lang),
        "company" => p::sorts::company(lang),
        _ => p::sorts::activity(lang),
    }
}

/// What can be done with those that are ticked.
#[component]
fn Picked(people: People) -> impl IntoView {
    let lang = use_lang();
    let toasts = use_toasts();
    let options = Signal::derive(move || {
        people.workplace.lists.with(|lists| {
            let choice = |label: &model::label::Label| {
                Choice::new(label.title.clone(), label.title.clone()).mark(ui::Mark::Dot(label.color.clone()))
            };
            lists.labels.iter().map(choice).collect::<Vec<_>>()
        })
    });
    // Labels that all of them have.
    let shared = Signal::derive(move || {
        let picked = people.picked.get();
        people.rows.with(|rows| {
            let mut those = rows.iter().filter(|row| picked.contains(&row.contact.id)).map(|row| &row.labels);
            let first = those.next().cloned().unwrap_or_default();
            those.fold(first, |mut shared, labels| {
                shared.retain(|title| labels.contains(title));
                shared
            })
        })
    });
    let toggle = move |title: String| {
        let (ids, is_shared) = (people.picked.get_untracked(), shared.get_untracked().contains(&title));
        let (add, remove) =
            if is_shared { (Vec::new(), vec![title.clone()]) } else { (vec![title.clone()], Vec::new()) };
        spawn_local(async move {
            match calls::label_many(people.workplace.account_id, ids.clone(), add, remove).await {
                Ok(count) => {
                    people.rows.update(|rows| {
                        for row in rows.iter_mut().filter(|row| ids.contains(&row.contact.id)) {
                            row.labels.retain(|label| *label != title);
                            if !is_shared {
                                row.labels.push(title.clone());
                                row.labels.sort();
                            }
                        }
                    });
                    toasts.done(if is_shared { p::unlabelled(lang, count) } else { p::labelled(lang, count) });
                }
                Err(error) => toasts.fail(error.words(lang)),
            }
        });
    };
    let count = move || i64::try_from(people.picked.read().len()).unwrap_or_default();
    view! {
        <Show when=move || !people.picked.read().is_empty()>
            <div class="people-picked">
                <span role="status">{move || p::picked(lang, count())}</span>
                <button type="button" class="button is-small" popovertarget="people-labels" aria-haspopup="dialog">
                    <Glyph icon=Icon::Tag/>
                    <span class="button-label">{t::labels(lang)}</span>
                </button>
                <Popover id="people-labels" label=t::labels(lang) class="is-list">
                    <PickList
                        id="people-labels-list"
                        options
                        picked=shared
                        label=t::labels(lang)
                        search_label=text::conversation::search_labels(lang)
                        empty=text::conversation::no_label(lang)
                        on_pick=toggle
                    />
                </Popover>
                <Button size=Size::Small variant=Variant::Ghost on_click=move |_| people.picked.set(Vec::new())>
                    {p::unpick(lang)}
                </Button>
            </div>
        </Show>
    }
}

#[component]
fn Rows(people: People) -> impl IntoView {
    let lang = use_lang();
    let is_narrowed = people.query.with_untracked(|query| !query.text.trim().is_empty() || !query.label.is_empty());
    let empty = move || {
        if is_narrowed {
            view! { <EmptyState icon=Icon::Search title=p::none_found(lang) text=p::none_found_text(lang)/> }.into_any()
        } else {
            view! { <EmptyState icon=Icon::Users title=p::empty_title(lang) text=p::empty_text(lang)/> }.into_any()
        }
    };
    let count = move || p::count(lang, people.total.get());
    view! {
        <p class="people-count" role="status">
            {count}
        </p>
        <Show when=move || !people.rows.read().is_empty() fallback=empty>
            <ul class="people-rows" aria-label=p::title(lang)>
                <For
                    each=move || people.rows.get()
                    key=|row| row.contact.id
                    children=move |row| view! { <Row people id=row.contact.id/> }
                />
            </ul>
            <Show when=move || people.has_more.get()>
                <div class="people-more">
                    <Button loading=people.is_loading on_click=move |_| people.load_more()>
                        {p::more(lang)}
                    </Button>
                </div>
            </Show>
        </Show>
    }
}

#[component]
fn Row(people: People, id: ContactId) -> impl IntoView {
    let lang = use_lang();
    let row = Memo::new(move |_| people.rows.with(|rows| rows.iter().find(|row| row.contact.id == id).cloned()));
    let of = move |read: fn(&ContactRow) -> String| {
        Signal::derive(move || row.with(|row| row.as_ref().map(read).unwrap_or_default()))
    };
    let name = Signal::derive(move || {
        row.with(|row| {
            row.as_ref()
                .map(|row| crate::conversation::desk::contact_name(lang, &row.contact.name, row.contact.id))
                .unwrap_or_default()
        })
    });
    let picture = Signal::derive(move || row.with(|row| row.as_ref().and_then(|row| row.contact.avatar_url.clone())));
    let email = of(|row| row.contact.email.clone().unwrap_or_default());
    let phone = of(|row| row.contact.phone_number.clone().unwrap_or_default());
    let company = of(|row| {
        let company = row.contact.additional_attributes.get("company_name");
        company.and_then(|name| name.as_str()).unwrap_or_default().to_owned()
    });
    let is_blocked = Signal::derive(move || row.with(|row| row.as_ref().is_some_and(|row| row.contact.blocked)));
    let labels = move || {
        let colour = |title: &str| {
            people.workplace.lists.with(|lists| {
                let label = lists.labels.iter().find(|label| label.title == title);
                label.map(|label| label.color.clone()).unwrap_or_default()
            })
        };
        let titles = row.with(|row| row.as_ref().map(|row| row.labels.clone()).unwrap_or_default());
        titles.into_iter().take(3).map(|title| view! { <Label colour=colour(&title) name=title/> }).collect_view()
    };
    let active = move || {
        row.with(|row| row.as_ref().and_then(|row| row.contact.last_activity_at)).map(|at| {
            view! { <RelativeTime at lang style=TimeStyle::Ago/> }
        })
    };
    let is_picked = RwSignal::new(false);
    Effect::new(move |_| is_picked.set(people.picked.with(|picked| picked.contains(&id))));
    let pick = move |is_on: bool| {
        people.picked.update(|picked| {
            picked.retain(|other| *other != id);
            if is_on {
                picked.push(id);
            }
        });
    };
    let may_edit = people.workplace.may(Permission::EditContacts);
    view! {
        <li class="person-row" class:is-picked=is_picked>
            {may_edit
                .then(|| {
                    view! {
                        <Checkbox checked=is_picked label=move || p::pick(lang, &name.get()) hide_label=true on_change=pick/>
                    }
                })}
            <Avatar name picture/>
            <span class="person-name">
                <a class="row-link truncate" href=place::contact(people.workplace.account_id, id)>
                    {name}
                </a>
                <Show when=move || is_blocked.get()>
                    <span class="person-blocked" data-hint=p::blocked(lang)>
                        <Glyph icon=Icon::Ban size=IconSize::Tiny/>
                        <span class="visually-hidden">{p::blocked(lang)}</span>
                    </span>
                </Show>
            </span>
            <span class="person-email truncate">{email}</span>
            <span class="person-phone tabular truncate">{phone}</span>
            <span class="person-company truncate">{company}</span>
            <span class="person-labels">{labels}</span>
            <span class="person-active">{active}</span>
        </li>
    }
}
