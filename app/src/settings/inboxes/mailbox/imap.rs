//! Where mail is read, and how much of what is there becomes conversations.

use leptos::prelude::*;
use model::InboxId;
use model::mailbox::{AfterReading, Back, Connection, MailState, Place, Preset, Way};
use ui::{Banner, FormSection, Switch, Tone, use_toasts};

use super::after::{After, after_of};
use super::how_far::{HowFar, back_of, word_of};
use super::server::{ServerFields, TryServer, Trying, Typed};
use crate::boot::{WorkplaceContext, use_lang};
use crate::mailbox::calls;

/// The server for reading.
#[component]
pub fn Reading(
    workplace: WorkplaceContext,
    id: InboxId,
    state: RwSignal<MailState>,
    preset: Option<Preset>,
    look: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    use text::mailbox as t;
    let account = workplace.account_id;
    let known = state.with_untracked(|state| state.connection.clone());
    let hint = preset.as_ref().and_then(|preset| preset.hint).filter(|_| known.is_none());
    let typed = match &known {
        Some(known) => {
            let place = Place { host: known.host.clone(), port: known.port, encryption: known.encryption };
            Typed::new(Way::Imap, Some(place), known.check_certificate, known.user.clone())
        }
        None => {
            let address = state.with_untracked(|state| state.address.clone());
            Typed::new(Way::Imap, preset.map(|preset| preset.imap), true, address)
        }
    };
    let after = known.as_ref().map_or(AfterReading::Leave, |known| known.after);
    let after = RwSignal::new(after.to_string());
    let back = RwSignal::new(word_of(known.map_or(Back::Nothing, |known| known.how_far)));
    let is_new = Memo::new(move |_| state.with(|state| state.progress.is_none()));
    let save = Action::new(move |(connection, password): &(Connection, Option<String>)| {
        calls::save_connection(account, id, connection.clone(), password.clone())
    });
    let trying = Trying::of(save, typed, t::imap_saved(lang), look);
    let faults = trying.faults;
    let submit = move |()| {
        let connection = Connection {
            host: typed.host.get_untracked(),
            port: typed.port_number(),
            encryption: typed.security(),
            check_certificate: typed.check_certificate.get_untracked(),
            user: typed.user.get_untracked(),
            how_far: back.with_untracked(|word| back_of(word)),
            after: after.with_untracked(|word| after_of(word)),
        };
        save.dispatch((connection, typed.password_typed()));
    };
    let has_password = Signal::derive(move || state.with(|state| state.connection.is_some()));
    view! {
        <FormSection title=t::imap_title(lang) text=t::imap_text(lang)>
            {hint.map(|hint| {
                let words = t::by_key(lang, &["hint.", hint.as_str()].concat()).unwrap_or_default();
                view! { <Banner tone=Tone::Info>{words}</Banner> }
            })}
            <OnOff account id way=Way::Imap state/>
            <ServerFields typed faults has_password/>
            <div hidden=move || !is_new.get()>
                <HowFar value=back/>
            </div>
            <After value=after/>
            <TryServer trying label=t::imap_save(lang) on_try=submit/>
        </FormSection>
    }
}

/// Whether the server that is set up is used.
#[component]
pub fn OnOff(
    account: model::AccountId,
    id: InboxId,
    way: Way,
    state: RwSignal<MailState>,
    /// What is switched; the way's own words otherwise.
    #[prop(optional)]
    label: Option<&'static str>,
) -> impl IntoView {
    let lang = use_lang();
    use text::mailbox as t;
    let is_there = Memo::new(move |_| {
        state.with(|state| match way {
            Way::Imap => state.connection.is_some(),
            Way::Smtp => state.sender.is_some(),
        })
    });
    let on = move |state: &MailState| match way {
        Way::Imap => state.reads,
        Way::Smtp => state.sends,
    };
    let checked = RwSignal::new(state.with_untracked(on));
    Effect::new(move |_| checked.set(state.with(on)));
    let switch = Action::new(move |on: &bool| calls::switch(account, id, way, *on));
    let outcome = switch.value();
    let toasts = use_toasts();
    Effect::new(move |_| match outcome.get() {
        Some(Ok(now)) => state.set(now),
        Some(Err(error)) => {
            toasts.fail(error.words(lang));
            checked.set(state.with_untracked(on));
        }
        None => {}
    });
    let label = label.unwrap_or_else(|| match way {
        Way::Imap => t::imap_on(lang),
        Way::Smtp => t::smtp_on(lang),
    });
    let flip = Callback::new(move |on: bool| {
        switch.dispatch(on);
    });
    view! {
        <div hidden=move || !is_there.get()>
            <Switch checked label on_change=flip/>
        </div>
    }
}
