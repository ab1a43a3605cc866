//! The last step of a new inbox: what to put on the site.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::{ButtonLink, PageHeader, Variant};

use super::inbox_at_hand;
use super::new::{Step, Steps};
use super::script::ScriptBox;
use crate::boot::use_lang;
use crate::inbox::field::words;
use crate::place;
use crate::public::trouble::NotFound;

/// The script to copy, and where to go from there.
#[component]
pub fn Ready() -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let Some((workplace, inbox)) = inbox_at_hand() else { return view! { <NotFound/> }.into_any() };
    let account = workplace.account_id;
    let channel = inbox.channel.clone();
    // A channel with a next step of its own names it; the others are put on pages.
    if let Some(more) = words(lang, &channel, "ready_more") {
        let tab = if words(lang, &channel, "tab_mail").is_some() { "mail" } else { "install" };
        // Whoever signed in at a provider has nothing left to set up.
        let (title, help) = match inbox.config_str("provider").is_empty() {
            true => ("ready_title", "ready_text"),
            false => ("signed_title", "signed_text"),
        };
        let title = words(lang, &channel, title).unwrap_or_else(|| t::ready_title(lang));
        let help = words(lang, &channel, help).unwrap_or_default();
        return view! {
            <Title text=title/>
            <div class="wizard is-narrow">
                <Steps current=Step::Install channel/>
                <div class="wizard-form">
                    <PageHeader title text=help/>
                    <div class="wizard-actions">
                        <ButtonLink href=place::conversations(account)>{t::open_conversations(lang)}</ButtonLink>
                        <ButtonLink href=place::inbox(account, inbox.id, tab) variant=Variant::Primary>
                            {more}
                        </ButtonLink>
                    </div>
                </div>
            </div>
        }
        .into_any();
    }
    view! {
        <Title text=t::ready_title(lang)/>
        <div class="wizard is-narrow">
            <Steps current=Step::Install channel/>
            <div class="wizard-form">
                <PageHeader title=t::ready_title(lang) text=t::ready_text(lang)/>
                <ScriptBox account id=inbox.id/>
                <p class="wizard-note">{t::ready_test(lang)}</p>
                <div class="wizard-actions">
                    <ButtonLink href=place::inbox(account, inbox.id, "")>{t::open_settings(lang)}</ButtonLink>
                    <ButtonLink href=place::conversations(account) variant=Variant::Primary>
                        {t::open_conversations(lang)}
                    </ButtonLink>
                </div>
            </div>
        </div>
    }
    .into_any()
}
