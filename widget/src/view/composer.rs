//! Where the visitor writes: text, emoji, files; what is typed survives a reload.

use crate::dom::{self, El, div, el, window};
use model::content::MAX_CONTENT_CHARS;
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use wasm_bindgen::JsCast;
use web_sys::{
    ClipboardEvent, DragEvent, Event, File, FileList, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent, Url,
};

use super::icon::{ATTACH, CLOSE, FILE, SEND, SMILE, button, icon, icon_button, named};
use super::{after_layout, emoji};
use crate::chat::Chat;
use crate::file::{ACCEPT, check};
use crate::http::{self, Body};
use crate::wire::{object, stringify};
use crate::{outbox, storage, words};

/// Milliseconds of rest after which the visitor counts as no longer typing.
const REST: u32 = 4_000;

/// Milliseconds after which the other side is reminded that the visitor is still typing.
const REMIND: f64 = 10_000.0;

/// A file that waits to be sent.
#[derive(Clone)]
struct Picked {
    id: u32,
    file: File,
    /// An address of the picture in memory, when it is one.
    picture: Option<String>,
}

#[derive(Clone, Copy)]
struct Composer {
    chat: Chat,
    field: StoredValue<HtmlTextAreaElement, LocalStorage>,
    text: RwSignal<String>,
    files: RwSignal<Vec<Picked>, LocalStorage>,
    problems: RwSignal<Vec<String>>,
    emoji_open: RwSignal<bool>,
    dragging: RwSignal<bool>,
    /// When the other side was last told that the visitor is typing; 0 when they are not.
    told_at: StoredValue<f64>,
    rest: StoredValue<Option<dom::Timer>>,
}

pub fn composer(chat: Chat) -> El {
    let field = el("textarea");
    let composer = Composer {
        chat,
        field: StoredValue::new_local(field.cast()),
        text: chat.draft,
        files: RwSignal::new_local(Vec::new()),
        problems: RwSignal::default(),
        emoji_open: RwSignal::new(false),
        dragging: RwSignal::new(false),
        told_at: StoredValue::new(0.0),
        rest: StoredValue::new(None),
    };
    composer.attend();
    composer.form(field)
}

impl Composer {
    fn form(self, field: El) -> El {
        let lang = self.chat.lang;
        let chat = self.chat;
        let boot = chat.boot.read_value();
        let mut row = div("field");
        if boot.attachments {
            row = row.children(self.attach_button());
        }
        row = row.child(self.textarea(field));
        if boot.emoji {
            let toggle = move || self.emoji_open.update(|open| *open = !*open);
            row = row.child(icon_button(SMILE, move || text::widget::emoji(lang.get()), toggle));
        }
        let send = el("button").attr("class", "send").child(icon(SEND));
        let send = named(send, move || text::widget::send(lang.get()));
        let row = row.child(send.live_attr("aria-disabled", move || Some(self.is_empty().to_string())));
        let picker = move || {
            let picker = || emoji::picker(chat, move |emoji| self.insert(emoji), move || self.close_emoji());
            self.emoji_open.get().then(picker)
        };
        // Where a closed conversation stays closed, there is nothing to write.
        let closed = move || chat.is_resolved() && !chat.boot.with_value(|boot| boot.reopens);
        el("form")
            .attr("class", "composer")
            .live_attr("hidden", move || closed().then(String::new))
            .on("submit", move |event| {
                event.prevent_default();
                self.send();
            })
            .live(picker)
            .live(move || self.previews())
            .live(move || self.complaints())
            .child(row)
            .live(move || self.dragging.get().then(|| div("drop").text(text::widget::drop(lang.get()))))
    }

    /// The button, and the browser's own dialog behind it.
    fn attach_button(self) -> [El; 2] {
        let lang = self.chat.lang;
        let dialog = el("input").attr("type", "file").attr("multiple", "").attr("hidden", "").attr("accept", ACCEPT);
        let (input, opened) = (dialog.cast::<HtmlInputElement>(), dialog.cast::<HtmlInputElement>());
        let picked = move |_| {
            self.add(input.files());
            // The same file can be picked again.
            input.set_value("");
        };
        let open = icon_button(ATTACH, move || text::widget::attach(lang.get()), move || opened.click());
        [dialog.on("change", picked), open]
    }

