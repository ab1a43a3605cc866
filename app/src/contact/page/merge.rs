//! Merging: choosing the twin, and the list of those who can be taken out again.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::contact::{Contact, ContactMerge};
use text::people as p;
use ui::{
    Avatar, Button, Dialog, DialogBody, DialogFooter, Glyph, Icon, InputKind, RelativeTime, Size, TextInput, TimeStyle,
    Variant, use_toasts,
};

use super::super::calls;
use super::super::query::ContactQuery;
use super::super::taken;
use super::show::Person;
use crate::conversation::desk::contact_name;

/// Most twins that are offered.
const OFFERED: usize = 8;

/// Looks for the other contact, shows what comes of it, and merges.
#[expect(clippy::too_many_lines, reason = "one view, read from top to bottom")]
#[component]
pub fn MergeDialog(
    person: Person,
    /// Whether it is open, kept in step both ways.
    open: RwSignal<bool>,
) -> impl IntoView {
    let lang = person.lang;
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(Vec::<Contact>::new());
    let chosen = RwSignal::new(None::<Contact>);
    let asked = StoredValue::new(0_u32);
    let toasts = use_toasts();
    let look = move |typed: String| {
        asked.update_value(|asked| *asked += 1);
        let own = asked.get_value();
        if typed.trim().is_empty() {
            found.set(Vec::new());
            return;
        }
        spawn_local(async move {
            let query = ContactQuery { text: typed, ..ContactQuery::default() };
            let Ok(page) = calls::list(person.workplace.account_id, query, 1).await else { return };
            if asked.try_get_value() == Some(own) {
                let others = page.items.into_iter().map(|row| row.contact).filter(|contact| contact.id != person.id);
                found.set(others.take(OFFERED).collect());
            }
        });
    };
    Effect::new(move |_| {
        if open.get() {
            text.set(String::new());
            found.set(Vec::new());
            chosen.set(None);
        }
    });
    let merge = Action::new(move |id: &model::ContactId| calls::merge(person.workplace.account_id, person.id, *id));
    let outcome = merge.value();
    Effect::new(move |_| match outcome.get() {
        Some(Ok(contact)) => {
            open.set(false);
            person.put(contact);
            person.refresh();
            toasts.done(p::was_merged(lang));
        }
        Some(Err(error)) => toasts.fail(error.words(lang)),
        None => {}
    });
    let own_name = move || person.details.with(|details| contact_name(lang, &details.contact.name, person.id));
    let offer = move |contact: Contact| {
        let name = contact_name(lang, &contact.name, contact.id);
        let fact =
            contact.email.clone().or_else(|| contact.phone_number.clone()).or_else(|| contact.identifier.clone());
        let picture = contact.avatar_url.clone();
        let own = StoredValue::new(contact);
        let is_chosen =
            move || chosen.with(|chosen| chosen.as_ref().map(|one| one.id) == Some(own.with_value(|own| own.id)));
        view! {
            <li>
                <button
                    type="button"
                    class="merge-choice"
                    aria-pressed=move || if is_chosen() { "true" } else { "false" }
                    on:click=move |_| chosen.set(Some(own.get_value()))
                >
                    <Avatar name=Signal::stored(name.clone()) picture=Signal::stored(picture)/>
                    <span class="table-two">
                        <b class="truncate">{name}</b>
                        <span class="truncate">{fact}</span>
                    </span>
                    <Show when=is_chosen>
                        <Glyph icon=Icon::Check/>
                    </Show>
                </button>
            </li>
        }
    };
    let result = move || {
        chosen.get().map(|contact| {
            let gone = contact_name(lang, &contact.name, contact.id);
            view! { <p class="merge-result">{p::merge_result(lang, &gone, &own_name())}</p> }
        })
    };
    let confirm = move |_| {
        if let Some(contact) = chosen.get_untracked() {
            merge.dispatch(contact.id);
        }
    };
    view! {
        <Dialog
            open
            title=p::merge_title(lang)
            description=move || p::merge_text(lang, &own_name())
            close_label=text::common::close(lang)
        >
            <DialogBody>
                <TextInput
                    value=text
                    kind=InputKind::Search
                    icon=Icon::Search
                    label=p::merge_search(lang)
                    placeholder=p::merge_search(lang)
                    autocomplete="off"
                    autofocus=true
                    on_input=look
                />
                <ul class="merge-choices" aria-label=p::merge_search(lang)>
                    <For each=move || found.get() key=|contact| contact.id children=offer/>
                </ul>
                {result}
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button
                    variant=Variant::Primary
                    loading=merge.pending()
                    disabled=Signal::derive(move || chosen.read().is_none())
                    on_click=confirm
                >
                    {p::merge(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
}

/// Who was merged into this contact and can be taken out again.
#[component]
pub fn Merged(person: Person) -> impl IntoView {
    let lang = person.lang;
    let merges = person.fact(|details| details.merges.clone());
    let toasts = use_toasts();
    let is_busy = RwSignal::new(false);
    let undo = move |id: model::MergeId| {
        is_busy.set(true);
        spawn_local(async move {
            let outcome = calls::undo_merge(person.workplace.account_id, person.id, id).await;
            let _ = is_busy.try_set(false);
            match outcome {
                Ok(back) => {
                    toasts.done(p::was_taken_apart(lang, &contact_name(lang, &back.name, back.id)));
                    person.refresh();
                }
                Err(error) => toasts.fail(taken(lang, &error)),
            }
        });
    };
    let may_edit = person.may_edit();
    let row = move |merge: ContactMerge| {
        let id = merge.id;
        let by = merge.by.map(|agent| agent.name);
        view! {
            <li class="merged-row">
                <span class="table-two">
                    <b class="truncate">{merge.name}</b>
                    <span>
                        {by.map(|name| [name.as_str(), " · "].concat())}
                        <RelativeTime at=merge.merged_at lang style=TimeStyle::Ago/>
                    </span>
                </span>
                {may_edit
                    .then(|| {
                        view! {
                            <Button size=Size::Small icon=Icon::Undo disabled=is_busy on_click=move |_| undo(id)>
                                {p::take_apart(lang)}
                            </Button>
                        }
                    })}
            </li>
        }
    };
    view! {
        <Show when=move || !merges.read().is_empty()>
            <section class="person-section" aria-labelledby="person-merges">
                <h2 id="person-merges">
                    <Glyph icon=Icon::Merge/>
                    {p::merges(lang)}
                </h2>
                <p class="person-hint">{p::merges_text(lang)}</p>
                <ul class="merged-rows">{move || merges.get().into_iter().map(row).collect_view()}</ul>
            </section>
        </Show>
    }
}
