//! How an inbox is put to use: the script, the sites it may be on, and the proof of who visitors are.

use leptos::prelude::*;
use model::channel::{FieldGroup, Installation};
use model::inbox::Inbox;
use model::{AccountId, InboxId, Millis};
use ui::{Banner, Button, CopyField, Field, FormSection, Icon, Skeleton, SkeletonKind, Tone, use_toasts};

use super::super::part::{Confirm, Fault, Save, on_done};
use super::InboxPage;
use crate::boot::{WorkplaceContext, use_lang};
use crate::form::Faults;
use crate::inbox::calls::{self, InboxInput};
use crate::inbox::field::{ChannelInput, FormState, words};

/// The page of an inbox that says how to install it.
#[component]
pub fn Install() -> impl IntoView {
    view! { <InboxPage tab="install" content=|workplace, inbox| view! { <Content workplace inbox/> }.into_any()/> }
}

/// The script of an inbox, ready to be copied.
#[component]
pub fn ScriptBox(account: AccountId, id: InboxId) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let installation = crate::json::blocking(|| (), move |()| calls::installation(account, id));
    view! {
        <Suspense fallback=move || {
            view! { <Skeleton kind=SkeletonKind::Lines count=8 label=text::common::state::loading(lang)/> }
        }>
            {move || Suspend::new(async move {
                match installation.await {
                    Ok(Installation { script, .. }) => {
                        script
                            .map(|script| {
                                view! {
                                    <CopyField
                                        value=script
                                        label=t::script(lang)
                                        copy_label=t::copy_script(lang)
                                        copied_label=text::common::copied(lang)
                                        code=true
                                    />
                                }
                            })
                            .into_any()
                    }
                    Err(error) => view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Content(workplace: WorkplaceContext, inbox: Inbox) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let (account, id) = (workplace.account_id, inbox.id);
    let identifier = inbox.identifier.clone();
    // A channel without a script names what it has instead.
    let own = words(lang, &inbox.channel, "install_title");
    let title = own.unwrap_or_else(|| t::script(lang));
    let help = words(lang, &inbox.channel, "install_text").unwrap_or_else(|| t::script_text(lang));
    let label = words(lang, &inbox.channel, "identifier").unwrap_or_else(|| t::identifier(lang));
    view! {
        <FormSection title text=help>
            {own.is_none().then(|| view! { <ScriptBox account id/> })}
            <Field id="inbox-identifier" label>
                <CopyField
                    value=identifier
                    label
                    copy_label=text::common::copy(lang)
                    copied_label=text::common::copied(lang)
                />
            </Field>
        </FormSection>
        <Access workplace inbox/>
    }
}

/// Sites and identity: the settings of the channel that say who may use the inbox.
#[component]
fn Access(workplace: WorkplaceContext, inbox: Inbox) -> impl IntoView {
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
                            form.map(|form| view! { <AccessForm workplace inbox state=FormState::new(&form) has_identity=form.has_identity/> })
                                .into_any()
                        }
                        Err(error) => view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn AccessForm(workplace: WorkplaceContext, inbox: Inbox, state: FormState, has_identity: bool) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let id = inbox.id;
    state.set(&inbox.config);
    let values = {
        let state = state.clone();
        move || state.values(|field| field.group == FieldGroup::Access)
    };
    let saved = RwSignal::new(untrack(&values));
    let draft = Memo::new({
        let values = values.clone();
        move |_| values()
    });
    let changed = Memo::new(move |_| draft.get() != saved.get());
    let save = Action::new(move |input: &InboxInput| calls::update(workplace.account_id, id, input.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(move || outcome.get(), {
        let (state, values) = (state.clone(), values.clone());
        move |inbox: Inbox| {
            // As the server understood it: addresses are cut down to hosts.
            state.set(&inbox.config);
            saved.set(untrack(&values));
            super::show::replace(workplace, inbox);
            toasts.done(text::common::state::saved(lang));
        }
    });
    let inputs = state
        .group(FieldGroup::Access)
        .into_iter()
        .map(|field| view! { <ChannelInput channel=inbox.channel.clone() state=field faults/> })
        .collect_view();
    let discard = {
        let (state, config) = (state.clone(), StoredValue::new(inbox.config.clone()));
        move || {
            let now = workplace.lists.with_untracked(|lists| {
                lists.inboxes.iter().find(|inbox| inbox.id == id).map(|inbox| inbox.config.clone())
            });
            state.set(&now.unwrap_or_else(|| config.get_value()));
        }
    };
    let title = words(lang, &inbox.channel, "access").unwrap_or_else(|| t::access(lang));
    let help = words(lang, &inbox.channel, "access_text").unwrap_or_else(|| t::access_text(lang));
    let channel = inbox.channel.clone();
    view! {
        <FormSection title text=help>
            {inputs}
            {has_identity.then(|| view! { <Identity account=workplace.account_id id channel/> })}
        </FormSection>
        <Save
            changed
            saving=save.pending()
            fault=faults.beside(&["allowed_domains", "hmac_mandatory", "webhook_url"])
            on_save=move || {
                save.dispatch(InboxInput { config: Some(draft.get_untracked()), ..InboxInput::default() });
            }
            on_discard=discard
        />
    }
}

/// The token that pages prove their visitors with, and a new one.
#[component]
fn Identity(account: AccountId, id: InboxId, channel: String) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let installation = crate::json::resource(|| (), move |()| calls::installation(account, id));
    let token = RwSignal::new(String::new());
    let telling = RwSignal::new(None::<String>);
    let old_until = RwSignal::new(None::<Millis>);
    let show = move |installation: Installation| {
        token.set(installation.identity_token.unwrap_or_default());
        telling.set(installation.telling_secret);
        old_until.set(installation.old_identity_until);
    };
    Effect::new(move |_| {
        if let Some(Ok(installation)) = installation.get() {
            show(installation);
        }
    });
    let is_asking = RwSignal::new(false);
    let rotate = Action::new(move |(): &()| calls::rotate_identity(account, id));
    let end_old = Action::new(move |(): &()| calls::end_old_identity(account, id));
    let outcome = rotate.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |installation: Installation| {
            show(installation);
            is_asking.set(false);
            toasts.done(t::identity_replaced(lang));
        },
    );
    let ended = end_old.value();
    on_done(
        move || ended.get(),
        move |installation: Installation| {
            show(installation);
            toasts.done(t::old_identity_ended(lang));
        },
    );
    let old = move || {
        old_until.get().map(|until| {
            let when = text::time::date_time(lang, until, ui::use_clock().offset.get());
            view! {
                <Banner
                    tone=Tone::Accent
                    action=t::end_old_identity(lang)
                    on_action=move || {
                        end_old.dispatch(());
                    }
                >
                    {t::old_identity(lang, &when)}
                </Banner>
            }
        })
    };
    let hint = words(lang, &channel, "identity_hint").unwrap_or_else(|| t::identity_hint(lang));
    view! {
        <Telling secret=telling channel/>
        <Field id="inbox-identity" label=t::identity(lang) hint>
            <CopyField
                value=token
                label=t::identity(lang)
                copy_label=text::common::copy(lang)
                copied_label=text::common::copied(lang)
                secret=(text::common::show(lang).to_owned(), text::common::hide(lang).to_owned())
            />
        </Field>
        {old}
        <Banner tone=Tone::Warning>{t::identity_warning(lang)}</Banner>
        <div>
            <Button icon=Icon::Refresh on_click=move |_| is_asking.set(true)>{t::replace_identity(lang)}</Button>
        </div>
        <Confirm
            open=is_asking
            title=Signal::stored(t::replace_identity(lang).to_owned())
            text=t::replace_identity_text(lang)
            confirm_label=t::replace_identity(lang)
            busy=rotate.pending()
            fault=faults.beside(&[])
            on_confirm=move || {
                rotate.dispatch(());
            }
        />
    }
}

/// The secret that what a program is told is signed with, where a program is the channel.
#[component]
fn Telling(secret: RwSignal<Option<String>>, channel: String) -> impl IntoView {
    let lang = use_lang();
    let label = words(lang, &channel, "telling_secret").unwrap_or_default();
    let hint = words(lang, &channel, "telling_secret_hint").unwrap_or_default();
    move || {
        secret.get().map(|secret| {
            view! {
                <Field id="inbox-telling" label hint>
                    <CopyField
                        value=secret
                        label
                        copy_label=text::common::copy(lang)
                        copied_label=text::common::copied(lang)
                        secret=(text::common::show(lang).to_owned(), text::common::hide(lang).to_owned())
                    />
                </Field>
            }
        })
    }
}
