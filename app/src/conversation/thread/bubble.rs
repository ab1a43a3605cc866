//! One message.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::message::Message;
use model::{MessageId, MessageKind, MessageStatus, Permission};
use text::message as t;
use ui::{
    Button, Dialog, DialogBody, DialogFooter, DialogSize, Glyph, Icon, IconButton, RelativeTime, TimeStyle, Variant,
};

use super::asked::Asked;
use super::attachments::{Attachments, Shown};
use super::mail::{Mail, MailBody};
use super::quote::{self, Quote};
use super::ticks::Ticks;
use crate::call;
use crate::conversation::calls;
use crate::conversation::desk::{Desk, use_desk};
use crate::conversation::markdown::{Markdown, is_emoji_only};
use crate::store::{Outgoing, SendState};

/// A message that the server has.
#[component]
pub fn KeptBubble(id: MessageId, is_last: Memo<bool>) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let message = Memo::new(move |before: Option<&Option<Message>>| {
        let now = desk.with_thread(|thread| thread.message(id).cloned()).flatten();
        now.or_else(|| before.cloned().flatten())
    });
    let Some(first) = message.get_untracked() else { return ().into_any() };
    let is_deleted = Memo::new(move |_| message.with(|message| message.as_ref().is_some_and(Message::is_deleted)));
    let status = Memo::new(move |_| message.with(|message| message.as_ref().map_or(MessageStatus::Sent, |m| m.status)));
    let is_failed = move || status.get() == MessageStatus::Failed;
    let content = Memo::new(move |_| {
        message.with(|message| message.as_ref().map(|message| message.content.clone()).unwrap_or_default())
    });
    let mail = Memo::new(move |_| message.with(|message| message.as_ref().and_then(Mail::of)));
    let asked = Memo::new(move |_| message.with(|message| message.as_ref().and_then(Asked::of)));
    let files = Memo::new(move |_| files_below(message, mail));
    let answered = quote::answered(&first);
    let bubble = move || {
        let text = content.get();
        if is_deleted.get() {
            return view! { <div class="bubble">{t::deleted(lang)}</div> }.into_any();
        }
        if text.is_empty() && !files.read().is_empty() && answered.is_none() && mail.read().is_none() {
            return ().into_any();
        }
        if let Some(mail) = mail.get() {
            return view! { <div class="bubble is-mail"><MailBody id mail text/></div> }.into_any();
        }
        let asked = asked.get();
        let is_emoji = answered.is_none() && is_emoji_only(&text);
        let is_unknown = text.is_empty() && answered.is_none() && asked.is_none();
        view! {
            <div class="bubble" class:is-emoji=is_emoji>
                {answered.map(|id| view! { <Quote id/> })}
                {if is_unknown {
                    view! { <em>{t::unsupported(lang)}</em> }.into_any()
                } else {
                    view! { <Markdown text/> }.into_any()
                }}
                {asked.map(|asked| asked.view(lang))}
            </div>
        }
        .into_any()
    };
    let is_own = !first.private && matches!(first.kind, MessageKind::Outgoing | MessageKind::Template);
    let reason = move || {
        message
            .with(|message| message.as_ref().and_then(Message::external_error).map(str::to_owned))
            .unwrap_or_default()
    };
    let attribute = move |key: &'static str| {
        message.with(|message| message.as_ref().and_then(|message| message.content_attributes.get(key).cloned()))
    };
    // Nobody knows whether it arrived; or its server asks to wait.
    let is_unknown = move || attribute("delivery_unknown").is_some();
    let waits = move || attribute("delivery_waits").and_then(|said| said.as_str().map(str::to_owned));
    let may_retry = is_own && desk.workplace.may(Permission::WorkConversations);
    let created_at = first.created_at;
    let meta = move || {
        (is_last.get() || is_failed() || waits().is_some()).then(|| {
            view! {
                <div class="message-meta">
                    <RelativeTime at=created_at lang style=TimeStyle::Clock/>
                    {is_own.then(|| view! { <Ticks lang status/> })}
                    {is_failed()
                        .then(|| {
                            let words = if is_unknown() { t::state::unknown(lang) } else { t::state::failed(lang) };
                            view! {
                                <span>{words} " " {reason()}</span>
                                {may_retry
                                    .then(|| {
                                        view! {
                                            <button type="button" on:click=move |_| retry(desk, id)>
                                                {t::retry(lang)}
                                            </button>
                                        }
                                    })}
                            }
                        })}
                    {waits().map(|said| view! { <span>{t::state::retrying(lang, &said)}</span> })}
                </div>
            }
        })
    };
    view! {
        <div
            class="message"
            class:is-deleted=is_deleted
            class:is-failed=is_failed
            id=["message-", &id.to_string()].concat()
        >
            {bubble}
            <Attachments files/>
            {meta}
            <Show when=move || !is_deleted.get()>
                <Actions id content/>
            </Show>
        </div>
    }
    .into_any()
}

/// The files that the mail itself does not show.
fn files_below(message: Memo<Option<Message>>, mail: Memo<Option<Mail>>) -> Vec<Shown> {
    let shown_above = |index: usize| mail.with(|mail| mail.as_ref().is_some_and(|mail| mail.shows(index)));
    message.with(|message| {
        let files = message.iter().flat_map(|message| message.attachments.iter().enumerate());
        files.filter(|(index, _)| !shown_above(*index)).map(|(_, file)| Shown::from(file)).collect()
    })
}

