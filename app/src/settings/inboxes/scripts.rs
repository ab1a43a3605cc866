//! The scripts of an inbox, ready to be pasted: for everybody, and for people who are signed in.

use leptos::prelude::*;
use model::channel::Installation;
use model::inbox::Inbox;
use ui::{Banner, CopyField, FormSection, Skeleton, SkeletonKind, Tone};

use super::super::part::Fault;
use super::InboxPage;
use super::proof::ProofExamples;
use crate::boot::{WorkplaceContext, use_lang};
use crate::inbox::calls;
use crate::inbox::field::words;

/// The page of an inbox with its scripts.
#[component]
pub fn Scripts() -> impl IntoView {
    view! { <InboxPage tab="scripts" content=|workplace, inbox| view! { <Content workplace inbox/> }.into_any()/> }
}

#[component]
fn Content(workplace: WorkplaceContext, inbox: Inbox) -> impl IntoView {
    let lang = use_lang();
    let (account, id) = (workplace.account_id, inbox.id);
    let installation = crate::json::blocking(|| (), move |()| calls::installation(account, id));
    view! {
        <Suspense fallback=move || {
            view! { <Skeleton kind=SkeletonKind::Lines count=8 label=text::common::state::loading(lang)/> }
        }>
            {move || {
                let inbox = inbox.clone();
                Suspend::new(async move {
                    match installation.await {
                        Ok(installation) => view! { <Pages inbox installation/> }.into_any(),
                        Err(error) => view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Pages(inbox: Inbox, installation: Installation) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let code = move |value: String, label: &'static str| {
        view! {
            <CopyField
                value
                label
                copy_label=t::copy_script(lang)
                copied_label=text::common::copied(lang)
                code=true
            />
        }
    };
    // What a channel offers to people whose site knows them, and whether it is switched on.
    let offer = words(lang, &inbox.channel, "person_script").map(|offer| {
        let is_on = inbox.config_bool("multiple_conversations");
        let note = if is_on { words(lang, &inbox.channel, "person_script_on") } else { None };
        view! { <Banner tone=Tone::Accent>{note.unwrap_or(offer)}</Banner> }
    });
    let for_person = installation.person_script.map(|script| {
        view! {
            <FormSection title=t::person_script(lang) text=t::person_script_text(lang)>
                {offer}
                {code(script, t::person_script(lang))}
                <Banner tone=Tone::Warning>{t::identity_warning(lang)}</Banner>
            </FormSection>
            <FormSection title=t::proof(lang) text=t::proof_text(lang)>
                <ProofExamples/>
            </FormSection>
        }
    });
    view! {
        <FormSection title=t::script(lang) text=t::script_text(lang)>
            {installation.script.map(|script| code(script, t::script(lang)))}
        </FormSection>
        {for_person}
    }
}
