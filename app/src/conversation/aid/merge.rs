//! Putting another conversation of the contact into the open one: says what happens before it does.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::conversation::ConversationRow;
use text::conversation::merge as t;
use ui::{Banner, Button, Dialog, DialogBody, DialogFooter, Icon, Tone, Variant};

use super::dialogs::opened;
use crate::conversation::beside;
use crate::conversation::desk::use_desk;

/// Asks, and merges.
#[component]
pub fn Merge(row: ConversationRow) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let open = opened();
    let Some((into, inbox)) =
        untrack(|| desk.with_conversation(|conversation| (conversation.row.display_id, conversation.row.inbox_id)))
    else {
        return ().into_any();
    };
    let from = row.display_id;
    let (from_name, into_name) = (["#", &from.to_string()].concat(), ["#", &into.to_string()].concat());
    let other_inbox = (row.inbox_id != inbox).then(|| desk.inbox(inbox).map(|(name, _)| name)).flatten();
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let done = StoredValue::new(t::done(lang, &from_name));
    let merge = move || {
        busy.set(true);
        let toasts = ui::use_toasts();
        spawn_local(async move {
            let answer = beside::merge(desk.account(), from, into).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(conversation) => {
                    desk.put_conversation(&conversation);
                    toasts.offer(
                        done.get_value(),
                        text::common::undo(lang),
                        Callback::new(move |()| desk.undo_merge(from)),
                    );
                    let _ = open.try_set(false);
                }
                Err(error) => {
                    let _ = fault.try_set(Some(error.words(lang)));
                }
            }
        });
    };
    let title = t::title(lang, &from_name, &into_name);
    let points = StoredValue::new([
        t::messages(lang, &from_name, &into_name),
        t::rest(lang).to_owned(),
        t::left(lang, &from_name),
        t::for_good(lang).to_owned(),
    ]);
    let warning = StoredValue::new(other_inbox.map(|name| t::other_inbox(lang, &name)));
    view! {
        <Dialog open title=title close_label=text::common::close(lang)>
            <DialogBody>
                <ul class="plain-points">
                    {points.get_value().into_iter().map(|point| view! { <li>{point}</li> }).collect_view()}
                </ul>
                {warning.get_value().map(|words| view! { <Banner tone=Tone::Warning>{words}</Banner> })}
                {move || fault.get().map(|words| view! { <Banner tone=Tone::Danger>{words}</Banner> })}
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary icon=Icon::Merge loading=busy on_click=move |_| merge()>
                    {t::confirm(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}
