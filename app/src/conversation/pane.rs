//! The middle of the page: the open conversation, or why there is none.

use leptos::ev::DragEvent;
use leptos::prelude::*;
use model::{DisplayId, ErrorCode};
use text::conversation as t;
use ui::{EmptyState, ErrorState, Icon, Skeleton, SkeletonKind};

use super::composer::{Composer, Writing, provide_writing};
use super::desk::{Open, use_desk};
use super::header::Header;
use super::page::Pane;
use super::thread::ThreadPane;
use crate::part::Later;
use crate::{call, device};

/// What the middle shows of a conversation; a change of it draws the pane anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Middle {
    Loading,
    Failed(DisplayId, ErrorCode),
    Here(DisplayId),
}

/// The pane of the open conversation.
#[component]
pub fn ConversationPane() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let later = expect_context::<Later>();
    let shown = Memo::new(move |_| {
        desk.open.with(|open| match open {
            Open::Nothing => None,
            Open::Loading(_) => Some(Middle::Loading),
            Open::Failed(id, code) => Some(Middle::Failed(*id, *code)),
            Open::Here(thread) => Some(Middle::Here(thread.conversation.row.display_id)),
        })
    });
    let content = move || match shown.get() {
        None => view! {
            <EmptyState icon=Icon::Conversation title=t::none_title(lang) text=t::none_text(lang)/>
        }
        .into_any(),
        Some(middle) => later.show(Pane::Middle(middle), move || {
            view! {
                <header class="pane-header conversation-header"></header>
                <Coming/>
            }
            .into_any()
        }),
    };
    view! {
        <section class="pane conversation-pane" aria-label=t::label(lang)>
            {content}
        </section>
    }
    .into_any()
}

/// Bars where messages will be.
#[component]
fn Coming() -> impl IntoView {
    let lang = use_desk().lang;
    view! {
        <div class="thread-frame">
            <div class="thread">
                <div class="thread-inner">
                    <Skeleton kind=SkeletonKind::Messages count=6 label=text::common::state::loading(lang)/>
                </div>
            </div>
        </div>
    }
    .into_any()
}

impl Middle {
    /// Draws it.
    pub fn view(self) -> AnyView {
        let desk = use_desk();
        let lang = desk.lang;
        match self {
            Self::Loading => view! {
                <Header/>
                <Coming/>
            }
            .into_any(),
            Self::Failed(_, ErrorCode::NotFound) => view! {
                <Header/>
                <EmptyState icon=Icon::Search title=t::not_found_title(lang) text=t::not_found_text(lang)/>
            }
            .into_any(),
            Self::Failed(id, code) => view! {
                <Header/>
                <ErrorState
                    title=t::error_title(lang)
                    text=call::words(lang, code)
                    retry=text::common::retry(lang)
                    on_retry=move |()| desk.load_thread(id)
                />
            }
            .into_any(),
            Self::Here(id) => view! { <Conversation id/> }.into_any(),
        }
    }
}

/// An open conversation. Files may be dropped anywhere on it.
#[component]
fn Conversation(id: DisplayId) -> impl IntoView {
    let writing = provide_writing(use_desk(), id);
    let over = move |event: DragEvent| {
        if carries_files(&event) {
            event.prevent_default();
            writing.is_dropping.set(true);
        }
    };
    view! {
        <div
            class="conversation-frame"
            on:dragenter=over
            on:dragover=over
            on:dragleave=move |event| leave(writing, &event)
            on:drop=move |event| drop_files(writing, &event)
        >
            <Header/>
            <ThreadPane/>
            <Composer/>
        </div>
    }
    .into_any()
}

fn carries_files(event: &DragEvent) -> bool {
    let types = device::drag_types(event);
    types.iter().any(|name| name == "Files")
}

/// Moving from one part of the pane to another is no leaving.
fn leave(writing: Writing, event: &DragEvent) {
    use wasm_bindgen::JsCast;
    let into = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    let frame = event.current_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    if !frame.is_some_and(|frame| into.is_some() && frame.contains(into.as_ref())) {
        writing.is_dropping.set(false);
    }
}

fn drop_files(writing: Writing, event: &DragEvent) {
    if carries_files(event) {
        event.prevent_default();
        writing.stage(device::files_from(event));
    }
    writing.is_dropping.set(false);
}