    fn textarea(self, field: El) -> El {
        let lang = self.chat.lang;
        let element: HtmlTextAreaElement = field.cast();
        let value = element.clone();
        dom::effect(move || {
            let text = self.text.get();
            // Setting the same again would move the cursor.
            if value.value() != text {
                value.set_value(&text);
            }
        });
        let key = move |event: Event| {
            let pressed: &KeyboardEvent = event.unchecked_ref();
            // Enter also ends the choice of a word in many writing systems.
            if pressed.key() == "Enter" && !pressed.shift_key() && !pressed.is_composing() && pressed.key_code() != 229
            {
                event.prevent_default();
                self.send();
            }
        };
        let input = move |_| {
            self.set_text(element.value());
            self.typing();
        };
        field
            .attr("rows", "1")
            .attr("dir", "auto")
            .attr("enterkeyhint", "send")
            .live_attr("placeholder", move || Some(text::widget::placeholder(lang.get()).to_owned()))
            .live_attr("aria-label", move || Some(text::widget::composer(lang.get()).to_owned()))
            .on("keydown", key)
            .on("input", input)
            .on("blur", move |_| self.stop_typing())
            .on("paste", move |event| self.paste(&event))
    }

    /// Follows what is around the form: drops anywhere, the panel opening, the text growing.
    fn attend(self) {
        let window = window();
        dom::on(&window, "dragover", move |event| {
            event.prevent_default();
            self.dragging.set(self.takes_files());
        });
        dom::on(&window, "dragleave", move |event| {
            if event.unchecked_ref::<DragEvent>().related_target().is_none() {
                self.dragging.set(false);
            }
        });
        dom::on(&window, "drop", move |event| {
            event.prevent_default();
            self.dragging.set(false);
            self.add(event.unchecked_ref::<DragEvent>().data_transfer().and_then(|data| data.files()));
        });
        dom::effect(move || {
            // A finger would get a keyboard over half of the screen before it has seen anything.
            if self.chat.open.get() && !self.chat.surroundings.get_untracked().close_button {
                self.focus();
            }
        });
        dom::effect(move || {
            self.text.track();
            self.grow();
        });
    }

    fn focus(self) {
        after_layout(move || {
            if let Some(field) = self.field.try_get_value() {
                let _ = field.focus();
            }
        });
    }

    /// As tall as the text; the style says how tall at most.
    fn grow(self) {
        after_layout(move || {
            if let Some(field) = self.field.try_get_value() {
                let style = web_sys::HtmlElement::style(&field);
                let _ = style.set_property("height", "auto");
                let height = [&field.scroll_height().to_string(), "px"].concat();
                let _ = style.set_property("height", &height);
            }
        });
    }

    fn set_text(self, text: String) {
        storage::keep_draft(&text);
        self.text.set(text);
    }

    fn is_empty(self) -> bool {
        self.text.with(|text| text.trim().is_empty()) && self.files.with(Vec::is_empty)
    }

    fn send(self) {
        let text = self.text.get_untracked();
        let content = text.trim();
        let over = content.chars().count().saturating_sub(MAX_CONTENT_CHARS);
        if over > 0 {
            let over = i64::try_from(over).unwrap_or(i64::MAX);
            return self.problems.set(vec![text::widget::too_long(self.chat.lang.get_untracked(), over)]);
        }
        let files = self.files.get_untracked();
        if content.is_empty() && files.is_empty() {
            return;
        }
        self.stop_typing();
        self.emoji_open.set(false);
        self.problems.set(Vec::new());
        for picked in &files {
            if let Some(picture) = &picked.picture {
                let _ = Url::revoke_object_url(picture);
            }
        }
        outbox::send(self.chat, content.to_owned(), files.into_iter().map(|picked| picked.file).collect());
        self.files.set(Vec::new());
        self.set_text(String::new());
        self.focus();
    }

