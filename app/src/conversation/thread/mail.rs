//! A mail in the thread: its HTML in a frame in which nothing runs, with what it quotes folded and pictures of the web left out.

use leptos::{html, prelude::*};
use model::MessageId;
use model::message::Message;
use serde_json::Value;
use text::mailbox::shown as t;

use crate::conversation::desk::use_desk;
use crate::conversation::markdown::Markdown;
use crate::device;

/// Lowest and highest frame, in pixels; what is longer scrolls.
const HEIGHTS: (f64, f64) = (24.0, 1_600.0);

/// What the thread shows of a mail beside its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    subject: String,
    /// Others who got it.
    cc: String,
    bcc: String,
    has_html: bool,
    has_pictures: bool,
    has_quoted: bool,
    quoted: String,
    /// By which names its text shows files that came with it, in their order.
    shows: Vec<bool>,
    is_incoming: bool,
}

impl Mail {
    /// What is known of a message as a mail; nothing of others.
    #[must_use]
    pub fn of(message: &Message) -> Option<Self> {
        let attributes = &message.content_attributes;
        let list = |value: Option<&Value>| {
            let list = value.and_then(Value::as_array).into_iter().flatten();
            list.filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        };
        let Some(mail) = attributes.get("email") else {
            let (cc, bcc) = (list(attributes.get("cc_emails")), list(attributes.get("bcc_emails")));
            let has_some = !cc.is_empty() || !bcc.is_empty();
            return has_some.then(|| Self { cc, bcc, ..Self::empty() });
        };
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let html = mail.get("html_content").filter(|html| html.is_object());
        let part = |key: &str| text(html.and_then(|html| html.get(key)));
        let (reply, quoted) = (part("reply"), part("quoted"));
        let plain = text(mail.get("text_content").and_then(|content| content.get("quoted")));
        let names = mail.get("content_ids").and_then(Value::as_array);
        Some(Self {
            subject: text(mail.get("subject")),
            cc: list(mail.get("cc")),
            has_html: html.is_some(),
            has_pictures: reply.contains("data-remote-src") || quoted.contains("data-remote-src"),
            has_quoted: if html.is_some() { !quoted.is_empty() } else { !plain.is_empty() },
            quoted: plain,
            shows: names.map(|names| names.iter().map(Value::is_string).collect()).unwrap_or_default(),
            is_incoming: true,
            ..Self::empty()
        })
    }

    fn empty() -> Self {
        Self {
            subject: String::new(),
            cc: String::new(),
            bcc: String::new(),
            has_html: false,
            has_pictures: false,
            has_quoted: false,
            quoted: String::new(),
            shows: Vec::new(),
            is_incoming: false,
        }
    }

    /// Whether the text shows the file at this place, so that it need not stand below once more.
    #[must_use]
    pub fn shows(&self, index: usize) -> bool {
        self.has_html && self.shows.get(index).copied().unwrap_or_default()
    }
}

/// Who else got it.
#[component]
fn Copies(mail: Mail) -> impl IntoView {
    let lang = use_desk().lang;
    let line = move |label: &'static str, people: String| {
        (!people.is_empty()).then(|| view! { <p class="mail-people"><b>{label}</b> " " {people}</p> })
    };
    view! {
        {line(t::cc(lang), mail.cc)}
        {line(t::bcc(lang), mail.bcc)}
    }
}

/// The mail.
#[component]
pub fn MailBody(id: MessageId, mail: Mail, text: String) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let is_plain = RwSignal::new(!mail.has_html);
    let has_quoted = RwSignal::new(false);
    let has_pictures = RwSignal::new(false);
    let base = ["/app/api/accounts/", &desk.account().to_string(), "/mails/", &id.to_string()].concat();
    let original = [&base, "/original"].concat();
    let address = Memo::new(move |_| {
        let flag = |on: bool| if on { "1" } else { "0" };
        [&base, "?quoted=", flag(has_quoted.get()), "&pictures=", flag(has_pictures.get())].concat()
    });
    let toggle = move |is_on: RwSignal<bool>, on: &'static str, off: &'static str| {
        view! {
            <button
                type="button"
                aria-pressed=move || if is_on.get() { "true" } else { "false" }
                on:click=move |_| is_on.update(|is_on| *is_on = !*is_on)
            >
                {move || if is_on.get() { off } else { on }}
            </button>
        }
    };
    let (html, pictures, quotes, quoted) = (mail.has_html, mail.has_pictures, mail.has_quoted, mail.quoted.clone());
    let (subject, is_incoming) = (mail.subject.clone(), mail.is_incoming);
    let title = t::frame(lang, &subject);
    view! {
        <div class="mail">
            {(!subject.is_empty()).then(|| view! { <p class="mail-subject">{subject}</p> })}
            <Copies mail/>
            {move || {
                if is_plain.get() {
                    let quoted = (has_quoted.get() && !quoted.is_empty()).then(|| quoted.clone());
                    view! {
                        <Markdown text=text.clone()/>
                        {quoted.map(|quoted| view! { <blockquote class="mail-quoted">{quoted}</blockquote> })}
                    }
                    .into_any()
                } else {
                    view! { <Frame address title=title.clone()/> }.into_any()
                }
            }}
            {is_incoming
                .then(|| {
                    view! {
                        <div class="mail-tools">
                            {quotes.then(|| toggle(has_quoted, t::show_quoted(lang), t::hide_quoted(lang)))}
                            {pictures
                                .then(|| {
                                    view! {
                                        <Show when=move || !is_plain.get()>
                                            {toggle(has_pictures, t::show_pictures(lang), t::hide_pictures(lang))}
                                        </Show>
                                    }
                                })}
                            {html.then(|| toggle(is_plain, t::as_text(lang), t::as_html(lang)))}
                            <a href=original download rel="external">
                                {t::original(lang)}
                            </a>
                        </div>
                    }
                })}
        </div>
    }
    .into_any()
}

/// The frame, as high as what is in it.
#[component]
fn Frame(address: Memo<String>, title: String) -> impl IntoView {
    let frame = NodeRef::<html::Iframe>::new();
    let height = RwSignal::new(None::<f64>);
    let measure = move || {
        let Some(frame) = frame.get_untracked() else { return };
        if let Some(found) = device::frame_height(frame.as_ref()) {
            height.set(Some(found.clamp(HEIGHTS.0, HEIGHTS.1)));
        }
    };
    // The server's copy of the page may have brought it before anybody listened.
    Effect::new(move |_| measure());
    view! {
        <iframe
            class="mail-frame"
            node_ref=frame
            src=address
            title=title
            sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
            style:height=move || height.get().map(|height| [&height.to_string(), "px"].concat())
            on:load=move |_| measure()
        ></iframe>
    }
}
