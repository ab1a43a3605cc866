//! The head of a contact's page: face, name, and what can be done with the whole person.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::Permission;
use text::contact as t;
use text::people as p;
use ui::{
    Avatar, AvatarSize, Badge, Button, ConfirmTyped, Glyph, Icon, Menu, MenuItem, MenuSeparator, Presence, Tone,
    Variant, use_toasts,
};

use super::super::calls::{self, ContactInput};
use super::merge::MergeDialog;
use super::show::Person;
use crate::conversation::aid::{Aid, Wish};
use crate::conversation::desk::contact_name;
use crate::device;
use crate::part::Wanted;
use crate::place;

/// The head.
#[expect(clippy::too_many_lines, reason = "one view, read from top to bottom")]
#[component]
pub fn Head(person: Person) -> impl IntoView {
    let lang = person.lang;
    let name: Signal<String> = person.fact(move |details| contact_name(lang, &details.contact.name, person.id)).into();
    let picture: Signal<Option<String>> = person.fact(|details| details.contact.avatar_url.clone()).into();
    let is_online = person.fact(|details| details.contact.online);
    let presence = Signal::derive(move || Some(if is_online.get() { Presence::Online } else { Presence::Offline }));
    let is_blocked = person.fact(|details| details.contact.blocked);
    let toasts = use_toasts();
    let block = move || {
        let next = !is_blocked.get_untracked();
        spawn_local(async move {
            let input = ContactInput { blocked: Some(next), ..ContactInput::default() };
            match calls::save(person.workplace.account_id, Some(person.id), input).await {
                Ok(contact) => {
                    person.put(contact);
                    toasts.done(if next { p::was_blocked(lang) } else { p::was_unblocked(lang) });
                }
                Err(error) => toasts.fail(error.words(lang)),
            }
        });
    };
    let is_merging = RwSignal::new(false);
    let (aids, is_writing) = (Wanted::new(), RwSignal::new(false));
    let is_erasing = RwSignal::new(false);
    let erase = Action::new(move |(): &()| calls::erase(person.workplace.account_id, person.id));
    let outcome = erase.value();
    let navigate = StoredValue::new(use_navigate());
    Effect::new(move |_| match outcome.get() {
        Some(Ok(())) => {
            is_erasing.set(false);
            toasts.done(p::was_erased(lang));
            let address = place::contacts(person.workplace.account_id);
            navigate.with_value(|navigate| navigate(&address, NavigateOptions::default()));
        }
        Some(Err(error)) => {
            person.is_erased_here.set_value(false);
            let is_here = error.0.code == model::ErrorCode::Conflict;
            toasts.fail(if is_here { p::is_here(lang).to_owned() } else { error.words(lang) });
        }
        None => {}
    });
    let may_edit = person.may_edit();
    let may_erase = person.workplace.may(Permission::DeleteData);
    let sees = person.workplace.may(Permission::SeeContacts);
    let menu = RwSignal::new(false);
    view! {
        <header class="person-head">
            {sees
                .then(|| {
                    view! {
                        <a class="page-back" href=place::contacts(person.workplace.account_id)>
                            <Glyph icon=Icon::ChevronLeft/>
                            <span>{p::title(lang)}</span>
                        </a>
                    }
                })}
            <div class="person-who">
                <Picture person name picture presence/>
                <div class="person-names">
                    <h1 class="truncate">{name}</h1>
                    <p>
                        <Show when=move || is_online.get()>
                            <span class="contact-online">{t::online(lang)}</span>
                        </Show>
                        <Show when=move || is_blocked.get()>
                            <Badge tone=Tone::Danger>{p::blocked(lang)}</Badge>
                        </Show>
                    </p>
                </div>
                {may_edit
                    .then(|| {
                        view! {
                            <div class="person-actions">
                                <Button
                                    variant=Variant::Primary
                                    icon=Icon::Send
                                    on_click=move |_| {
                                        aids.want::<Aid>();
                                        is_writing.set(true);
                                    }
                                >
                                    {t::new_message::action(lang)}
                                </Button>
                                <Button icon=Icon::Merge on_click=move |_| is_merging.set(true)>
                                    {p::merge(lang)}
                                </Button>
                                <ui::IconButton icon=Icon::Ellipsis label=text::common::more_actions(lang) opens="contact-more"/>
                                <Menu id="contact-more" label=text::common::more_actions(lang) open=menu>
                                    <MenuItem
                                        icon=Icon::Ban
                                        label=move || if is_blocked.get() { p::unblock(lang) } else { p::block(lang) }
                                        on_select=move |()| block()
                                    />
                                    {may_erase
                                        .then(|| {
                                            view! {
                                                <MenuSeparator/>
                                                <MenuItem
                                                    icon=Icon::Trash
                                                    danger=true
                                                    label=p::erase(lang)
                                                    on_select=move |()| is_erasing.set(true)
                                                />
                                            }
                                        })}
                                </Menu>
                            </div>
                        }
                    })}
            </div>
        </header>
        {move || {
            is_writing
                .get()
                .then(|| aids.show(Aid::Write(Wish { contact: person.id, name, wanted: is_writing })))
        }}
        <MergeDialog person open=is_merging/>
        <ConfirmTyped
            open=is_erasing
            title=move || p::erase_title(lang, &name.get())
            description=p::erase_text(lang)
            phrase=name
            phrase_label=move || text::common::type_to_confirm(lang, &name.get())
            confirm_label=p::erase(lang)
            cancel_label=text::common::cancel(lang)
            busy=erase.pending()
            on_confirm=move |()| {
                person.is_erased_here.set_value(true);
                erase.dispatch(());
            }
        />
    }
}

