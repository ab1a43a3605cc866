//! The second step of one's own sign-in: switching it on with an app, codes on paper, switching it off.

use std::future::Future;

use leptos::prelude::*;
use model::session::{QrPicture, SecondFactor, SecondFactorSetup};
use text::second_factor as t;
use ui::{
    Badge, Banner, Button, CopyField, Dialog, DialogBody, DialogFooter, Field, FormSection, InputKind, Skeleton,
    SkeletonKind, TextInput, Tone, Variant, use_toasts,
};

use super::part::{Fault, on_done};
use crate::boot::use_lang;
use crate::call::CallError;
use crate::form::Faults;
use crate::session::calls;

/// Which dialog is open, and what the codes on paper are while they are shown.
#[derive(Clone, Copy)]
struct Steps {
    setup: RwSignal<Option<SecondFactorSetup>>,
    is_setting_up: RwSignal<bool>,
    is_disabling: RwSignal<bool>,
    is_renewing: RwSignal<bool>,
    codes: RwSignal<Vec<String>>,
    has_codes: RwSignal<bool>,
}

impl Steps {
    fn show_codes(self, codes: Vec<String>) {
        self.codes.set(codes);
        self.is_setting_up.set(false);
        self.is_renewing.set(false);
        self.has_codes.set(true);
    }
}

/// Whether there is a second step, and what can be done about it.
#[component]
pub fn SecondFactorSection() -> impl IntoView {
    let lang = use_lang();
    let state = crate::json::resource(|| (), |()| calls::second_factor());
    let steps = Steps {
        setup: RwSignal::new(None),
        is_setting_up: RwSignal::new(false),
        is_disabling: RwSignal::new(false),
        is_renewing: RwSignal::new(false),
        codes: RwSignal::new(Vec::new()),
        has_codes: RwSignal::new(false),
    };
    let changed = move || state.refetch();
    let fallback =
        move || view! { <Skeleton kind=SkeletonKind::Rows count=1 label=text::common::state::loading(lang)/> };
    view! {
        <FormSection title=t::title(lang) text=t::text(lang)>
            <Transition fallback>
                {move || Suspend::new(async move {
                    match state.await {
                        Ok(state) => view! { <State state steps/> }.into_any(),
                        Err(error) => view! { <p class="field-error">{error.words(lang)}</p> }.into_any(),
                    }
                })}
            </Transition>
        </FormSection>
        <SetUp steps on_changed=changed/>
        <Disable steps on_changed=changed/>
        <Renew steps on_changed=changed/>
        <Codes steps/>
    }
}

#[component]
fn State(state: SecondFactor, steps: Steps) -> impl IntoView {
    let lang = use_lang();
    let begin = Action::new(|(): &()| calls::begin_second_factor());
    let outcome = begin.value();
    let faults = Faults::of(move || outcome.get());
    on_done(
        move || outcome.get(),
        move |setup| {
            steps.setup.set(Some(setup));
            steps.is_setting_up.set(true);
        },
    );
    if state.enabled_at.is_none() {
        return view! {
            <Fault words=faults.beside(&[])/>
            <div>
                <Button
                    loading=begin.pending()
                    on_click=move |_| {
                        begin.dispatch(());
                    }
                >
                    {t::switch_on(lang)}
                </Button>
            </div>
        }
        .into_any();
    }
    let left = state.recovery_codes_left;
    view! {
        <p class="second-factor-state">
            <Badge tone=Tone::Success>{t::is_on(lang)}</Badge>
            <span>{t::codes_left(lang, left)}</span>
        </p>
        {(left < 3).then(|| view! { <Banner tone=Tone::Warning>{t::few_codes(lang)}</Banner> })}
        <div class="button-row">
            <Button on_click=move |_| steps.is_renewing.set(true)>{t::new_codes(lang)}</Button>
            <Button on_click=move |_| steps.is_disabling.set(true)>{t::switch_off(lang)}</Button>
        </div>
    }
    .into_any()
}

/// A dialog that asks for a code of the app and leads to the codes on paper.
#[component]
fn WithCode<F, A>(
    steps: Steps,
    open: RwSignal<bool>,
    title: &'static str,
    confirm_label: &'static str,
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    /// Sends the code.
    send: F,
    #[prop(into)] on_changed: Callback<()>,
    /// What is said and shown above the code.
    children: ChildrenFn,
) -> impl IntoView
where
    F: Fn(String) -> A + Copy + Send + Sync + 'static,
    A: Future<Output = Result<Vec<String>, CallError>> + Send + 'static,
{
    let lang = use_lang();
    let children = StoredValue::new(children);
    let code = RwSignal::new(String::new());
    let action = Action::new(move |code: &String| send(code.clone()));
    let outcome = action.value();
    let faults = Faults::of(move || outcome.get());
    on_done(
        move || outcome.get(),
        move |codes| {
            steps.show_codes(codes);
            on_changed.run(());
        },
    );
    Effect::new(move |_| {
        if open.get() {
            code.set(String::new());
            action.clear();
        }
    });
    let submit = move || {
        action.dispatch(code.get_untracked());
    };
    view! {
        <Dialog open title=title close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(&["code"])/>
                    {children.with_value(|children| children())}
                    <CodeField id label hint code error=faults.at("code") on_enter=submit/>
                </div>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary loading=action.pending() on_click=move |_| submit()>
                    {confirm_label}
                </Button>
            </DialogFooter>
        </Dialog>
    }
}

