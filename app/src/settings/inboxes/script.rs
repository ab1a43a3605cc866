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
use crate::inbox::field::{ChannelInput, FormState};

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
    let installation = Resource::new_blocking(|| (), move |()| calls::installation(account, id));
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
    view! {
        <FormSection title=t::script(lang) text=t::script_text(lang)>
            <ScriptBox account id/>
            <Field id="inbox-identifier" label=t::identifier(lang)>
                <CopyField
                    value=identifier
                    label=t::identifier(lang)
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
    let channels = Resource::new_blocking(|| (), |()| calls::channels());
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
    view! {
        <FormSection title=t::access(lang) text=t::access_text(lang)>
            {inputs}
            {has_identity.then(|| view! { <Identity account=workplace.account_id id/> })}
        </FormSection>
        <Save
            changed
            saving=save.pending()
            fault=faults.beside(&["allowed_domains", "hmac_mandatory"])
            on_save=move || {
                save.dispatch(InboxInput { config: Some(draft.get_untracked()), ..InboxInput::default() });
            }
            on_discard=discard
        />
    }
}

/// The token that pages prove their visitors with, and a new one.
#[component]
fn Identity(account: AccountId, id: InboxId) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let installation = Resource::new(|| (), move |()| calls::installation(account, id));
    let token = RwSignal::new(String::new());
    let old_until = RwSignal::new(None::<Millis>);
    let show = move |installation: Installation| {
        token.set(installation.identity_token.unwrap_or_default());
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
    view! {
        <Field id="inbox-identity" label=t::identity(lang) hint=t::identity_hint(lang)>
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