/// Their picture, which a press changes.
#[component]
fn Picture(
    person: Person,
    name: Signal<String>,
    picture: Signal<Option<String>>,
    presence: Signal<Option<Presence>>,
) -> impl IntoView {
    let lang = person.lang;
    let toasts = use_toasts();
    let is_sending = RwSignal::new(false);
    let pick = move |event: leptos::ev::Event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        let Some(file) = device::files_of_input(&input).into_iter().next() else { return };
        is_sending.set(true);
        let address = place::contact_picture(person.workplace.account_id, person.id);
        device::send(&address, vec![device::Part::File("avatar", file)], move |state| match state {
            device::Upload::Sent(_) => {}
            device::Upload::Answer(200, _) => {
                is_sending.set(false);
                person.refresh();
            }
            device::Upload::Answer(_, text) => {
                is_sending.set(false);
                let error = crate::json::read::<model::Error>(&text).map(crate::call::CallError);
                toasts.fail(error.map_or_else(|_| text::error::internal(lang).to_owned(), |error| error.words(lang)));
            }
            device::Upload::Lost => {
                is_sending.set(false);
                toasts.fail(text::error::unavailable(lang));
            }
        });
    };
    if !person.may_edit() {
        return view! { <Avatar name picture size=AvatarSize::Huge presence/> }.into_any();
    }
    let remove = move |_| {
        spawn_local(async move {
            match calls::remove_picture(person.workplace.account_id, person.id).await {
                Ok(contact) => person.put(contact),
                Err(error) => toasts.fail(error.words(lang)),
            }
        });
    };
    view! {
        <div class="person-picture" class:is-busy=is_sending>
            <label data-hint=p::change_picture(lang)>
                <Avatar name picture size=AvatarSize::Huge presence/>
                <span class="visually-hidden">{p::change_picture(lang)}</span>
                <input class="visually-hidden" type="file" accept="image/*" on:change=pick/>
            </label>
            <Show when=move || picture.read().is_some()>
                <button type="button" class="person-picture-remove" aria-label=p::remove_picture(lang) on:click=remove>
                    <Glyph icon=Icon::Close size=ui::IconSize::Tiny/>
                </button>
            </Show>
        </div>
    }
    .into_any()
}
