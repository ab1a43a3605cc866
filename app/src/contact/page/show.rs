//! The page of one contact: what is known of them at the left, what happened at the right.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::conversation::ConversationRow;
use model::live::Change;
use model::{ContactId, ErrorCode, Permission};
use text::Lang;
use text::people as p;
use ui::{Button, ChannelGlyph, EmptyState, ErrorState, Glyph, Icon, RelativeTime, Skeleton, SkeletonKind, TimeStyle};

use super::super::calls::{self, ContactDetails};
use super::facts::FactList;
use super::head::Head;
use super::merge::Merged;
use super::notes::Notes;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::call::CallError;
use crate::conversation::desk::contact_name;
use crate::conversation::status_name;
use crate::live::{Heard, use_live};
use crate::place;
use crate::public::trouble::NotFound;

/// The contact of the page. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Person {
    pub lang: Lang,
    pub workplace: WorkplaceContext,
    pub id: ContactId,
    pub details: RwSignal<ContactDetails>,
    /// They are deleted, or part of somebody else, since the page was opened.
    gone: RwSignal<Option<Gone>>,
    /// The reader erases them: then nobody has to say that they are gone.
    pub is_erased_here: StoredValue<bool>,
}

/// Where a contact went who is no longer there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gone {
    Deleted,
    Into(ContactId),
}

impl Person {
    /// The contact as they are now.
    pub fn put(self, contact: model::contact::Contact) {
        if contact.id == self.id {
            self.details.update(|details| details.contact = contact);
        }
    }

    /// Reads everything anew.
    pub fn refresh(self) {
        spawn_local(async move {
            match calls::show(self.workplace.account_id, self.id).await {
                Ok(details) => {
                    let _ = self.details.try_set(details);
                }
                Err(error) if error.0.code == ErrorCode::NotFound => self.leave(Gone::Deleted),
                Err(_) => {}
            }
        });
    }

    /// Whether the reader may change them.
    pub fn may_edit(self) -> bool {
        self.workplace.may(Permission::EditContacts)
    }

    /// A fact, following changes.
    pub fn fact<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&ContactDetails) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.details.with(&read))
    }

    /// They are gone. The first word counts: afterwards they can't be found for any reason.
    fn leave(self, gone: Gone) {
        if self.is_erased_here.try_get_value() != Some(false) {
            return;
        }
        let _ = self.gone.try_maybe_update(|known| {
            let is_first = known.is_none();
            if is_first {
                *known = Some(gone);
            }
            (is_first, ())
        });
    }

    fn hear(self, heard: &Heard) {
        if let Heard::Change(Change::ContactGone { contact_id, into }) = heard {
            if *contact_id == self.id {
                self.leave(into.map_or(Gone::Deleted, Gone::Into));
            }
            return;
        }
        let is_own = match heard {
            Heard::Change(Change::ContactUpdated { contact }) => contact.id == self.id,
            Heard::Change(
                Change::ConversationCreated { conversation } | Change::ConversationUpdated { conversation },
            ) => conversation.contact.id == self.id,
            Heard::Reload => true,
            _ => false,
        };
        if is_own {
            self.refresh();
        }
    }
}

/// The page.
#[component]
pub fn OnePage() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("contact_id").and_then(|id| id.parse().ok())));
    let details = crate::json::blocking(
        move || id.get(),
        move |id| async move {
            match id {
                Some(id) => calls::show(workplace.account_id, id).await,
                None => Err(CallError::new(ErrorCode::NotFound)),
            }
        },
    );
    let waiting =
        move || view! { <Skeleton kind=SkeletonKind::Fields count=6 label=text::common::state::loading(lang)/> };
    let failed = move |error: CallError| {
        if error.0.code == ErrorCode::NotFound {
            return view! { <NotFound/> }.into_any();
        }
        view! {
            <ErrorState
                title=text::common::error_title(lang)
                text=error.words(lang)
                retry=text::common::retry(lang)
                on_retry=move |()| details.refetch()
            />
        }
        .into_any()
    };
    view! {
        <main class="page" id="content" tabindex="-1">
            <div class="page-body person">
                <Suspense fallback=waiting>
                    {move || Suspend::new(async move {
                        match details.await {
                            Ok(details) => view! { <Content workplace details/> }.into_any(),
                            Err(error) => failed(error),
                        }
                    })}
                </Suspense>
            </div>
        </main>
    }
    .into_any()
}

