//! Pages that could not be opened.

use leptos::prelude::*;
use leptos_meta::Title;
use model::ErrorCode;
use ui::{ButtonLink, EmptyState, Icon, Variant};

use crate::boot::use_lang;
use crate::{call, place};

/// A page that does not exist, or not for this person.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::refuse(ErrorCode::NotFound, &"no such page");
    view! { <Trouble code=ErrorCode::NotFound/> }
}

/// A page that could not be opened, and why.
#[component]
pub fn Trouble(
    /// Why.
    code: ErrorCode,
) -> impl IntoView {
    let lang = use_lang();
    let (title, help) = match code {
        ErrorCode::NotFound => (text::common::not_found_title(lang), text::common::not_found_help(lang)),
        _ => (text::common::error_title(lang), call::words(lang, code)),
    };
    view! {
        <Title text=title/>
        <main class="auth">
            <EmptyState icon=Icon::CircleAlert title text=help>
                <ButtonLink href=place::HOME variant=Variant::Primary>
                    {text::session::to_start(lang)}
                </ButtonLink>
            </EmptyState>
        </main>
    }
}
