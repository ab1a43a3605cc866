//! Pictures, one at a time, large.

use leptos::ev::KeyboardEvent;
use leptos::{html, prelude::*};
use text::message as t;
use ui::{ButtonLink, Icon, IconButton, Side, Size, Variant};

use crate::conversation::desk::use_desk;

/// A picture to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub name: String,
    pub url: String,
}

/// The pictures that are looked at. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Pictures(RwSignal<Option<(Vec<Picture>, usize)>>);

/// Makes the lightbox available below; put one [`Lightbox`] there.
pub fn provide_pictures() -> Pictures {
    let pictures = Pictures(RwSignal::new(None));
    provide_context(pictures);
    pictures
}

impl Pictures {
    /// Shows pictures, beginning with one of them.
    pub fn show(self, pictures: Vec<Picture>, index: usize) {
        self.0.set(Some((pictures, index)));
    }

    fn step(self, by: isize) {
        self.0.update(|shown| {
            if let Some((pictures, index)) = shown {
                *index = index.checked_add_signed(by).filter(|next| *next < pictures.len()).unwrap_or(*index);
            }
        });
    }
}

/// Where pictures are looked at; one per page.
#[component]
pub fn Lightbox() -> impl IntoView {
    let lang = use_desk().lang;
    let pictures = expect_context::<Pictures>();
    let node_ref = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let is_shown = pictures.0.read().is_some();
        let Some(dialog) = node_ref.get() else { return };
        if is_shown && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !is_shown && dialog.open() {
            dialog.close();
        }
    });
    let close = move || pictures.0.set(None);
    let press = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowRight" => pictures.step(1),
        "ArrowLeft" => pictures.step(-1),
        _ => {}
    };
    let content = move || {
        let (all, index) = pictures.0.get()?;
        let count = all.len();
        let picture = all.into_iter().nth(index)?;
        Some(view! {
            <div class="lightbox-bar">
                {(count > 1)
                    .then(|| {
                        view! {
                            <span class="lightbox-count">{t::of(lang, &(index + 1).to_string(), &count.to_string())}</span>
                            <IconButton
                                icon=Icon::ChevronLeft
                                label=t::previous_image(lang)
                                side=Side::Bottom
                                disabled=index == 0
                                on_click=move |_| pictures.step(-1)
                            />
                            <IconButton
                                icon=Icon::ChevronRight
                                label=t::next_image(lang)
                                side=Side::Bottom
                                disabled=index + 1 == count
                                on_click=move |_| pictures.step(1)
                            />
                        }
                    })}
                <ButtonLink href=picture.url.clone() variant=Variant::Ghost size=Size::Medium icon=Icon::Download>
                    {t::download(lang)}
                </ButtonLink>
                <IconButton icon=Icon::Close label=t::close_image(lang) side=Side::Bottom on_click=move |_| close()/>
            </div>
            <img src=picture.url alt=picture.name/>
        })
    };
    view! {
        <dialog
            class="lightbox"
            node_ref=node_ref
            aria-label=t::files(lang)
            on:close=move |_| close()
            on:keydown=press
            on:click=move |event| {
                if node_ref.get_untracked().is_some_and(|dialog| event.target().is_some_and(|target| target == ****dialog)) {
                    close();
                }
            }
        >
            {content}
        </dialog>
    }
    .into_any()
}