#[component]
fn Content(workplace: WorkplaceContext, details: ContactDetails) -> impl IntoView {
    let lang = use_lang();
    let person = Person {
        lang,
        workplace,
        id: details.contact.id,
        details: RwSignal::new(details),
        gone: RwSignal::new(None),
        is_erased_here: StoredValue::new(false),
    };
    if let Some(live) = use_live() {
        live.listen(move |heard| person.hear(&heard));
    }
    // The title may be read once more after another contact took the place of this one.
    let title = move || {
        let name = person.details.try_with(|details| contact_name(lang, &details.contact.name, person.id));
        name.unwrap_or_default()
    };
    let sees = workplace.may(Permission::SeeContacts);
    let here = move || {
        view! {
            <Head person/>
            <div class="person-columns">
                <section class="person-facts" aria-label=p::facts(lang)>
                    <FactList person/>
                </section>
                <div class="person-history">
                    <Conversations person/>
                    {sees.then(|| view! { <Notes person/> })}
                    {sees.then(|| view! { <Merged person/> })}
                </div>
            </div>
        }
        .into_any()
    };
    view! {
        <Title text=title/>
        {move || match person.gone.get() {
            None => here(),
            Some(gone) => view! { <Left person gone/> }.into_any(),
        }}
    }
}

/// Says that the contact is no longer there, and where they went.
#[component]
fn Left(person: Person, gone: Gone) -> impl IntoView {
    let (lang, account) = (person.lang, person.workplace.account_id);
    let (title, words, label, href) = match gone {
        Gone::Deleted => (p::gone(lang), p::gone_text(lang), p::to_contacts(lang), place::contacts(account)),
        Gone::Into(id) => {
            (p::was_joined(lang), p::was_joined_text(lang), p::to_joined(lang), place::contact(account, id))
        }
    };
    let name = person.details.with_untracked(|details| contact_name(lang, &details.contact.name, person.id));
    view! {
        <h1 class="visually-hidden">{name}</h1>
        <div role="alert">
            <EmptyState icon=Icon::Contact title text=words>
                // Loaded anew: nothing of this contact is to stay.
                <a class="button is-primary" href=href rel="external">
                    <span class="button-label">{label}</span>
                </a>
            </EmptyState>
        </div>
    }
}

/// Their conversations that the reader may know of.
#[component]
fn Conversations(person: Person) -> impl IntoView {
    let lang = person.lang;
    let rows = person.fact(|details| details.conversations.items.clone());
    let next = person.fact(|details| details.conversations.next.clone());
    let is_loading = RwSignal::new(false);
    let more = move |_| {
        let Some(cursor) = next.get_untracked().filter(|_| !is_loading.get_untracked()) else { return };
        is_loading.set(true);
        spawn_local(async move {
            let answer = calls::conversations(person.workplace.account_id, person.id, cursor).await;
            let _ = is_loading.try_set(false);
            if let Ok(page) = answer {
                person.details.update(|details| {
                    details.conversations.items.extend(page.items);
                    details.conversations.next = page.next;
                });
            }
        });
    };
    let row = move |row: ConversationRow| {
        let href = place::conversation(person.workplace.account_id, row.display_id);
        let inbox = person.workplace.lists.with(|lists| {
            let inbox = lists.inboxes.iter().find(|inbox| inbox.id == row.inbox_id);
            inbox.map(|inbox| (inbox.name.clone(), inbox.channel.clone()))
        });
        let words = row.preview.map(|preview| preview.text).filter(|text| !text.is_empty());
        let number = ["#", &row.display_id.to_string()].concat();
        view! {
            <li class="talk-row">
                {inbox.as_ref().map(|(_, channel)| view! { <ChannelGlyph channel=channel.clone()/> })}
                <a class="row-link talk-words truncate" href=href>
                    {words.unwrap_or_else(|| number.clone())}
                </a>
                <span class="talk-number tabular">{number}</span>
                <span class="talk-status">{status_name(lang, row.status)}</span>
                <span class="talk-owner truncate">{row.assignee.map(|agent| agent.name)}</span>
                <RelativeTime at=row.last_activity_at lang style=TimeStyle::Ago/>
            </li>
        }
    };
    let content = move || match rows.get() {
        rows if rows.is_empty() => view! { <p class="fact-empty">{p::no_conversations(lang)}</p> }.into_any(),
        rows => view! { <ul class="talk-rows">{rows.into_iter().map(row).collect_view()}</ul> }.into_any(),
    };
    view! {
        <section class="person-section" aria-labelledby="person-conversations">
            <h2 id="person-conversations">
                <Glyph icon=Icon::Conversation/>
                {p::conversations(lang)}
            </h2>
            {content}
            <Show when=move || next.read().is_some()>
                <div class="people-more">
                    <Button loading=is_loading on_click=more>
                        {p::more(lang)}
                    </Button>
                </div>
            </Show>
        </section>
    }
}