/// The picture for the phone, the key for typing, and the first code.
#[component]
fn SetUp(steps: Steps, #[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let lang = use_lang();
    let secret =
        Signal::derive(move || steps.setup.read().as_ref().map(|setup| setup.secret.clone()).unwrap_or_default());
    let address = move || steps.setup.read().as_ref().map(|setup| setup.address.clone()).unwrap_or_default();
    let picture = move || steps.setup.read().as_ref().map(|setup| draw(lang, &setup.picture));
    view! {
        <WithCode
            steps
            open=steps.is_setting_up
            title=t::setup_title(lang)
            confirm_label=t::switch_on(lang)
            id="second-factor-code"
            label=t::first_code(lang)
            hint=t::first_code_hint(lang)
            send=calls::confirm_second_factor
            on_changed
        >
            <p>{t::setup_text(lang)}</p>
            <div class="qr">{picture}</div>
            <p class="qr-link">
                <a class="link" href=address>
                    {t::open_app(lang)}
                </a>
            </p>
            <Field id="second-factor-key" label=t::typed_key(lang)>
                <CopyField
                    value=secret
                    label=t::typed_key(lang)
                    copy_label=text::common::copy(lang)
                    copied_label=text::common::copied(lang)
                />
            </Field>
        </WithCode>
    }
}

/// New codes on paper for a code of the app.
#[component]
fn Renew(steps: Steps, #[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let lang = use_lang();
    view! {
        <WithCode
            steps
            open=steps.is_renewing
            title=t::new_codes(lang)
            confirm_label=t::new_codes(lang)
            id="second-factor-renew-code"
            label=text::session::second_step::code(lang)
            hint=text::session::second_step::hint(lang)
            send=calls::renew_recovery_codes
            on_changed
        >
            <p>{t::renew_text(lang)}</p>
        </WithCode>
    }
}

/// Black on white in either theme: cameras want it so.
fn draw(lang: text::Lang, picture: &QrPicture) -> impl IntoView + use<> {
    let side = picture.side.to_string();
    view! {
        <svg viewBox=["0 0 ", &side, " ", &side].concat() role="img" aria-label=t::picture(lang) shape-rendering="crispEdges">
            <path d=picture.path.clone()/>
        </svg>
    }
}

#[component]
fn Disable(steps: Steps, #[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let lang = use_lang();
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let disable =
        Action::new(|(password, code): &(String, String)| calls::disable_second_factor(password.clone(), code.clone()));
    let outcome = disable.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |()| {
            steps.is_disabling.set(false);
            toasts.done(t::switched_off(lang));
            on_changed.run(());
        },
    );
    Effect::new(move |_| {
        if steps.is_disabling.get() {
            password.set(String::new());
            code.set(String::new());
            disable.clear();
        }
    });
    let submit = move || {
        disable.dispatch((password.get_untracked(), code.get_untracked()));
    };
    view! {
        <Dialog open=steps.is_disabling title=t::off_title(lang) close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(&["current_password", "code"])/>
                    <p>{t::off_text(lang)}</p>
                    <Field
                        id="second-factor-password"
                        label=text::security::current_password(lang)
                        required=true
                        error=faults.at("current_password")
                    >
                        <TextInput value=password kind=InputKind::Password autocomplete="current-password" on_enter=submit/>
                    </Field>
                    <CodeField
                        id="second-factor-off-code"
                        label=text::session::second_step::code(lang)
                        hint=text::session::second_step::hint(lang)
                        code
                        error=faults.at("code")
                        on_enter=submit
                    />
                </div>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| steps.is_disabling.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Danger loading=disable.pending() on_click=move |_| submit()>
                    {t::switch_off(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
}

#[component]
fn CodeField(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    code: RwSignal<String>,
    error: Signal<Option<String>>,
    #[prop(into)] on_enter: Callback<()>,
) -> impl IntoView {
    view! {
        <Field id label hint required=true error>
            <TextInput value=code autocomplete="one-time-code" max=20_u32 on_enter=move || on_enter.run(())/>
        </Field>
    }
}

/// The codes on paper, this once.
#[component]
fn Codes(steps: Steps) -> impl IntoView {
    let lang = use_lang();
    let all = Signal::derive(move || steps.codes.read().join("\n"));
    view! {
        <Dialog open=steps.has_codes title=t::codes_title(lang) close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Banner tone=Tone::Warning>{t::codes_text(lang)}</Banner>
                    <CopyField
                        value=all
                        label=t::codes_title(lang)
                        copy_label=text::common::copy(lang)
                        copied_label=text::common::copied(lang)
                        code=true
                    />
                </div>
            </DialogBody>
            <DialogFooter>
                <Button variant=Variant::Primary on_click=move |_| steps.has_codes.set(false)>
                    {t::codes_kept(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
}
