//! The line that says that somebody looks through an agent's eyes, and the way back.

use leptos::prelude::*;
use ui::{Glyph, Icon};

use crate::boot::{use_boot, use_lang};
use crate::place;

/// A plain form: leaving must work even when the page did not come to life.
#[component]
pub fn ViewingBar() -> impl IntoView {
    let lang = use_lang();
    use_boot().viewing.map(|viewing| {
        let next = place::settings(viewing.account_id, "agents");
        view! {
            <form class="viewing-bar" method="post" action="/app/api/session/stop_viewing">
                <Glyph icon=Icon::Eye/>
                <span role="status">{text::layout::viewing(lang, &viewing.name)}</span>
                <input type="hidden" name="next" value=next/>
                <button type="submit">{text::layout::stop_viewing(lang)}</button>
            </form>
        }
    })
}
