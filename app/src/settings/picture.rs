//! One's own picture: chosen and there, without a save button.

use leptos::html;
use leptos::prelude::*;
use model::agent::Profile;
use text::profile as t;
use ui::{Avatar, AvatarSize, Button, Icon, use_toasts};

use crate::agent::calls;
use crate::boot::{use_lang, use_workplace};
use crate::device::{self, Part, Upload};
use crate::{call, place};

/// The picture, and the ways to another one and to none.
#[component]
pub fn OwnPicture() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let toasts = use_toasts();
    let input = NodeRef::<html::Input>::new();
    let is_busy = RwSignal::new(false);
    let put = move |profile: Profile| {
        let _ = workplace.profile.try_set(profile);
        workplace.refresh();
    };
    let upload = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let Some(file) = device::files_of_input(&input).pop() else { return };
        is_busy.set(true);
        device::send(place::OWN_PICTURE, vec![Part::File("avatar", file)], move |report| {
            let failure = match report {
                Upload::Sent(_) => return,
                Upload::Answer(200, text) => match crate::json::read::<Profile>(&text) {
                    Ok(profile) => {
                        put(profile);
                        None
                    }
                    Err(_) => Some(model::ErrorCode::Internal),
                },
                Upload::Answer(_, text) => {
                    let error = crate::json::read::<model::Error>(&text);
                    Some(error.map_or(model::ErrorCode::Unavailable, |error| error.code))
                }
                Upload::Lost => Some(model::ErrorCode::Unavailable),
            };
            let _ = is_busy.try_set(false);
            if let Some(code) = failure {
                toasts.fail(call::words(lang, code));
            }
        });
    };
    let remove = Action::new(|(): &()| calls::remove_avatar());
    let removed = remove.value();
    Effect::new(move |_| match removed.get() {
        Some(Ok(profile)) => put(profile),
        Some(Err(error)) => toasts.fail(error.words(lang)),
        None => {}
    });
    let name = Signal::derive(move || workplace.profile.with(|profile| profile.name.clone()));
    let picture = Signal::derive(move || workplace.profile.with(|profile| profile.avatar_url.clone()));
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    view! {
        <div class="own-picture">
            <Avatar name picture size=AvatarSize::Large/>
            <input
                node_ref=input
                type="file"
                accept="image/png,image/jpeg,image/gif,image/webp"
                hidden=true
                aria-label=t::picture(lang)
                on:change=upload
            />
            <div class="button-row">
                <Button icon=Icon::Upload loading=is_busy on_click=choose>{t::choose_picture(lang)}</Button>
                <Show when=move || picture.read().is_some()>
                    <Button
                        loading=remove.pending()
                        on_click=move |_| {
                            remove.dispatch(());
                        }
                    >
                        {text::common::remove(lang)}
                    </Button>
                </Show>
            </div>
        </div>
    }
    .into_any()
}
