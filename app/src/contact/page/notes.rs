//! Notes about a contact, for colleagues only.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::NoteId;
use model::contact::ContactNote;
use text::people as p;
use ui::{
    Avatar, AvatarSize, Button, Glyph, Icon, IconButton, RelativeTime, Size, TextArea, TimeStyle, Variant, use_toasts,
};

use super::super::calls;
use super::show::Person;

/// The notes, newest first, and the field for a new one.
#[component]
pub fn Notes(person: Person) -> impl IntoView {
    let lang = person.lang;
    let notes = person.fact(|details| details.notes.clone());
    let text = RwSignal::new(String::new());
    let is_saving = RwSignal::new(false);
    let toasts = use_toasts();
    let save = move |_| {
        let content = text.get_untracked();
        if content.trim().is_empty() || is_saving.get_untracked() {
            return;
        }
        is_saving.set(true);
        spawn_local(async move {
            let outcome = calls::save_note(person.workplace.account_id, person.id, None, content).await;
            is_saving.set(false);
            match outcome {
                Ok(note) => {
                    text.set(String::new());
                    person.details.update(|details| put(&mut details.notes, note));
                }
                Err(error) => toasts.fail(error.words(lang)),
            }
        });
    };
    let may_edit = person.may_edit();
    view! {
        <section class="person-section" aria-labelledby="person-notes">
            <h2 id="person-notes">
                <Glyph icon=Icon::Note/>
                {p::notes(lang)}
            </h2>
            {may_edit
                .then(|| {
                    view! {
                        <div class="note-new">
                            <TextArea
                                value=text
                                id="note-new"
                                label=p::new_note(lang)
                                placeholder=p::new_note(lang)
                                rows=2
                                max=10_000_u32
                            />
                            <Show when=move || !text.read().trim().is_empty()>
                                <Button variant=Variant::Primary size=Size::Small loading=is_saving on_click=save>
                                    {p::save_note(lang)}
                                </Button>
                            </Show>
                        </div>
                    }
                })}
            <ul class="note-rows">
                <For
                    each=move || notes.get()
                    key=|note| (note.id, note.updated_at)
                    children=move |note| view! { <Note person note/> }
                />
            </ul>
            <Show when=move || notes.read().is_empty() && !may_edit>
                <p class="fact-empty">{p::no_notes(lang)}</p>
            </Show>
        </section>
    }
}

fn put(notes: &mut Vec<ContactNote>, note: ContactNote) {
    match notes.iter_mut().find(|known| known.id == note.id) {
        Some(known) => *known = note,
        None => notes.insert(0, note),
    }
}

#[component]
fn Note(person: Person, note: ContactNote) -> impl IntoView {
    let lang = person.lang;
    let id: NoteId = note.id;
    let (author, picture) = match note.author {
        Some(author) => (author.name, author.avatar_url),
        None => (p::former_colleague(lang).to_owned(), None),
    };
    let (name, at) = (author.clone(), note.created_at);
    let is_edited = RwSignal::new(false);
    let content = StoredValue::new(note.content.clone());
    let text = RwSignal::new(note.content.clone());
    let toasts = use_toasts();
    let keep = move |_| {
        spawn_local(async move {
            let typed = text.get_untracked();
            match calls::save_note(person.workplace.account_id, person.id, Some(id), typed).await {
                Ok(note) => {
                    let _ = is_edited.try_set(false);
                    person.details.update(|details| put(&mut details.notes, note));
                }
                Err(error) => toasts.fail(error.words(lang)),
            }
        });
    };
    let delete = move |_| {
        spawn_local(async move {
            match calls::delete_note(person.workplace.account_id, person.id, id).await {
                Ok(()) => person.details.update(|details| details.notes.retain(|note| note.id != id)),
                Err(error) => toasts.fail(error.words(lang)),
            }
        });
    };
    let edit = move |_| {
        text.set(content.get_value());
        is_edited.set(true);
    };
    let edited = move || {
        view! {
            <TextArea value=text label=p::edit_note(lang) rows=3 max=10_000_u32/>
            <div class="note-actions">
                <Button size=Size::Small on_click=move |_| is_edited.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary size=Size::Small on_click=keep>{text::common::save(lang)}</Button>
            </div>
        }
    };
    let still = move || view! { <p class="note-text" dir="auto">{content.get_value()}</p> };
    let may_edit = person.may_edit();
    view! {
        <li class="note-row">
            <Avatar name=Signal::stored(author) picture=Signal::stored(picture) size=AvatarSize::Small/>
            <div class="note-body">
                <p class="note-by">
                    <b>{name}</b>
                    <RelativeTime at lang style=TimeStyle::Ago/>
                    {may_edit
                        .then(|| {
                            view! {
                                <span class="note-tools">
                                    <IconButton icon=Icon::Edit size=Size::Small label=p::edit_note(lang) on_click=edit/>
                                    <IconButton icon=Icon::Trash size=Size::Small label=p::delete_note(lang) on_click=delete/>
                                </span>
                            }
                        })}
                </p>
                <Show when=move || is_edited.get() fallback=still>
                    {edited()}
                </Show>
            </div>
        </li>
    }
}
