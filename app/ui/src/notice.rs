//! Words about the state of a place: `Banner`, `EmptyState`, `ErrorState`, `Skeleton`, `ProgressBar`.

use leptos::{prelude::*, text_prop::TextProp};

use crate::{Button, Glyph, Icon, IconButton, IconSize, Tone};

/// One sentence across the top of a place, with at most one thing to do.
#[component]
pub fn Banner(
    /// What its colour means.
    #[prop(optional)]
    tone: Tone,
    /// A sign before the words; chosen by the tone otherwise.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Words of the button.
    #[prop(optional, into)]
    action: Option<TextProp>,
    /// What the button does.
    #[prop(optional, into)]
    on_action: Option<Callback<()>>,
    /// Label of the button that closes it; without it the banner stays.
    #[prop(optional, into)]
    close_label: Option<TextProp>,
    /// What closing does.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    let icon = icon.unwrap_or(match tone {
        Tone::Success => Icon::CircleCheck,
        Tone::Warning => Icon::Warning,
        Tone::Danger => Icon::CircleAlert,
        Tone::Neutral | Tone::Accent | Tone::Info => Icon::Info,
    });
    let run = |callback: Option<Callback<()>>| {
        move |_| {
            if let Some(callback) = callback {
                callback.run(());
            }
        }
    };
    view! {
        <div class=["banner ", tone.class()].concat() role="status">
            <Glyph icon/>
            <div class="banner-text">{children()}</div>
            {action
                .map(|action| {
                    view! {
                        <button type="button" class="banner-action" on:click=run(on_action)>
                            {move || action.get()}
                        </button>
                    }
                })}
            {close_label
                .map(|label| view! { <IconButton icon=Icon::Close label on_click=run(on_close)/> })}
        </div>
    }
    .into_any()
}

/// A place with nothing in it yet: what it is for, and the way to fill it.
#[component]
pub fn EmptyState(
    /// A sign.
    icon: Icon,
    /// What is not there.
    #[prop(into)]
    title: TextProp,
    /// What it is good for, or how it fills.
    #[prop(optional, into)]
    text: Option<TextProp>,
    /// Small, inside a pane or a card.
    #[prop(optional)]
    compact: bool,
    /// The way to fill it: a button or a link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state" class:is-compact=compact>
            <span class="empty-icon">
                <Glyph icon size=if compact { IconSize::Large } else { IconSize::Huge }/>
            </span>
            <h2 class="empty-title">{move || title.get()}</h2>
            {text.map(|text| view! { <p class="empty-text">{move || text.get()}</p> })}
            {children.map(|children| view! { <div class="empty-action">{children()}</div> })}
        </div>
    }
    .into_any()
}

/// A place that could not be filled: what happened, and a way to try again.
#[component]
pub fn ErrorState(
    /// What happened.
    #[prop(into)]
    title: TextProp,
    /// What to do about it.
    #[prop(optional, into)]
    text: Option<TextProp>,
    /// The cause in technical words, folded away; pairs of summary and content.
    #[prop(optional, into)]
    cause: Option<(String, String)>,
    /// Words of the button that tries again.
    #[prop(optional, into)]
    retry: Option<TextProp>,
    /// What the button does.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    let press = move |_| {
        if let Some(on_retry) = on_retry {
            on_retry.run(());
        }
    };
    view! {
        <div class="empty-state is-error" role="alert">
            <span class="empty-icon">
                <Glyph icon=Icon::CircleAlert size=IconSize::Huge/>
            </span>
            <h2 class="empty-title">{move || title.get()}</h2>
            {text.map(|text| view! { <p class="empty-text">{move || text.get()}</p> })}
            {retry
                .map(|retry| {
                    view! {
                        <div class="empty-action">
                            <Button icon=Icon::Refresh on_click=press>
                                {move || retry.get()}
                            </Button>
                        </div>
                    }
                })}
            {cause
                .map(|(summary, content)| {
                    view! {
                        <details class="empty-cause">
                            <summary>{summary}</summary>
                            <pre>{content}</pre>
                        </details>
                    }
                })}
        </div>
    }
    .into_any()
}

/// Shape of what is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SkeletonKind {
    /// Lines of text.
    #[default]
    Lines,
    /// Rows with a face and two lines, as in lists.
    Rows,
    /// Messages left and right.
    Messages,
    /// Fields with their labels.
    Fields,
}

/// Holds the room of what is on its way, so that nothing jumps when it comes.
#[component]
pub fn Skeleton(
    /// Its shape.
    #[prop(optional)]
    kind: SkeletonKind,
    /// How many.
    #[prop(default = 3)]
    count: usize,
    /// Read aloud ("Loading…").
    #[prop(into)]
    label: TextProp,
) -> impl IntoView {
    let part = match kind {
        SkeletonKind::Lines => "skeleton-line",
        SkeletonKind::Rows => "skeleton-row",
        SkeletonKind::Messages => "skeleton-message",
        SkeletonKind::Fields => "skeleton-field",
    };
    view! {
        <div class="skeleton" role="status" aria-label=move || label.get()>
            {(0..count).map(|_| view! { <div class=part></div> }).collect_view()}
        </div>
    }
    .into_any()
}

/// How far something long has come.
#[component]
pub fn ProgressBar(
    /// Percent done; `None` while it cannot be known.
    #[prop(into)]
    percent: Signal<Option<u8>>,
    /// What is being done; read aloud.
    #[prop(into)]
    label: TextProp,
) -> impl IntoView {
    view! {
        <progress
            class="progress"
            max="100"
            value=move || percent.get().map(|percent| percent.min(100))
            aria-label=move || label.get()
        ></progress>
    }
}
