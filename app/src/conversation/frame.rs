//! Showing and hiding the details.

use leptos::prelude::*;
use text::conversation::act as t;
use ui::{Icon, IconButton, Side};

use super::desk::use_desk;
use crate::layout::use_frame;

/// Shows or hides the details.
#[component]
pub fn DetailsToggle() -> impl IntoView {
    let lang = use_desk().lang;
    let frame = use_frame();
    view! {
        <IconButton
            icon=Icon::PanelRight
            label=t::details_show(lang)
            side=Side::Bottom
            class="details-toggle"
            on_click=move |_| frame.toggle_details()
        />
    }
    .into_any()
}
