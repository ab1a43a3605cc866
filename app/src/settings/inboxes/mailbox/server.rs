//! The fields that both servers have.

use leptos::prelude::*;
use model::mailbox::{Place, Security, Trouble, Way};
use ui::{Banner, Button, Choice, Field, InputKind, Select, Switch, TextInput, Tone, Variant, use_toasts};

use super::super::super::part::{Fault, on_done};
use super::sentence;
use crate::boot::use_lang;
use crate::call::CallError;
use crate::form::Faults;

/// What is typed of a server.
#[derive(Clone, Copy)]
pub struct Typed {
    pub way: Way,
    pub host: RwSignal<String>,
    pub port: RwSignal<String>,
    encryption: RwSignal<String>,
    pub check_certificate: RwSignal<bool>,
    pub user: RwSignal<String>,
    pub password: RwSignal<String>,
}

const TLS: &str = "tls";
const START_TLS: &str = "start_tls";
const NONE: &str = "none";

impl Typed {
    /// A form with a server in it, as far as one is known.
    pub fn new(way: Way, place: Option<Place>, check_certificate: bool, user: String) -> Self {
        let usual = match way {
            Way::Imap => (993, Security::Tls),
            Way::Smtp => (587, Security::StartTls),
        };
        let (host, (port, encryption)) = match place {
            Some(place) => (place.host, (place.port, place.encryption)),
            None => (String::new(), usual),
        };
        let encryption = match encryption {
            Security::Tls => TLS,
            Security::StartTls => START_TLS,
            Security::None => NONE,
        };
        Self {
            way,
            host: RwSignal::new(host),
            port: RwSignal::new(port.to_string()),
            encryption: RwSignal::new(encryption.to_owned()),
            check_certificate: RwSignal::new(check_certificate),
            user: RwSignal::new(user),
            password: RwSignal::new(String::new()),
        }
    }

    /// How the way is protected. Not followed.
    pub fn security(&self) -> Security {
        match self.encryption.get_untracked().as_str() {
            TLS => Security::Tls,
            START_TLS => Security::StartTls,
            _ => Security::None,
        }
    }

    /// The port; none that is one comes to 0, which the rules refuse. Not followed.
    pub fn port_number(&self) -> u16 {
        self.port.with_untracked(|port| port.trim().parse().unwrap_or_default())
    }

    /// The password, where one was typed. Not followed.
    pub fn password_typed(&self) -> Option<String> {
        Some(self.password.get_untracked()).filter(|password| !password.is_empty())
    }
}

/// Address, port, encryption, user and password, with what is wrong at each.
#[component]
pub fn ServerFields(
    /// What is typed.
    typed: Typed,
    /// The outcome of the last try.
    faults: Faults,
    /// A password is kept already.
    #[prop(into)]
    has_password: Signal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    use text::mailbox as t;
    let id = move |name: &str| ["mail-", typed.way.as_str(), "-", name].concat();
    let fault = move |name: &str| faults.at_key([typed.way.as_str(), "_", name].concat());
    let ways = vec![
        Choice::new(TLS, t::tls(lang)),
        Choice::new(START_TLS, t::start_tls(lang)),
        Choice::new(NONE, t::unencrypted(lang)),
    ];
    // A port says how it is spoken to; only the usual ones do.
    let follow = Callback::new(move |chosen: String| {
        let usual = ["993", "143", "465", "587", ""];
        if !typed.port.with_untracked(|port| usual.contains(&port.trim())) {
            return;
        }
        let port = match (typed.way, chosen.as_str()) {
            (Way::Imap, TLS) => "993",
            (Way::Imap, _) => "143",
            (Way::Smtp, TLS) => "465",
            (Way::Smtp, _) => "587",
        };
        typed.port.set(port.to_owned());
    });
    let kept = move || if has_password.get() { t::password_kept(lang) } else { "" };
    view! {
        <Field id=id("address") label=t::address(lang) required=true error=fault("address")>
            <TextInput value=typed.host autocomplete="off" max=255_u32/>
        </Field>
        <div class="field-row">
            <Field id=id("encryption") label=t::encryption(lang)>
                <Select value=typed.encryption options=ways on_change=follow/>
            </Field>
            <Field id=id("port") label=t::port(lang) required=true error=fault("port")>
                <TextInput value=typed.port kind=InputKind::Number autocomplete="off" max=5_u32/>
            </Field>
        </div>
        <Field id=id("login") label=t::login(lang) required=true error=fault("login")>
            <TextInput value=typed.user autocomplete="off" max=255_u32/>
        </Field>
        <Field id=id("password") label=t::password(lang) hint=t::password_hint(lang) error=fault("password")>
            <TextInput
                value=typed.password
                kind=InputKind::Password
                placeholder=kept
                autocomplete="new-password"
                max=1000_u32
            />
        </Field>
        <Switch
            checked=typed.check_certificate
            label=t::check_certificate(lang)
            detail=t::check_certificate_hint(lang)
        />
    }
}

/// What came of trying a server: nothing, the server's words against it, or an error of ours.
pub type Tried = Result<Result<(), Trouble>, CallError>;

/// A server that is tried and kept.
#[derive(Clone, Copy)]
pub struct Trying {
    typed: Typed,
    /// What is wrong at which field.
    pub faults: Faults,
    refused: Signal<Option<Trouble>>,
    pending: Memo<bool>,
}

impl Trying {
    /// Follows the tries; when one went well, says so and looks how it stands now.
    pub fn of<I: 'static>(save: Action<I, Tried>, typed: Typed, saved: &'static str, look: Callback<()>) -> Self {
        let outcome = save.value();
        let faults = Faults::of(move || outcome.get());
        let refused = Signal::derive(move || {
            outcome.with(|outcome| match outcome {
                Some(Ok(Err(trouble))) => Some(trouble.clone()),
                _ => None,
            })
        });
        let toasts = use_toasts();
        on_done(
            move || outcome.get(),
            move |tried| {
                if tried.is_ok() {
                    typed.password.set(String::new());
                    toasts.done(saved);
                    look.run(());
                }
            },
        );
        Self { typed, faults, refused, pending: save.pending() }
    }
}

/// What is wrong with no field in particular, what the server said, and the button that tries.
#[component]
pub fn TryServer(
    /// How it goes.
    trying: Trying,
    /// What the button says.
    label: &'static str,
    /// Tries.
    #[prop(into)]
    on_try: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    let Trying { typed, faults, refused, pending } = trying;
    let elsewhere = faults.beside(match typed.way {
        Way::Imap => &["imap_address", "imap_port", "imap_login", "imap_password"],
        Way::Smtp => &["smtp_address", "smtp_port", "smtp_login", "smtp_password"],
    });
    let said =
        move || refused.get().map(|trouble| view! { <Banner tone=Tone::Danger>{sentence(lang, &trouble)}</Banner> });
    view! {
        <Fault words=elsewhere/>
        {said}
        <div>
            <Button variant=Variant::Primary loading=pending on_click=move |_| on_try.run(())>{label}</Button>
        </div>
    }
}
