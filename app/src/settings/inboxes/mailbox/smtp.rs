//! Where mail is handed in.

use leptos::prelude::*;
use model::InboxId;
use model::mailbox::{LoginMethod, MailState, Place, Preset, Sender, Way};
use ui::{Choice, Field, FormSection, Select, TextInput};

use super::imap::OnOff;
use super::server::{ServerFields, TryServer, Trying, Typed};
use crate::boot::{WorkplaceContext, use_lang};
use crate::mailbox::calls;

/// The server for sending.
#[component]
pub fn Sending(
    workplace: WorkplaceContext,
    id: InboxId,
    state: RwSignal<MailState>,
    preset: Option<Preset>,
    look: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    use text::mailbox as t;
    let account = workplace.account_id;
    let known = state.with_untracked(|state| state.sender.clone());
    let (typed, method, domain) = match known {
        Some(known) => {
            let place = Place { host: known.host, port: known.port, encryption: known.encryption };
            let typed = Typed::new(Way::Smtp, Some(place), known.check_certificate, known.user);
            (typed, known.method, known.domain)
        }
        None => {
            let address = state.with_untracked(|state| state.address.clone());
            let place = preset.map(|preset| preset.smtp);
            let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default();
            (Typed::new(Way::Smtp, place, true, address), LoginMethod::Any, domain)
        }
    };
    let (method, domain) = (RwSignal::new(method.to_string()), RwSignal::new(domain));
    let save = Action::new(move |(sender, password): &(Sender, Option<String>)| {
        calls::save_sender(account, id, sender.clone(), password.clone())
    });
    let trying = Trying::of(save, typed, t::smtp_saved(lang), look);
    let faults = trying.faults;
    let submit = move |()| {
        let sender = Sender {
            host: typed.host.get_untracked(),
            port: typed.port_number(),
            encryption: typed.security(),
            check_certificate: typed.check_certificate.get_untracked(),
            user: typed.user.get_untracked(),
            method: method.with_untracked(|method| method.parse().unwrap_or(LoginMethod::Any)),
            domain: domain.get_untracked(),
        };
        save.dispatch((sender, typed.password_typed()));
    };
    let methods = LoginMethod::ALL.iter().map(|method| {
        let words = t::by_key(lang, &["method.", method.as_str()].concat()).unwrap_or_default();
        Choice::new(method.as_str(), words)
    });
    let methods = methods.collect::<Vec<_>>();
    let has_password = Signal::derive(move || state.with(|state| state.sender.is_some()));
    view! {
        <FormSection title=t::smtp_title(lang) text=t::smtp_text(lang)>
            <OnOff account id way=Way::Smtp state/>
            <ServerFields typed faults has_password/>
            <div class="field-row">
                <Field id="mail-smtp-domain" label=t::domain(lang) hint=t::domain_hint(lang)>
                    <TextInput value=domain autocomplete="off" max=253_u32/>
                </Field>
                <Field id="mail-smtp-method" label=t::authentication(lang)>
                    <Select value=method options=methods/>
                </Field>
            </div>
            <TryServer trying label=t::smtp_save(lang) on_try=submit/>
        </FormSection>
    }
}
