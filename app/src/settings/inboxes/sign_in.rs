//! Inboxes whose mailbox is opened by signing in at its provider: choosing one, going there, coming back, and going there again.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::channel::ChannelForm;
use model::inbox::{Inbox, InboxTrouble};
use model::mailbox::{Back, MailProvider, SignInWish};
use model::{InboxId, UserId};
use text::Lang;
use ui::{
    Banner, Button, ButtonLink, ChannelGlyph, Field, IconSize, InputKind, PageHeader, Skeleton, SkeletonKind,
    TextInput, Tone, Variant, use_toasts,
};

use super::super::part::{Fault, on_done};
use super::super::teams::ids_of;
use super::inbox_at_hand;
use super::mailbox::how_far::{HowFar, back_of, word_of};
use super::new::{Agents, Step, Steps};
use crate::boot::{WorkplaceContext, use_lang};
use crate::form::{Faults, follow};
use crate::mailbox::calls;
use crate::place;
use crate::public::trouble::NotFound;

/// Where an address names a provider, this stands for none.
pub const BY_HAND: &str = "other";

/// A text about a provider.
fn about(lang: Lang, provider: MailProvider, what: &str) -> &'static str {
    text::mail_sign_in::by_key(lang, &[provider.as_str(), what].concat()).unwrap_or_default()
}

/// With whom the mailbox is.
#[component]
pub fn ChooseProvider(workplace: WorkplaceContext, form: ChannelForm) -> impl IntoView {
    let lang = use_lang();
    use text::mail_sign_in as t;
    let account = workplace.account_id;
    let card = |provider: &str, name: &'static str, about: &'static str| {
        let address = place::sign_in(account, &form.key, provider, "");
        view! {
            <a class="choice-card" href=address>
                <ChannelGlyph channel=form.key.clone() size=IconSize::Large/>
                <b>{name}</b>
                <span>{about}</span>
            </a>
        }
    };
    let cards = form
        .providers
        .iter()
        .map(|provider| card(provider.as_str(), about(lang, *provider, ""), about(lang, *provider, "_text")))
        .collect_view();
    let by_hand = card(BY_HAND, t::other(lang), t::other_text(lang));
    view! {
        <Title text=t::title(lang)/>
        <div class="wizard is-narrow">
            <Steps current=Step::Channel/>
            <div class="wizard-form">
                <PageHeader title=t::title(lang) text=t::text(lang)/>
                <div class="choice-grid">{cards}{by_hand}</div>
                <div class="wizard-actions">
                    <ButtonLink href=place::new_inbox(account)>{text::common::back(lang)}</ButtonLink>
                </div>
            </div>
        </div>
    }
}

/// The address, and the way to the provider.
#[component]
pub fn SignIn(workplace: WorkplaceContext, provider: MailProvider, form: ChannelForm) -> impl IntoView {
    let lang = use_lang();
    use text::mail_sign_in as t;
    let account = workplace.account_id;
    let providers = crate::json::blocking(|| (), move |()| calls::providers(account));
    let title = about(lang, provider, "_title");
    let channel = form.key.clone();
    let back = [place::new_inbox(account), "/".to_owned(), form.key].concat();
    view! {
        <Title text=title/>
        <div class="wizard is-narrow">
            <Steps current=Step::Details channel/>
            <div class="wizard-form">
                <PageHeader title text=t::address_text(lang)/>
                <Suspense fallback=move || {
                    view! { <Skeleton kind=SkeletonKind::Fields count=1 label=text::common::state::loading(lang)/> }
                }>
                    {move || {
                        let back = back.clone();
                        Suspend::new(async move {
                            match providers.await {
                                Ok(known) => {
                                    let is_registered = known.contains(&provider);
                                    view! { <Address workplace provider is_registered back/> }.into_any()
                                }
                                Err(error) => {
                                    view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any()
                                }
                            }
                        })
                    }}
                </Suspense>
            </div>
        </div>
    }
}

