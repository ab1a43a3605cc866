//! The settings of an inbox.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::channel::{ChannelForm, FieldGroup};
use model::inbox::Inbox;
use ui::{Choice, Field, FormSection, RadioGroup, Switch, TextArea, TextInput, use_toasts};

use super::super::named::NamedDeletion;
use super::super::part::{Fault, Save, on_done};
use super::InboxPage;
use crate::boot::{WorkplaceContext, use_lang};
use crate::form::Faults;
use crate::inbox::calls::{self, InboxInput};
use crate::inbox::field::{ChannelInput, FormState, words};
use crate::place;

/// The first page of an inbox.
#[component]
pub fn Settings() -> impl IntoView {
    view! { <InboxPage tab="" content=|workplace, inbox| view! { <Content workplace inbox/> }.into_any()/> }
}

/// Puts a changed inbox into the lists.
pub(super) fn replace(workplace: WorkplaceContext, inbox: Inbox) {
    workplace.lists.update(|lists| {
        if let Some(known) = lists.inboxes.iter_mut().find(|known| known.id == inbox.id) {
            *known = inbox;
        }
    });
}

#[component]
fn Content(workplace: WorkplaceContext, inbox: Inbox) -> impl IntoView {
    let lang = use_lang();
    let channels = crate::json::blocking(|| (), |()| calls::channels());
    view! {
        <Suspense>
            {move || {
                let inbox = inbox.clone();
                Suspend::new(async move {
                    match channels.await {
                        Ok(channels) => {
                            let form = channels.into_iter().find(|form| form.key == inbox.channel);
                            form.map(|form| view! { <Form workplace inbox form/> }).into_any()
                        }
                        Err(error) => view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// The fields of the page. The two ways on after a conversation is resolved are one choice here and two switches in the rules.
#[derive(Clone)]
struct Draft {
    name: RwSignal<String>,
    has_greeting: RwSignal<bool>,
    greeting: RwSignal<String>,
    asks_email: RwSignal<bool>,
    asks_opinion: RwSignal<bool>,
    after_resolved: RwSignal<String>,
    form: FormState,
}

const SAME: &str = "same";
const NEW: &str = "new";
const NEVER: &str = "never";

impl Draft {
    fn new(form: &ChannelForm) -> Self {
        let text = || RwSignal::new(String::new());
        let (name, greeting, after_resolved) = (text(), text(), text());
        let switch = || RwSignal::new(false);
        let (has_greeting, asks_email, asks_opinion) = (switch(), switch(), switch());
        Self { name, has_greeting, greeting, asks_email, asks_opinion, after_resolved, form: FormState::new(form) }
    }

    fn set(&self, inbox: &Inbox) {
        self.name.set(inbox.name.clone());
        self.has_greeting.set(inbox.greeting_enabled);
        self.greeting.set(inbox.greeting_message.clone());
        self.asks_email.set(inbox.enable_email_collect);
        self.asks_opinion.set(inbox.csat_survey_enabled);
        let after = match (inbox.lock_to_single_conversation, inbox.allow_messages_after_resolved) {
            (true, _) => SAME,
            (false, true) => NEW,
            (false, false) => NEVER,
        };
        self.after_resolved.set(after.to_owned());
        self.form.set(&inbox.config);
    }

    /// As it is sent; follows changes.
    fn input(&self) -> InboxInput {
        let after = self.after_resolved.get();
        InboxInput {
            name: Some(self.name.get()),
            greeting_enabled: Some(self.has_greeting.get()),
            greeting_message: Some(self.greeting.get()),
            enable_auto_assignment: None,
            enable_email_collect: Some(self.asks_email.get()),
            csat_survey_enabled: Some(self.asks_opinion.get()),
            lock_to_single_conversation: Some(after == SAME),
            allow_messages_after_resolved: Some(after != NEVER),
            config: Some(self.form.values(|field| field.group != FieldGroup::Access)),
        }
    }
}

#[component]
fn Form(workplace: WorkplaceContext, inbox: Inbox, form: ChannelForm) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let id = inbox.id;
    let draft = Draft::new(&form);
    draft.set(&inbox);
    let input = Memo::new({
        let draft = draft.clone();
        move |_| draft.input()
    });
    let saved = RwSignal::new(input.get_untracked());
    let changed = Memo::new(move |_| input.get() != saved.get());
    let last = StoredValue::new(inbox.clone());
    let save = Action::new(move |input: &InboxInput| calls::update(workplace.account_id, id, input.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(move || outcome.get(), {
        let draft = draft.clone();
        move |inbox: Inbox| {
            draft.set(&inbox);
            saved.set(input.get_untracked());
            last.set_value(inbox.clone());
            replace(workplace, inbox);
            toasts.done(text::common::state::saved(lang));
        }
    });
    let inputs = |group: FieldGroup| {
        let fields = draft.form.group(group).into_iter();
        fields.map(|state| view! { <ChannelInput channel=form.key.clone() state faults/> }).collect_view()
    };
    let own = |key: &str| words(lang, &form.key, key).unwrap_or_default();
    let name_hint = own("name_hint");
    let greets = form.has_preview;
    let (looks, behaviour) = (inputs(FieldGroup::Looks), inputs(FieldGroup::Behaviour));
    let (has_greeting, greeting) = (draft.has_greeting, draft.greeting);
    let (asks_email, asks_opinion) = (draft.asks_email, draft.asks_opinion);
    let after = vec![
        Choice::new(NEW, t::after_new(lang)).detail(t::after_new_text(lang)),
        Choice::new(SAME, t::after_same(lang)).detail(t::after_same_text(lang)),
        Choice::new(NEVER, t::after_never(lang)).detail(t::after_never_text(lang)),
    ];
    view! {
        <FormSection title=own("looks") text=own("looks_text")>
            <Field id="inbox-name" label=t::name(lang) hint=name_hint required=true error=faults.at("name")>
                <TextInput value=draft.name autocomplete="off" max=255_u32/>
            </Field>
            {looks}
        </FormSection>
        <FormSection title=t::behaviour(lang) text=t::behaviour_text(lang)>
            {greets.then(|| view! { <Switch checked=has_greeting label=t::greeting(lang) detail=t::greeting_hint(lang)/> })}
            <div hidden=move || !greets || !has_greeting.get()>
                <Field
                    id="inbox-greeting"
                    label=t::greeting_message(lang)
                    hide_label=true
                    error=faults.at("greeting_message")
                >
                    <TextArea value=greeting max=10_000_u32/>
                </Field>
            </div>
            {greets
                .then(|| {
                    view! { <Switch checked=asks_email label=t::email_collect(lang) detail=t::email_collect_hint(lang)/> }
                })}
            <Switch checked=asks_opinion label=t::csat(lang) detail=t::csat_hint(lang)/>
            {behaviour}
            <RadioGroup value=draft.after_resolved name="after-resolved" label=t::after_resolved(lang) options=after/>
        </FormSection>
        <Delete workplace inbox/>
        <Save
            changed
            saving=save.pending()
            fault=faults.beside(
                &["name", "greeting_message", "website_url", "widget_color", "welcome_title", "welcome_tagline", "business_name", "signature"],
            )
            on_save=move || {
                save.dispatch(input.get_untracked());
            }
            on_discard=move || draft.set(&last.get_value())
        />
    }
}

#[component]
fn Delete(workplace: WorkplaceContext, inbox: Inbox) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let id = inbox.id;
    let name = Signal::derive(move || {
        let name_of = |inbox: &Inbox| (inbox.id == id).then(|| inbox.name.clone());
        workplace.lists.with(|lists| lists.inboxes.iter().find_map(name_of)).unwrap_or_else(|| inbox.name.clone())
    });
    let navigate = use_navigate();
    let leave = move |()| {
        workplace.lists.update(|lists| lists.inboxes.retain(|inbox| inbox.id != id));
        navigate(&place::settings(workplace.account_id, "inboxes"), NavigateOptions::default());
    };
    view! {
        <NamedDeletion
            name
            label=t::delete(lang)
            text=t::delete_text(lang)
            title=move |name| t::delete_title(lang, name)
            delete=move |name| calls::delete(workplace.account_id, id, name)
            on_deleted=leave
        />
    }
}