/// What can be done with a message, on hover and by keyboard.
#[component]
fn Actions(id: MessageId, content: Memo<String>) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let is_asking = RwSignal::new(false);
    let copy = move |_| {
        let toasts = ui::use_toasts();
        spawn_local(async move {
            if ui::browser::copy(&content.get_untracked()).await {
                toasts.done(t::copied(lang));
            }
        });
    };
    let may_delete = desk.with_thread(|thread| thread.message(id).is_some_and(|message| may_delete(desk, message)));
    let is_incoming =
        desk.with_thread(|thread| thread.message(id).is_some_and(|message| message.kind == MessageKind::Incoming));
    let mark_unseen = move |_| {
        if let Some(open) = untrack(|| desk.open_id()) {
            desk.mark_unseen_from(open, Some(id));
        }
    };
    let may_reply = desk.workplace.may(Permission::WorkConversations);
    view! {
        <div class="message-actions">
            {may_reply
                .then(|| {
                    view! {
                        <IconButton
                            icon=Icon::Reply
                            label=t::reply(lang)
                            on_click=move |_| desk.reply_to.set(Some(id))
                        />
                    }
                })}
            <Show when=move || !content.read().is_empty()>
                <IconButton icon=Icon::Copy label=t::copy(lang) on_click=copy/>
            </Show>
            {is_incoming
                .unwrap_or_default()
                .then(|| view! { <IconButton icon=Icon::Mail label=t::unread_from(lang) on_click=mark_unseen/> })}
            {may_delete
                .unwrap_or_default()
                .then(|| {
                    view! { <IconButton icon=Icon::Trash label=t::delete(lang) on_click=move |_| is_asking.set(true)/> }
                })}
        </div>
        <Dialog
            open=is_asking
            title=t::delete_title(lang)
            size=DialogSize::Small
            close_label=text::common::cancel(lang)
        >
            <DialogBody>
                <p>{t::delete_text(lang)}</p>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| is_asking.set(false)>{text::common::cancel(lang)}</Button>
                <Button
                    variant=Variant::Danger
                    on_click=move |_| {
                        is_asking.set(false);
                        delete(desk, id);
                    }
                >
                    {t::delete(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}

fn may_delete(desk: Desk, message: &Message) -> bool {
    let is_own = message
        .sender
        .as_ref()
        .is_some_and(|sender| sender.kind == model::SenderKind::User && sender.id == desk.me().0);
    is_own || desk.workplace.may(Permission::DeleteMessages)
}

/// Sends once more what did not arrive, or may not have.
fn retry(desk: Desk, id: MessageId) {
    let Some(conversation) = untrack(|| desk.open_id()) else { return };
    spawn_local(async move {
        match calls::retry_message(desk.account(), conversation, id).await {
            Ok(message) => desk.put_message(&message),
            Err(error) => desk.tell_failure(&error),
        }
    });
}

fn delete(desk: Desk, id: MessageId) {
    let Some(conversation) = untrack(|| desk.open_id()) else { return };
    spawn_local(async move {
        match calls::delete_message(desk.account(), conversation, id).await {
            Ok(message) => desk.put_message(&message),
            Err(error) => desk.tell_failure(&error),
        }
    });
}

/// A message on its way out.
#[component]
pub fn OutgoingBubble(echo_id: String) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let echo = StoredValue::new(echo_id.clone());
    let message = Memo::new(move |before: Option<&Option<Outgoing>>| {
        let now = desk.outbox.with(|outbox| outbox.get(&echo_id).cloned());
        now.or_else(|| before.cloned().flatten())
    });
    let Some(first) = message.get_untracked() else { return ().into_any() };
    let state =
        Memo::new(move |_| message.with(|message| message.as_ref().map(|message| message.state).unwrap_or_default()));
    let is_failed = move || matches!(state.get(), SendState::Failed(_));
    let files: Vec<Shown> = first.files.iter().map(Shown::from).collect();
    let answered = first.in_reply_to;
    let is_emoji = answered.is_none() && is_emoji_only(&first.content);
    let has_bubble = !first.content.is_empty() || answered.is_some();
    let content = first.content.clone();
    let meta = move || match state.get() {
        SendState::Waiting => sign(Icon::Clock, t::state::waiting(lang).to_owned()),
        SendState::Sending(None) => sign(Icon::CircleDashed, t::state::sending(lang).to_owned()),
        SendState::Sending(Some(percent)) => sign(Icon::Upload, t::uploading(lang, &percent.to_string())),
        SendState::Held(_) => view! {
            <Glyph icon=Icon::Clock/>
            <span>{t::state::held(lang)}</span>
            <button type="button" on:click=move |_| desk.undo_send(&echo.get_value())>
                {text::common::undo(lang)}
            </button>
        }
        .into_any(),
        SendState::Failed(code) => view! {
            <Glyph icon=Icon::CircleAlert/>
            <span>{t::state::failed(lang)} ". " {call::words(lang, code)}</span>
            <button type="button" on:click=move |_| desk.retry(&echo.get_value())>
                {t::retry(lang)}
            </button>
            <button type="button" on:click=move |_| drop(desk.discard(&echo.get_value()))>
                {t::discard(lang)}
            </button>
        }
        .into_any(),
    };
    view! {
        <div class="message" class:is-sending=move || !is_failed() class:is-failed=is_failed>
            {has_bubble
                .then(|| {
                    view! {
                        <div class="bubble" class:is-emoji=is_emoji>
                            {answered.map(|id| view! { <Quote id/> })}
                            <Markdown text=content/>
                        </div>
                    }
                })}
            <Attachments files/>
            <div class="message-meta" role=move || is_failed().then_some("alert")>
                {meta}
            </div>
        </div>
    }
    .into_any()
}

fn sign(icon: Icon, words: String) -> AnyView {
    view! {
        <Glyph icon/>
        <span>{words}</span>
    }
    .into_any()
}
