//! Listening to a recording.

use leptos::{html, prelude::*};
use text::message as t;
use ui::{Glyph, Icon};
use wasm_bindgen::prelude::*;

use super::attachments::Shown;
use crate::conversation::desk::use_desk;

#[wasm_bindgen]
extern "C" {
    type Media;
    #[wasm_bindgen(method, catch)]
    fn play(this: &Media) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn pause(this: &Media) -> Result<(), JsValue>;
    #[wasm_bindgen(method, getter)]
    fn paused(this: &Media) -> bool;
    #[wasm_bindgen(method, getter)]
    fn duration(this: &Media) -> f64;
    #[wasm_bindgen(method, getter, js_name = currentTime)]
    fn current_time(this: &Media) -> f64;
    #[wasm_bindgen(method, setter, js_name = currentTime)]
    fn set_current_time(this: &Media, seconds: f64);
}

/// A button, a scrubber and the time.
#[component]
pub fn AudioPlayer(file: Shown) -> impl IntoView {
    let lang = use_desk().lang;
    let node_ref = NodeRef::<html::Audio>::new();
    let is_playing = RwSignal::new(false);
    let at = RwSignal::new(0_i64);
    let length = RwSignal::new(0_i64);
    let with = move |act: &dyn Fn(&Media)| {
        if let Some(audio) = node_ref.get_untracked() {
            act(audio.unchecked_ref::<Media>());
        }
    };
    let follow = move || {
        with(&|media| {
            at.set(whole(media.current_time()));
            length.set(whole(media.duration()));
            is_playing.set(!media.paused());
        });
    };
    let press = move |_| {
        with(&|media| {
            let _ = if media.paused() { media.play().map(drop) } else { media.pause() };
        });
    };
    let seek = move |seconds: String| {
        if let Ok(seconds) = seconds.parse::<f64>() {
            with(&|media| media.set_current_time(seconds));
        }
    };
    let label = move || if is_playing.get() { t::pause(lang) } else { t::play(lang) };
    let shown = move || {
        let seconds = if at.get() > 0 || is_playing.get() { at.get() } else { length.get() };
        text::time::stopwatch(u32::try_from(seconds).unwrap_or_default())
    };
    view! {
        <div class="attachment-audio" role="group" aria-label=file.name>
            <button type="button" class="attachment-play" aria-label=label on:click=press>
                {move || view! { <Glyph icon=if is_playing.get() { Icon::Pause } else { Icon::Play }/> }}
            </button>
            <input
                type="range"
                min="0"
                max=move || length.get().max(1).to_string()
                prop:value=move || at.get().to_string()
                aria-label=t::position(lang)
                on:input:target=move |event| seek(event.target().value())
            />
            <time>{shown}</time>
            <audio
                node_ref=node_ref
                src=file.url
                preload="metadata"
                on:timeupdate=move |_| follow()
                on:loadedmetadata=move |_| follow()
                on:play=move |_| follow()
                on:pause=move |_| follow()
                on:ended=move |_| follow()
            ></audio>
        </div>
    }
    .into_any()
}

#[expect(clippy::cast_possible_truncation, reason = "seconds of a recording")]
fn whole(seconds: f64) -> i64 {
    if seconds.is_finite() { seconds.round() as i64 } else { 0 }
}