#[component]
fn Address(workplace: WorkplaceContext, provider: MailProvider, is_registered: bool, back: String) -> impl IntoView {
    let lang = use_lang();
    use text::mail_sign_in as t;
    let account = workplace.account_id;
    let (email, how_far) = (RwSignal::new(String::new()), RwSignal::new(word_of(Back::Days(1))));
    let begin = Action::new(move |wish: &SignInWish| calls::sign_in(account, wish.clone()));
    let outcome = begin.value();
    let faults = Faults::of(move || outcome.get());
    follow(move || outcome.get(), |address| address);
    let go = move |_| {
        let how_far = how_far.with_untracked(|word| back_of(word));
        begin.dispatch(SignInWish { provider, email: email.get_untracked(), inbox: None, how_far });
    };
    let name = about(lang, provider, "");
    let variables = match provider {
        MailProvider::Google => "GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET",
        MailProvider::Microsoft => "MICROSOFT_CLIENT_ID, MICROSOFT_CLIENT_SECRET",
    };
    view! {
        <div class="form-fields">
            <Refused/>
            {(!is_registered)
                .then(|| view! { <Banner tone=Tone::Warning>{t::not_registered(lang, name, variables)}</Banner> })}
            <Field
                id="sign-in-email"
                label=t::email(lang)
                hint=about(lang, provider, "_hint")
                required=true
                error=faults.at("email")
            >
                <TextInput value=email kind=InputKind::Email autocomplete="off" max=255_u32/>
            </Field>
            <HowFar value=how_far/>
            <Fault words=faults.beside(&["email"])/>
        </div>
        <div class="wizard-actions">
            <ButtonLink href=back>{text::common::back(lang)}</ButtonLink>
            <Button
                variant=Variant::Primary
                disabled=!is_registered
                loading=begin.pending()
                on_click=go
            >
                {about(lang, provider, "_button")}
            </Button>
        </div>
    }
}

/// Why the last time came to nothing, where somebody comes back from it.
#[component]
pub fn Refused() -> impl IntoView {
    let lang = use_lang();
    let word = use_query_map().read_untracked().get("refused").unwrap_or_default();
    let words = text::mail_sign_in::by_key(lang, &["refused.", &word].concat());
    words.map(|words| view! { <Banner tone=Tone::Danger>{words}</Banner> })
}

/// After signing in: who answers in the new inbox.
#[component]
pub fn Answer() -> impl IntoView {
    let lang = use_lang();
    use text::mail_sign_in as t;
    let Some((workplace, inbox)) = inbox_at_hand() else { return view! { <NotFound/> }.into_any() };
    let (account, id) = (workplace.account_id, inbox.id);
    let members = RwSignal::new(vec![workplace.user_id.to_string()]);
    let save = Action::new(move |members: &Vec<UserId>| crate::inbox::calls::set_members(account, id, members.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let navigate = use_navigate();
    on_done(move || outcome.get(), move |_| navigate(&place::inbox(account, id, "ready"), NavigateOptions::default()));
    let submit = move |_| {
        save.dispatch(members.with_untracked(|members| ids_of(members)));
    };
    view! {
        <Title text=t::agents_title(lang)/>
        <div class="wizard is-narrow">
            <Steps current=Step::Agents channel=inbox.channel/>
            <div class="wizard-form">
                <PageHeader title=t::agents_title(lang) text=text::inbox::agents_text(lang)/>
                <Agents workplace members/>
                <Fault words=faults.beside(&[])/>
                <div class="wizard-actions">
                    <Button variant=Variant::Primary loading=save.pending() on_click=submit>
                        {t::agents_button(lang)}
                    </Button>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// Goes to the provider for an inbox that is there already.
pub fn sign_in_again(workplace: WorkplaceContext, id: InboxId, provider: MailProvider) -> Action<(), ()> {
    let (account, lang, toasts) = (workplace.account_id, use_lang(), use_toasts());
    Action::new(move |_: &()| async move {
        let wish = SignInWish { provider, email: String::new(), inbox: Some(id), how_far: Back::Nothing };
        match calls::sign_in(account, wish).await {
            Ok(address) => crate::browser::go(&address),
            Err(error) => toasts.fail(error.words(lang)),
        }
    })
}

/// The strip above the pages of an inbox whose provider wants somebody to sign in again.
#[component]
pub fn Lost(workplace: WorkplaceContext, inbox: Inbox) -> impl IntoView {
    let lang = use_lang();
    use text::mail_sign_in as t;
    let provider: Option<MailProvider> = inbox.config_str("provider").parse().ok();
    let Some(provider) = provider.filter(|_| inbox.trouble == Some(InboxTrouble::SignIn)) else {
        return ().into_any();
    };
    let again = sign_in_again(workplace, inbox.id, provider);
    view! {
        <Banner
            tone=Tone::Danger
            action=t::reconnect(lang)
            on_action=Callback::new(move |()| {
                again.dispatch(());
            })
        >
            {t::lost(lang, about(lang, provider, ""))}
        </Banner>
    }
    .into_any()
}