    /// Puts an emoji where the cursor is.
    fn insert(self, emoji: &str) {
        let Some(field) = self.field.try_get_value() else { return };
        self.emoji_open.set(false);
        let _ = field.focus();
        let (start, end) = (field.selection_start().ok().flatten(), field.selection_end().ok().flatten());
        let length = self.text.with_untracked(|text| text.encode_utf16().count());
        let at = start.unwrap_or(u32::try_from(length).unwrap_or_default());
        let _ = field.set_range_text_with_start_and_end(emoji, at, end.unwrap_or(at));
        let after = at + u32::try_from(emoji.encode_utf16().count()).unwrap_or_default();
        let text = field.value();
        self.set_text(text);
        after_layout(move || {
            let _ = field.set_selection_range(after, after);
        });
    }

    fn close_emoji(self) {
        self.emoji_open.set(false);
        self.focus();
    }

    fn takes_files(self) -> bool {
        self.chat.boot.with_value(|boot| boot.attachments)
    }

    fn paste(self, event: &Event) {
        let files = event
            .unchecked_ref::<ClipboardEvent>()
            .clipboard_data()
            .and_then(|data| data.files())
            .filter(|files| files.length() > 0);
        if files.is_some() {
            event.prevent_default();
            self.add(files);
        }
    }

    fn add(self, list: Option<FileList>) {
        let Some(list) = list.filter(|_| self.takes_files()) else { return };
        let lang = self.chat.lang.get_untracked();
        let mut problems = Vec::new();
        let mut files = self.files.get_untracked();
        for file in (0..list.length()).filter_map(|at| list.get(at)) {
            match check(&file.name(), &file.type_(), size(&file), files.len()) {
                Ok(()) => files.push(Picked {
                    id: files.last().map_or(0, |last| last.id + 1),
                    picture: file
                        .type_()
                        .starts_with("image/")
                        .then(|| Url::create_object_url_with_blob(&file).ok())
                        .flatten(),
                    file,
                }),
                Err(refusal) => problems.push(refusal.say(lang, &file.name())),
            }
        }
        problems.dedup();
        self.files.set(files);
        self.problems.set(problems);
        self.focus();
    }

    fn remove(self, id: u32) {
        self.files.update(|files| {
            if let Some(at) = files.iter().position(|picked| picked.id == id)
                && let Some(picture) = files.remove(at).picture
            {
                let _ = Url::revoke_object_url(&picture);
            }
        });
        self.focus();
    }

    fn previews(self) -> Option<El> {
        let lang = self.chat.lang.get();
        let files = self.files.get();
        let preview = |picked: Picked| {
            let id = picked.id;
            let name = picked.file.name();
            let remove = button("icon-button", move || self.remove(id))
                .attr("aria-label", &text::widget::remove_file(lang, &name));
            el("li")
                .child(match &picked.picture {
                    Some(picture) => el("img").attr("src", picture).attr("alt", ""),
                    None => icon(FILE),
                })
                .child(el("span").attr("class", "name").text(&name))
                .child(el("small").text(&words::file_size(lang, size(&picked.file))))
                .child(remove.child(icon(CLOSE)))
        };
        (!files.is_empty()).then(|| el("ul").attr("class", "picked").children(files.into_iter().map(preview)))
    }

    fn complaints(self) -> Option<El> {
        let problems = self.problems.get();
        let lines = || problems.iter().map(|problem| el("p").text(problem));
        (!problems.is_empty()).then(|| div("complaints").attr("role", "alert").children(lines()))
    }

    /// Tells the other side that the visitor is typing, and when they have rested.
    fn typing(self) {
        if self.chat.conversation.get_untracked().is_none() || self.chat.restart.get_untracked() {
            return;
        }
        let now = js_sys::Date::now();
        if now - self.told_at.get_value() > REMIND {
            self.told_at.set_value(now);
            tell_typing(self.chat, true);
        }
        self.rest.set_value(Some(dom::later(REST, move || self.stop_typing())));
    }

    fn stop_typing(self) {
        if self.told_at.get_value() > 0.0 {
            self.told_at.set_value(0.0);
            self.rest.set_value(None);
            tell_typing(self.chat, false);
        }
    }
}

/// Bytes.
fn size(file: &File) -> u64 {
    file.size() as u64
}

/// Lost without harm.
fn tell_typing(chat: Chat, on: bool) {
    let query = chat.query();
    let body = stringify(&object(&[("typing_status", if on { "on" } else { "off" }.into())]));
    wasm_bindgen_futures::spawn_local(async move {
        let _ = http::call("POST", "conversations/toggle_typing", &query, Body::Json(body)).await;
    });
}
