//! Password, signed-in browsers, API token.

use leptos::prelude::*;
use model::SessionId;
use model::session::Session;
use ui::{
    Badge, Button, CopyField, Field, FormSection, Glyph, Icon, InputKind, RelativeTime, Skeleton, SkeletonKind,
    TextInput, TimeStyle, Tone, use_toasts,
};

use super::part::{Fault, Page, on_done};
use super::second_factor::SecondFactorSection;
use crate::agent::calls;
use crate::boot::use_lang;
use crate::form::Faults;
use crate::session;

/// Everything about how one gets in.
#[component]
pub fn Security() -> impl IntoView {
    let lang = use_lang();
    use text::security as t;
    view! {
        <Page title=t::title(lang).to_owned() text=t::text(lang)>
            <NewPassword/>
            <SecondFactorSection/>
            <Sessions/>
            <Token/>
        </Page>
    }
}

#[component]
fn NewPassword() -> impl IntoView {
    let lang = use_lang();
    use text::security as t;
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let change = Action::new(|(current, new): &(String, String)| calls::change_password(current.clone(), new.clone()));
    let outcome = change.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |()| {
            current.set(String::new());
            new.set(String::new());
            toasts.done(t::password_changed(lang));
        },
    );
    let submit = move || {
        change.dispatch((current.get_untracked(), new.get_untracked()));
    };
    let is_empty = Signal::derive(move || current.read().is_empty() || new.read().is_empty());
    view! {
        <FormSection title=t::password(lang) text=t::password_text(lang)>
            <Fault words=faults.beside(&["current_password", "password"])/>
            <Field id="current-password" label=t::current_password(lang) error=faults.at("current_password")>
                <TextInput value=current kind=InputKind::Password autocomplete="current-password" on_enter=submit/>
            </Field>
            <Field
                id="new-password"
                label=text::session::new_password(lang)
                hint=text::session::password_hint(lang)
                error=faults.at("password")
            >
                <TextInput value=new kind=InputKind::Password autocomplete="new-password" on_enter=submit/>
            </Field>
            <div>
                <Button loading=change.pending() disabled=is_empty on_click=move |_| submit()>
                    {t::change_password(lang)}
                </Button>
            </div>
        </FormSection>
    }
}

#[component]
fn Sessions() -> impl IntoView {
    let lang = use_lang();
    use text::security as t;
    let sessions = crate::json::resource(|| (), |()| session::calls::list());
    let end = Action::new(|id: &SessionId| session::calls::end(*id));
    let outcome = end.value();
    let faults = Faults::of(move || outcome.get());
    on_done(move || outcome.get(), move |()| sessions.refetch());
    let end_others = Action::new(|(): &()| session::calls::end_others());
    let others = end_others.value();
    let others_faults = Faults::of(move || others.get());
    let toasts = use_toasts();
    on_done(
        move || others.get(),
        move |count| {
            sessions.refetch();
            toasts.done(t::others_ended(lang, i64::try_from(count).unwrap_or(i64::MAX)));
        },
    );
    let has_others = move || sessions.get().and_then(Result::ok).is_some_and(|sessions| sessions.len() > 1);
    let row = move |session: Session| {
        let id = session.id;
        view! {
            <li class="device">
                <Glyph icon=if is_phone(&session.user_agent) { Icon::Smartphone } else { Icon::Monitor }/>
                <span class="device-words">
                    <b>{device(&session.user_agent).unwrap_or_else(|| t::unknown_device(lang).to_owned())}</b>
                    <span>
                        {session.ip} " · " <RelativeTime at=session.last_seen_at lang style=TimeStyle::Ago/>
                    </span>
                </span>
                {if session.current {
                    view! { <Badge tone=Tone::Success>{t::this_browser(lang)}</Badge> }.into_any()
                } else {
                    view! {
                        <Button on_click=move |_| {
                            end.dispatch(id);
                        }>{text::session::sign_out(lang)}</Button>
                    }
                    .into_any()
                }}
            </li>
        }
    };
    let fallback =
        move || view! { <Skeleton kind=SkeletonKind::Rows count=2 label=text::common::state::loading(lang)/> };
    view! {
        <FormSection title=t::sessions(lang) text=t::sessions_text(lang)>
            <Fault words=faults.beside(&[])/>
            <Fault words=others_faults.beside(&[])/>
            <Transition fallback>
                {move || Suspend::new(async move {
                    match sessions.await {
                        Ok(sessions) => {
                            view! { <ul class="devices">{sessions.into_iter().map(row).collect_view()}</ul> }.into_any()
                        }
                        Err(error) => view! { <p class="field-error">{error.words(lang)}</p> }.into_any(),
                    }
                })}
            </Transition>
            <Transition>
                <Show when=has_others>
                    <div>
                        <Button
                            icon=Icon::LogOut
                            loading=end_others.pending()
                            on_click=move |_| {
                                end_others.dispatch(());
                            }
                        >
                            {t::end_others(lang)}
                        </Button>
                    </div>
                </Show>
            </Transition>
        </FormSection>
    }
}

#[component]
fn Token() -> impl IntoView {
    let lang = use_lang();
    use text::security as t;
    let token = crate::json::resource(|| (), |()| calls::own_token());
    let shown = RwSignal::new(String::new());
    Effect::new(move |_| {
        if let Some(Ok(token)) = token.get() {
            shown.set(token);
        }
    });
    let rotate = Action::new(|(): &()| calls::rotate_token());
    let outcome = rotate.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |token| {
            shown.set(token);
            toasts.done(t::token_replaced(lang));
        },
    );
    view! {
        <FormSection title=t::token(lang) text=t::token_text(lang)>
            <Fault words=faults.beside(&[])/>
            <CopyField
                value=shown
                label=t::token(lang)
                copy_label=text::common::copy(lang)
                copied_label=text::common::copied(lang)
                secret=(text::common::show(lang).to_owned(), text::common::hide(lang).to_owned())
            />
            <div>
                <Button
                    icon=Icon::Refresh
                    loading=rotate.pending()
                    on_click=move |_| {
                        rotate.dispatch(());
                    }
                >
                    {t::replace_token(lang)}
                </Button>
            </div>
        </FormSection>
    }
}

/// Browser and system out of what a browser says about itself; `None` when it says nothing known. The order matters: most
/// browsers claim to be the older ones too.
fn device(user_agent: &str) -> Option<String> {
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let find =
        |list: &[(&str, &'static str)]| list.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name);
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => Some([browser, " · ", system].concat()),
        (browser, system) => browser.or(system).map(str::to_owned),
    }
}

fn is_phone(user_agent: &str) -> bool {
    ["iPhone", "Android", "Mobile"].iter().any(|sign| user_agent.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named_in_few_words() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36";
        assert_eq!(device(chrome).as_deref(), Some("Chrome · Linux"));
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(device(iphone).as_deref(), Some("Safari · iPhone"));
        assert!(is_phone(iphone) && !is_phone(chrome));
        assert_eq!(device("curl/8.0"), None);
    }
}
