//! The last step of a new inbox: what to put on the site.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::{ButtonLink, PageHeader, Variant};

use super::inbox_at_hand;
use super::new::{Step, Steps};
use super::script::ScriptBox;
use crate::boot::use_lang;
use crate::place;
use crate::public::trouble::NotFound;

/// The script to copy, and where to go from there.
#[component]
pub fn Ready() -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let Some((workplace, inbox)) = inbox_at_hand() else { return view! { <NotFound/> }.into_any() };
    let account = workplace.account_id;
    view! {
        <Title text=t::ready_title(lang)/>
        <div class="wizard is-narrow">
            <Steps current=Step::Install/>
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
